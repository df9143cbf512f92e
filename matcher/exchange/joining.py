"""A few plain words about a firm → a partner in draft and the letter that says how it was read; "ok" makes it live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher import wording
from matcher.exchange import closing, floods
from matcher.exchange.hours import UNKNOWN, timezone_of
from matcher.models import Contact, Introduction, Opportunity, Partner
from matcher.posting.profile import check_profile, profile_questions, read_profile
from matcher.store import introductions, letters, matches, network, partners, postings
from matcher.store.letters import Draft
from matcher.store.wake import wake
from matcher.terms import Profile, Refused
from matcher.terms.places import EU_AND_EEA
from matcher.wording import Said

MAX_ASKED = 2
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
    in_reply_to: str = ""
    digest_hour: int = 7


def join(session: Session, sent: Application, *, now: datetime) -> Contact:
    """Write down a new partner, or new words of a known one, and ask whether it was read right. Raises `Refused`."""
    sentence = check_profile(sent.text)
    if sentence:
        raise Refused(sentence)
    contact = partners.contact_by_email(session, sent.email) or _newcomer(session, sent, now)
    if contact.partner.state in ("live", "paused"):
        raise Refused(
            "This address belongs to a partner already. To change its profile, open the address at the end of this "
            "letter, go to “Your page” and ask for a sign-in link."
        )
    if too_many := floods.of_forms(session, contact, now=now):
        raise Refused(too_many)
    _write_down(session, contact, _read(session, sent, now), how=sent.how, now=now)
    _ask_whether_right(session, contact, again=0, in_reply_to=sent.in_reply_to, now=now)
    return contact


def confirm_profile(session: Session, contact: Contact, *, how: str, in_reply_to: str = "", now: datetime) -> Said:
    """Make a partner live after it said ok; the address is proven by that."""
    row = contact.partner
    if not row.profile:
        return Said("Your profile is still empty.", ("Write in two or three sentences what you do.",), tone="unclear")
    partners.prove(session, contact.id, now)
    if not partners.move_partner(session, row.id, before=("draft", "left"), after="live", at=now):
        return (
            Said(f"{row.name} is paused.", (PAUSED,)) if row.state == "paused" else Said(f"{row.name} is live already.")
        )
    partners.note_consent(session, contact.id, subject="profile", given=True, how=how, at=now)
    partners.note_consent(session, contact.id, subject="digest", given=True, how=how, at=now)
    letters.allow_again(session, contact.email)
    known = {each.key: each for each in network.competencies(session)}
    values = {
        "name": row.name,
        "competencies": wording.labels(row.practices, known),
        "digest_hour": contact.digest_hour,
    }
    key = f"live:{contact.id}:{now:%Y%m%d%H%M%S}"
    letters.write(session, Draft(key, "live", contact, values, [(1, contact.id)], in_reply_to), at=now)
    wake(session, "refresh")
    return Said(f"{row.name} is live.", ("Your first digest comes as soon as there is work that fits.",), sent=True)


def correct_profile(
    session: Session, contact: Contact, text: str, *, how: str, in_reply_to: str = "", again: int = 1, now: datetime
) -> Said:
    """Read a profile again with what its owner added, and ask once more."""
    row = contact.partner
    if too_long := check_profile(f"{row.profile}\n{text}"):
        return Said("Nothing was changed.", (too_long,), tone="refused")
    sent = Application(contact.email, f"{row.profile}\n{text}".strip(), how, name=contact.name, firm=row.name)
    _write_down(session, contact, _read(session, sent, now), how=how, now=now)
    if row.state == "live":
        wake(session, "refresh")
        return Said("Your profile was changed.")
    _ask_whether_right(session, contact, again=again, in_reply_to=in_reply_to, now=now)
    return Said("Thank you. It was read again.", ("The new reading is in the next letter.",), sent=True)


def edit_profile(session: Session, row: Partner, facts: Mapping[str, Any], *, how: str, now: datetime) -> Said:
    """Write what a partner changed on its own page, and that it has looked through all that stands there.

    New words are read again by the worker.
    """
    names = partners.change_partner(session, row, {**facts, "profile_on": now.date()}, source=how, at=now)
    if not names:
        return Said("Nothing was changed.")
    _set_clocks(row)
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


def _newcomer(session: Session, sent: Application, now: datetime) -> Contact:
    domain = sent.email.rpartition("@")[2]
    firm = partners.add_partner(session, name=sent.firm or domain, source=sent.how, at=now)
    return partners.add_contact(session, firm, email=sent.email, name=sent.name, hour=sent.digest_hour)


def _read(session: Session, sent: Application, now: datetime) -> Profile:
    linker = wording.linker_of(network.competencies(session))
    profile = read_profile(
        sent.text,
        subject=sent.subject,
        sender_name=sent.name,
        sender_domain=sent.email.rpartition("@")[2],
        linker_keys=linker.keys,
        today=now.date(),
    )
    return replace(profile, country=sent.country or profile.country)


def _write_down(session: Session, contact: Contact, profile: Profile, *, how: str, now: datetime) -> None:
    row = contact.partner
    named = row.name and row.sources.get("name", "").startswith("your form")
    facts: dict[str, Any] = {
        "name": row.name if named or not profile.name else profile.name,
        "profile": profile.text,
        "profile_on": now.date(),
        "practices": list(profile.competency_keys),
        "country": profile.country or row.country,
        "city": profile.city or row.city,
        "n_people": profile.n_people or row.n_people,
        "languages": list(profile.languages) or row.languages,
        "industries": list(profile.industries) or row.industries,
    }
    facts["jurisdictions"] = jurisdictions_of(facts["country"]) or row.jurisdictions
    partners.change_partner(session, row, facts, source=how, at=now)
    _set_clocks(row)


def _set_clocks(row: Partner) -> None:
    """Let the hour of a digest be one of a firm's country, for each of its readers whose zone is not known yet."""
    for each in row.contacts:
        if each.timezone == UNKNOWN:
            each.timezone = timezone_of(row.country)


def jurisdictions_of(country: str) -> list[str]:
    """Say where a firm of a country may hold data when it has told us nothing else."""
    if not country:
        return []
    if country in EU_AND_EEA:
        return ["EU"]
    return ["UK" if country == "GB" else country]


def _ask_whether_right(session: Session, contact: Contact, *, again: int, in_reply_to: str, now: datetime) -> None:
    row = contact.partner
    known = {each.key: each for each in network.competencies(session)}
    missing = [
        name for name, there in (("what", row.practices), ("country", row.country), ("name", row.name)) if not there
    ]
    values = {
        "name": row.name,
        "facts": _facts(row),
        "competencies": wording.labels(row.practices, known),
        "questions": list(profile_questions(tuple(missing))) if again < MAX_ASKED else [],
        "again": again,
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
    ]
    return [each for each in listed if each[1]]
