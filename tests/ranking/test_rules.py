"""Hard rules take candidates out, each with its sentence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from matcher.terms import Badge, BenchPerson, Collaboration, Opportunity, Partner
from tests.ranking.networks import POSTER, firm, network_of, order_of, person, posted, ranked, rule_of, work


def outcome(candidate: Partner, opportunity: Opportunity, *bench: object, poster: Partner | None = None) -> str:
    """Rank one candidate against a posting; return the rule that took it out, empty when it stays."""
    people = [person(candidate.id, **facts) for facts in bench]  # type: ignore[arg-type]
    network = network_of({poster or firm(POSTER): "", candidate: "We move mailboxes."}, people=people)
    ranking = ranked(network, opportunity)
    rule = rule_of(ranking, candidate.id)
    assert (candidate.id in order_of(ranking)) == (rule == "")
    return rule


MAILER = firm(2, practices=("mail",))


def mailer(**facts: object) -> Partner:
    return firm(2, practices=("mail",), **facts)


def test_the_poster_is_never_matched_with_itself() -> None:
    network = network_of({firm(POSTER, practices=("mail",)): "We move mailboxes."})
    assert rule_of(ranked(network, posted()), POSTER) == "own_firm"


def test_only_live_partners_stay() -> None:
    assert [outcome(mailer(state=state), posted()) for state in ("draft", "live", "paused", "left")] == [
        "not_live",
        "",
        "not_live",
        "not_live",
    ]


def test_a_conflict_counts_from_either_side() -> None:
    assert outcome(mailer(conflict_ids=frozenset({POSTER})), posted()) == "conflict"
    assert outcome(MAILER, posted(), poster=firm(POSTER, conflict_ids=frozenset({2}))) == "conflict"


def test_data_must_stay_where_the_posting_says() -> None:
    assert outcome(mailer(jurisdictions=("US",)), posted(jurisdiction="EU")) == "jurisdiction"
    assert outcome(mailer(jurisdictions=("US", "EU")), posted(jurisdiction="EU")) == ""
    assert outcome(mailer(jurisdictions=()), posted()) == ""


def test_of_two_places_for_data_one_is_enough() -> None:
    assert outcome(mailer(jurisdictions=("EU",)), posted(jurisdiction="UK|EU")) == ""
    assert outcome(mailer(jurisdictions=("US",)), posted(jurisdiction="UK|EU")) == "jurisdiction"


def test_a_firm_of_the_union_may_hold_data_in_its_own_country() -> None:
    assert outcome(mailer(country="DE", jurisdictions=("EU",)), posted(jurisdiction="DE")) == ""
    assert outcome(mailer(country="IE", jurisdictions=("EU",)), posted(jurisdiction="DE")) == "jurisdiction"


def test_a_place_in_the_union_is_in_the_union_and_so_is_one_where_its_data_law_holds() -> None:
    for held, wanted in (("DE", "EU"), ("DE", "UK|EU"), ("PT", "EU"), ("NO", "EU"), ("UK", "UK|EU")):
        assert outcome(mailer(country="US", jurisdictions=("US", held)), posted(jurisdiction=wanted)) == ""
    for held, wanted in (("UK", "EU"), ("CH", "UK|EU"), ("DE", "FR"), ("DE", "UK"), ("EU", "DE"), ("US", "EU")):
        assert outcome(mailer(jurisdictions=(held,)), posted(jurisdiction=wanted)) == "jurisdiction"


def test_every_clearance_must_be_held() -> None:
    assert outcome(mailer(clearances=("SC-UK",)), posted(clearances=("SC-UK", "DV-UK"))) == "clearance"
    assert outcome(mailer(clearances=("SC-UK", "DV-UK")), posted(clearances=("SC-UK",))) == ""


@pytest.mark.parametrize(
    ("held", "wanted", "rule"),
    [
        ("DV-UK", "SC-UK", ""),
        ("DV-UK", "BPSS-UK", ""),
        ("Ü3-DE", "Ü2-DE", ""),
        ("TS-US", "S-US", ""),
        ("SC-UK", "DV-UK", "clearance"),
        ("Ü3-DE", "SC-UK", "clearance"),
        ("SC-UK", "NPPV3-UK", "clearance"),
        ("HEMMELIG-NO", "HEMMELIG-NO", ""),
    ],
)
def test_a_clearance_holds_for_those_that_it_includes(held: str, wanted: str, rule: str) -> None:
    assert outcome(mailer(clearances=(held,)), posted(clearances=(wanted,))) == rule


def test_somebody_must_speak_a_language_asked_for() -> None:
    assert outcome(MAILER, posted(languages=("fr",))) == "language"
    assert outcome(MAILER, posted(languages=("fr",)), {"languages": ("fr",)}) == ""
    assert outcome(MAILER, posted(languages=("fr", "en"))) == ""


def test_a_partner_whose_able_people_are_all_busy_is_left_out() -> None:
    assert outcome(MAILER, posted(), {"free_days": 0}) == "nobody_free"
    assert outcome(MAILER, posted(), {"free_days": 0}, {"competency_keys": ("sap",)}) == "nobody_free"
    assert outcome(MAILER, posted(), {"free_days": 0}, {}) == ""


def test_a_partner_that_lists_nobody_is_not_judged_busy() -> None:
    assert outcome(MAILER, posted()) == ""


def test_free_means_free_before_the_work_is_due() -> None:
    late = {"free_from": date(2027, 2, 1)}
    assert outcome(MAILER, posted(due_on=date(2027, 1, 31)), late) == "nobody_free"
    assert outcome(MAILER, posted(due_on=date(2027, 2, 1)), late) == ""
    assert outcome(MAILER, posted(due_on=None), late) == ""
    assert outcome(MAILER, posted(due_on=None), {"free_from": date(2027, 4, 1)}) == "nobody_free"


def test_work_on_site_needs_somebody_there_or_who_travels() -> None:
    there = posted(on_site=True, country="DE")
    assert outcome(MAILER, there, {"on_site": False}) == "on_site"
    assert outcome(MAILER, there, {"on_site": True}) == ""
    assert outcome(mailer(country="DE"), there, {"on_site": False}) == ""
    assert outcome(MAILER, posted(on_site=False, country="DE"), {"on_site": False}) == ""


def test_work_far_outside_the_size_that_a_partner_takes_is_not_for_it() -> None:
    takes = mailer(min_eur=15_000, max_eur=60_000)
    assert [outcome(takes, posted(value_eur=value)) for value in (9_999, 10_000, 15_000, 60_000, 80_000, 80_001)] == [
        "size", "", "", "", "", "size"
    ]  # fmt: skip
    assert outcome(takes, posted(value_eur=None)) == ""
    assert outcome(mailer(min_eur=15_000), posted(value_eur=900_000)) == ""


def test_of_several_needs_a_partner_may_do_a_part_that_is_not_too_large_for_it() -> None:
    takes, one = mailer(min_eur=15_000, max_eur=60_000), posted(value_eur=200_000)
    assert outcome(takes, replace(one, needs=(*one.needs, *one.needs))) == ""
    assert outcome(takes, replace(one, needs=(*one.needs, *one.needs), value_eur=9_000)) == "size"


def said_to(candidate: Partner, opportunity: Opportunity) -> str:
    [removed] = ranked(network_of({candidate: "We move mailboxes."}), opportunity).removed
    return removed.sentence


def test_the_sentence_on_size_names_both_sums() -> None:
    takes = mailer(min_eur=15_000, max_eur=60_000)
    assert said_to(takes, posted(value_eur=87_750)) == (
        "The work is worth about 87,750 EUR; this partner has named 60,000 EUR as the largest work to take."
    )
    assert said_to(takes, posted(value_eur=5_000)) == (
        "The work is worth about 5,000 EUR; this partner has named 15,000 EUR as the smallest work to take."
    )


CERTAIN = replace(posted(), needs=(replace(posted().needs[0], leanings=(("mail", 0.95),)),))
SILENT = "We keep the notes of a chamber orchestra."


def shown(
    candidate: Partner, *, people: Sequence[BenchPerson] = (), badges: Sequence[Badge] = (),
    works: Sequence[Collaboration] = (), opportunity: Opportunity = CERTAIN,
) -> str:  # fmt: skip
    """Return the rule that takes out a firm whose profile is about something else."""
    network = network_of({firm(POSTER): "", candidate: SILENT}, people=people, badges=badges, works=works)
    ranking = ranked(network, opportunity)
    rule = rule_of(ranking, candidate.id)
    assert (candidate.id in order_of(ranking)) == (rule == "")
    return rule


def test_where_it_is_certain_what_is_asked_a_partner_must_show_some_of_it() -> None:
    assert shown(firm(2)) == "shows_nothing"
    assert shown(MAILER) == ""
    assert shown(firm(2), people=[person(2)]) == ""
    assert shown(firm(2), people=[person(2, competency_keys=("sap",))]) == "shows_nothing"
    assert outcome(firm(2), CERTAIN) == ""  # its profile speaks of mailboxes


def test_where_it_is_not_certain_nobody_has_to_show_anything() -> None:
    [need] = CERTAIN.needs
    for leanings in ((), (("mail", 0.85),), (("sap", 0.95),)):
        asked = replace(CERTAIN, needs=(replace(need, leanings=leanings),))
        assert shown(firm(2), opportunity=asked) == ""
    unnamed = replace(CERTAIN, needs=(replace(need, competency_keys=()),))
    assert shown(firm(2), opportunity=unnamed) == ""


def test_work_that_was_won_shows_that_a_partner_does_it_and_work_that_was_lost_does_not() -> None:
    assert shown(firm(2), works=[work(3, 2, "moved notes", outcome="won")]) == ""
    assert shown(firm(2), works=[work(3, 2, "moved notes", outcome="lost")]) == "shows_nothing"


def test_a_badge_that_stands_for_many_practices_does_not_show_which_of_them_its_holder_does() -> None:
    held = date(2026, 1, 1)
    assert shown(firm(2), badges=[Badge(2, "s-mail", "specialization", held)]) == ""
    assert shown(firm(2), badges=[Badge(2, "d-wide", "designation", held)]) == "shows_nothing"
    asked = replace(CERTAIN, needs=(replace(CERTAIN.needs[0], competency_keys=("d-wide",)),))
    assert shown(firm(2), badges=[Badge(2, "d-wide", "designation", held)], opportunity=asked) == ""


def test_who_shows_nothing_is_told_what_it_was() -> None:
    [said] = ranked(network_of({firm(2): SILENT}), CERTAIN).removed
    assert said.sentence == (
        "The work is messaging and mail migration; this partner has listed neither that nor a person, past work or a "
        "badge that shows it."
    )


def test_the_sentence_says_what_would_have_to_change() -> None:
    network = network_of({mailer(jurisdictions=("US", "CA")): "We move mailboxes."})
    sentence = ranked(network, posted(jurisdiction="EU")).removed[0].sentence
    assert sentence == "The data must stay in the EU; this partner may hold data in the US and Canada."


def test_places_and_languages_are_called_by_their_names() -> None:
    network = network_of({mailer(languages=("pt",), jurisdictions=("CH",)): "We move mailboxes."}, people=[person(2)])

    def said(**facts: object) -> str:
        [removed] = ranked(network, posted(**facts)).removed
        return removed.sentence

    assert said(jurisdiction="UK|DE") == (
        "The data must stay in the UK or Germany; this partner may hold data in Switzerland."
    )
    assert said(on_site=True, country="DE").startswith("The work is on site in Germany; nobody")
    assert said(languages=("de",)) == ("The work must be done in German; this partner has listed nobody who speaks it.")
    assert said(languages=("de", "fr")) == (
        "The work must be done in German or French; this partner has listed nobody who speaks any of them."
    )
