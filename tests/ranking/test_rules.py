"""Hard rules take candidates out, each with its sentence."""

from datetime import date

from matcher.terms import Opportunity, Partner
from tests.ranking.networks import POSTER, firm, network_of, order_of, person, posted, ranked, rule_of


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


def test_every_clearance_must_be_held() -> None:
    assert outcome(mailer(clearances=("SC-UK",)), posted(clearances=("SC-UK", "DV-UK"))) == "clearance"
    assert outcome(mailer(clearances=("SC-UK", "DV-UK")), posted(clearances=("SC-UK",))) == ""


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


def test_the_sentence_says_what_would_have_to_change() -> None:
    network = network_of({mailer(jurisdictions=("US", "CA")): "We move mailboxes."})
    sentence = ranked(network, posted(jurisdiction="EU")).removed[0].sentence
    assert sentence == "The data must stay in EU; this partner may hold data in US and CA."
