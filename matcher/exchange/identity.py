"""A reply and the letter it answers → whether it may act for the letter's owner, or waits until the owner says so.

Somebody else's reply is answered with a sentence that is the same whether the letter, its owner or neither is still
there. It goes out once per sender and day, quotes nothing, and where our receiving server judges senders only to those
it vouched for: a forged From is not written to, or a forger would have us mail whom it likes.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher import inbound
from matcher.exchange import desk
from matcher.exchange.desk import Post, Verdict
from matcher.exchange.keeping import senders
from matcher.inbound.spelt import spellings
from matcher.models import InboundMessage, Letter
from matcher.store import letters, messages
from matcher.store.letters import Draft
from matcher.terms import Inbound

MAX_ASKED = 3  # confirm links that the owner of one letter gets in a day, however many messages are held
DAY = timedelta(days=1)


def is_believed(raw: bytes, mail: Inbound, post: Post) -> bool:
    """Tell whether a message comes from the one address it names, as far as our receiving server can tell.

    Two addresses in From are one too many: mail servers vouch for one, people read the other.
    """
    if senders(raw) != (mail.sender,):
        return False
    return not post.authserv_id or inbound.is_authentic(raw, authserv_id=post.authserv_id, sender=mail.sender)


def quotable(raw: bytes, mail: Inbound, post: Post) -> Inbound:
    """Give a message as it may be quoted to its sender: without words where nobody vouched for that sender."""
    return mail if is_believed(raw, mail, post) else replace(mail, text="")


def is_owner(raw: bytes, mail: Inbound, letter: Letter, post: Post) -> bool:
    """Tell whether a reply comes from the person that its letter was written to."""
    return _is_from(mail, letter) and is_believed(raw, mail, post)


def _is_from(mail: Inbound, letter: Letter) -> bool:
    return mail.sender in spellings(address_of(letter))


def address_of(letter: Letter) -> str:
    """Name the address that speaks for a letter's owner today, which may not be the one the letter went to."""
    return (letter.contact.email if letter.contact else letter.to_address).lower()


def hold(
    session: Session, row: InboundMessage, mail: Inbound, letter: Letter | None, *, post: Post, now: datetime
) -> Verdict:
    """Keep a reply that may be somebody else's, and ask the letter's owner."""
    if is_believed(row.raw, mail, post):  # and so is somebody else than the owner
        desk.once_a_day(session, mail, desk.NOT_FROM_YOU, about="not-from-you", now=now)
    if letter is None:
        return "refused", "the letter it answers no longer exists"
    if letter.contact is None:
        return "refused", f"from {mail.sender}, but the letter went to {letter.to_address}"
    asked = _ask_owner(session, row, mail, letter, now)
    return "held", f"{_why(mail, letter)}{'' if asked else '; its owner was asked about others today'}"


def _ask_owner(session: Session, row: InboundMessage, mail: Inbound, letter: Letter, now: datetime) -> bool:
    if letter.contact is None or messages.n_held(session, letter.id, since=now - DAY) >= MAX_ASKED:
        return False
    values = {"sender": mail.sender, "what": mail.text[:500], "message_id": row.id}
    letters.write(session, Draft(f"held:{row.id}", "held", letter.contact, values), at=now)
    return True


def _why(mail: Inbound, letter: Letter) -> str:
    if not _is_from(mail, letter):
        return f"from {mail.sender}, but the letter went to {letter.to_address}"
    return f"in the name of {mail.sender}, which nobody vouched for"
