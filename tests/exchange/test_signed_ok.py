"""An "ok" by mail with a signature under it: it opens what it answers, and the signature is read into nothing."""

import pytest
from sqlalchemy import select

from matcher.models import Opportunity, Partner
from tests import factories as make
from tests.exchange.conftest import Desk
from tests.factories import DOMAIN

ANNA = "Anna Huber <anna@fjord.example>"
POSTING = """We have won an ERP roll-out for a builders' merchant whose mail is still on Lotus Notes.
We need somebody to move 380 mailboxes from Lotus Notes to Exchange Online. Due 31 January 2027. On site in Leeds.
The customer pays us and we pay you a fixed price of 9,000 EUR.
"""
PROFILE = "We are Fjord Systems in Hamburg, Germany, 12 people. We migrate Lotus Notes to Exchange Online."
SIGNATURE = "Anna Huber\nSenior Consultant\nFjord Systems GmbH\nAm Sandtorkai 5\n20457 Hamburg\nTel. +49 40 123456"
TAILS = [SIGNATURE, "Anna Huber\nHead of Cloud, Zurich", "Schönes Wochenende!\nAnna", "Sent from Spark"]


@pytest.mark.parametrize("tail", TAILS)
def test_it_opens_a_posting_and_moves_the_work_nowhere(desk: Desk, tail: str) -> None:
    desk.arrives(make.mail(ANNA, f"post@{DOMAIN}", POSTING), f"post@{DOMAIN}")
    desk.reply(desk.letters("confirm")[-1], f"ok\n\n{tail}", sender=ANNA)
    row = desk.session.scalars(select(Opportunity)).one()
    assert (row.state, row.place_text) == ("open", "on site in Leeds")


@pytest.mark.parametrize("tail", TAILS)
def test_it_puts_a_profile_live_and_adds_nothing_to_it(desk: Desk, tail: str) -> None:
    desk.arrives(make.mail(ANNA, f"join@{DOMAIN}", PROFILE), f"join@{DOMAIN}")
    partner = desk.session.scalars(select(Partner)).one()
    before = partner.profile
    desk.reply(desk.letters("welcome")[-1], f"ok\n\n{tail}", sender=ANNA)
    assert (partner.state, partner.profile) == ("live", before)


def test_a_fact_under_it_is_read_back_before_anything_opens(desk: Desk) -> None:
    desk.arrives(make.mail(ANNA, f"post@{DOMAIN}", POSTING), f"post@{DOMAIN}")
    desk.reply(desk.letters("confirm")[-1], f"ok\n\nThe place is York, not Leeds.\n\n{SIGNATURE}", sender=ANNA)
    row = desk.session.scalars(select(Opportunity)).one()
    assert (row.state, row.place_text) == ("draft", "on site in York")
