"""A posting → an opportunity in draft and a letter that says how it was read; "ok" opens it, a correction is read."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from operator import attrgetter

from sqlalchemy.orm import Session

from matcher import wording
from matcher.exchange import floods, own_reading
from matcher.exchange.closing import ANEW, state_of
from matcher.exchange.hours import oldest_day
from matcher.exchange.own_reading import Readings
from matcher.models import Contact, Opportunity
from matcher.posting import PostingFacts, check_posting, questions, sought_in_vain
from matcher.posting.money import find_value, read_value
from matcher.posting.profile import firm_of
from matcher.store import letters, matches, network, partners, postings
from matcher.store.letters import Draft
from matcher.store.wake import wake
from matcher.terms import FLOOR, Competency, Reading, Refused
from matcher.wording import Said

OPEN_FOR = timedelta(days=45)
MAX_ASKED = 2  # DESIGN: what is missing is asked for at most twice
MAX_TOLD = FLOOR.full_at  # as many partners are asked about an opportunity; a poster is told of no more
NEXT = "If partners fit well enough, the next digest asks the best of them; we look again every day."
READ_ANEW = Said(
    "It was read again in the meantime.",
    ("Nothing was opened. Look at the newest reading of it first, then say ok to that one.",),
    tone="unclear",
)
NOT_CHANGED = Said(
    "We could not tell what to change.",
    (
        "Write it in one of these ways: “due: 1 May”, “where: remote”, “pays: you invoice us 600 euros a day”, “400"
        " mailboxes, not 300”, “remove the words car maker”.",
        "To begin again, reply “no” and post it anew.",
    ),
    tone="unclear",
)


@dataclass(frozen=True, slots=True)
class Submission:
    """A posting as it came in. `key` is the form's nonce or the Message-ID; facts are the form's own fields."""

    key: str
    channel: str  # web, mail
    email: str
    text: str
    name: str = ""
    firm: str = ""
    subject: str = ""
    facts: PostingFacts = PostingFacts()
    in_reply_to: str = ""
    files: tuple[str, ...] = ()  # names of what came with it and is not read
    digest_hour: int = 7


def publish(session: Session, sent: Submission, *, now: datetime) -> Opportunity:
    """Keep a posting, read it, and ask its sender whether it was read right. Raises `Refused`."""
    known = network.competencies(session)
    row = _keep(session, sent, known, now=now)
    if row.state == "draft":
        _ask_whether_right(session, row, known, in_reply_to=sent.in_reply_to, files=sent.files, now=now)
        wake(session, "match", opportunity_id=row.id)
    return row


def publish_known(session: Session, sent: Submission, *, now: datetime) -> Opportunity:
    """Keep a posting of a partner whose address is proven and open it at once, without a letter. Raises `Refused`."""
    row = _keep(session, sent, network.competencies(session), now=now)
    postings.move(
        session, row.id, before=("draft",), state="open", opened_at=now, closes_on=_closing_day(row, now.date())
    )
    wake(session, "match", opportunity_id=row.id)
    return row


def correct(session: Session, row: Opportunity, text: str, *, in_reply_to: str = "", now: datetime) -> Said:
    """Read an opportunity again with what its sender added, and ask once more."""
    return _correct(session, row, text, seen=attrgetter("for_poster"), in_reply_to=in_reply_to, now=now)


def correct_form(session: Session, row: Opportunity, text: str, *, now: datetime) -> Said:
    """Do so for whoever filled in the form; what that page answers tells nothing of whose the address is."""
    return _correct(session, row, text, seen=attrgetter("for_anybody"), in_reply_to="", now=now)


def _correct(
    session: Session,
    row: Opportunity,
    text: str,
    *,
    seen: Callable[[Readings], Reading],
    in_reply_to: str,
    now: datetime,
) -> Said:
    postings.lock(session, row.id)  # nobody opens it meanwhile
    if row.state != "draft":
        return _not_changed_any_more(row)
    if too_many := floods.of_forms(session, row.contact, now=now):
        return Said("Nothing was changed.", (too_many,), tone="refused")
    if too_long := check_posting(f"{row.blind_text}\n\n{text}"):
        return Said("Nothing was changed.", (too_long,), tone="refused")
    known = network.competencies(session)
    before = seen(own_reading.readings_of(row))
    read = own_reading.correct_twice(session, row, text, known, today=now.date())
    not_found = sought_in_vain(before, text)
    if replace(seen(read), masked=before.masked) == before:
        return _nothing_hidden(not_found) if not_found else NOT_CHANGED
    postings.rewrite(session, row, read.for_anybody, for_poster=read.for_poster)
    _ask_whether_right(session, row, known, in_reply_to=in_reply_to, not_found=not_found, now=now)
    wake(session, "match", opportunity_id=row.id)
    lines = (_not_found(not_found),) if not_found else ()
    return Said(
        "Thank you. It was read again.",
        (*lines, "The new reading is in the next letter; reply ok to open it."),
        sent=True,
    )


def _not_changed_any_more(row: Opportunity) -> Said:
    if row.state != "open":
        return Said(f"“{row.title}” is {state_of(row)} already, so it was not changed.", (ANEW,), tone="closed")
    return Said(
        "Your opportunity is open already, so it was not changed.",
        ("To change it, reply close to the letter that said it is open, then post it anew.",),
        tone="closed",
    )


def _nothing_hidden(not_found: tuple[str, ...]) -> Said:
    lines = ("Write the words as they stand in it, for example “hide the word Tram”.", "Nothing was changed.")
    return Said(_not_found(not_found), lines, tone="unclear")


def _not_found(words: tuple[str, ...]) -> str:
    named = " or ".join(f"“{one}”" for one in words)
    return f"We did not find {named} in your posting, so nothing was hidden for {'it' if len(words) == 1 else 'them'}."


def confirm(
    session: Session, row: Opportunity, *, how: str, shown: int | None = None, in_reply_to: str = "", now: datetime
) -> Said:
    """Open an opportunity after its sender said ok; the address is proven by that.

    `shown` is the number of the reading that a page has shown; an older one opens nothing.
    """
    postings.lock(session, row.id)  # nobody reads it anew meanwhile
    if row.state == "draft" and shown not in (None, row.n_asked):
        return READ_ANEW
    missing = _missing_at_the_end(row, oldest_day(now)) if row.state == "draft" else ""
    if missing:
        row.n_asked += 1
        _ask_whether_right(session, row, network.competencies(session), in_reply_to=in_reply_to, now=now)
        return Said("One thing is still missing.", tuple(questions((missing,))), tone="unclear", sent=True)
    if row.state == "draft" and own_reading.adopt(session, row):
        wake(session, "match", opportunity_id=row.id)
    closes_on = _closing_day(row, now.date())
    opened = postings.move(session, row.id, before=("draft",), state="open", opened_at=now, closes_on=closes_on)
    if not opened:
        is_over = row.state != "open"
        said = f"“{row.title}” is {state_of(row)} already."
        return Said(said, (ANEW,) if is_over else (), tone="closed" if is_over else "done")
    if partners.prove(session, row.contact_id, now) and row.partner.state == "draft" and row.partner.profile:
        # An ok to a posting is none to what anybody may have typed about the firm before.
        partners.set_aside(session, row.partner, name=_name_of(row.contact))
    partners.note_consent(session, row.contact_id, subject="posting", given=True, how=how, at=now)
    _say_that_it_is_open(session, row, closes_on, in_reply_to, now)
    return Said("It is open.", (f"{NEXT} You hear from us when the first one says yes.",), sent=True)


def _name_of(contact: Contact) -> str:
    return firm_of(contact.email, contact.name) or contact.email


def _missing_at_the_end(row: Opportunity, today: date) -> str:
    """Name what is asked once more before a draft opens; a day by which it was due and that is over is forgotten."""
    if row.due_on and row.due_on < today:
        postings.forget_due(row)
        return "due"
    return "what" if "what" in row.missing and row.n_asked < MAX_ASKED else ""


def _say_that_it_is_open(session: Session, row: Opportunity, closes_on: date, in_reply_to: str, now: datetime) -> None:
    n_found = matches.n_found(session, row.id, floor=FLOOR, today=now.date(), most=MAX_TOLD)
    values = {"title": row.title, "n_found": n_found, "closes": wording.day(closes_on), "opportunity_id": row.id}
    draft = Draft(f"opened:{row.id}", "opened", row.contact, values, [(1, row.id)], in_reply_to)
    letters.write(session, draft, at=now)


def _keep(session: Session, sent: Submission, known: list[Competency], *, now: datetime) -> Opportunity:
    """Write a posting down once per key with the opportunity that was read from it."""
    sentence = check_posting(sent.text)
    if sentence:
        raise Refused(sentence)
    sender = _sender(session, sent, now)
    if sent.channel == "web" and (too_many := floods.of_forms(session, sender, now=now)):
        raise Refused(too_many)
    facts = {"due": sent.facts.due, "place": sent.facts.place, "pays": sent.facts.pays, "value": sent.facts.value}
    posting_id = postings.add_posting(
        session,
        key=sent.key,
        channel=sent.channel,
        sender=sender,
        subject=sent.subject,
        text=sent.text,
        facts=facts,
        at=now,
    )
    if posting_id is None:
        return postings.opportunity_of_key(session, sent.key)
    read = own_reading.read_twice(
        session,
        sent.text,
        sender,
        known,
        email=sent.email,
        subject=sent.subject,
        facts=sent.facts,
        channel=sent.channel,
        today=now.date(),
    )
    return postings.add_opportunity(session, posting_id, sender, read.for_anybody, for_poster=read.for_poster, at=now)


def _sender(session: Session, sent: Submission, now: datetime) -> Contact:
    known = partners.contact_by_email(session, sent.email)
    if known:
        return known
    name = sent.firm or firm_of(sent.email, sent.name) or sent.email
    firm = partners.add_partner(session, name=name, source=f"your posting of {now:%Y-%m-%d}", at=now)
    return partners.add_contact(session, firm, email=sent.email, name=sent.name, hour=sent.digest_hour)


def _ask_whether_right(
    session: Session,
    row: Opportunity,
    known: list[Competency],
    *,
    in_reply_to: str,
    files: tuple[str, ...] = (),
    not_found: tuple[str, ...] = (),
    now: datetime,
) -> None:
    read, names = postings.as_poster_reads(row), {each.key: each for each in known}
    asked = questions(tuple(read.missing)) if row.n_asked < MAX_ASKED else ()
    values = {
        "title": read.title,
        "subject": row.posting.subject,
        "needs": wording.needs(read, names),
        "left_out": own_reading.left_out(row, names),
        "facts": wording.facts(read),
        "worth_note": _how_counted(row),
        "blind_text": read.blind_text,
        "masked": wording.hidden(read),
        "questions": list(asked),
        "files": list(files),
        "not_found": _not_found(not_found) if not_found else "",
        "again": row.n_asked,
        "opportunity_id": row.id,
    }
    draft = Draft(f"confirm:{row.id}:{row.n_asked}", "confirm", row.contact, values, [(1, row.id)], in_reply_to)
    letters.write(session, draft, at=now)


def _how_counted(row: Opportunity) -> str:
    """Say how the sum that was posted became euros; empty where it was euros, or another one counts by now."""
    said = (read_value(str(row.posting.facts.get("value", ""))), find_value(row.posting.text))
    return next((each.note for each in said if each.note and each.eur == row.value_eur), "")


def _closing_day(row: Opportunity, today: date) -> date:
    last = today + OPEN_FOR
    return min(row.due_on, last) if row.due_on and row.due_on > today else last
