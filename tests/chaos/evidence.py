"""A stage after its night → what the judge needs to know, read from the database and the sink's journal."""

import email.utils
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.models import Contact, Digest, InboundMessage, Introduction, IntroductionStep, Letter, Posting
from tests.chaos.judge import STEP_OF, Brought, Event, Found, Written
from tests.chaos.people import Message, People
from tests.chaos.sink import journal
from tests.chaos.stage import Stage, ground_of
from web.db import transaction
from web.mail import message_id


def gather(stage: Stage, people: People, events: Sequence[Event], *, day: date) -> Found:
    """Read everything at the end of a night."""
    forgotten = stage.run("jobs.digest", "--day", str(day), "--dry-run").split("\n")
    g = ground_of(stage)
    with transaction(g.engine) as session:
        found = Found(
            letters=_letters(session, stage.settings.inbound_domain),
            journal=journal(stage.folder / "journal"),
            events=list(events),
            brought=[_brought(session, each) for each in people.outbox],
            left_at=dict(people.left_at),
            n_digests=session.scalar(select(func.count(Digest.id))) or 0,
            n_asked_untold=_n_untold(session),
            n_forgotten=sum("@" in each for each in forgotten),
        )
    g.engine.dispose()
    return found


def _letters(session: Session, domain: str) -> list[Written]:
    return [
        Written(
            each.key, each.kind, each.state, each.to_address, message_id(each.key, domain),
            _bare(each.in_reply_to), each.error,
        )
        for each in session.scalars(select(Letter).order_by(Letter.id))
    ]  # fmt: skip


def _brought(session: Session, sent: Message) -> Brought:
    bare = _bare(sent.message_id)
    kept = select(InboundMessage.state).where(InboundMessage.key.contains(bare, autoescape=True))
    return Brought(bare, sent.wants, sent.taken_at, tuple(session.scalars(kept)), _n_done(session, sent, bare))


def _n_done(session: Session, sent: Message, bare: str) -> int:
    if sent.wants == "posting":
        counted = select(func.count(Posting.id)).where(Posting.key.contains(bare, autoescape=True))
    elif sent.wants == "join":
        counted = select(func.count(Contact.id)).where(Contact.email == sent.sender)
    else:
        counted = select(func.count(IntroductionStep.id)).where(
            IntroductionStep.what == STEP_OF[sent.wants], IntroductionStep.message_id.contains(bare, autoescape=True)
        )
    return session.scalar(counted) or 0


def _n_untold(session: Session) -> int:
    told = {ref[1] for refs in session.scalars(select(Letter.refs).where(Letter.kind == "digest")) for ref in refs}
    return len(set(session.scalars(select(Introduction.id))) - told)


def _bare(name: str) -> str:
    return email.utils.unquote(name.strip())
