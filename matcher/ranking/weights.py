"""The weights of the ranker: what each signal adds to the log-odds; the numbers themselves stand in `models/`."""

from dataclasses import dataclass, fields, replace

import numpy as np

from matcher.ranking.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Weights:
    """Logistic weights, one a signal; every signal is in [0, 1], and `bias` is the log-odds where all are 0.

    The order of the fields is the order of the columns of signals. Pay, number of badges, size of the firm and speed
    of reply are not here on purpose.
    """

    coverage: float = 0.0  # facts about the very competency: declared, badge, people, past work
    meaning: float = 0.0  # the partner's own words say what is asked for, in whatever words
    past_work: float = 0.0  # has done much the same before
    words: float = 0.0  # the firm's own words are the posting's, product names and codes above all
    prior: float = 0.0  # did such work for this poster before, lately, and won
    common: float = 0.0  # shares partners with the poster: somebody to ask
    free: float = 0.0  # somebody who can do it is free in time
    place: float = 0.0  # counts only where the work is on site
    language: float = 0.0  # somebody able speaks every language asked for
    industry: float = 0.0  # knows the trade of the end customer
    size: float = 0.0  # takes work of this size
    fresh: float = 0.0  # the profile was looked after, so what it says still holds
    bias: float = 0.0


SIGNALS: tuple[str, ...] = tuple(one.name for one in fields(Weights) if one.name != "bias")


def only(weights: Weights, *names: str) -> Weights:
    """Return weights with which the named signals alone decide, in the proportion they have to each other."""
    return replace(weights, **{one: 0.0 for one in SIGNALS if one not in names}, bias=-1.0)


def as_row(weights: Weights) -> FloatArray:
    """Return float32 (len(SIGNALS),)."""
    return np.array([getattr(weights, name) for name in SIGNALS], dtype=np.float32)
