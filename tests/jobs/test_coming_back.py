"""A mailbox that dies and lives again, with real mail both ways: digest, bounce, pause, probe, cut, page, digest."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from jobs import inbound
from jobs.deliver import deliver_all
from jobs.digest import digest_day
from jobs.ground import Ground, now
from jobs.reminders import remind_all
from matcher import exchange
from matcher.models import Bounce, InboundMessage, Letter
from tests import factories as make
from tests.jobs.postoffice import PostOffice
from tests.web.visiting import Visitor
from web import limiter
from web.db import transaction

ANNA = "anna@quay.example"
BOUNCE = """From: MAILER-DAEMON@mx.example
To: {to}
Message-ID: <{number}@mx.example>
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=part

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; anna@quay.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--part--
"""


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", False)


def working_day(n: int) -> date:
    """Return the nth working day from today on."""
    days = (now().date() + timedelta(days=each) for each in range(30))
    return [each for each in days if each.weekday() < 5][n]


def offer(g: Ground, key: str) -> None:
    """Open work that fits Anna, so that she has something to read."""
    with transaction(g.engine) as session:
        closes_on = now().date() + timedelta(days=60)
        row = make.opportunity(session, make.firm(session, key, digest="paused"), closes_on=closes_on)
        make.match(session, row, 1)


def reads(g: Ground, office: PostOffice, n: int) -> list[str]:
    """Offer new work, run a night and say who was sent what."""
    offer(g, f"poster{n}")
    digest_day(g, working_day(n), at=now())
    return sends(g, office)


def sends(g: Ground, office: PostOffice) -> list[str]:
    before = len(office.taken)
    deliver_all(g)
    return [f"{message['X-Counterpart-Letter']} to {to}" for _, to, message in office.taken[before:]]


def comes_back(g: Ground, office: PostOffice) -> str:
    """Let the newest letter come back to the address that it names; return what was made of that."""
    to, number = office.taken[-1][0], len(office.taken)
    with transaction(g.engine) as session:
        raw = BOUNCE.format(to=to, number=number).encode()
        exchange.keep(session, raw, envelope_from="", envelope_to=to, now=now())
    inbound.receive_waiting(g)
    with transaction(g.engine) as session:
        return session.scalars(select(InboundMessage.verdict).order_by(InboundMessage.id.desc())).first() or ""


def wait(g: Ground, days: float) -> None:
    """Let days pass: all that happened becomes so much older."""
    passed = timedelta(days=days)
    with transaction(g.engine) as session:
        session.execute(update(Bounce).values(at=Bounce.at - passed, cleared_at=Bounce.cleared_at - passed))
        session.execute(update(Letter).values(sent_at=Letter.sent_at - passed, created_at=Letter.created_at - passed))


def sign_in(g: Ground, office: PostOffice) -> Visitor:
    """Ask for a link on the page, and follow it from the letter."""
    visitor = Visitor(g.app.test_client())
    visitor.press("/sign-in", email=ANNA)
    assert sends(g, office) == [f"sign-in to {ANNA}"]
    body = office.taken[-1][2].get_body(("plain",))
    assert body is not None
    link = re.search(r"https?://\S+(/in/\w+)", body.get_content())
    assert link
    visitor.press(link[1])
    return visitor


def test_a_dead_mailbox_is_paused_probed_and_cut_and_its_owner_brings_it_back(g: Ground, office: PostOffice) -> None:
    with transaction(g.engine) as session:
        assert make.firm(session, "quay").partner_id == 1
    assert reads(g, office, 0) == [f"digest to {ANNA}"]
    assert "its digests wait for a probe" in comes_back(g, office)
    assert reads(g, office, 1) == []

    assert remind_all(g, at=now())["addresses tried again"] == 0
    wait(g, days=1.1)
    assert [remind_all(g, at=now())["addresses tried again"] for _ in range(2)] == [1, 0]
    assert sends(g, office) == [f"probe to {ANNA}"]
    assert "nothing is sent to it any more" in comes_back(g, office)
    wait(g, days=400)
    assert remind_all(g, at=now())["addresses tried again"] == 0
    assert reads(g, office, 2) == []

    anna = sign_in(g, office)
    assert f"We stopped writing to {ANNA}" in anna.read("/partner")
    anna.press("/partner", "/partner/mail-again/1")
    assert "mail arrives" in anna.read("/partner")
    assert reads(g, office, 3) == [f"digest to {ANNA}"]


def test_digests_go_on_by_themselves_after_a_probe_that_arrived(g: Ground, office: PostOffice) -> None:
    with transaction(g.engine) as session:
        make.firm(session, "quay")
    reads(g, office, 0)
    comes_back(g, office)
    wait(g, days=1.1)
    remind_all(g, at=now())
    assert sends(g, office) == [f"probe to {ANNA}"]
    wait(g, days=2)
    assert reads(g, office, 1) == []
    wait(g, days=5.1)
    assert reads(g, office, 2) == [f"digest to {ANNA}"]


def test_a_digest_that_was_written_before_the_bounce_came_in_is_not_sent(g: Ground, office: PostOffice) -> None:
    with transaction(g.engine) as session:
        make.firm(session, "quay")
    reads(g, office, 0)
    offer(g, "late")
    assert digest_day(g, working_day(1), at=now()) == 1
    comes_back(g, office)
    assert sends(g, office) == []
    with transaction(g.engine) as session:
        newest = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
        assert newest is not None
        assert (newest.kind, newest.state, newest.error) == ("digest", "dropped", "bounce")
        assert newest.created_at <= datetime.now(UTC)
