"""A letter that came back, or one that evidently arrived → what its address is sent from now on."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher import wording
from matcher.bounces import Standing, code_in, has_status, in_words, is_about_address, is_full
from matcher.models import Contact, Letter
from matcher.store import apart, bounces, letters, partners
from matcher.store.letters import Draft
from matcher.wording import Said

COUNTS_FOR = timedelta(days=30)  # later nobody returns a letter but somebody who kept it
ON_THEIR_WAY = ("claimed", "sent", "failed")  # a server has seen the letter
MAX_REASON = 300
WORDS = {
    "well": "it is mailed as before",
    "shaky": "it is mailed as before",
    "paused": "its digests wait for a probe",
    "probing": "its digests wait for the probe that is out",
    "cut": "nothing is sent to it any more but what it asks for",
}


def returned(
    session: Session, letter_id: int, *, hard: bool, reason: str, now: datetime, after_letter: bool = False
) -> str:
    """Take note that a letter came back or was refused; return in words what that means for its address.

    A refusal that is about the letter or about us says nothing of the address, so it changes nothing; `after_letter`
    says that the server had taken the address and refused when it had seen the letter.
    """
    letter = letters.letter(session, letter_id)
    if letter is None or letter.state not in ON_THEIR_WAY:
        return "a bounce of a letter that was never sent; nothing changes"
    email, reason = letter.to_address, " ".join(reason.split())[:MAX_REASON]
    if now - (letter.sent_at or letter.created_at) > COUNTS_FOR:
        return f"a bounce of a letter to {email} that is older than {COUNTS_FOR.days} days; nothing changes"
    about_address = is_about_address(code_in(reason), reason, after_letter=after_letter)
    if not about_address or not (hard or has_status(reason)):
        return f"the letter to {email} was refused, not its address ({reason}); nothing changes"
    if not bounces.note(session, letter, hard=hard and not is_full(reason), reason=reason, at=now):
        return f"a bounce of a letter to {email} that was reported before"
    stands = bounces.standings(session, [email], now=now)[email]
    return f"a letter to {email} came back, {in_words(reason)}: {WORDS[stands.name]}"


def arrived(session: Session, letter: Letter, *, now: datetime) -> None:
    """Take note that somebody answered a letter: what came back before it was sent counts no more.

    Only an answer proves this. Mail from an address shows that it sends, not that it receives.
    """
    if letter.sent_at is not None:
        bounces.clear(session, letter.to_address, before=letter.sent_at, at=now)


def mail_again(session: Session, contact: Contact, *, how: str, by: Contact | None, now: datetime) -> Said:
    """Write to an address again because somebody of its firm says that it works; `by` is who is signed in, if anybody.

    A complaint is its owner's own wish, so that only the owner takes it back, and not by the link of a letter, which
    may be in other hands.
    """
    n_cleared = bounces.clear(session, contact.email, before=now, at=now)
    is_owner = by is not None and by.id == contact.id
    lifted = letters.lift(session, contact.email, *(("bounce", "complaint") if is_owner else ("bounce",)))
    if "complaint" in lifted:
        partners.note_consent(session, contact.id, subject="digest", given=True, how=how, at=now)
    if not n_cleared and not lifted:
        return Said(f"Nothing keeps our mail from {contact.email}.", tone="closed")
    left = letters.why_no_digest(session, contact.email)
    if left or contact.digest == "paused":
        return Said(f"We write to {contact.email} again.", ("Digests stay off, as chosen.",))
    return Said(f"We write to {contact.email} again.", ("The next digest comes on the next day with work that fits.",))


def probe(session: Session, *, now: datetime) -> int:
    """Write one short letter to each address that is due for one; return how many."""
    due = {contact.id: (key, contact, stands) for key, contact, stands in bounces.to_probe(session, now=now)}

    def write(contact_id: int) -> bool:
        key, contact, stands = due[contact_id]
        return letters.write(session, Draft(key, "probe", contact, _values(stands)), at=now) is not None

    return apart.sum_of_each(session, due, write, what="contact")


def _values(stands: Standing) -> dict[str, str]:
    since = wording.day(stands.since.date()) if stands.since else ""
    return {"since": since, "why": in_words(stands.reason)}
