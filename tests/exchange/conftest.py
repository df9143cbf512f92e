"""A desk where mail arrives and letters are written, on a real database that one test has for itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.exchange import keep, receive
from matcher.exchange.receiving import Post
from matcher.models import InboundMessage, Introduction, Letter, Opportunity
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
