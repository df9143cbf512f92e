"""A firm joins by mail, corrects what was read of it, and moves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from matcher import exchange
from matcher.models import Contact, Partner
from tests import factories as make
from tests.exchange.conftest import Desk
from tests.factories import DOMAIN, NOW

ANNA = "Anna Huber <anna@fjord.example>"
AT_GMAIL = "Anna Huber <anna.huber@gmail.com>"
WORDS = "We are Fjord Systems in London, 2 people. We move mailboxes for hospitals."
SIGNATURE = "\n\n-- \nAnna Huber\nManaging Director\nFjord Systems Ltd\n12 High Street, Leeds LS1 4AB"


def join(desk: Desk, words: str, *, sender: str = ANNA) -> Partner:
    desk.arrives(make.mail(sender, f"join@{DOMAIN}", words, subject="Joining"), f"join@{DOMAIN}")
    return desk.session.scalars(select(Partner).order_by(Partner.id.desc())).first()  # type: ignore[return-value]


def answer(desk: Desk, words: str, *, sender: str = ANNA) -> None:
    desk.reply(desk.letters("welcome")[-1], words, sender=sender)


def test_a_correction_by_mail_is_what_the_next_letter_says(desk: Desk) -> None:
    firm = join(desk, WORDS)
    answer(desk, "no, the place is Leeds, and we are 3 people, not 2")
    assert (firm.city, firm.n_people, firm.state) == ("Leeds", 3, "draft")
    facts = dict(desk.letters("welcome")[-1].values["facts"])
    assert (facts["Where"], facts["People"]) == ("Leeds, UK", "3")


def test_what_a_firm_no_longer_does_leaves_its_words(desk: Desk) -> None:
    firm = join(desk, f"{WORDS} We build a landing zone in a week.")
    assert set(firm.practices) == {"mail", "azure"}
    answer(desk, "We don't do mailboxes any more.")
    assert firm.practices == ["azure"]


def test_a_live_firm_that_answers_its_first_letter_keeps_what_it_chose_on_its_page(desk: Desk) -> None:
    firm = join(desk, WORDS)
    answer(desk, "ok")
    chosen = {"name": "Fjord Group", "city": "York", "practices": ["azure"], "jurisdictions": ["UK", "CH"]}
    exchange.edit_profile(desk.session, firm, chosen, how="your own page on 2026-11-23", now=NOW)
    answer(desk, "we are 5 people")
    assert (firm.name, firm.city, firm.practices, firm.n_people) == ("Fjord Group", "York", ["azure"], 5)
    assert firm.jurisdictions == ["UK", "CH"]
    assert "People: 5" in desk.answer("anna@fjord.example")


def test_an_answer_that_changes_nothing_is_asked_about(desk: Desk) -> None:
    join(desk, WORDS)
    answer(desk, "2 people")
    assert "We could not tell what to change." in desk.answer("anna@fjord.example")
    assert len(desk.letters("welcome")) == 1


def test_a_signature_says_who_and_where(desk: Desk) -> None:
    firm = join(desk, f"We move mailboxes.{SIGNATURE}")
    assert (firm.name, firm.country, firm.city) == ("Fjord Systems Ltd", "GB", "Leeds")
    assert desk.letters("welcome")[-1].values["questions"] == []
    assert firm.profile == "We move mailboxes."


def test_whoever_writes_from_a_free_mail_service_is_named_as_a_person(desk: Desk) -> None:
    firm = join(desk, "I move mailboxes, in Leeds.", sender=AT_GMAIL)
    assert firm.name == "Anna Huber"


def test_a_sender_without_a_name_at_a_free_mail_service_is_asked_for_one(desk: Desk) -> None:
    firm = join(desk, "I move mailboxes, in Leeds.", sender="anna.huber@gmail.com")
    assert desk.letters("welcome")[-1].values["questions"] == ["What is your firm called?"]
    answer(desk, "Bright IT", sender="anna.huber@gmail.com")
    assert firm.name == "Bright IT"


def test_a_poster_at_a_free_mail_service_is_not_named_after_it(desk: Desk) -> None:
    words = "We need somebody to move 380 mailboxes to Exchange Online by 31 January 2027, remote. We pay 9,000 EUR."
    desk.arrives(make.mail("anna.huber@gmail.com", f"post@{DOMAIN}", words), f"post@{DOMAIN}")
    assert desk.session.scalars(select(Partner)).one().name == "anna.huber@gmail.com"


@pytest.mark.parametrize("by_mail", [True, False])
def test_who_moves_reads_in_the_morning_of_the_new_country(desk: Desk, by_mail: bool) -> None:
    firm = join(desk, "We are Fjord Systems in Boston, MA. We move mailboxes.")
    contact = desk.session.scalars(select(Contact)).one()
    assert (contact.timezone, firm.jurisdictions) == ("America/New_York", ["US"])
    if by_mail:
        answer(desk, "no, we are in Leeds")
    else:
        told = {"country": "GB", "city": "Leeds", "jurisdictions": ["US"]}
        exchange.edit_profile(desk.session, firm, told, how="your own page on 2026-11-23", now=NOW)
    assert (firm.country, contact.timezone, firm.jurisdictions) == ("GB", "Europe/London", ["UK"])


def test_clearances_count_from_the_first_mail(desk: Desk) -> None:
    firm = join(desk, f"{WORDS} All of us are SC cleared.")
    assert firm.clearances == ["SC-UK"]
    assert dict(desk.letters("welcome")[-1].values["facts"])["Clearances"] == "SC-UK"


def test_a_live_firm_says_what_is_new_by_reply_to_the_letter_that_said_it_is_live(desk: Desk) -> None:
    firm = join(desk, WORDS)
    answer(desk, "ok")
    desk.reply(desk.letters("live")[-1], "We also build a landing zone in a week.", sender=ANNA)
    assert firm.practices == ["mail", "azure"]
    assert "Azure" in desk.answer("anna@fjord.example")


@pytest.mark.parametrize("kind", ["welcome", "live", "answer"])
def test_one_word_under_an_old_letter_erases_no_live_firm(desk: Desk, kind: str) -> None:
    firm = join(desk, WORDS)
    answer(desk, "ok")
    answer(desk, "we are 5 people")
    desk.reply(desk.letters(kind)[-1], "no", sender=ANNA)
    assert (firm.state, firm.practices) == ("live", ["mail"])
    assert "Leaving for good is a button" in desk.answer("anna@fjord.example")


def test_who_never_wanted_to_join_says_no_and_is_gone(desk: Desk) -> None:
    firm = join(desk, WORDS)
    answer(desk, "no")
    assert (firm.state, firm.profile) == ("left", "")


def test_a_live_firm_that_writes_to_join_is_led_to_its_profile(desk: Desk) -> None:
    firm = join(desk, WORDS)
    answer(desk, "ok")
    join(desk, "We also build a landing zone in a week.")
    assert "You are a partner already" in desk.answer("anna@fjord.example")
    assert firm.practices == ["mail"]
    desk.reply(desk.letters("answer")[-1], "We also build a landing zone in a week.", sender=ANNA)
    assert firm.practices == ["mail", "azure"]


def test_the_name_in_a_form_that_is_sent_again_counts(desk: Desk) -> None:
    for name in ("Fjrod Systems", "Fjord Systems"):
        sent = exchange.Application("anna@fjord.example", "We move mailboxes.", "your form of 2026-11-23", firm=name)
        contact = exchange.join(desk.session, sent, now=NOW)
    assert contact.partner.name == "Fjord Systems"


def test_a_paused_firm_that_says_ok_reads_that_it_is_paused(desk: Desk) -> None:
    firm = join(desk, WORDS)
    answer(desk, "ok")
    exchange.pause(desk.session, firm, now=NOW)
    answer(desk, "ok")
    assert "is paused" in desk.answer("anna@fjord.example")


@pytest.mark.parametrize(
    ("minutes", "text", "n_letters"),
    [(9, "We move mailboxes.", 1), (11, "We move mailboxes.", 2), (1, "We move mailboxes and phones.", 2)],
)
def test_a_form_sent_twice_within_minutes_is_asked_about_once(
    desk: Desk, minutes: int, text: str, n_letters: int
) -> None:
    for at, words in ((NOW, "We move mailboxes."), (NOW + timedelta(minutes=minutes), text)):
        sent = exchange.Application("anna@fjord.example", words, "your form of 2026-11-23", firm="Fjord Mail")
        exchange.join(desk.session, sent, now=at)
    assert len(desk.letters("welcome")) == n_letters


def test_each_mail_that_joins_has_an_answer(desk: Desk) -> None:
    to = f"join@{DOMAIN}"
    for minute in range(2):
        desk.arrives(make.mail(ANNA, to, WORDS), to, at=NOW + timedelta(minutes=minute))
    assert len(desk.letters("welcome")) == 2


def test_a_colleague_who_joins_too_changes_nothing_of_the_first_and_is_never_matched_with_it(desk: Desk) -> None:
    first = join(desk, WORDS)
    answer(desk, "ok")
    before = first.profile, first.name, first.conflict_keys, first.changed_at
    second = join(desk, "We are Fjord Systems. We build a landing zone.", sender="Bob <bob@fjord.example>")
    assert desk.letters("welcome")[-1].to_address == "bob@fjord.example"
    answer(desk, "ok", sender="anna@fjord.example")
    assert second.state == "draft"
    answer(desk, "ok", sender="bob@fjord.example")  # the owner of the first is asked whether he belongs there
    assert second.state == "draft"
    desk.reply(desk.letters("welcome")[-1], "ok", sender="bob@fjord.example", at=NOW + timedelta(hours=1))
    assert (second.id != first.id, second.state, second.conflict_keys) == (True, "live", [first.key])
    assert (first.profile, first.name, first.conflict_keys, first.changed_at) == before


def test_two_firms_at_a_mail_service_that_many_share_may_be_matched(desk: Desk) -> None:
    for sender in (AT_GMAIL, "Bob Moe <bob.moe@gmail.com>"):
        firm = join(desk, WORDS, sender=sender)
        answer(desk, "ok", sender=sender)
    assert (firm.state, firm.conflict_keys) == ("live", [])
