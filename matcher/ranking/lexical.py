"""Texts become an index of their words, product names and codes included."""

import re
import unicodedata
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np

from matcher.glossary import in_english
from matcher.ranking.arrays import FloatArray, IntArray, largest
from matcher.ranking.columns import Repeated
from matcher.ranking.grouped import Grouped
from matcher.ranking.packing import as_repeated
from matcher.ranking.places import Places
from matcher.ranking.postings import Postings

TOKEN = re.compile(r"(?<!\w)\.[a-z]\w+|[a-z0-9]+(?:[-/&.'][a-z0-9]+)*[+#]{0,2}")
JOINTS = re.compile(r"[-/&.']")
# A word that one text of n has scores about half of log(1 + n): a full score takes the worth of two such words, so that
# a query that meets every text by everyday words only is not scaled up to 1.
FULL_SCORE_LOGS = 0.8
SMALLEST = 1e-9
KEPT_QUERIES = 8


def words_of(text: str) -> frozenset[str]:
    """Return the words of a list written as running text."""
    return frozenset(text.split())


STOP_WORDS = words_of("""
    a about after all also am an and any are as at be been before being between both but by can cannot could did do
    does doing done each few for from get got had has have he her here his how i if in into is it its just like ll
    may me more most much must my need needs no nor not now of off on once one only or other our out over own per
    please re s same she should so some somebody someone still such t than that the their them then there these
    they thing this those through to too two under until up us ve very want was we were what when where which while
    who will with within without would you your company companies customer customers client clients firm firms
    partner partners project projects work working looking help team people person year years month months week
    weeks day days january february march april june july august september october november december thanks regards
    hello hi dear der die das und oder mit fur von wir sind ist ein eine einen im den dem zu auf nicht auch bei le
    la les des et de du un une pour avec nous dans sur el los las y en con para por que som och att av det til
""")


def tokens(text: str) -> list[str]:
    """Cut a text into lower-case English words; "S/4HANA" gives s4hana and 4hana, "C#" and ".NET" stay whole."""
    found: list[str] = []
    for word in TOKEN.findall(plain(in_english(text))):
        found += _forms(word)
    return found


class Lexicon(Protocol):
    """Whatever says how near each of its texts is to a query in words."""

    def scores(self, query: str) -> FloatArray: ...

    def scores_at(self, query: str, rows: IntArray) -> FloatArray: ...

    def best(self, query: str, k: int) -> IntArray: ...

    def score_of(self, query: str, text: str) -> float: ...

    def has(self, word: str, row: int) -> bool: ...


class LexicalIndex:
    """Texts under their row numbers, scored by BM25; a text that comes twice counts once: nobody gains by repeating."""

    def __init__(self, texts: Sequence[str] | Repeated) -> None:
        coded = as_repeated(texts)
        there = coded.codes >= 0
        different, place = np.unique(coded.codes[there], return_inverse=True)
        nowhere = len(different)
        self._rows = np.full(len(coded), nowhere)
        self._rows[there] = place
        self._rows_of = Grouped(self._rows, nowhere + 1)
        self._places = Places(Repeated(different, coded.texts))
        # A row without words of its own counts as a text without words: such rows make words rarer.
        self._n = nowhere + int((~there).sum())
        self._full = FULL_SCORE_LOGS * float(np.log1p(self._n))
        self._postings = Postings(map(tokens, self._places.texts), self._n)
        self._raws: OrderedDict[str, tuple[FloatArray, float]] = OrderedDict()

    def scores(self, query: str) -> FloatArray:
        """Return float32 (n,) in [0, 1]; 1 for the text that has most of the query's rare words."""
        return self.scores_at(query, np.arange(len(self._rows)))

    def scores_at(self, query: str, rows: IntArray) -> FloatArray:
        """Return the scores of some rows."""
        raw, full = self._raw(query)
        return np.asarray(raw[self._rows[rows]] / np.float32(full), dtype=np.float32)

    def best(self, query: str, k: int) -> IntArray:
        """Return the k rows that score highest, fewer where fewer have a word of the query, best first, ties by row."""
        raw, full = self._raw(query)
        places = largest(raw, k)
        rows, whose = self._rows_of.of(places[raw[places] > 0])
        scores = raw[self._rows[rows]] / np.float32(full)
        return rows[np.lexsort((rows, -scores))][:k]

    def _raw(self, query: str) -> tuple[FloatArray, float]:
        """Return the scores of the texts, 0 behind the last for whoever has none, and what makes a full score."""
        known = self._raws.get(query)
        if known is None:
            raw = self._postings.scores(tokens(query))
            known = self._raws[query] = raw, max(float(raw.max(initial=0)), self._full, SMALLEST)
            if len(self._raws) > KEPT_QUERIES:
                self._raws.popitem(last=False)
        return known

    def score_of(self, query: str, text: str) -> float:
        """Return the score of one text; of one that is not here, what it would have without moving the others'."""
        raw, full = self._raw(query)
        place = self._places.of(text)
        mine = self._postings.score(tokens(query), tokens(text)) if place < 0 else float(raw[place])
        return mine / max(full, mine, SMALLEST)

    def has(self, word: str, row: int) -> bool:
        """Tell whether a row has a word, given as `tokens` gives it."""
        return self._postings.has(word, int(self._rows[row]))

    def named(self, query: str, row_text: str) -> tuple[str, ...]:
        """Return the query's words that the text has too, in the query's order."""
        there = set(tokens(row_text))
        return tuple(token for token in dict.fromkeys(tokens(query)) if token in there)


class LentIndex:
    """Texts scored by what another index knows, which is much quicker than to build one for a few."""

    def __init__(self, known: Lexicon, texts: Iterable[str]) -> None:
        self._known = known
        self._texts = tuple(texts)

    def scores(self, query: str) -> FloatArray:
        """Return float32 (n,) in [0, 1], of texts that the other index does not have as an estimate."""
        return np.array([self.score_of(query, text) for text in self._texts], dtype=np.float32)

    def scores_at(self, query: str, rows: IntArray) -> FloatArray:
        """Return the scores of some rows."""
        return self.scores(query)[rows]

    def best(self, query: str, k: int) -> IntArray:
        """Return the k rows that score highest and above 0, best first, ties by row."""
        scores = self.scores(query)
        return np.argsort(-scores, kind="stable")[: min(k, int((scores > 0).sum()))]

    def score_of(self, query: str, text: str) -> float:
        """Return the score of one text, whether it is here or not."""
        return self._known.score_of(query, text) if text else 0.0

    def has(self, word: str, row: int) -> bool:
        """Tell whether a row has a word, given as `tokens` gives it."""
        return word in tokens(self._texts[row])


def plain(text: str) -> str:
    """Return a text in lower case, without accents."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


@lru_cache(maxsize=65_536)
def _forms(word: str) -> tuple[str, ...]:
    return tuple(_cut(word))


def _cut(word: str) -> list[str]:
    if word in STOP_WORDS:
        return []
    parts = JOINTS.split(word)
    if len(parts) == 1:
        return [_singular(word)]
    if word.startswith("."):
        return [word]
    longer = [_singular(part) for part in parts if len(part) > 2 and part not in STOP_WORDS]
    return list(dict.fromkeys(["".join(parts), *longer]))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
