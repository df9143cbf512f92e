"""Works to come and known works → how alike they are, by meaning, by words, by field and by subject."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from matcher.past.known import Known
from matcher.past.works import Asked, FloatArray, IntArray, Sparse, scaled, scaled_columns

TITLE_WEIGHT, SUBJECT_WEIGHT, MEANING_WEIGHT = 0.25, 0.15, 0.5  # beside words, which count 1
MOST_ALIKE = 1 + TITLE_WEIGHT + SUBJECT_WEIGHT + MEANING_WEIGHT


@dataclass(frozen=True, slots=True)
class Likeness:
    """Cosines, a row for each asked work: (n_asked, n_told), and `subjects` (n_asked, n_known).

    `together` is the weighted sum that serves best to find works of the same kind.
    """

    meaning: FloatArray
    title: FloatArray
    subject: FloatArray
    words: FloatArray
    names: FloatArray
    fields: FloatArray
    subjects: FloatArray
    together: FloatArray


class Weighing:
    """Counts of words weighed by how rare a word is among known works."""

    def __init__(self, known: Sparse) -> None:
        n_with = np.bincount(known.indices, minlength=known.shape[1])
        rarity = np.log((1 + known.shape[0]) / (1 + n_with)) + 1
        self._rarity = np.where(n_with == 0, 0, rarity).astype(np.float32)
        self._known = self._weighed(known)

    def cosines(self, asked: Sparse) -> FloatArray:
        """Compare (n_asked, n_words) with all known works: dense (n_asked, n_known)."""
        return np.asarray((self._weighed(asked) @ self._known.T).toarray(), dtype=np.float32)

    def among(self, rows: IntArray) -> FloatArray:
        """Compare some known works with each other: dense (n_rows, n_rows)."""
        return np.asarray((self._known[rows] @ self._known[rows].T).toarray(), dtype=np.float32)

    def _weighed(self, counts: Sparse) -> Sparse:
        weighed = scaled_columns(counts, self._rarity)
        lengths = sparse.linalg.norm(weighed, axis=1) if weighed.shape[0] else np.ones(0)
        return scaled(1 / np.where(lengths == 0, 1, lengths), weighed)


class Comparing:
    """What is needed of one day's known works to compare with them."""

    def __init__(self, known: Known) -> None:
        self._about = known.about
        self._words, self._names = Weighing(known.about.words), Weighing(known.about.names)
        self._fields, self._subjects = Weighing(known.about.fields), Weighing(known.subjects)

    def likeness(self, asked: Asked) -> Likeness:
        about = asked.about
        words, meaning = self._words.cosines(about.words), about.meaning @ self._about.meaning.T
        title, subject = about.title @ self._about.title.T, about.subject @ self._about.subject.T
        return Likeness(
            meaning=meaning,
            title=title,
            subject=subject,
            words=words,
            names=self._names.cosines(about.names),
            fields=self._fields.cosines(about.fields),
            subjects=self._subjects.cosines(asked.subjects),
            together=_summed(words, meaning, title, subject),
        )

    def among(self, rows: IntArray) -> FloatArray:
        """Say how alike some known works that have a text are (rows of `told`), together: (n_rows, n_rows)."""
        about = self._about.rows(rows)
        vectors = (about.meaning, about.title, about.subject)
        return _summed(self._words.among(rows), *(each @ each.T for each in vectors))


def _summed(words: FloatArray, meaning: FloatArray, title: FloatArray, subject: FloatArray) -> FloatArray:
    summed = words.copy()
    for each, weight in ((meaning, MEANING_WEIGHT), (title, TITLE_WEIGHT), (subject, SUBJECT_WEIGHT)):
        summed += weight * np.maximum(each, 0)
    return summed
