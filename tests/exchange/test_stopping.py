"""Mail that ends mail: "stop" in any form, a complaint, an address that is no more."""

from datetime import date

import pytest
from sqlalchemy import select

from matcher import exchange
from matcher.models import Suppression
from matcher.tokens import seal
from tests import factories as make
from tests.exchange.conftest import Desk, Market
from tests.factories import DOMAIN, NOW, SECRET

HELP = f"help@{DOMAIN}"
ARF = """From: abuse@provider.example
To: {to}
Message-ID: <arf-1@provider.example>
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=part

--part
Content-Type: text/plain

One of our readers does not want this.

--part
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: provider/1
Version: 1
{fields}
--part
Content-Type: message/rfc822

From: hello@counterpart.example
Subject: 2 projects for you
Reply-To: reply+{token}@{domain}

2 projects for you

--part--
"""


def causes(desk: Desk) -> list[tuple[str, str, str]]:
    rows = desk.session.scalars(select(Suppression).order_by(Suppression.id))
    return [(each.email, each.scope, each.cause) for each in rows]


@pytest.mark.parametrize("text", ["stop", "Unsubscribe", "please remove me"])
def test_a_reader_unsubscribes_by_a_word(market: Market, text: str) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    market.desk.reply(letter, text)
    assert causes(market.desk) == [("anna@quay.example", "digest", "unsubscribed")]
    assert "You get no more digests." in market.desk.answer("anna@quay.example")


def test_the_unsubscribe_address_stops_the_reader_it_was_made_for(market: Market) -> None:
    to = f"u+{seal(SECRET, 'unsubscribe', market.asked[0].contact_id, expires_on=date(2027, 1, 1))}@{DOMAIN}"
    market.desk.arrives(make.mail("anna.private@home.example", to, ""), to)
    assert causes(market.desk) == [("anna@quay.example", "digest", "unsubscribed")]


def test_stop_written_from_another_address_stops_the_reader_of_that_letter(market: Market) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    market.desk.reply(letter, "stop", sender="anna.private@home.example")
    assert causes(market.desk) == [("anna@quay.example", "digest", "unsubscribed")]
    assert [each.to_address for each in market.desk.letters("answer")] == ["anna@quay.example"]


def test_a_forged_unsubscribe_address_stops_nobody(market: Market) -> None:
    to = f"u+{seal('another secret', 'unsubscribe', market.asked[0].contact_id, expires_on=date(2027, 1, 1))}@{DOMAIN}"
    market.desk.arrives(make.mail("eve@home.example", to, ""), to)
    assert (causes(market.desk), market.desk.letters()) == ([], [])


def complaint(market: Market, fields: str) -> str:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    token = seal(SECRET, "reply", letter.id, expires_on=date(2027, 3, 1))
    raw = ARF.format(to=HELP, fields=fields, token=token, domain=DOMAIN).encode()
    return market.desk.arrives(raw, HELP, sender="abuse@provider.example")


def test_a_complaint_stops_digests_for_good_and_is_not_answered(market: Market) -> None:
    n_before = len(market.desk.letters())
    complaint(market, "Original-Rcpt-To: <Anna@quay.example>")
    assert causes(market.desk) == [("anna@quay.example", "digest", "complaint")]
    assert [each.kind for each in market.desk.letters()[n_before:]] == ["digest"]
    exchange.subscribe_again(market.session, market.asked[0].contact, how="the page", now=NOW)
    assert causes(market.desk) == [("anna@quay.example", "digest", "complaint")]


def test_a_complaint_that_names_nobody_is_known_by_the_letter_it_returns(market: Market) -> None:
    complaint(market, "Arrival-Date: Mon, 23 Nov 2026 09:00:00 +0000")
    assert causes(market.desk) == [("anna@quay.example", "digest", "complaint")]


BOUNCE = """From: MAILER-DAEMON@mx.example
To: {to}
Message-ID: <dsn-{status}@mx.example>
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=part

--part
Content-Type: text/plain

It could not be delivered.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; anna@quay.example
Action: failed
Status: {status}
Diagnostic-Code: smtp; 550 no such user

--part--
"""


@pytest.mark.parametrize(("status", "stopped"), [("5.1.1", True), ("4.2.2", False)])
def test_a_bounce_for_good_stops_all_mail_and_a_full_mailbox_does_not(
    market: Market, status: str, stopped: bool
) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    to = f"b+{seal(SECRET, 'bounce', letter.id, expires_on=date(2027, 1, 1))}@{DOMAIN}"
    market.desk.arrives(BOUNCE.format(to=to, status=status).encode(), to)
    assert bool(causes(market.desk)) is stopped
    assert [each for each in market.desk.letters() if each.id != letter.id] == []


def test_a_bounce_without_a_token_of_ours_stops_nobody(market: Market) -> None:
    to = f"b+{'a' * 29}@{DOMAIN}"
    market.desk.arrives(BOUNCE.format(to=to, status="5.1.1").encode(), to)
    assert causes(market.desk) == []
