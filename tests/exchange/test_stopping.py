"""Mail that ends mail: "stop" in any form, and a complaint."""

from datetime import date

import pytest
from sqlalchemy import select

from matcher import exchange
from matcher.exchange.receiving import Post
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
    assert causes(market.desk) == []
    assert "whose digests should stop" in market.desk.answer("eve@home.example")


def test_a_broken_unsubscribe_address_stops_the_reader_who_writes_from_its_own_address(market: Market) -> None:
    market.desk.arrives(make.mail("anna@quay.example", f"u+cutshort@{DOMAIN}", ""), f"u+cutshort@{DOMAIN}")
    assert causes(market.desk) == [("anna@quay.example", "digest", "unsubscribed")]


def test_a_stop_without_a_token_needs_a_sender_whom_our_server_vouched_for(market: Market) -> None:
    market.desk.post = Post(SECRET, DOMAIN, authserv_id="mx.counterpart.example")
    forged = make.mail("anna@quay.example", HELP, "stop")
    market.desk.arrives(forged, HELP)
    assert causes(market.desk) == []
    vouched = b"Authentication-Results: mx.counterpart.example; dmarc=pass header.from=quay.example\n"
    market.desk.arrives(vouched + make.mail("anna@quay.example", HELP, "stop"), HELP)
    assert causes(market.desk) == [("anna@quay.example", "digest", "unsubscribed")]


def test_a_second_stop_of_the_same_day_is_done_and_answered_no_more(market: Market) -> None:
    for _ in range(3):
        market.desk.arrives(make.mail("anna@quay.example", HELP, "stop"), HELP)
    assert len(market.desk.letters("answer", to="anna@quay.example")) == 2


def test_an_unknown_sender_of_stop_is_told_where_to_say_it(desk: Desk) -> None:
    desk.arrives(make.mail("eve@home.example", HELP, "stop"), HELP)
    assert "whose digests should stop" in desk.answer("eve@home.example")
    assert causes(desk) == []


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
    exchange.set_digest(market.session, market.asked[0].contact, digest="daily", hour=7, how="the page", now=NOW)
    assert causes(market.desk) == [("anna@quay.example", "digest", "complaint")]


def test_a_complaint_about_somebody_that_returns_no_letter_of_ours_stops_nobody(market: Market) -> None:
    raw = ARF.format(to=HELP, fields="Original-Rcpt-To: <anna@quay.example>", token="a" * 29, domain=DOMAIN).encode()
    assert market.desk.arrives(raw, HELP) == "a complaint that returns no letter of ours"
    assert (causes(market.desk), market.desk.letters()) == ([], [])


def test_a_complaint_that_names_nobody_is_known_by_the_letter_it_returns(market: Market) -> None:
    complaint(market, "Arrival-Date: Mon, 23 Nov 2026 09:00:00 +0000")
    assert causes(market.desk) == [("anna@quay.example", "digest", "complaint")]


def test_a_poster_that_says_stop_reads_that_what_it_posted_stays_open(market: Market) -> None:
    letter = make.letter(market.session, "opened", market.row.contact, [(1, market.row.id)])
    market.desk.reply(letter, "stop")
    told = market.desk.answer("anna@alder.example")
    assert "You get no more digests." in told
    assert told.endswith(
        "“Move 380 mailboxes”, which you posted, stays open. To end it, reply “close” to a letter about it."
    )
    assert market.row.state == "open"
