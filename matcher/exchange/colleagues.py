"""Somebody of a firm that is here already → its owner is asked; a yes makes the newcomer a contact of that firm.

Nothing is given away before: the newcomer is not told which firm it is, and the owner reads only of an address at its
own mail domain whose owner has said ok. Without an answer all stays as it was.
"""

import re
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher.models import Contact, Letter
from matcher.store import letters, partners, postings
from matcher.store.letters import Draft
from matcher.terms import Reply
from matcher.wording import Said

TWICE = timedelta(minutes=1)  # an ok within so long is a second press, and not a second thought
KNOWN = ("live", "paused")
NAME = re.compile(r"(?:[^\W\d_]|[ .,'’-]){1,60}")  # a newcomer chose it; a link or a sentence is no name
ASKED = Said(
    "A firm at your mail domain is here already, so we asked its owner.",
    (
        "With a yes you post and read for that firm. You hear from us either way; until then nothing changes.",
        "Yours is another firm? Reply “ok” once more to the letter that shows how we read your words, and it joins on"
        " its own.",
    ),
    tone="closed",
)
SETTLED = Said("That is settled already; nothing was changed.", tone="closed")
NOT_GUESSED = Said("We did not want to guess what you mean.", ("Reply “yes” or “no”.",), tone="unclear")
BECAUSE = "You get this because you asked to join, and a firm at your mail domain is here already."


def ask_owner(session: Session, newcomer: Contact, *, now: datetime) -> Said | None:
    """Ask the owner of the one firm at a newcomer's mail domain, once; None where its ok means a firm of its own.

    That is so where there is no such firm or more than one, where it has posted something, and at its second ok.
    """
    owner = partners.owner_at_domain(session, newcomer)
    if owner is None or newcomer.partner.state != "draft" or postings.of_partner(session, newcomer.partner_id):
        return None
    key, values = f"colleague:{newcomer.id}", {"who": who(newcomer), "firm": owner.partner.name}
    if letters.write(session, Draft(key, "colleague", owner, values, [(1, newcomer.id)]), at=now) is not None:
        return ASKED
    asked_at = letters.written_at(session, key)
    return ASKED if asked_at and now - asked_at < TWICE else None


def who(newcomer: Contact) -> str:
    """Name somebody to the owner of a firm."""
    return f"{newcomer.name} ({newcomer.email})" if NAME.fullmatch(newcomer.name) else newcomer.email


def is_open(session: Session, letter: Letter) -> bool:
    """Tell whether the owner's answer still changes something."""
    newcomer = partners.contact(session, letter.refs[0][1])
    return _may_come(newcomer, letter)


def answered(session: Session, letter: Letter, reply: Reply, *, how: str, now: datetime) -> Said:
    """Do what the owner replies to the question."""
    verbs = [act.verb for act in reply.acts]
    if verbs == ["ok"]:
        return let_in(session, letter, how=how, now=now)
    return keep_out(session, letter, now=now) if verbs == ["no"] else NOT_GUESSED


def let_in(session: Session, letter: Letter, *, how: str, now: datetime) -> Said:
    """Make a newcomer a contact of its owner's firm, and tell it."""
    newcomer, owner = partners.lock_contact(session, letter.refs[0][1]), letter.contact
    if newcomer is None or owner is None or not _may_come(newcomer, letter):
        return SETTLED
    before, firm = newcomer.partner, owner.partner
    if not partners.move_partner(session, before.id, before=("draft",), after="left", at=now):
        return SETTLED  # its second ok made it a firm of its own in this moment
    partners.erase_words(session, before)
    newcomer.partner, newcomer.level = firm, "sales"
    newcomer.verified_at, newcomer.timezone = now, owner.timezone
    session.flush()
    letters.allow_again(session, newcomer.email)
    partners.note_consent(session, newcomer.id, subject="digest", given=True, how=how, at=now)
    lines = [
        "Its owner said yes. What you post from this address is posted for that firm, and its page is yours too.",
        "A firm's digest goes to one of its people: to you while those who joined before pause or stop theirs. How"
        " often, and at what hour, you choose on your page.",
    ]
    _tell(session, newcomer, "yes", f"You post and read for {firm.name} now.", lines, now)
    return Said(f"{who(newcomer)} posts and reads for {firm.name} now.", ("A mistake? Write to help@.",))


def keep_out(session: Session, letter: Letter, *, now: datetime) -> Said:
    """Leave a newcomer outside its owner's firm, and tell it."""
    newcomer = partners.lock_contact(session, letter.refs[0][1])
    if newcomer is None or not _may_come(newcomer, letter):
        return SETTLED
    lines = ["Nothing was passed on.", "Yours is another firm? Reply “ok”, and it joins on its own."]
    _tell(session, newcomer, "no", "The owner of the firm at your mail domain said no.", lines, now)
    return Said(
        f"Noted: {who(newcomer)} does not post or read for you.", ("Changed your mind? Say yes to the same letter.",)
    )


def _may_come(newcomer: Contact | None, letter: Letter) -> bool:
    here = letter.contact is not None and letter.contact.partner.state in KNOWN
    return here and newcomer is not None and newcomer.partner.state == "draft"


def _tell(session: Session, newcomer: Contact, answer: str, heading: str, lines: list[str], now: datetime) -> None:
    values = {
        "heading": heading, "lines": lines, "quote": "", "tone": "done" if answer == "yes" else "unclear",
        "reply_as": "" if answer == "yes" else "welcome", "because": BECAUSE,
    }  # fmt: skip
    key = f"colleague:{newcomer.id}:{answer}"
    letters.write(session, Draft(key, "answer", newcomer, values, [(1, newcomer.id)]), at=now)
