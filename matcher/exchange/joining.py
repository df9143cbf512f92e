"""A few plain words about a firm → a partner in draft and the letter that says how it was read; "ok" makes it live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from matcher import wording
from matcher.exchange import closing, colleagues, firms, floods
from matcher.models import Contact, Introduction, Opportunity, Partner
from matcher.posting.profile import check_profile, firm_of, profile_questions, read_profile
from matcher.posting.profile_correction import correct_profile as corrected
from matcher.store import introductions, letters, matches, messages, network, partners, postings
from matcher.store.letters import Draft
from matcher.store.wake import wake
from matcher.terms import Profile, Refused
from matcher.wording import Said

MAX_ASKED = 2
READ_ANEW = Said(
    "It was read again in the meantime.",
    ("Nothing was made live. Look at the newest reading of it first, then say ok to that one.",),
    tone="unclear",
)
TWICE = timedelta(minutes=10)  # a form with the same words within so long is a second press
NOT_CHANGED = Said(
    "We could not tell what to change.",
    (
        "Write it in one of these ways: “we are 12 people”, “our town is Leeds”, “our name is Bright IT”, “we also do"
        " SAP”, “we no longer do SharePoint”, “languages: English, Welsh”, “2 more Azure admins, seniors, free now”,"
        " “we are Solutions Partner for Modern Work”.",
    ),
    tone="unclear",
)
PAUSED = (
    "No new project is put before you and no digest comes until you resume. A yes that you gave stays with its poster."
)


@dataclass(frozen=True, slots=True)
class Application:
    """A firm's own words as they came in, with what a form's fields said beside them."""

    email: str
    text: str
    how: str  # "your form of 2026-11-22", "your mail of 2026-11-22"
    name: str = ""  # the person
    firm: str = ""
    subject: str = ""
    country: str = ""
    signature: str = ""  # what was cut off the end of a mail
    in_reply_to: str = ""
    digest_hour: int = 7


def join(session: Session, sent: Application, *, now: datetime) -> Contact:
    """Write down a new partner, or new words of a known one, and ask whether it was read right. Raises `Refused`.

    A form that is sent twice within minutes is asked about once; each mail has an answer.
    """
    sentence = check_profile(sent.text)
    if sentence:
        raise Refused(sentence)
    messages.queue_up(session, sent.email)  # or two presses at once would both found the firm
    contact = partners.contact_by_email(session, sent.email) or _newcomer(session, sent, now)
    if contact.partner.state in ("live", "paused"):
        raise Refused(
            "This address belongs to a partner already. To change its profile, open the address at the end of this "
            "letter, go to “Your page” and ask for a sign-in link."
        )
    if too_many := floods.of_forms(session, contact, now=now):
        raise Refused(too_many)
    contact.partner.waiting = {}
    first = firms.first_facts(contact.partner, _read(session, sent, now), firm=sent.firm)
    is_new = _write_down(session, contact, first, how=sent.how, now=now)
    if is_new or sent.in_reply_to or not letters.n_asked_back(session, contact.id, since=now - TWICE, kind="welcome"):
        _ask_whether_right(session, contact, again=0, in_reply_to=sent.in_reply_to, now=now)
    return contact


def confirm_profile(
    session: Session, contact: Contact, *, how: str, shown: str = "", in_reply_to: str = "", now: datetime
) -> Said:
    """Make a partner live after it said ok; the address is proven by that.

    `shown` names the reading that a letter or a page has shown; an older one makes nobody live.
    """
    row = contact.partner
    if row.state in ("draft", "left") and shown and shown != partners.reading_of(row):
        return READ_ANEW
    partners.take_up(session, row)
    if not row.profile:
        return Said("Your profile is still empty.", ("Write in two or three sentences what you do.",), tone="unclear")
    if asked := colleagues.ask_owner(session, contact, now=now):
        return asked
    partners.prove(session, contact.id, now)
    if not row.name:  # asked for twice in vain; others read something once both have said yes
        partners.change_partner(session, row, {"name": contact.email}, source=how, at=now)
    if not partners.move_partner(session, row.id, before=("draft", "left"), after="live", at=now):
        return (
            Said(f"{row.name} is paused.", (PAUSED,)) if row.state == "paused" else Said(f"{row.name} is live already.")
        )
    _keep_from_colleagues(session, contact, now)
    partners.note_consent(session, contact.id, subject="profile", given=True, how=how, at=now)
    partners.note_consent(session, contact.id, subject="digest", given=True, how=how, at=now)
    letters.allow_again(session, contact.email)
    _say_that_it_is_live(session, contact, in_reply_to, now)
    wake(session, "refresh")
    return Said(f"{row.name} is live.", ("Your first digest comes as soon as there is work that fits.",), sent=True)


def _say_that_it_is_live(session: Session, contact: Contact, in_reply_to: str, now: datetime) -> None:
    known = {each.key: each for each in network.competencies(session)}
    values = {
        "name": contact.partner.name,
        "competencies": wording.labels(contact.partner.practices, known),
        "digest_hour": contact.digest_hour,
    }
    key = f"live:{contact.id}:{now:%Y%m%d%H%M%S}"
    letters.write(session, Draft(key, "live", contact, values, [(1, contact.id)], in_reply_to), at=now)


def correct_profile(
    session: Session, contact: Contact, text: str, *, how: str, in_reply_to: str = "", again: int = 1, now: datetime
) -> Said:
    """Change in a profile what its owner's answer speaks of, and ask once more."""
    row = contact.partner
    partners.take_up(session, row)
    if too_long := check_profile(f"{row.profile}\n{text}"):
        return Said("Nothing was changed.", (too_long,), tone="refused")
    linker = wording.linker_of(network.competencies(session))
    after = corrected(firms.as_profile(row), text, linker_keys=linker.keys)
    if not _write_down(session, contact, firms.facts_after(row, after), how=how, now=now):
        return NOT_CHANGED
    if row.state in ("live", "paused"):
        wake(session, "refresh")
        return Said("Your profile was changed.", (_told(session, row),))
    _ask_whether_right(session, contact, again=again, in_reply_to=in_reply_to, now=now)
    return Said("Thank you. It was read again.", ("The new reading is in the next letter.",), sent=True)


def edit_profile(session: Session, row: Partner, facts: Mapping[str, Any], *, how: str, now: datetime) -> Said:
    """Write what a partner changed on its own page, and that it has looked through all that stands there.

    New words are read again by the worker.
    """
    changed, country, row.waiting = {**facts, "profile_on": now.date()}, row.country, {}
    if changed.get("country", country) != country and changed.get("jurisdictions") == row.jurisdictions:
        changed["jurisdictions"] = firms.held_after(row, changed["country"], row.jurisdictions)
    names = partners.change_partner(session, row, changed, source=how, at=now)
    firms.move_hours(row, country)
    if not names:
        return Said("Nothing was changed.")
    wake(session, "refresh")
    if names == ["profile_on"]:
        return Said("Nothing was changed.", ("We have noted that all of it still holds.",))
    return Said("Saved.", ("Matches use the new facts from the next minute on.",))


def pause(session: Session, row: Partner, *, now: datetime) -> Said:
    """Take a partner out of matching until it comes back."""
    if not partners.move_partner(session, row.id, before=("live",), after="paused", at=now):
        if row.state == "paused":
            return Said("You are paused already.", (PAUSED,))
        return Said("Only a live profile can be paused.", tone="closed")
    wake(session, "refresh")
    return Said("You are paused.", (PAUSED,))


def resume(session: Session, row: Partner, *, now: datetime) -> Said:
    """Put a paused partner back into matching."""
    if not partners.move_partner(session, row.id, before=("paused",), after="live", at=now):
        return Said("You are live already." if row.state == "live" else "Your profile is not paused.", tone="closed")
    wake(session, "refresh")
    return Said("Welcome back.", ("You are matched again from now on.",))


def leave(session: Session, contact: Contact, *, how: str, now: datetime) -> Said:
    """Take a partner out for good: its facts and people are erased, past introductions keep only the firm's name."""
    row = contact.partner
    if not partners.move_partner(session, row.id, before=("draft", "live", "paused"), after="left", at=now):
        return Said("You have left already.", tone="closed")
    for each in row.contacts:
        letters.suppress(session, each.email, scope="digest", cause="left", at=now)
        partners.note_consent(session, each.id, subject="profile", given=False, how=how, at=now)
    own, asked = postings.of_partner(session, row.id), introductions.of_partner(session, row.id)
    let_go(session, own, asked, now=now)
    partners.erase_words(session, row)
    matches.forget_words(session, row.id)
    wake(session, "refresh")
    return Said(
        "You have left.",
        (
            "Your profile, badges and people are erased. Work that both sides confirmed stays as one line each.",
            "Nobody is asked about your postings any more, and no poster can meet you by a yes that you gave.",
        ),
    )


def stay_out(session: Session, contact: Contact, *, how: str, now: datetime) -> Said:
    """Take a profile back that was not confirmed; a firm with an open posting stays its poster."""
    row = contact.partner
    busy = [each for each in postings.of_partner(session, row.id) if each.state == "open"]
    if row.state != "draft" or not busy:
        return leave(session, contact, how=how, now=now)
    partners.note_consent(session, contact.id, subject="profile", given=False, how=how, at=now)
    partners.erase_words(session, row)
    return Said("You have not joined.", ("What we read about your firm is erased. What you posted stays open.",))


def let_go(session: Session, own: Sequence[Opportunity], asked: Sequence[Introduction], *, now: datetime) -> None:
    """Close what was posted and take back each yes that no poster has taken up, so that nobody learns a name by it."""
    postings.lock(session, *(each.id for each in own), *(each.opportunity_id for each in asked))
    for each in own:
        closing.withdraw(session, each, now=now)
    for row in asked:
        if row.state in ("accepted", "waitlisted") and introductions.move(session, row, "decline", after="declined"):
            introductions.note(session, row.id, side="partner", what="declined", at=now)


def _keep_from_colleagues(session: Session, contact: Contact, now: datetime) -> None:
    """Never match a firm with another at its own mail domain: one is most likely a colleague of the other."""
    row = contact.partner
    keys = partners.keys_at_domain(session, contact.email, but=row.id)
    if new := [key for key in keys if key not in row.conflict_keys]:
        facts = {"conflict_keys": [*row.conflict_keys, *new]}
        partners.change_partner(session, row, facts, source="your mail domain, which is theirs too", at=now)


def _newcomer(session: Session, sent: Application, now: datetime) -> Contact:
    firm = partners.add_partner(session, name=sent.firm or firm_of(sent.email, sent.name), source=sent.how, at=now)
    return partners.add_contact(session, firm, email=sent.email, name=sent.name, hour=sent.digest_hour)


def _read(session: Session, sent: Application, now: datetime) -> Profile:
    linker = wording.linker_of(network.competencies(session))
    profile = read_profile(
        sent.text,
        subject=sent.subject,
        sender_name=sent.name,
        sender_domain=sent.email.rpartition("@")[2],
        signature=sent.signature,
        linker_keys=linker.keys,
        today=now.date(),
    )
    return replace(profile, country=sent.country or profile.country)


def _write_down(session: Session, contact: Contact, facts: dict[str, Any], *, how: str, now: datetime) -> list[str]:
    row = contact.partner
    country = row.country
    if facts["profile"] != row.profile:
        facts["profile_on"] = now.date()
    names = partners.change_partner(session, row, facts, source=how, at=now)
    firms.move_hours(row, country)
    return names


def _ask_whether_right(session: Session, contact: Contact, *, again: int, in_reply_to: str, now: datetime) -> None:
    row = contact.partner
    known = {each.key: each for each in network.competencies(session)}
    values = {
        "name": row.name,
        "facts": _facts(row),
        "competencies": wording.labels(row.practices, known),
        "questions": list(profile_questions(firms.missing(row))) if again < MAX_ASKED else [],
        "again": again,
        "reading": partners.reading_of(row),
    }
    key = f"welcome:{contact.id}:{now:%Y%m%d%H%M%S}:{again}"
    letters.write(session, Draft(key, "welcome", contact, values, [(1, contact.id)], in_reply_to), at=now)


def _facts(row: Partner) -> list[list[str]]:
    people = f"{row.n_people:,}" if row.n_people else ""
    where = ", ".join(each for each in (row.city, wording.country_name(row.country)) if each)
    listed = [
        ["Firm", row.name],
        ["Where", where],
        ["People", people],
        ["Languages", wording.languages(row.languages)],
        ["May hold data in", ", ".join(row.jurisdictions)],
        ["Clearances", ", ".join(row.clearances)],
    ]
    return [each for each in listed if each[1]]


def _told(session: Session, row: Partner) -> str:
    """Say a profile in one line, so that whoever changed it by mail reads what it is now."""
    known = {each.key: each for each in network.competencies(session)}
    can_do = ", ".join(wording.labels(row.practices, known))
    said = [*_facts(row), *([["You can do", can_do]] if can_do else [])]
    return " · ".join(f"{name}: {words}" for name, words in said)
