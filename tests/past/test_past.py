"""Past works that vote, walks and ties: what is found rests on what was known that day, and on nobody's number."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matcher.past.known import Known
from matcher.past.likely import Circles
from matcher.past.likeness import Comparing
from matcher.past.model import ALL_COLUMNS, Card, Learned, Lesson, learn
from matcher.past.rank import Candidates, found, ranked
from matcher.past.signals import Scene, facts
from matcher.past.table import COLUMNS, OF_PAIR
from matcher.past.ties import LONG_AGO, ties
from matcher.past.walks import at_leads, walked
from matcher.past.works import best, summing_to_one
from tests.past import toy

DAY = 80.0
ROWS = [82, 85, 88]


def candidates(works: toy.Works) -> list[Candidates]:
    return list(found(works, toy.asked(works, ROWS), day=DAY))


def test_nothing_that_happened_later_changes_what_is_found() -> None:
    works = toy.works()
    later = toy.with_other_later(works, DAY, seed=2)
    asked = toy.asked(works, ROWS)
    for one, other in zip(found(works, asked, day=DAY), found(later, asked, day=DAY), strict=True):
        np.testing.assert_array_equal(one.partners, other.partners)
        np.testing.assert_array_equal(one.table, other.table)


def test_where_and_how_large_a_firm_is_that_had_no_work_with_a_text_yet_changes_nothing() -> None:
    works = toy.works(n_early=60, n_told=30, n_partners=60)
    known = Known(works, DAY)
    strangers = known.is_active & (np.asarray(known.took_part_told.sum(axis=0)).ravel() == 0)
    strangers[works.leads[ROWS]] = False
    assert strangers.sum() > 5
    of = works.partners
    town, is_small = np.where(strangers, of.town[::-1], of.town), np.where(strangers, 1 - of.is_small, of.is_small)
    other = replace(works, partners=replace(of, town=town, is_small=is_small))
    circles = [Circles(Known(each, DAY)) for each in (works, other)]
    for one, another in zip(candidates(works), candidates(other), strict=True):
        np.testing.assert_array_equal(one.table, another.table)
        odds = np.linspace(-3, 1, len(one.partners))
        first, second = (each.signals(one.guessed(odds)) for each in circles)
        np.testing.assert_array_equal(first, second)


def test_the_lead_and_whoever_did_nothing_yet_are_no_candidates() -> None:
    works = toy.works(n_partners=60)
    active = set(np.flatnonzero(Known(works, DAY).is_active))
    for each in candidates(works):
        assert works.leads[ROWS[each.row]] not in each.partners
        assert set(each.partners) <= active


def test_the_numbers_of_partners_do_not_matter() -> None:
    works = toy.works()
    order = np.random.default_rng(3).permutation(len(works.partners))
    for one, other in zip(candidates(works), candidates(toy.renumbered(works, order)), strict=True):
        back = order[other.partners]
        np.testing.assert_array_equal(np.sort(back), one.partners)
        same = [*OF_PAIR, "n_works", "mean_size"]
        at = [COLUMNS.index(name) for name in same]
        np.testing.assert_allclose(other.table[np.argsort(back)][:, at], one.table[:, at], rtol=1e-4, atol=1e-5)


def test_the_party_of_the_same_work_gets_most_votes() -> None:
    works = toy.works()
    asked = toy.asked(works, [60])  # known on that day, word for word
    signals = Scene(Known(works, DAY)).signals(asked)
    party = set(works.took_part[60].indices)
    for name in ("words_few", "meaning_few", "together_few", "closest"):
        first = np.argsort(-signals[name][0], kind="stable")[: len(party)]
        assert set(first) == party, name


def test_a_step_of_a_walk_loses_nothing() -> None:
    known = Known(toy.works(), DAY)
    start = at_leads(np.array([1, 2]), 25)
    np.testing.assert_allclose(walked(known, start, n_steps=2).sum(axis=1), [0.7 + 0.49] * 2, rtol=1e-4)


def test_ties_count_works_together_and_the_years_since() -> None:
    works = toy.works()
    known = Known(works, DAY)
    alike = Comparing(known).likeness(toy.asked(works, ROWS))
    lead = works.leads[ROWS[0]]
    measured = ties(known, alike, works.leads[ROWS])
    together = [row for row in range(79) if {lead, 7} <= set(works.took_part[row].indices)]
    assert measured["prior"][0, 7] == len(together)
    years = (DAY - works.days[together[-1]]) / 365 if together else LONG_AGO
    assert measured["prior_years"][0, 7] == pytest.approx(years, abs=1e-4)


def test_facts_count_what_a_partner_did() -> None:
    works = toy.works()
    counted = facts(Known(works, DAY))
    done = [row for row in range(79) if 7 in works.took_part[row].indices]
    assert counted["n_works"][7] == len(done)
    assert counted["years_since"][7] == pytest.approx((DAY - works.days[done[-1]]) / 365, abs=1e-6)
    assert counted["led"][7] == pytest.approx((works.leads[:79] == 7).sum() / len(done))


def test_the_best_of_a_row_are_kept_and_scaled() -> None:
    kept = best(np.array([[3, -1, 2, 5]], dtype=np.float32), 3)
    assert kept.toarray().tolist() == [[3, 0, 2, 5]]
    assert summing_to_one(kept).toarray()[0] == pytest.approx([0.3, 0, 0.2, 0.5])


def lesson() -> Lesson:
    """Make rows of which the first column tells who is won, but for some noise."""
    dice = np.random.default_rng(4)
    rows = dice.random((3000, len(ALL_COLUMNS)), dtype=np.float32)
    won = (rows[:, 0] + dice.normal(0, 0.1, 3000) > 0.9).astype(np.int64)
    return Lesson(rows, won, np.full(30, 100), kept=0.5, far=rows[:0, : len(COLUMNS)])


def test_a_model_learns_and_is_the_same_after_it_was_kept(tmp_path: Path) -> None:
    learned = learn(lesson(), Card("toy", "2026-11-22", "made up", 30, "nothing"), n_threads=1)
    rows = lesson().rows[:100]
    assert np.corrcoef(learned.scores(rows), rows[:, 0])[0, 1] > 0.7
    learned.save(tmp_path)
    again = Learned.load("toy", tmp_path)
    np.testing.assert_array_equal(again.scores(rows), learned.scores(rows))
    order = ranked(Candidates(0, np.arange(100, 200), rows), again)
    assert rows[order[0] - 100, 0] > 0.8


def test_chances_are_set_right_for_those_not_learned_from() -> None:
    learned = learn(lesson(), Card("toy", "2026-11-22", "made up", 30, "nothing"), n_threads=1)
    whole = replace(learned, card=replace(learned.card, shift=0.0))
    set_right, as_learned = (each.chances(lesson().rows).astype(float) for each in (learned, whole))
    odds = set_right / (1 - set_right) / (as_learned / (1 - as_learned))
    np.testing.assert_allclose(odds, 0.5, rtol=1e-2)  # half of those not won were left out


def test_a_model_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    (tmp_path / "other-1.json").write_text("{}")
    with pytest.raises(FileNotFoundError, match="There is no model 'toy' in .*; there is: other-1."):
        Learned.load("toy", tmp_path)
