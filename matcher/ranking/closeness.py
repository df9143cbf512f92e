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
    grid = _grid(begins)
    texts, text_of_row = np.unique(corpus.text_at[rows], return_inverse=True)
    vectors = corpus.vectors[texts]
    cosines = (asked.vectors @ vectors.T)[:, text_of_row] * corpus.strength(rows, today)
    cosines = np.where(
        _known_to_poster(corpus, asked, rows, alike=_alike(corpus, asked, vectors)[text_of_row]), 0, cosines
    )
    is_work = corpus.is_work[rows]
    said = np.where(is_work, 0, cosines)
    done = np.where(is_work, cosines, 0)
    named = np.stack([lexical.scores_at(need.text, rows) for need in asked.needs])
    meaning, meaning_at = _best_of(said, grid, rows)
    past_work, work_at = _votes(done, grid, rows)
    words, words_at = _worded(named, is_work, grid, rows)
    return Closeness(_scaled(meaning), _scaled(past_work), words, meaning_at, work_at, words_at)


def _grid(begins: IntArray) -> IntArray:
    """Lay the rows of each candidate out in one line, short lines filled with -1."""
    counts = np.diff(begins)
    across = np.arange(max(int(counts.max(initial=0)), TOP_ROWS))
    return np.where(across < counts[:, None], begins[:-1, None] + across, -1)


def _alike(corpus: Corpus, asked: Asked, vectors: FloatArray) -> Flags:
    """Tell which vectors are nearly those of the poster's own words."""
    own, _ = corpus.rows_of([asked.poster_id])
    if len(own) == 0 or len(vectors) == 0:
        return np.zeros(len(vectors), dtype=bool)
    mine = corpus.vectors[np.unique(corpus.text_at[own])]
    return np.asarray((vectors @ mine.T).max(axis=1) >= SAME_AS_POSTER_COSINE)


def _known_to_poster(corpus: Corpus, asked: Asked, rows: IntArray, *, alike: Flags) -> Flags:
    """Mark, for each need, the rows that the poster could have written itself and does not ask for."""
    return np.stack([alike & ~corpus.names_one_of(rows, practices) for practices in asked.practices])


def _best_of(values: FloatArray, grid: IntArray, rows: IntArray) -> tuple[FloatArray, IntArray]:
    """Return per candidate mostly its best row, a little of its next ones; a candidate with one row loses nothing."""
    laid, best = _laid_out(values, grid, rows)
    present = np.maximum((laid > 0).sum(axis=2), 1)
    mean = laid.sum(axis=2) / present
    return (BEST_SHARE * laid[:, :, 0] + (1 - BEST_SHARE) * mean).astype(np.float32), best


def _worded(named: FloatArray, is_work: Flags, grid: IntArray, rows: IntArray) -> tuple[FloatArray, IntArray]:
    """Return per candidate the better of its own words and of its best piece of work, so that no job lowers it."""
    own, _ = _best_of(np.where(is_work, 0, named), grid, rows)
    done, _ = _laid_out(np.where(is_work, named, 0), grid, rows)
    _, best = _laid_out(named, grid, rows)
    return np.maximum(own, done[:, :, 0]).astype(np.float32), best


def _votes(values: FloatArray, grid: IntArray, rows: IntArray) -> tuple[FloatArray, IntArray]:
    """Return per candidate mostly its best piece of work, with further ones adding to it."""
    laid, best = _laid_out(values, grid, rows)
    return (BEST_SHARE * laid[:, :, 0] + (1 - BEST_SHARE) * laid.mean(axis=2)).astype(np.float32), best


def _laid_out(values: FloatArray, grid: IntArray, rows: IntArray) -> tuple[FloatArray, IntArray]:
    """Return the best values of each candidate, (n_needs, n_candidates, TOP_ROWS), and the row of the very best."""
    padded = np.concatenate([values, np.zeros((len(values), 1), values.dtype)], axis=1)
    lines = np.maximum(padded[:, grid], 0)
    at = lines.argmax(axis=2)
    place = grid[np.arange(len(grid)), at]
    best = np.where(lines.max(axis=2) > 0, np.append(rows, -1)[place], -1)
    return -np.sort(-lines, axis=2)[:, :, :TOP_ROWS], best


def _scaled(cosines: FloatArray) -> FloatArray:
    share = (cosines - UNRELATED_COSINE) / (HIT_COSINE - UNRELATED_COSINE)
    return np.asarray(np.clip(share, 0, 1), dtype=np.float32)
