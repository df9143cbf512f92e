"""What a match says to the partner and to the poster."""

from dataclasses import replace
from datetime import date

import pytest

from matcher.ranking.told import _sells
from matcher.terms import Badge, BenchPerson, Match, Need, Network, Opportunity, Reason
from tests.ranking.networks import POSTER, firm, match_of, network_of, person, posted, ranked, work

MOVED = "moved 400 mailboxes from Notes"


def told(network: Network, partner_id: int = 2) -> Match:
    return match_of(ranked(network, posted()), partner_id)


def reason(match: Match, name: str) -> Reason:
    return next(one for one in match.reasons if one.name == name)


def test_past_work_and_a_free_person_make_both_sentences() -> None:
    network = network_of(
        {firm(2, practices=("mail",), n_people=3): "Mail people."}, people=[person(2)], works=[work(9, 2, MOVED)]
    )
    match = told(network)
    assert match.why_you == (
        "You moved 400 mailboxes from Notes in 2023 "
        "and have a senior for messaging and mail migration free from January."
    )
    assert match.why_them == (
        "Moved 400 mailboxes from Notes in 2023; a senior for messaging and mail migration is free from January."
    )


def test_neither_sentence_names_a_firm() -> None:
    poster, partner, third = (
        firm(POSTER),
        firm(2, practices=("mail",)),
        firm(9, name="Third Party Systems", key="third"),
    )
    network = network_of(
        {
            poster: "Somebody.",
            partner: f"{partner.name} moves mailboxes, together with {poster.name}.",
            third: "We lead.",
        },
        people=[person(2)],
        works=[
            work(9, 2, f"{MOVED} for Third Party Systems"),
            work(POSTER, 2, f"{MOVED} with {poster.name}"),
            work(9, 2, f"moved files of {partner.name}"),
        ],
    )
    match = told(network)
    said = match.why_you + match.why_them + " ".join(one.evidence + one.evidence_for_poster for one in match.reasons)
    for name in (poster.name, partner.name, third.name, partner.key):
        assert name.lower() not in said.lower()
    assert "senior" in match.why_you


def test_the_partner_is_not_told_that_it_worked_for_this_poster() -> None:
    network = network_of(
        {firm(POSTER): "", firm(2, practices=("mail",)): "Mail people."}, works=[work(POSTER, 2, MOVED)]
    )
    prior = reason(told(network), "prior")
    assert (prior.evidence, prior.evidence_for_poster, prior.private) == ("", "worked with you in 2023", True)


def test_the_blind_sentence_does_not_retell_work_done_for_the_poster() -> None:
    network = network_of(
        {firm(POSTER): "", firm(2, practices=("mail",)): "Mail people."},
        works=[work(POSTER, 2, MOVED), work(9, 2, "took a mill off GroupWise", ended_on=date(2021, 5, 1))],
    )
    match = told(network)
    assert match.why_you.startswith("You moved 400 mailboxes")
    assert match.why_them == "Took a mill off GroupWise in 2021."
    assert reason(match, "past_work").evidence_for_poster == "took a mill off GroupWise in 2021"


def test_work_done_only_for_the_poster_is_no_reason_that_others_may_read() -> None:
    network = network_of(
        {firm(POSTER): "", firm(2, practices=("mail",)): "Mail people."}, works=[work(POSTER, 2, MOVED)]
    )
    found = reason(told(network), "past_work")
    assert found.private
    assert found.evidence_for_poster == ""


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ((), ""),
        ((8,), "has worked with a firm that has worked with you"),
        ((8, 9), "has worked with 2 firms that have worked with you"),
    ],
)
def test_common_partners_are_counted_for_the_poster_and_named_to_nobody(others: tuple[int, ...], said: str) -> None:
    works = [one for other in others for one in (work(other, 2, MOVED), work(POSTER, other, MOVED))]
    profiles = {firm(POSTER): "", firm(2, practices=("mail",)): "Mail people."} | {firm(other): "" for other in others}
    found = reason(told(network_of(profiles, works=works)), "common")
    assert (found.evidence, found.evidence_for_poster, found.private) == ("", said, bool(others))
    assert [one for one in found.rests_on if one.startswith("partner")] == [f"partner {other}" for other in others]


def test_work_that_goes_on_is_told_to_nobody_as_done() -> None:
    goes_on = {"ended_on": date(2027, 6, 30)}
    profiles = {firm(POSTER): "", firm(2, practices=("mail",)): "Mail people."}
    for done, said in (((), "You sell"), ((work(9, 2, "took a mill off GroupWise"),), "You took a mill off GroupWise")):
        works = [work(POSTER, 2, MOVED, **goes_on), work(9, 2, f"{MOVED} in Kerry", **goes_on), *done]
        match = told(network_of(profiles, works=works))
        assert match.why_you.startswith(said)
        assert "2027" not in match.why_you + match.why_them
        assert reason(match, "prior").evidence_for_poster == "works with you"


def test_work_that_was_lost_is_not_praised() -> None:
    network = network_of({firm(2, practices=("mail",)): "Mail people."}, works=[work(9, 2, MOVED, outcome="lost")])
    assert told(network).why_you == "You sell messaging and mail migration."


def test_the_own_words_are_quoted_to_the_partner_only() -> None:
    network = network_of({firm(2): "We pull whole towns out of Notes, 300 mailboxes a weekend."})
    match = told(network)
    assert "“We pull whole towns out of Notes, 300 mailboxes a weekend”" in match.why_you
    assert "towns" not in match.why_them
    assert match.why_them == "Its own words come close to what you ask for."


def test_a_product_named_on_both_sides_is_a_reason() -> None:
    network = network_of({firm(2): "Programs on AS/400 and in RPG.", firm(3): "Gardens."})
    match = match_of(ranked(network, posted("Somebody who reads RPG on an AS/400")), 2)
    assert match.why_you == "You name RPG and AS/400 in your profile."


def test_a_word_that_is_shouted_is_no_name_that_others_merely_say() -> None:
    network = network_of({firm(2): "Programs in RPG, again and again.", firm(3): "Gardens."})
    match = match_of(ranked(network, posted("The RPG program fell over AGAIN")), 2)
    assert match.why_you == "You name RPG in your profile."


def test_who_sells_for_others_is_not_said_to_sell_selling() -> None:
    assert _sells("mail", "Databases").firm == "sells databases"
    assert _sells("channel", "Selling into an industry").firm == "offers selling into an industry"


def test_a_badge_counts_with_its_name_and_only_while_it_is_valid() -> None:
    badge = Badge(2, "s-mail", "specialization", date(2025, 12, 1), date(2026, 12, 1))
    partner = firm(2, practices=("mail",))
    valid = told(network_of({partner: "Mail people."}, badges=[badge]))
    expired = told(network_of({partner: "Mail people."}, badges=[replace(badge, expires_on=date(2026, 11, 1))]))
    assert "hold the specialization “Mail on Microsoft 365”" in valid.why_you
    assert "specialization" not in expired.why_you
    assert valid.score > expired.score


def test_a_poster_reads_of_a_badge_that_its_firm_told_of_that_nobody_checked_it() -> None:
    badge = Badge(2, "s-mail", "specialization", date(2025, 12, 1), date(2026, 12, 1))
    partner = firm(2, practices=("mail",))
    listed = told(network_of({partner: "Mail people."}, badges=[badge]))
    own_word = told(network_of({partner: "Mail people."}, badges=[replace(badge, source="your mail of 2026-11-23")]))
    assert "by its own word, which nobody checked" not in listed.why_them
    assert "(by its own word, which nobody checked)" in own_word.why_them
    assert own_word.score == listed.score


def test_a_partner_with_nothing_to_show_gets_a_plain_sentence() -> None:
    match = told(network_of({firm(2): "Gardens and parks of Cork."}))
    assert match.why_you == "Only a little that we know of you points to this."
    assert match.why_them == "Only a little that is known of it points to this."
    near = told(network_of({firm(2): "Towns out of Notes, 300 mailboxes each."}))
    assert near.why_you == "Your profile comes close to what is asked for."
    assert near.why_them == "Its own words come close to what you ask for."


def test_a_firm_that_only_sells_it_is_said_to_sell_it_and_the_competency_stands_once() -> None:
    match = told(network_of({firm(2, practices=("mail",)): "Of Cork."}, people=[person(2, level="architect")]))
    assert match.why_them == "Sells messaging and mail migration; an architect is free from January."


@pytest.mark.parametrize(("chance", "is_told"), [(0.8, True), (0.4, False)])
def test_of_a_need_that_names_nothing_it_is_told_who_does_what_it_plainly_means(chance: float, is_told: bool) -> None:
    unnamed = posted(needs=(Need("Letters do not arrive", leanings=(("mail", chance),)),))
    network = network_of({firm(2, practices=("mail",)): "Of Cork."}, people=[person(2)])
    match = match_of(ranked(network, unnamed), 2)
    assert ("a senior for messaging and mail migration free from January" in match.why_you) == is_told
    assert match.why_them.startswith("Sells messaging and mail migration; a senior is free") == is_told


def test_a_free_person_alone_begins_the_sentence() -> None:
    match = told(network_of({firm(2): "Of Cork."}, people=[person(2)]))
    assert match.why_them == "A senior for messaging and mail migration is free from January."


def test_work_with_a_comma_stands_apart_from_what_follows() -> None:
    network = network_of(
        {firm(2, practices=("mail",)): "Of Cork."},
        people=[person(2)],
        works=[work(9, 2, "moved 400 mailboxes, a mill's")],
    )
    assert told(network).why_you == (
        "You moved 400 mailboxes, a mill's (2023), "
        "and you have a senior for messaging and mail migration free from January."
    )


def test_letters_that_name_a_whole_trade_or_law_are_no_product() -> None:
    network = network_of({firm(2): "GDPR, BI and CRM for mills, 2 TB, on SQL.", firm(3): "Gardens."})
    match = match_of(ranked(network, posted("Somebody for GDPR, BI, CRM and 2 TB in SQL")), 2)
    assert match.why_you == "You name SQL in your profile."


def poster_reads(opportunity: Opportunity, *bench: BenchPerson, **facts: object) -> set[str]:
    network = network_of({firm(2, practices=("mail",), **facts): "We move mailboxes."}, people=bench)
    return {one.evidence_for_poster for one in match_of(ranked(network, opportunity), 2).reasons}


def test_work_is_of_a_size_that_a_firm_takes_where_it_has_named_one_and_it_lies_within() -> None:
    asked, said = posted(value_eur=9_000), "takes work of this size"
    assert said in poster_reads(asked, min_eur=5_000)
    assert said in poster_reads(asked, max_eur=20_000)
    assert said not in poster_reads(asked)
    assert said not in poster_reads(asked, min_eur=10_000)


def test_a_firm_speaks_the_languages_of_the_work_where_it_speaks_them_all() -> None:
    both = posted(languages=("en", "fr"))
    assert "speaks the language of the work" in poster_reads(posted(languages=("en",)))
    assert "speaks the languages of the work" in poster_reads(both, person(2, languages=("fr",)))
    assert not any(one.startswith("speaks") for one in poster_reads(both))


def test_words_that_are_far_from_what_is_asked_for_are_not_said_to_come_close() -> None:
    near = network_of({firm(2): "We pull towns out of Notes, 300 mailboxes each.", firm(3): "We move gardens."})
    found = ranked(near, posted())
    said = {one.partner_id: reason(one, "meaning") for one in found.matches}
    assert 0 < said[3].value < 0.4 <= said[2].value
    assert said[3].evidence_for_poster == ""
