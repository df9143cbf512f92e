"""Needs and rows of text become how near each candidate's words and past work come to each need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matcher.ranking.arrays import FloatArray, IntArray
from matcher.ranking.corpus import Corpus
from matcher.ranking.grouped import Flags
from matcher.ranking.lexical import Lexicon
from matcher.terms import Need

# Cosines of short texts of one trade: unrelated ones lie near the lower number, plain hits near the upper one.
UNRELATED_COSINE = 0.2
HIT_COSINE = 0.65
# A row this like one of the poster's own says what the poster can do already.
SAME_AS_POSTER_COSINE = 0.9
TOP_ROWS = 3
BEST_SHARE = 0.7
SMALLEST = 1e-6


@dataclass(frozen=True, slots=True)
class Closeness:
    """Signals in [0, 1] and the row behind each, -1 for none; all of shape (n_needs, n_candidates)."""

    meaning: FloatArray
    past_work: FloatArray
    words: FloatArray
    meaning_row: IntArray
    work_row: IntArray
    words_row: IntArray


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared: the needs, their vectors (n_needs, d), the practices each one names, and whose they are."""

    needs: tuple[Need, ...]
    vectors: FloatArray
    practices: tuple[frozenset[str], ...]
    poster_id: int


def closeness(
    corpus: Corpus, lexical: Lexicon, asked: Asked, *, partner_ids: Sequence[int] | IntArray, today: date
) -> Closeness:
    """Compare every need with every row of the candidates."""
    rows, begins = corpus.rows_of(partner_ids)
    n_needs, grid = len(asked.needs), _grid(begins)
    # A column of noughts behind the last row is what -1 in the grid leads to.
    values = np.zeros((2 * n_needs, len(rows) + 1), np.float32)
    cosines, known = _cosines(corpus, asked, rows, today)
    values[:n_needs, :-1] = cosines
    values[n_needs:, :-1] = [lexical.scores_at(need.text, rows) for need in asked.needs]
    if known is not None:
        values[n_needs:, :-1][known] = 0
    lines = np.maximum(values[:, grid], 0)
    is_work = np.append(corpus.is_work[rows], False)[grid]
    own, done = np.where(is_work, 0, lines), np.where(is_work, lines, 0)
    place = np.append(rows, -1)[grid]
    best_own, best_done = _best_three(own), _best_three(done)
    meaning, words_own = np.split(_mostly_best(*best_own), 2)
    return Closeness(
        meaning=_scaled(meaning),
        past_work=_scaled(_votes(*(one[:n_needs] for one in best_done))),
        # The better of its own words and of its work, so that no job lowers it.
        words=np.maximum(words_own, _told_again(done[n_needs:], best_done[0][n_needs:])),
        meaning_row=_behind(own[:n_needs], place),
        work_row=_behind(done[:n_needs], place),
        words_row=_behind(lines[n_needs:], place),
    )


def _grid(begins: IntArray) -> IntArray:
    """Lay the rows of each candidate out in one line, short lines filled with -1."""
    counts = np.diff(begins)
    across = np.arange(max(int(counts.max(initial=0)), TOP_ROWS))
    return np.where(across < counts[:, None], begins[:-1, None] + across, -1)


def _cosines(corpus: Corpus, asked: Asked, rows: IntArray, today: date) -> tuple[FloatArray, Flags | None]:
    """Return (n_needs, n_rows), weakened by age and outcome, and which rows the poster could have written itself: 0."""
    texts, text_of_row = np.unique(corpus.text_at[rows], return_inverse=True)
    own, _ = corpus.rows_of([asked.poster_id])
    mine = corpus.vectors[np.unique(corpus.text_at[own])]
    found = np.concatenate([asked.vectors, mine]) @ corpus.vectors[texts].T
    n_needs = len(asked.needs)
    cosines = found[:n_needs, text_of_row] * corpus.strength(rows, today)
    alike = np.logical_or.reduce(found[n_needs:] >= SAME_AS_POSTER_COSINE, axis=0)
    known = None
    if alike.any():
        alone = alike[text_of_row] & ~_done_together(corpus, asked.poster_id, rows, own=own)
        known = _known_to_poster(corpus, asked, rows, alike=alone)
    if known is not None:
        cosines[known] = 0
    return np.asarray(cosines), known


def _known_to_poster(corpus: Corpus, asked: Asked, rows: IntArray, *, alike: Flags) -> Flags:
    """Mark, for each need, the rows that the poster could have written itself and does not ask for."""
    return np.stack([alike & ~corpus.names_one_of(rows, practices) for practices in asked.practices])


def _done_together(corpus: Corpus, poster_id: int, rows: IntArray, *, own: IntArray) -> Flags:
    """Mark the work that a firm did for the poster, or beside it, which is told of both in the same words."""
    mine = own[corpus.is_work[own]]
    beside = corpus.is_work[rows] & np.isin(corpus.text_at[rows], corpus.text_at[mine])
    return beside | corpus.works.led_by(poster_id, rows)


def _best_three(lines: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the three greatest values of each line, the greatest first."""
    in_order = np.sort(lines, axis=2)
    return in_order[:, :, -1], in_order[:, :, -2], in_order[:, :, -3]


def _mostly_best(best: FloatArray, second: FloatArray, third: FloatArray) -> FloatArray:
    """Return per candidate mostly its best row, a little of its next ones; a candidate with one row loses nothing."""
    present = np.maximum((best > 0).astype(np.int64) + (second > 0) + (third > 0), 1)
    return (BEST_SHARE * best + (1 - BEST_SHARE) * ((best + second + third) / present)).astype(np.float32)


def _votes(best: FloatArray, second: FloatArray, third: FloatArray) -> FloatArray:
    """Return per candidate mostly its best piece of work, with further ones adding to it."""
    return np.asarray(BEST_SHARE * best + (1 - BEST_SHARE) * ((best + second + third) / TOP_ROWS), np.float32)


def _told_again(lines: FloatArray, best: FloatArray) -> FloatArray:
    """Return per candidate its best piece of work and a little for each further one that is nearly as good; at most 1.

    What they say together is their norm of order 8, which one piece alone does not change.
    """
    squared = lines * lines
    fourth = squared * squared
    together = np.sqrt(np.sqrt(np.sqrt((fourth * fourth).sum(axis=2))))
    room = 1 - best
    return np.asarray(best - room * np.expm1(-np.maximum(together - best, 0) / np.maximum(room, SMALLEST)), np.float32)


def _behind(lines: FloatArray, place: IntArray) -> IntArray:
    """Return the row behind the greatest value of each line, -1 where that is 0."""
    at = lines.argmax(axis=2)
    across = np.arange(len(place))
    return np.where(lines[np.arange(len(lines))[:, None], across, at] > 0, place[across, at], -1)


def _scaled(cosines: FloatArray) -> FloatArray:
    share = (cosines - UNRELATED_COSINE) / (HIT_COSINE - UNRELATED_COSINE)
    return np.asarray(np.clip(share, 0, 1), dtype=np.float32)
