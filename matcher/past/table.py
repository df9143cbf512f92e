"""Signals of the candidates of one asked work → the rows that the model scores."""

from collections.abc import Mapping

import numpy as np

from matcher.past.works import BoolArray, FloatArray, IntArray

ROADS = (
    "words", "names", "meaning", "title", "subject_meaning", "together", "together_many", "fields", "subject",
    "same_subject", "closest", "prior_faded", "prior_alike", "walk_lead", "walk_alike", "walk_both", "common",
    "walk_likely", "walk_likely_both", "regressed_sharp",
)  # fmt: skip
OF_PAIR = (
    "words", "words_few", "words_many", "names", "meaning", "meaning_few", "title", "subject_meaning", "together",
    "together_few", "together_many", "closest", "fields", "subject", "same_subject", "prior", "prior_faded",
    "prior_alike", "prior_closest", "prior_years", "walk_lead", "walk_alike", "walk_both", "common", "profile",
    "walk_likely", "walk_likely_both", "votes_for_country", "votes_for_kind", "same_country", "same_town",
    "led_from_country", "lead_kind", "lead_n_works", "usual_size", "regressed", "regressed_sharp", "in_family",
    "share_in_family", "family", "lead_in_family", "regressed_lead", "regressed_circle", "walk_regressed",
    "prior_of_own", "prior_of_lead", "lead_meets_country", "lead_meets_kind", "countries_meet",
)  # fmt: skip
OF_PARTNER = (
    "n_works", "n_works_of_year", "n_works_told", "years_since", "led", "mean_size", "kind", "is_small", "n_joined",
    "n_joined_faded", "n_joined_of_half_year", "n_joined_of_year", "growth",
)  # fmt: skip
PLACED = (
    "words", "words_many", "meaning", "together", "together_many", "closest", "subject", "prior_faded", "prior_alike",
    "walk_lead", "walk_alike", "walk_both", "walk_likely_both", "names", "fields", "n_works_of_year",
    "regressed_lead", "regressed_circle",
)  # fmt: skip
COLUMNS = (*OF_PAIR, *OF_PARTNER, *(f"place_by_{name}" for name in PLACED))


def candidates(of_pair: Mapping[str, FloatArray], row: int, *, allowed: BoolArray, of_each: int) -> IntArray:
    """Unite the best of every road for one asked work: numbers, ascending; `allowed` (n_partners,) is a mask."""
    found: list[IntArray] = []
    for name in ROADS:
        values = of_pair[name][row]
        best = np.argpartition(-values, min(of_each, len(values) - 1))[:of_each]
        found.append(best[values[best] > 0])
    united = np.unique(np.concatenate(found))
    return np.asarray(united[allowed[united]], dtype=np.int64)


def table(
    of_pair: Mapping[str, FloatArray], of_partner: Mapping[str, FloatArray], row: int, *, chosen: IntArray
) -> FloatArray:
    """Write the columns of `COLUMNS` for the chosen partners: (n_chosen, n_columns)."""
    columns = [of_pair[name][row][chosen] for name in OF_PAIR] + [of_partner[name][chosen] for name in OF_PARTNER]
    named = dict(zip((*OF_PAIR, *OF_PARTNER), columns, strict=True))
    return np.column_stack([*columns, *(_places(named[name]) for name in PLACED)]).astype(np.float32)


def _places(values: FloatArray) -> FloatArray:
    """Give log(1 + place), the best at place 0; whoever has nothing stands behind all."""
    places = np.empty(len(values), dtype=np.float32)
    places[np.argsort(-values, kind="stable")] = np.arange(len(values))
    places[values <= 0] = len(values)
    return np.log1p(places)


def nearest(rows: FloatArray, *, n: int) -> IntArray:
    """Choose the n rows that stand best by all signals with places: their numbers, ascending; nothing is learned."""
    placed = [number for number, name in enumerate(COLUMNS) if name.startswith("place_by_")]
    return np.sort(np.argsort(rows[:, placed].sum(axis=1), kind="stable")[:n])
