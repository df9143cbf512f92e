"""The order of partners for an opportunity, as a whole."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from matcher.ranking import rank
from matcher.ranking.rank import GRAPH_ONLY, WORDS_ONLY, build_ranker
from matcher.ranking.weights import SIGNALS
from matcher.terms import Match, Need, Removed
from tests.ranking.networks import (
    EMBEDDER,
    POSTER,
    TODAY,
    firm,
    match_of,
    network_of,
    order_of,
    person,
    posted,
    ranked,
    ranker_of,
    rule_of,
    work,
)

ERP_WORDS = "We run Navision for wholesalers and keep their stock right."


def erp_poster() -> dict:  # type: ignore[type-arg]
    return {firm(POSTER, practices=("erp",)): ERP_WORDS}


def test_a_firm_that_has_done_the_work_comes_before_one_that_lists_it() -> None:
    network = network_of(
        erp_poster()
        | {firm(2, practices=("mail",)): "We do all of it.", firm(3, practices=("mail",)): "Small firm in Cork."},
        works=[work(9, 3, "moved 400 mailboxes from Notes over one weekend")],
    )
    assert order_of(ranked(network, posted())) == [3, 2]


def test_the_twin_of_the_poster_is_not_first() -> None:
    network = network_of(
        erp_poster()
        | {
            firm(2, practices=("erp",)): ERP_WORDS,
            firm(3, practices=("mail",)): "We pull companies out of Notes.",
        }
    )
    asked = "We run Navision for wholesalers and keep their stock right, and one of them leaves Notes"
    ranking = ranked(network, posted(asked, needs=(Need(asked, ("mail",)),)))
    assert order_of(ranking)[0] == 3
    assert _value(match_of(ranking, 2), "meaning") == 0
    assert _value(match_of(ranking, 2), "words") == 0


def test_a_firm_of_the_posters_trade_counts_when_that_trade_is_asked_for() -> None:
    network = network_of(erp_poster() | {firm(2, practices=("erp",)): ERP_WORDS})
    match = ranked(network, posted("Somebody to run Navision for wholesalers")).matches[0]
    assert _value(match, "coverage") > 0
    assert _value(match, "meaning") > 0


def test_the_right_words_count_less_where_nothing_shows_the_competency() -> None:
    words = "Tracking of birds over the sea without loss"
    network = network_of({firm(2, practices=("mail",)): words, firm(3, practices=("sap",)): words})
    ranking = ranked(network, posted(words, needs=(Need(words, ("mail",)),)))
    assert _value(match_of(ranking, 2), "words") > _value(match_of(ranking, 3), "words") > 0


def test_equal_partners_stand_in_order_of_id_however_they_come_in() -> None:
    profiles = {firm(number, practices=("mail",)): "Mail people." for number in (9, 4, 12, 3)}
    assert order_of(ranked(network_of(profiles), posted())) == [3, 4, 9, 12]
    assert order_of(ranked(network_of(dict(reversed(profiles.items()))), posted())) == [3, 4, 9, 12]


def test_the_same_input_gives_the_same_output() -> None:
    network = network_of(
        erp_poster() | {firm(number, practices=("mail",)): f"Mail people number {number}." for number in range(2, 20)},
        people=[person(number) for number in range(2, 12)],
        works=[work(number, number + 1, f"moved {number} mailboxes") for number in range(2, 12)],
    )
    assert ranked(network, posted()) == ranked(network, posted())


def test_places_count_from_one_and_stop_at_the_limit() -> None:
    network = network_of({firm(number, practices=("mail",)): "Mail people." for number in range(2, 12)})
    assert [one.place for one in ranked(network, posted(), limit=4).matches] == [1, 2, 3, 4]


def test_scores_and_signals_stay_between_nought_and_one() -> None:
    network = network_of(
        erp_poster() | {firm(2, practices=("mail",), min_eur=9000): "mail " * 40, firm(3): "", firm(4): "Notes."},
        people=[person(2)],
        works=[work(POSTER, 2, f"moved {number} mailboxes") for number in range(30)],
    )
    found = ranked(network, posted(value_eur=9000)).matches
    assert found
    for match in found:
        assert 0 <= match.score <= 1
        assert all(0 <= one.value <= 1 for one in match.reasons)


def test_a_partner_without_vectors_is_still_found_by_its_competency() -> None:
    network = network_of({firm(2, practices=("mail",)): "We move mailboxes."})
    ranking = build_ranker(network, {}).rank(posted(), np.zeros((1, 0), np.float32), today=TODAY)
    assert order_of(ranking) == [2]


def test_an_opportunity_without_needs_has_no_matches() -> None:
    network = network_of({firm(2, practices=("mail",)): "We move mailboxes."})
    assert ranked(network, posted(needs=())).matches == ()


def test_a_missing_need_vector_is_named() -> None:
    ranker = ranker_of(network_of({firm(2): "We move mailboxes."}))
    with pytest.raises(ValueError, match="0 rows for 1 needs"):
        ranker.rank(posted(), np.zeros((0, 256), np.float32), today=TODAY)


def test_an_empty_network_gives_an_empty_ranking() -> None:
    assert ranked(network_of({}), posted()).matches == ()


def test_work_for_the_poster_alone_orders_by_the_graph_alone() -> None:
    network = network_of(
        erp_poster() | {firm(number): "Mail people." for number in (3, 4)},
        works=[work(POSTER, 4, "moved 3 mailboxes"), work(3, 4, "moved 5 mailboxes")],
    )
    assert order_of(ranked(network, posted(), recipe=GRAPH_ONLY)) == [4, 3]


def test_exact_product_names_order_by_words_alone() -> None:
    network = network_of({firm(2): "We keep C++ programs alive.", firm(3): "We keep AS/400 programs alive."})
    assert order_of(ranked(network, posted("Somebody for an AS/400"), recipe=WORDS_ONLY))[0] == 3


def test_size_of_the_firm_and_number_of_badges_do_not_change_the_score() -> None:
    small = network_of({firm(2, practices=("mail",), n_people=1): "Mail people."})
    large = network_of({firm(2, practices=("mail",), n_people=2000): "Mail people."})
    assert ranked(small, posted()).matches[0].score == ranked(large, posted()).matches[0].score


def test_every_signal_that_counts_is_given_as_a_reason() -> None:
    network = network_of({firm(2, practices=("mail",)): "Mail people."})
    assert {one.name for one in ranked(network, posted()).matches[0].reasons} == set(SIGNALS)


def test_why_not_me_is_answered_with_the_rule_or_the_same_score() -> None:
    network = network_of({firm(2, practices=("mail",)): "Mail people.", firm(3, state="paused"): "Mail."})
    ranker, opportunity = ranker_of(network), posted()
    vectors = EMBEDDER.encode([opportunity.needs[0].text])
    mine = ranker.weigh(opportunity, vectors, partner_id=2, today=TODAY)
    other = ranker.weigh(opportunity, vectors, partner_id=3, today=TODAY)
    assert isinstance(mine, Match)
    assert mine.score == pytest.approx(ranked(network, opportunity).matches[0].score, abs=1e-6)
    assert isinstance(other, Removed)
    assert ranker.weigh(opportunity, vectors, partner_id=99, today=TODAY) is None


def test_a_partner_already_asked_is_left_out() -> None:
    network = network_of({firm(2, practices=("mail",)): "Mail people.", firm(3, practices=("mail",)): "Mail."})
    opportunity = posted()
    vectors = EMBEDDER.encode([opportunity.needs[0].text])
    ranking = ranker_of(network).rank(opportunity, vectors, today=TODAY, excluded=frozenset({2}))
    assert order_of(ranking) == [3]
    assert rule_of(ranking, 2) == "already_asked"


def test_old_ties_take_at_most_two_of_the_first_five_places() -> None:
    ties = {firm(number, practices=("mail",)): "We move mailboxes from Notes." for number in range(2, 8)}
    others = {firm(number, practices=("mail",)): "People in Sligo." for number in range(20, 26)}
    network = network_of(
        erp_poster() | ties | others,
        works=[work(POSTER, number, "moved 300 mailboxes from Notes") for number in range(2, 8)],
    )
    order = order_of(ranked(network, posted()))
    assert sum(number < 8 for number in order[:5]) == 2
    assert order[5] < 8


def test_old_ties_fill_the_places_that_nobody_else_can_take() -> None:
    network = network_of(
        erp_poster() | {firm(number, practices=("mail",)): "Mail people." for number in (2, 3, 4)},
        works=[work(POSTER, number, "moved 300 mailboxes") for number in (2, 3, 4)],
    )
    assert order_of(ranked(network, posted())) == [2, 3, 4]


def test_a_newcomer_who_could_do_it_gets_one_of_the_first_ten_places_and_says_so() -> None:
    known = {firm(number, practices=("mail",)): "We move mailboxes from Notes." for number in range(2, 16)}
    newcomer = firm(30, practices=("mail",), joined_on=TODAY - timedelta(days=20), profile_on=None)
    network = network_of(known | {newcomer: "We move mailboxes."}, people=[person(30), *map(person, range(2, 16))])
    ranking = ranked(network, posted())
    assert match_of(ranking, 30).place == 10
    assert "new here" in [one.evidence for one in match_of(ranking, 30).reasons]


def test_a_newcomer_of_another_trade_gets_no_place_for_being_new() -> None:
    known = {firm(number, practices=("mail",)): "We move mailboxes from Notes." for number in range(2, 16)}
    newcomer = firm(30, practices=("sap",), joined_on=TODAY - timedelta(days=20))
    assert 30 not in order_of(ranked(network_of(known | {newcomer: "SAP people."}), posted()))[:10]


def test_one_partner_may_do_one_of_several_needs() -> None:
    network = network_of(
        {firm(2, practices=("mail",)): "We move mailboxes.", firm(3, practices=("sap",)): "We run SAP."}
    )
    needs = (Need("Move 300 mailboxes", ("mail",)), Need("Run SAP at night", ("sap",)))
    matches = ranked(network, replace(posted(), needs=needs)).matches
    assert {one.partner_id for one in matches} == {2, 3}
    assert all(_value(one, "coverage") > 0 for one in matches)


def _value(match: Match, name: str) -> float:
    return next(one.value for one in match.reasons if one.name == name)


def test_a_rule_is_put_into_words_for_nobody_but_whom_it_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    network = network_of({firm(at, practices=("mail",)): "We move mailboxes." for at in range(2, 8)})
    judged, judge = [], rank.judge

    def judging(case: rank.Case, rules: object) -> Removed | None:
        judged.append(case.candidate.id)
        return judge(case, rules)  # type: ignore[arg-type]

    monkeypatch.setattr(rank, "judge", judging)
    ranking = ranked(network, posted(languages=("de",)))
    assert (judged, ranking.out) == ([], frozenset(range(2, 8)))
    found = ranking.removed_of(4)
    assert found
    assert (found.partner_id, found.rule, judged) == (4, "language", [4])
    assert ranking.removed_of(99) is None
    assert [one.partner_id for one in ranking.removed] == [*range(2, 8)]
