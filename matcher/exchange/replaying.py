"""A stored message and a reader that was mended → what is made of it today; nothing is acted on twice."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.exchange import understanding
from matcher.exchange.desk import Post
from matcher.exchange.receiving import STUMBLED, deal_with, read_again
from matcher.models import InboundMessage, Letter
from matcher.store import messages
from matcher.terms import Inbound, Refused

ANSWERED_WITHOUT_ACT = ("refused", "ignored")
ARROW = " → "  # between how a reply was read and what came of it


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was made of a message when it came, and what is made of it now."""

    message_id: int
    state_before: str
    state: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return (self.state_before, self.before) != (self.state, self.after)


def replay(session: Session, message_id: int, *, post: Post, now: datetime) -> Replayed:
    """Act on a message that was not acted on; of any other, only say how it would be read. Raises `Refused`.

    What is refused or ignored once more is left as it was: its sender has been answered, and is not answered twice.
    """
    row = messages.lock(session, message_id)
    if row is None:
        raise Refused(f"There is no message {message_id}, or somebody deals with it at this moment.")
    if not row.raw:
        raise Refused(f"Message {message_id} is past its keeping time; its bytes are gone.")
    if row.state in ("done", "held"):
        mail = read_again(row, post)
        return Replayed(row.id, row.state, row.state, _was_read(row), _reads(session, row, mail))
    return _act_anew(session, row, post, now)


def _act_anew(session: Session, row: InboundMessage, post: Post, now: datetime) -> Replayed:
    number, state_before, before = row.id, row.state, row.verdict
    point = session.begin_nested()
    after = deal_with(session, row, post=post, now=now)
    state = row.state
    owed = state_before == "new" or before.startswith(STUMBLED)
    if state in ANSWERED_WITHOUT_ACT and not owed:
        point.rollback()
    else:
        point.commit()
    return Replayed(number, state_before, state, before, after)


def _was_read(row: InboundMessage) -> str:
    return row.verdict.partition(ARROW)[0] if ARROW in row.verdict else row.kind


def _reads(session: Session, row: InboundMessage, mail: Inbound) -> str:
    letter = session.get(Letter, row.letter_id) if row.letter_id and ARROW in row.verdict else None
    read = f"{letter.kind}: {understanding.reading(letter, mail)}" if letter and mail.kind == "reply" else mail.kind
    return read if mail.text == row.text else f"{read}, with another text"
