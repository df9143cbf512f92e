"""Letters that are sent and come back, and how their address stands afterwards."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from matcher.exchange.bouncing import probe, returned
from matcher.models import Bounce, Contact, Letter
from matcher.store import bounces
from matcher.tokens import seal
from tests import factories as make
from tests.exchange.conftest import Desk
from tests.factories import DAY, DOMAIN, NOW, SECRET

A_DAY = timedelta(days=1)
GONE = "smtp; 550 5.1.1 no such user"
FULL = "smtp; 552 5.2.2 the mailbox is full"
BOUNCE = """From: MAILER-DAEMON@mx.example
To: {to}
Message-ID: <dsn-{number}@mx.example>
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=part

--part
Content-Type: text/plain

It could not be delivered.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {final}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--part--
"""


def sent(desk: Desk, to: Contact, *, kind: str = "digest", at: datetime = NOW) -> Letter:
    """Write a letter and let a server take it."""
    row = make.letter(desk.session, kind, to, [(1, to.id)], offers=[])
    row.state, row.sent_at, row.created_at = "sent", at, at
    desk.session.flush()
    return row


def comes_back(
    desk: Desk,
    letter: Letter,
    *,
    said: str = "550 5.1.1 no such user",
    action: str = "failed",
    final: str = "anna@quay.example",
    to: str = "",
    at: datetime = NOW,
) -> str:
    to = to or f"b+{seal(SECRET, 'bounce', letter.id, expires_on=date(2027, 1, 1))}@{DOMAIN}"
    number, status = f"{len(desk.messages())}", said.split()[1]
    text = BOUNCE.format(to=to, number=number, final=final, action=action, status=status, said=said)
    return desk.arrives(text.encode(), to, at=at)


def stands(desk: Desk, *, email: str = "anna@quay.example", at: datetime = NOW) -> str:
    return bounces.standings(desk.session, [email], now=at)[email].name


def counted(desk: Desk) -> list[tuple[str, bool]]:
    desk.session.expire_all()
    return [(each.email, each.hard) for each in desk.session.scalars(select(Bounce).order_by(Bounce.id))]


def reads(desk: Desk, contact: Contact, *, on: date = DAY) -> bool:
    return make.reads(desk.session, contact, on=on)


def probed(desk: Desk, at: datetime) -> Letter:
    """Let the one probe that is due be written and sent."""
    assert probe(desk.session, now=at) == 1
    letter = desk.letters("probe")[-1]
    letter.state, letter.sent_at = "sent", at
    desk.session.flush()
    return letter


def cut(desk: Desk, to: Contact) -> None:
    """Let a digest and the probe after it come back."""
    returned(desk.session, sent(desk, to).id, hard=True, reason=GONE, now=NOW)
    at = NOW + A_DAY
    returned(desk.session, probed(desk, at).id, hard=True, reason=GONE, now=at)
    assert stands(desk, email=to.email, at=at) == "cut"
