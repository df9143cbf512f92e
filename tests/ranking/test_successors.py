"""What firms have said, learned and done under the name of a practice counts for the one that came in its place."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from matcher.ranking.changes import changes_for
from matcher.ranking.facts import Facts
from matcher.ranking.overlay import OverlaidRanker
from matcher.ranking.rank import Ranker, Ranking, build_ranker
from matcher.ranking.records import Records
from matcher.ranking.rules import RULES, Case, judge, needed_by
from matcher.ranking.sieve import Before, taken_out
from matcher.ranking.snapshot import Snapshots
from matcher.ranking.tables import only, packed
from matcher.ranking.weights import SIGNALS
from matcher.terms import Badge, Competency, Need, Network, Opportunity
from tests.ranking.networks import (
    COMPETENCIES,
    EMBEDDER,
    MAIL,
    POSTER,
    TODAY,
    firm,
    network_of,
    order_of,
    person,
    posted,
    ranker_of,
    rule_of,
    vectors_of,
    work,
)  # fmt: skip
from tests.ranking.slow import SlowRanker
from tests.ranking.slow_coverage import SlowCovering

TODAYS, BEFORE, EMPTY_HANDED = 2, 3, 4
OLD = replace(MAIL, key="oldmail", replaced_by=("mail",))  # told in the same words, so that only the key differs
CERTAIN = replace(posted(), needs=(Need("Move 300 mailboxes from Notes", ("mail",), (("mail", 0.95),)),))
UNNAMED = replace(posted(), needs=(Need("Letters do not arrive", leanings=(("mail", 0.9),)),))
BY_OLD_KEY = replace(posted(), needs=(Need("Move 300 mailboxes from Notes", ("oldmail",)),))
KINDS: tuple[dict[str, Any], ...] = (
    {"declared": True},
    {"people": [{"level": "senior"}]},
    {"people": [{"level": "junior"}, {"name": "Bo", "level": "architect", "free_from": date(2028, 1, 1)}]},
    {"works": [{}, {"ended_on": date(2025, 2, 1)}]},
    {"works": [{"outcome": "lost"}], "declared": True},
    {"bought": [{}], "declared": True},
    {"said": "We move mailboxes."},
    {"declared": True, "people": [{"level": "architect"}], "works": [{}], "said": "We move mailboxes from Notes."},
)


def twins(
    *, declared: bool = False, people: Any = (), works: Any = (), bought: Any = (), said: str = "Of Cork."
) -> Network:
    """Two firms of the same facts and one that shows nothing; the first two did their work for the same poster."""
    both = (TODAYS, BEFORE)
    profiles = {firm(one, practices=("mail",) if declared else ()): said for one in both}
    profiles |= {firm(POSTER, practices=("erp",)): "We run Navision.", firm(EMPTY_HANDED): "Gardens and parks of Cork."}
    return network_of(
        profiles,
        people=[person(one, **facts) for one in both for facts in people],
        works=[
            *(work(POSTER, one, "Moved 80 mailboxes", **facts) for one in both for facts in works),
            *(work(one, EMPTY_HANDED, "", **{"outcome": "lost", **facts}) for one in both for facts in bought),
        ],
    )


def as_before(network: Network, *more: Competency, old: Competency = OLD) -> Network:
    """Put everything that is recorded of the second firm under the key of the practice that was replaced."""

    def key(partner_id: int, now: str) -> str:
        return old.key if partner_id == BEFORE and now == "mail" else now

    firms = {
        one: replace(each, practices=tuple(key(one, now) for now in each.practices))
        for one, each in network.partners.items()
    }
    people = [replace(one, competency_keys=tuple(key(one.partner_id, each) for each in one.competency_keys))
              for one in network.people]  # fmt: skip
    works = [
        replace(one, competency_key=key(BEFORE if BEFORE in (one.lead_id, one.partner_id) else 0, one.competency_key))
        for one in network.collaborations
    ]
    told = [replace(one, competency_key=key(one.partner_id, one.competency_key)) for one in network.capabilities]
    known = COMPETENCIES | {one.key: one for one in (old, *more)}
    return Network(firms, known, told, people, network.badges, works)


def rank(ranker: Ranker, opportunity: Opportunity) -> Ranking:
    return ranker.rank(opportunity, EMBEDDER.encode([one.text for one in opportunity.needs]), today=TODAY)


def signals(ranking: Ranking) -> dict[int, tuple[tuple[float, ...], ...]]:
    return {one.partner_id: one.signals for one in ranking.matches}


@pytest.mark.parametrize("facts", KINDS, ids=str)
@pytest.mark.parametrize("asked", [posted(), CERTAIN, UNNAMED, BY_OLD_KEY], ids=("named", "certain", "unnamed", "old"))
def test_facts_under_the_old_name_are_worth_what_they_are_under_todays(
    facts: dict[str, Any], asked: Opportunity
) -> None:
    network = as_before(twins(**facts))
    found = signals(rank(ranker_of(network), asked))
    assert found[BEFORE] == found[TODAYS]
    assert found[BEFORE][0][SIGNALS.index("coverage")] > 0
    today = signals(rank(ranker_of(twins(**facts)), asked if asked != BY_OLD_KEY else posted()))
    assert found == today


@pytest.mark.parametrize("facts", KINDS, ids=str)
def test_records_and_columns_say_the_same_of_an_old_name(facts: dict[str, Any]) -> None:
    network = as_before(twins(**facts))
    slow = SlowRanker(network, vectors_of(network))
    records, rows = Records(network), np.arange(len(network.partners))
    columns = Facts(network, records)
    for asked in (posted(), BY_OLD_KEY):
        needs, by = EMBEDDER.encode([one.text for one in asked.needs]), needed_by(asked, TODAY)
        covering = SlowCovering(records, today=TODAY, needed_by=by)
        one_by_one = [covering.of_need(each, asked.needs[0]) for each in sorted(network.partners)]
        crew = columns.bench.at(rows)
        assert one_by_one == pytest.approx(columns.coverage(rows, asked.needs[0], crew=crew, today=TODAY, by=by)[0])
        ranked = ranker_of(network).rank(asked, needs, today=TODAY).matches
        places = [(one.partner_id, pytest.approx(one.score, abs=1e-6)) for one in ranked]
        assert slow.places(asked, needs, TODAY) == places
    before = Before(
        CERTAIN, columns, rows, columns.bench.at(rows), records.practices_needed(CERTAIN.needs), TODAY, frozenset()
    )
    for rule in RULES:
        out = [judge(Case(CERTAIN, one, records, TODAY, frozenset()), [rule]) for one in columns.firms.partners]
        assert taken_out(before, [rule]).tolist() == [each is not None for each in out]


def test_who_shows_it_under_the_old_name_is_not_taken_out_where_it_is_certain_what_is_asked_for() -> None:
    ranking = rank(ranker_of(as_before(twins(declared=True))), CERTAIN)
    assert [rule_of(ranking, one) for one in (TODAYS, BEFORE, EMPTY_HANDED)] == ["", "", "shows_nothing"]


def test_what_was_parted_in_two_counts_for_both_and_makes_them_no_evidence_of_each_other() -> None:
    old = replace(OLD, replaced_by=("mail", "sap"))
    holder = Badge(EMPTY_HANDED, "s-sap", "gold", date(2026, 1, 1))
    of_sap = Competency("s-sap", "specialization", "SAP on a vendor's machines", "", practices=("sap",))
    network = replace(as_before(twins(declared=True, works=[{}]), of_sap, old=old), badges=(holder,))
    records = Records(network)
    covering = SlowCovering(records, today=TODAY, needed_by=date(2027, 3, 1))
    assert covering.value(BEFORE, "mail") == covering.value(TODAYS, "mail")
    assert covering.value(BEFORE, "sap") == covering.value(BEFORE, "mail")
    assert covering.value(TODAYS, "sap") == 0
    assert (covering.value(EMPTY_HANDED, "mail"), covering.value(EMPTY_HANDED, "sap") > 0) == (0, True)
    columns, rows = Facts(network, records), np.arange(4)
    crew = columns.bench.at(rows)
    for key in ("mail", "sap", "oldmail"):
        found = columns.coverage(rows, Need("", (key,)), crew=crew, today=TODAY, by=date(2027, 3, 1))[0]
        assert found == pytest.approx([covering.value(one, key) for one in sorted(network.partners)])


def test_names_lead_on_over_several_steps_and_end_where_they_turn_in_a_circle() -> None:
    oldest = replace(OLD, key="oldest", replaced_by=("oldmail",))
    by_old_name = Competency("s-old", "specialization", "A badge of those days", "", practices=("oldest",))
    turning = replace(OLD, key="turning", replaced_by=("turned",))
    turned = replace(OLD, key="turned", replaced_by=("turning",))
    records = Records(as_before(twins(), oldest, by_old_name, turning, turned))
    assert records.stands_for("oldest") == records.stands_for("s-old") == ("mail",)
    assert set(records.practices("mail")) == set(records.practices("oldest")) == {"mail", "oldmail", "oldest"}
    assert (records.practices("turning"), records.practices("sap")) == (("turning",), ("sap",))


def test_a_firm_told_anew_under_the_old_name_is_ranked_as_one_that_was_there_from_the_start() -> None:
    facts = KINDS[-1]
    before = replace(twins(**facts), competencies=as_before(twins()).competencies)
    now, touched = as_before(twins(**facts)), frozenset((BEFORE, POSTER))
    told = only(packed(now), touched)
    laid = OverlaidRanker(ranker_of(before), told, vectors_of(told), touched=touched)
    for asked in (posted(), CERTAIN, UNNAMED, BY_OLD_KEY):
        ranking, anew = rank(laid, asked), rank(ranker_of(now), asked)
        assert ranking.matches == anew.matches
        assert [one.people for one in ranking.for_team()] == [one.people for one in anew.for_team()]
        assert signals(ranking)[BEFORE] == signals(ranking)[TODAYS]


def test_a_ranker_from_its_file_knows_the_old_names(tmp_path: Any) -> None:
    network = as_before(twins(**KINDS[-1]))
    kept = Snapshots(tmp_path, "secret")
    kept.write(build_ranker(network, vectors_of(network)), ("model",))
    found = rank(kept.read(("model",)), posted())
    assert order_of(found)[:2] == [TODAYS, BEFORE]
    assert found.matches[0].score == found.matches[1].score


def test_among_many_of_the_same_words_work_under_either_name_comes_first() -> None:
    now = twins(**KINDS[-1])
    ranker = ranker_of(replace(as_before(now), capabilities=now.capabilities))
    corpus = ranker._corpus
    n_won = ranker._facts.n_won_in(corpus, np.arange(len(corpus)))
    named = [(one.partner_id, n) for one, n in zip(corpus.capabilities, n_won, strict=True) if one.competency_key]
    assert [n for one, n in named if one == BEFORE] == [n for one, n in named if one == TODAYS]
    assert max(n for _, n in named) == 1


def test_nobody_is_told_to_list_or_hire_for_what_it_has_under_the_old_name() -> None:
    by_old_name = Competency("d-old", "designation", "A badge for mail", "", practices=("oldmail",))
    network = as_before(twins(declared=True, people=[{"free_days": 0}]), by_old_name)
    network = replace(
        network, people=(*network.people, person(BEFORE, name="Bo", competency_keys=("sap",), free_days=0))
    )
    for asked in (posted(), BY_OLD_KEY):
        found = changes_for(network, BEFORE, opportunity=asked, today=TODAY)
        told = {kind: [one.value for one in found if one.kind == kind] for kind in ("practice", "calendar", "badge")}
        assert told == {"practice": [], "calendar": ["Ada"], "badge": ["d-old|designation", "d-wide|designation"]}
        assert "oldmail|senior" not in [one.value for one in found]
