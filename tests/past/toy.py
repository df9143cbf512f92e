"""A small past by chance: works with parties, texts and subjects."""

from dataclasses import replace

import numpy as np
from scipy import sparse

from matcher.past.works import About, Asked, FloatArray, IntArray, Partners, Sparse, Works

N_WORDS, N_DIMENSIONS = 40, 8


def works(*, n_early: int = 30, n_told: int = 60, n_partners: int = 25, seed: int = 1) -> Works:
    """Make works, one a day from day 1 on; each has three to five partners, the lead among them."""
    dice = np.random.default_rng(seed)
    n = n_early + n_told
    parties = [dice.choice(n_partners, dice.integers(3, 6), replace=False) for _ in range(n)]
    return Works(
        days=np.arange(1, n + 1, dtype=np.float32),
        leads=np.array([party[0] for party in parties]),
        took_part=_ones([(row, one) for row, party in enumerate(parties) for one in party], (n, n_partners)),
        subjects=_words(dice, n),
        families=dice.integers(0, 3, n),
        about=_about(dice, n_told),
        n_early=n_early,
        partners=Partners(
            country=dice.integers(0, 4, n_partners),
            town=dice.integers(0, 8, n_partners),
            kind=dice.integers(0, 5, n_partners),
            is_small=dice.integers(0, 2, n_partners).astype(np.float32),
        ),
    )


def asked(of: Works, rows: list[int]) -> Asked:
    """Ask for what some works of the toy are about."""
    at = np.array(rows)
    return Asked(of.about.rows(at - of.n_early), of.subjects[at], of.leads[at], families(of)[at])


def families(of: Works) -> IntArray:
    assert of.families is not None
    return of.families


def with_other_later(of: Works, day: float, *, seed: int) -> Works:
    """Make everything from a day on up anew."""
    other = works(n_early=of.n_early, n_told=len(of.about), n_partners=len(of.partners), seed=seed)
    known = int((of.days < day).sum())
    told = known - of.n_early
    return replace(
        of,
        leads=np.concatenate([of.leads[:known], other.leads[known:]]),
        took_part=sparse.vstack([of.took_part[:known], other.took_part[known:]]).tocsr(),
        subjects=sparse.vstack([of.subjects[:known], other.subjects[known:]]).tocsr(),
        families=np.concatenate([families(of)[:known], families(other)[known:]]),
        about=_spliced(of.about, other.about, told),
    )


def renumbered(of: Works, order: IntArray) -> Works:
    """Give partner `order[n]` the number n."""
    place = np.argsort(order)
    facts = Partners(*(getattr(of.partners, name)[order] for name in of.partners.__slots__))
    return replace(of, leads=place[of.leads], took_part=of.took_part[:, order].tocsr(), partners=facts)


def _about(dice: np.random.Generator, n: int) -> About:
    vectors = [_unit(dice.normal(size=(n, N_DIMENSIONS))) for _ in range(3)]
    return About(*vectors, _words(dice, n), _words(dice, n), _words(dice, n))


def _unit(rows: FloatArray) -> FloatArray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _words(dice: np.random.Generator, n: int) -> Sparse:
    pairs = [(row, word) for row in range(n) for word in dice.choice(N_WORDS, 6, replace=False)]
    return _ones(pairs, (n, N_WORDS))


def _ones(pairs: list[tuple[int, int]], shape: tuple[int, int]) -> Sparse:
    rows, columns = np.array(pairs).T
    return sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=shape)


def _spliced(one: About, other: About, at: int) -> About:
    names = [(name, getattr(one, name)[:at], getattr(other, name)[at:]) for name in one.__slots__]
    joined = {
        name: np.concatenate([a, b]) if isinstance(a, np.ndarray) else sparse.vstack([a, b]).tocsr()
        for name, a, b in names
    }
    return About(**joined)
