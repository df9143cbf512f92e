"""The poster's choice → introductions: one letter to each side, and a kind word to those it read of and passed over."""

from collections.abc import Collection
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from matcher import wording
from matcher.models import Contact, Introduction, Opportunity, Partner
from matcher.store import introductions, letters, partners, postings
from matcher.store.letters import Draft
from matcher.terms.zones import zone
from matcher.wording import Said

WAITING = ("accepted", "waitlisted")
GONE = ("declined", "lapsed")


def choose(
    session: Session,
    opportunity: Opportunity,
    numbers: Collection[int],
    *,
    shown: Collection[int] | None = None,
    how: str,
    now: datetime,
) -> Said:
    """Introduce the poster to the partners with these numbers; the others that it was shown go on the waiting list.

    `shown` are the numbers in the letter or on the page that is answered; without, all that the poster was told of.
    """
    postings.lock(session, opportunity.id)
    by_number = {each.number or 0: each for each in introductions.numbered(session, opportunity.id)}
    unknown = sorted(set(numbers) - set(by_number))
    left = [each for number, each in by_number.items() if each.state in WAITING and (shown is None or number in shown)]
    if unknown or not numbers:
        return _no_such_number(unknown, left)
    chosen = [by_number[number] for number in sorted(set(numbers))]
    gone = [each for each in chosen if each.state in GONE]
    if len(gone) == len(chosen):
        return _all_gone(opportunity, gone, left)
    met = [each for each in chosen if _introduce(session, each, how, now)]
    _, others = _pass_over_shown(session, opportunity, shown, now)
    lines = (*_why_gone(opportunity, gone), *_still_waiting(others))
    if not met:
        return Said("You were introduced to them already; nothing was sent twice.", lines)
    names = " and ".join(each.partner.name for each in met)
    went = "One letter with both addresses went to each side."
    return Said(f"You are introduced to {names}.", (*lines, went), sent=not gone)


def choose_none(
    session: Session, opportunity: Opportunity, *, shown: Collection[int] | None = None, now: datetime
) -> Said:
    """Tell all that the poster was shown that it is not them this time; the opportunity stays open.

    `shown` is what it is for `choose`.
    """
    postings.lock(session, opportunity.id)
    passed, others = _pass_over_shown(session, opportunity, shown, now)
    if not passed:
        whom = "Nobody that you were shown there is" if others else "Nobody is"
        return Said(f"{whom} waiting for your choice.", _still_waiting(others), tone="closed")
    told = "Whoever waited was told kindly. If more partners fit, the next digest asks them."
    return Said("Noted: none of these.", (told, *_still_waiting(others)))


def read_on_page(session: Session, opportunity: Opportunity, numbers: Collection[int], *, now: datetime) -> None:
    """Note that the poster has read of these partners on its page, which may show them before a letter does."""
    postings.lock(session, opportunity.id)
    for each in introductions.of_opportunity(session, opportunity.id, "accepted"):
        if each.told_at is None and each.number in numbers:
            each.told_at = now
    session.flush()


def pass_over(session: Session, row: Introduction, *, now: datetime) -> bool:
    """Put one interested partner on the waiting list and tell it kindly; False when it does not wait for a choice."""
    if not introductions.move(session, row, "wait", after="waitlisted"):
        return False
    introductions.note(session, row.id, side="poster", what="waitlisted", at=now)
    key = f"waitlisted:{row.id}{introductions.again(row, 'waitlisted')}"
    draft = Draft(key, "waitlisted", row.contact, {"title": row.opportunity.title})
    letters.write(session, draft, at=now)
    return True


def _pass_over_shown(
    session: Session, opportunity: Opportunity, shown: Collection[int] | None, now: datetime
) -> tuple[list[Introduction], list[Introduction]]:
    """Pass over those that the poster has read of; return them, and those that it has not and that still wait."""
    waiting = introductions.of_opportunity(session, opportunity.id, "accepted")
    read = [each for each in waiting if each.told_at and (shown is None or each.number in shown)]
    for each in read:
        pass_over(session, each, now=now)
    return read, [each for each in waiting if each not in read]


def _still_waiting(others: list[Introduction]) -> tuple[str, ...]:
    if not others:
        return ()
    numbers = wording.numbers([each.number or 0 for each in others])
    waits = "waits" if len(others) == 1 else "wait"
    return (f"{numbers} said yes as well and still {waits} for your choice; another letter tells you more.",)


def _why_gone(opportunity: Opportunity, gone: list[Introduction]) -> tuple[str, ...]:
    if not gone:
        return ()
    if opportunity.state != "open":
        return (f"“{opportunity.title}” is closed, so nobody new is introduced.",)
    have = "has taken its" if len(gone) == 1 else "have taken their"
    return (f"{wording.numbers([each.number or 0 for each in gone])} {have} yes back.",)


def _all_gone(opportunity: Opportunity, gone: list[Introduction], left: list[Introduction]) -> Said:
    """Say why nobody that was chosen can be met; nothing is decided about the others."""
    (heading,) = _why_gone(opportunity, gone)
    if left:
        return Said(heading, (_who_waits(left),), tone="unclear")
    nobody = ("Nobody else is waiting for your choice at the moment.",) if opportunity.state == "open" else ()
    return Said(heading, nobody, tone="closed")


def _who_waits(left: list[Introduction]) -> str:
    return (
        f"Waiting for your choice: {', '.join(str(each.number) for each in left)}. For example, reply: {left[0].number}"
    )


def _no_such_number(unknown: list[int], left: list[Introduction]) -> Said:
    if not left:
        return Said("Nobody is waiting for your choice at the moment.", tone="closed")
    wrong = ", ".join(map(str, unknown))
    heading = f"There is no partner with the number {wrong}." if unknown else "Which partners would you like to meet?"
    return Said(heading, (_who_waits(left),), tone="unclear")


def _introduce(session: Session, row: Introduction, how: str, now: datetime) -> bool:
    if not introductions.move(session, row, "choose", after="introduced", introduced_at=now):
        return False
    introductions.note(session, row.id, side="poster", what="introduced", at=now)
    for contact in (row.contact, row.opportunity.contact):
        partners.note_consent(session, contact.id, subject="introduction", given=True, how=how, at=now)
    call_at = _first_call(now, row.contact.timezone)
    for side in ("poster", "partner"):
        _letter(session, row, side, call_at, now)
    return True


def _letter(session: Session, row: Introduction, side: str, call_at: datetime, now: datetime) -> None:
    opportunity = row.opportunity
    to, other, firm = (
        (opportunity.contact, row.contact, row.partner)
        if side == "poster"
        else (row.contact, opportunity.contact, opportunity.partner)
    )
    match = row.match
    why = "" if match is None else (match.why_them if side == "poster" else match.why_you)
    values = {
        "title": opportunity.title,
        "side": side,
        "other": _other(firm, other),
        "why": why,
        "facts": wording.facts(opportunity),
        "text": opportunity.posting.text if side == "partner" else "",
        "said": wording.interested(row, now=now)["said"] if side == "poster" else "",
        "terms": wording.terms(opportunity, side=side),
        "introduction_id": row.id,
        "call_at": call_at.isoformat(),
        "uid": f"introduction-{row.id}",
    }
    draft = Draft(f"introduction:{row.id}:introduced:{to.id}", "introduction", to, values, [(1, row.id)])
    letters.write(session, draft, at=now)


def _other(firm: Partner, contact: Contact) -> dict[str, object]:
    return {
        "firm": firm.name,
        "name": contact.name,
        "email": contact.email,
        "city": firm.city,
        "country": wording.country_name(firm.country),
        "n_people": firm.n_people,
    }


def _first_call(now: datetime, timezone: str) -> datetime:
    """Propose ten o'clock on the second working day from now, in the partner's time zone."""
    on = now.astimezone(zone(timezone)).date()
    left = 2
    while left:
        on += timedelta(days=1)
        left -= on.weekday() < 5
    return datetime.combine(on, time(10), zone(timezone))
