"""Who could take which need of an opportunity, and with whom."""

from dataclasses import replace
from datetime import date

import pytest

from matcher.ranking import parts
from matcher.terms import Candidate, Need, Network, Opportunity
from tests.ranking.networks import EMBEDDER, POSTER, TODAY, firm, link, network_of, person, posted, ranker_of, work

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
