"""Capabilities and their vectors become rows, a partner's rows side by side, ready to be compared with needs."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.arrays import FloatArray, IntArray
from matcher.ranking.capability import work_text
from matcher.ranking.columns import Codes, Hashes, Repeated
from matcher.ranking.graph import HALF_LIFE_DAYS, WORTH
from matcher.ranking.grouped import Flags, Numbers
from matcher.ranking.hashing import text_hash
from matcher.ranking.index import Lists
from matcher.ranking.packing import hashes_of
from matcher.ranking.tables import Capabilities, Works, as_table
from matcher.ranking.vectors import VectorTable
from matcher.terms import Collaboration, Network

UNDATED_AGE_DAYS = HALF_LIFE_DAYS
# The oldest piece of work still shows that it can be done.
LEAST_STRENGTH = 0.5
NO_WORDS = -1


class Corpus:
    """All that the partners can do: `capabilities[i]` has the vector `vectors[text_at[i]]`, zeros where none is known.

    Many rows share a text: what one has declared is told in the same words as another's.
    """

    def __init__(self, network: Network, vectors: Mapping[str, FloatArray]) -> None:
        told, done = as_table(Capabilities, network.capabilities), as_table(Works, network.collaborations)
        self.capabilities = told.taken(np.lexsort((told.text_hash.order, told.partner_id.values)))
        self.partner_ids: IntArray = self.capabilities.partner_id.values
        text_of_hash, self.vectors = _stacked(told.text_hash, vectors)
        self.text_at: IntArray = text_of_hash[self.capabilities.text_hash.codes]
        self.texts = TextOfHash(told.text_hash.values, text_of_hash)
        self.lists: Lists | None = getattr(vectors, "lists", None)
        self.has_vector: Flags = self.text_at < (
            len(vectors) if isinstance(vectors, VectorTable) else len(self.vectors)
        )
        self.is_work: Flags = self.capabilities.source.are("collaboration")
        work_at = _work_of_each(self.capabilities, done, network)
        self.works = Told(done, work_at)
        n, with_work = len(self.capabilities), np.flatnonzero(work_at >= 0)
        behind = work_at[with_work]
        self._outcomes, self._ended = np.ones(n, np.float32), np.full(n, np.nan, np.float32)
        self._outcomes[with_work] = done.outcome.each([_worth(one) for one in done.outcome.words], np.float32)[behind]
        self._ended[with_work] = done.ended_on.values[behind]
        self.key_at: Codes = self.capabilities.competency_key.codes
        self.keys = self.capabilities.competency_key.words
        self._numbers = Numbers(self.keys)

    def __len__(self) -> int:
        return len(self.capabilities)

    @property
    def own_words(self) -> Repeated:
        """Give each row's text; `NO_WORDS` for definitions: shared by all who hold one, they tell nobody apart."""
        text, source = self.capabilities.text, self.capabilities.source
        return Repeated(np.where(source.are("profile", "collaboration"), text.codes, NO_WORDS), text.texts)

    def rows_of(self, partner_ids: Sequence[int] | IntArray) -> tuple[IntArray, IntArray]:
        """Return the partners' rows, partner after partner, and where each partner's rows begin, with the end last."""
        first, past = self.spans(np.asarray(partner_ids, dtype=np.int64))
        begins = np.concatenate([[0], np.cumsum(past - first)]).astype(np.int64)
        rows = np.arange(begins[-1], dtype=np.int64)
        return rows + np.repeat(first - begins[:-1], past - first), begins

    def spans(self, partner_ids: IntArray) -> tuple[IntArray, IntArray]:
        """Return where the rows of each partner begin and where they end."""
        return self.partner_ids.searchsorted(partner_ids, "left"), self.partner_ids.searchsorted(partner_ids, "right")

    def fitting(self, vectors: FloatArray) -> FloatArray:
        """Return the needs' vectors as the rows can be compared with: (n, 0) while no row has a vector."""
        n_dimensions = self.vectors.shape[1]
        if n_dimensions and vectors.shape[1] != n_dimensions:
            raise ValueError(f"The needs have vectors of {vectors.shape[1]} numbers, the capabilities {n_dimensions}.")
        return vectors[:, :n_dimensions]

    def strength(self, rows: IntArray, today: date) -> FloatArray:
        """Return what each row weighs, in (0, 1]: past work by outcome and age, everything else 1."""
        age = np.maximum(np.nan_to_num(today.toordinal() - self._ended[rows], nan=UNDATED_AGE_DAYS), 0)
        faded = LEAST_STRENGTH + (1 - LEAST_STRENGTH) * 0.5 ** (age / HALF_LIFE_DAYS)
        return np.where(self.is_work[rows], faded * self._outcomes[rows], 1).astype(np.float32)

    def names_one_of(self, rows: IntArray, keys: Collection[str]) -> Flags:
        """Tell for each row whether it is about one of the competencies."""
        wanted = np.zeros(len(self._numbers) + 1, dtype=bool)
        wanted[self._numbers.known(keys)] = True
        return wanted[self.key_at[rows]]


class TextOfHash:
    """Which text each hash stands for; the hashes stay where they are, only their order is kept beside them."""

    def __init__(self, hashes: NDArray[np.bytes_], texts: IntArray) -> None:
        self._hashes, self._texts = hashes, texts.astype(np.int32)
        self._order: Codes = np.argsort(hashes, kind="stable").astype(np.int32)

    def of(self, hashes: NDArray[np.bytes_]) -> IntArray:
        """Return the text of each hash, -1 for one that is not here."""
        if not len(self._hashes):
            return np.full(len(hashes), -1)
        at = np.searchsorted(self._hashes, hashes, sorter=self._order)
        found = self._order[np.minimum(at, len(self._hashes) - 1)]
        return np.where(self._hashes[found] == hashes, self._texts[found], -1).astype(np.int64)


class Told:
    """The collaborations behind rows of past work; of several with the same words, the newest."""

    def __init__(self, works: Works, at: Codes) -> None:
        self._works = works
        self._at = at

    def get(self, row: int) -> Collaboration | None:
        """Return the collaboration behind a row."""
        at = int(self._at[row]) if row >= 0 else -1
        return self._works[at] if at >= 0 else None

    def led_by(self, partner_id: int, rows: IntArray) -> Flags:
        """Tell for each row whether the work behind it was done for a partner."""
        at = self._at[rows]
        return (at >= 0) & (self._works.lead_id.values[at] == partner_id) if len(self._works) else at >= 0


def _worth(outcome: str) -> float:
    """Weigh lost work: it was still work of that kind, often lost for another's sake: more here than as a tie."""
    return 1.0 if outcome == "won" else 0.5 + WORTH.get(outcome, 0.0) / 2


def _stacked(hashes: Hashes, vectors: Mapping[str, FloatArray]) -> tuple[IntArray, FloatArray]:
    """Return for each hash which text it is, and the texts' vectors; a table of vectors is taken as it is."""
    if isinstance(vectors, VectorTable):
        text_of_hash = vectors.rows_of(hashes.values)
        return np.where(text_of_hash < 0, len(vectors.matrix), text_of_hash), vectors.padded
    known = next(iter(vectors.values()), None)
    stacked = np.zeros((len(hashes.values), 0 if known is None else len(known)), np.float32)
    for place, key in enumerate(hashes.values.tolist()):
        vector = vectors.get(key.decode())
        if vector is not None:
            stacked[place] = vector
    return np.arange(len(hashes.values)), stacked


def _work_of_each(capabilities: Capabilities, done: Works, network: Network) -> Codes:
    """Find for each row the collaboration behind it, -1 for none; of several with the same words, the newest."""
    found = np.full(len(capabilities), -1, np.int32)
    told = np.flatnonzero(capabilities.source.are("collaboration"))
    hashed = _hashes_of_works(done, network, capabilities.text_hash, np.unique(capabilities.partner_id.values[told]))
    n_hashes = max(len(capabilities.text_hash.values), 1)
    pairs = capabilities.partner_id.values[told] * n_hashes + capabilities.text_hash.codes[told]
    order = np.argsort(pairs, kind="stable")
    wanted = np.where(hashed >= 0, done.partner_id.values * n_hashes + hashed, -1)
    mine = np.flatnonzero(np.isin(wanted, pairs))
    newest = mine[np.lexsort((done.lead_id.values[mine], _rank(done)[mine], done.ended_on.values[mine]))]
    last = np.searchsorted(pairs[order], wanted[newest], side="right") - 1
    found[told[order[last]]] = newest
    return found


def _rank(done: Works) -> IntArray:
    """Give for each piece of work where its outcome stands in the alphabet."""
    alphabet = sorted(done.outcome.words)
    return done.outcome.each([alphabet.index(one) for one in done.outcome.words], np.int64)


def _hashes_of_works(done: Works, network: Network, hashes: Hashes, partner_ids: IntArray) -> IntArray:
    """Return the number of the hash under which each piece of work is told, -1 where nobody tells it."""
    found = np.full(len(done), -1)
    mine = np.flatnonzero(np.isin(done.partner_id.values, partner_ids))
    n_keys = max(len(done.competency_key.words), 1)
    words = done.summary.codes[mine].astype(np.int64) * n_keys + done.competency_key.codes[mine]
    _, first, which = np.unique(words, return_index=True, return_inverse=True)
    made = hashes_of([text_hash(work_text(done[row], network.competencies)) for row in mine[first].tolist()])
    if len(made):
        found[mine] = VectorTable(hashes.values, np.zeros((len(hashes.values), 0), np.float32)).rows_of(made)[which]
    return found
