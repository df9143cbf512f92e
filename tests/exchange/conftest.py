"""A desk where mail arrives and letters are written, on a real database that one test has for itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import exchange
from matcher.exchange import keep, receive
from matcher.exchange.receiving import Post
from matcher.models import Contact, InboundMessage, Introduction, Letter, Opportunity
from matcher.terms import Act
from matcher.wording import Said
from tests import factories as make
from tests.factories import DOMAIN, NOW, SECRET


@dataclass(slots=True)
class Desk:
    """The session of a test and the way in for mail."""

    session: Session
    post: Post = Post(SECRET, DOMAIN)

    def arrives(self, raw: bytes, to: str, *, sender: str = "", at: datetime = NOW) -> str:
        """Keep a message and act on it; return the verdict."""
        kept = keep(self.session, raw, envelope_from=sender, envelope_to=to, now=at)
        return receive(self.session, kept, post=self.post, now=at) if kept else "received before"

    def reply(self, letter: Letter, text: str, *, sender: str = "", at: datetime = NOW) -> str:
        """Answer a letter, from the address it went to unless another is named."""
        to = make.reply_address(letter)
        return self.arrives(make.mail(sender or letter.to_address, to, text), to, at=at)

    def letters(self, kind: str = "", *, to: str = "") -> list[Letter]:
        rows = self.session.scalars(select(Letter).order_by(Letter.id))
        return [each for each in rows if (not kind or each.kind == kind) and (not to or each.to_address == to)]

    def answer(self, to: str) -> str:
        """Return what the newest answer to an address says, as one text."""
        values = self.letters("answer", to=to)[-1].values
        return " ".join([values["heading"], *values["lines"]])

    def messages(self) -> list[InboundMessage]:
        return list(self.session.scalars(select(InboundMessage).order_by(InboundMessage.id)))


@dataclass(slots=True)
class Market:
    """A poster, its open opportunity and three partners that were asked about it."""

    desk: Desk
    row: Opportunity
    asked: list[Introduction]

    @property
    def session(self) -> Session:
        return self.desk.session


@pytest.fixture
def desk(session: Session) -> Iterator[Desk]:
    make.competencies(session)
    return Desk(session)


@pytest.fixture
def market(desk: Desk) -> Market:
    row = make.opportunity(desk.session, make.firm(desk.session, "alder"))
    firms = [make.firm(desk.session, key) for key in ("quay", "fjord", "isar")]
    return Market(desk, row, [make.asked(desk.session, row, each) for each in firms])


@pytest.fixture
def anna(desk: Desk) -> Contact:
    return make.firm(desk.session, "quay")


def says(market: Market, row: Introduction, verb: str, text: str = "") -> Said:
    return exchange.answer(market.session, row, Act(verb, 1, text), how="a mail reply", now=NOW)


@pytest.fixture
def met(market: Market) -> Introduction:
    """Let the first partner have been introduced."""
    row = market.asked[0]
    row.state, row.number, row.introduced_at = "introduced", 1, NOW
    market.session.flush()
    return row


@pytest.fixture
def yes(market: Market) -> Market:
    """Let all three partners have said yes."""
    for number, row in enumerate(market.asked, start=1):
        row.state, row.number, row.told_at = "accepted", number, NOW
    market.session.flush()
    return market


@pytest.fixture
def gathered(market: Market) -> Market:
    """Let three partners have been put before the poster, and a fourth have said yes a few minutes later."""
    market.asked.append(make.asked(market.session, market.row, make.firm(market.session, "late")))
    for minute, row in enumerate(market.asked):
        exchange.answer(market.session, row, Act("yes", 1), how="a test", now=NOW + timedelta(minutes=minute))
    return market
