"""Who could take which need of an opportunity, and with whom."""

from dataclasses import replace
from datetime import date

import pytest

from matcher.ranking import parts
from matcher.teams import alone, propose
from matcher.terms import Candidate, Need, Network, Opportunity
from tests.ranking.networks import (
    EMBEDDER,
    POSTER,
    TODAY,
    firm,
    link,
    network_of,
    order_of,
    person,
    posted,
    ranked,
    ranker_of,
    work,
)  # fmt: skip

ERP_NEED, MAIL_NEED = "Look after Navision", "Move 300 mailboxes from Notes"
MAILERS, BOOKKEEPERS, BOTH, POSTING = firm(2), firm(3), firm(4), firm(POSTER)
PROFILES = {
    POSTING: "We sell printers.",
    replace(MAILERS, practices=("mail",)): "We move mailboxes.",
    replace(BOOKKEEPERS, practices=("erp",)): "Navision for joiners.",
    replace(BOTH, practices=("mail", "erp"), n_people=1): "We do mailboxes and Navision.",
}


def two_needs(**facts: object) -> Opportunity:
    return posted(needs=tuple(Need(text, link(text)) for text in (ERP_NEED, MAIL_NEED)), **facts)


def able(network: Network, opportunity: Opportunity, excluded: frozenset[int] = frozenset()) -> dict[int, Candidate]:
    vectors = EMBEDDER.encode([need.text for need in opportunity.needs])
    ranking = ranker_of(network).rank(opportunity, vectors, today=TODAY, excluded=excluded)
    return {one.partner_id: one for one in ranking.for_team()}


def needs_of(found: dict[int, Candidate]) -> dict[int, set[int]]:
    return {one: set(candidate.scores) for one, candidate in found.items()}


def test_each_firm_is_a_candidate_for_the_needs_that_it_covers() -> None:
    assert needs_of(able(network_of(PROFILES), two_needs())) == {2: {1}, 3: {0}, 4: {0, 1}}


def test_a_firm_that_is_far_worse_at_a_need_than_the_best_is_no_candidate_for_it() -> None:
    able_to = {
        POSTING: "We sell printers.",
        replace(MAILERS, practices=("mail",)): "We move mailboxes from Notes, 300 at a time.",
        replace(BOTH, practices=("mail", "erp")): "Look after Navision: we do.",
    }
    works = [work(9, 2, "moved 300 mailboxes from Notes")]
    assert needs_of(able(network_of(able_to, people=[person(2)], works=works), two_needs())) == {2: {1}, 4: {0}}


def test_who_was_asked_already_or_breaks_a_hard_rule_is_no_candidate() -> None:
    clearance = two_needs(clearances=("NATO SECRET",))
    assert able(network_of(PROFILES), clearance) == {}
    assert set(able(network_of(PROFILES), two_needs(), frozenset({4}))) == {2, 3}


def test_only_people_who_come_free_in_time_are_counted_each_for_what_it_can_do() -> None:
    people = [
        person(4, name="Ada"),
        person(4, name="Bo", competency_keys=("erp",), free_days=4),
        person(4, name="Cy", free_from=date(2028, 1, 1)),
    ]
    found = able(network_of(PROFILES, people=people), two_needs())[4]
    assert [(one.name, one.serves, one.free_days) for one in found.people] == [("0 Ada", {1}, 10), ("1 Bo", {0}, 4)]


def test_of_a_firm_that_lists_nobody_as_many_are_believed_in_as_it_has_people() -> None:
    found = able(network_of(PROFILES), two_needs())
    assert [one.serves for one in found[4].people] == [{0, 1}]


def test_ties_with_the_poster_and_firms_not_worked_with_are_told() -> None:
    profiles = {
        (replace(one, conflict_ids=frozenset({2})) if one.id == 3 else one): text for one, text in PROFILES.items()
    }
    found = able(network_of(profiles, works=[work(POSTER, 2, "Moved 80 mailboxes")]), two_needs())
    assert [found[one].tied_ids for one in (2, 3)] == [{POSTER}, frozenset()]
    assert [found[one].conflict_ids for one in (2, 3)] == [frozenset(), {2}]


def test_those_who_cover_everything_come_first_with_old_ties_then_by_their_scores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "ALONE", 2)
    more = {firm(number, practices=("mail", "erp")): "We do mailboxes." for number in (5, 6)}
    known = {firm(7, practices=("mail", "erp")): "We."}
    network = network_of(PROFILES | more | known, works=[work(POSTER, 7, "Moved 80 mailboxes")])
    vectors = EMBEDDER.encode([need.text for need in two_needs().needs])
    ranking = ranker_of(network).rank(two_needs(), vectors, today=TODAY)
    everybody = {one.partner_id: one for one in ranking.for_team()}
    of_all = [one for one in everybody.values() if len(one.scores) == 2]
    first = sorted(
        of_all, key=lambda one: (-len(one.tied_ids), -sum(round(100 * each) for each in one.scores.values()))
    )
    assert len(of_all) == 4
    assert first[0].partner_id == 7
    assert sorted(ranking.alone(), key=lambda one: one.partner_id) == sorted(first[:2], key=lambda one: one.partner_id)


def of_level(*levels: str) -> Opportunity:
    asked = two_needs()
    return replace(
        asked, needs=tuple(replace(need, level=each) for need, each in zip(asked.needs, levels, strict=True))
    )


def test_a_firm_of_juniors_is_no_team_where_an_architect_is_asked_for() -> None:
    both = {firm(2, practices=("mail", "erp")): "We do mailboxes and Navision."}
    erp, mail = firm(3, practices=("erp",)), firm(4, practices=("mail",))
    people = [
        person(2, name="Jo", competency_keys=("mail", "erp"), level="junior"),
        person(3, name="Ada", competency_keys=("erp",), level="architect"),
        person(4, name="Sam", level="senior"),
    ]
    network = network_of(both | {erp: "Navision for joiners.", mail: "We move mailboxes."}, people=people)
    asked = of_level("architect", "senior")
    ranking = ranked(network, asked)
    assert 2 in order_of(ranking)
    assert alone(ranking.alone(), 2, poster_id=POSTER) is None
    team = propose(ranking.for_team(), 2, poster_id=POSTER)
    assert [(each.partner_id, each.needs, each.people) for each in team.parts] == [
        (3, (0,), ((0, "0 Ada"),)), (4, (1,), ((1, "0 Sam"),)),
    ]  # fmt: skip
    assert {each.partner_id for each in propose(able(network, two_needs()).values(), 2, poster_id=POSTER).parts} == {2}


@pytest.mark.parametrize(
    ("asked", "levels", "covers"),
    [
        ("", ("junior",), True),
        ("junior", ("junior",), True),
        ("junior", ("",), False),
        ("senior", ("junior", "architect"), True),
        ("senior", ("",), False),
        ("architect", ("junior", "senior"), False),
        ("architect", (), True),
    ],
)
def test_a_need_is_covered_by_people_of_its_level_or_by_a_firm_that_lists_nobody(
    asked: str, levels: tuple[str, ...], covers: bool
) -> None:
    people = [person(2, name=f"One {each or 'unsaid'}", level=each) for each in levels]
    found = able(network_of(PROFILES, people=people), of_level("", asked))
    assert (2 in found) == covers
    if levels and covers:
        assert [one.name for one in found[2].people if 1 in one.serves][-1].endswith(levels[-1] or "unsaid")


@pytest.mark.parametrize(("level", "serves"), [("architect", {0, 1}), ("senior", {0})])
def test_where_nobody_works_in_it_whoever_stands_in_is_of_the_level_too(level: str, serves: set[int]) -> None:
    people = [person(4, competency_keys=("erp",), level=level)]
    found = able(network_of(PROFILES, people=people), of_level("", "architect"))
    assert [one.serves for one in found[4].people] == [serves]


def test_firms_below_the_level_leave_room_for_the_one_that_can_do_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "ALONE", 2)
    both = {firm(number, practices=("mail", "erp")): "We do mailboxes and Navision." for number in (2, 3, 4, 5)}
    keys = ("mail", "erp")
    people = [person(number, competency_keys=keys, level="junior") for number in (2, 3, 4)]
    people.append(person(5, competency_keys=keys, level="architect"))
    ranking = ranked(network_of(both, people=people), of_level("architect", "architect"))
    assert [one.partner_id for one in ranking.alone()] == [5]
