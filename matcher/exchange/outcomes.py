"""What one side says came of an introduction → asked of the other side; both agreed → an edge in the graph."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from matcher import wording
from matcher.exchange.mornings import day_of, is_its_hour, morning_after
from matcher.ledger import Entry, agreed, balance
from matcher.models import Contact, Introduction, Outcome
from matcher.store import apart, introductions, letters, partners, postings
from matcher.store.introductions import NOT_YET, NotYet
from matcher.store.letters import Draft
from matcher.store.wake import wake
from matcher.wording import Said

ASK_AFTER = timedelta(days=14)
ASK_AGAIN_AFTER = timedelta(days=30)  # whoever said "not yet"
MAX_AGAIN = 2
NO_HURRY = Said("No hurry.", ("Reply to this letter whenever you know: won 12000, or lost.",))
Shown = tuple[str, str]  # a result and what it was worth, in the words of the letter or page that is answered


def ask_for_outcomes(session: Session, *, now: datetime) -> int:
    """Ask both sides of introductions that are two weeks old what came of them; return the number of new letters.

    Each is asked once and, a month after it said "not yet", again.
    """
    rows = introductions.without_outcome(session, introduced_before=now - ASK_AFTER)
    said = introductions.not_yet(session, [row.id for row in rows])

    def ask(row: Introduction) -> int:
        return sum(_ask(session, row, to, said.get((row.id, _side(row, to))), now) for to in _sides(row))

    return apart.sum_of_each(session, rows, ask, what="introduction")


def not_yet(session: Session, row: Introduction, teller: Contact, *, now: datetime) -> Said:
    """Note that a side cannot tell yet what came of it, and say on which day it is asked again, if it is."""
    postings.lock(session, row.opportunity_id)  # two who say it at once say it once
    if row.state != "introduced" or introductions.outcomes(session, row.id):
        return NO_HURRY
    side = _side(row, teller)
    said = introductions.not_yet(session, [row.id]).get((row.id, side))
    if said is None or _again_on(teller, said) <= day_of(teller, now=now):
        introductions.note(session, row.id, side=side, what=NOT_YET, at=now)
        said = NotYet(said.n_times + 1 if said else 1, now)
    if said.n_times > MAX_AGAIN:
        return NO_HURRY
    again = f"We ask you again on {wording.day(_again_on(teller, said))}."
    return Said("No hurry.", (again, "Or reply to this letter as soon as you know: won 12000, or lost."))


def record_outcome(
    session: Session, row: Introduction, teller: Contact, *, result: str, revenue_eur: int, now: datetime
) -> Said:
    """Keep what one side reports; when the other side has said the same, it is confirmed at once."""
    postings.lock(session, row.opportunity_id)  # nobody confirms one sum while another is written
    if row.state not in ("introduced", "closed"):
        return Said("There is no outcome to report yet: you have not been introduced.", tone="closed")
    mine, theirs = _reports(row, teller, introductions.outcomes(session, row.id))
    if mine and (mine.result, mine.revenue_eur) == (result, revenue_eur):
        if _is_agreed(mine, theirs):
            return Said("That is on record already, and both sides agree.")
        if _is_before(mine, theirs):
            return Said("That was noted already; nothing was sent twice.", (_is_asked(row, teller),))
    introductions.move(session, row, "reopen", after="introduced")
    introductions.report(
        session, introduction_id=row.id, contact_id=teller.id, result=result, revenue_eur=revenue_eur, at=now
    )
    introductions.note(session, row.id, side=_side(row, teller), what=result, at=now, words=wording.euros(revenue_eur))
    if theirs and theirs.state == "reported" and agreed((theirs.result, theirs.revenue_eur), (result, revenue_eur)):
        return _settle(session, row, now)
    other = other_side(row, teller.id)
    _ask_other_side(session, row, other, result, revenue_eur, now)
    return Said("Thank you. It was noted.", (_is_asked(row, teller),))


def confirm_outcome(session: Session, row: Introduction, confirmer: Contact, *, shown: Shown, now: datetime) -> Said:
    """Agree to what the other side reported; the work becomes an edge in the graph.

    `shown` is what the confirmer has read. Where the report was changed since, nothing is recorded and the tone is
    unclear.
    """
    postings.lock(session, row.opportunity_id)
    mine, theirs = _reports(row, confirmer, introductions.outcomes(session, row.id))
    if theirs is None:
        return Said("The other side has not reported anything yet.", tone="closed")
    is_agreed = _is_agreed(mine, theirs)
    if shown != _as_shown(theirs):
        return _agreed_on("something else", theirs) if is_agreed else _changed_since(row, confirmer, theirs)
    if is_agreed:
        return Said("That is on record already, and both sides agree.")
    introductions.report(
        session,
        introduction_id=row.id,
        contact_id=confirmer.id,
        result=theirs.result,
        revenue_eur=theirs.revenue_eur,
        at=now,
    )
    return _settle(session, row, now)


def ask_again(session: Session, row: Introduction, confirmer: Contact, *, shown: Shown, now: datetime) -> Said:
    """Put what the other side reports now before somebody who answered what it reported earlier."""
    _, theirs = _reports(row, confirmer, introductions.outcomes(session, row.id))
    assert theirs  # else there was nothing to answer
    before = _in_words(shown)
    _ask_other_side(session, row, confirmer, theirs.result, theirs.revenue_eur, now, before=before)
    return replace(_changed_since(row, confirmer, theirs), sent=True)


def dispute_outcome(
    session: Session, row: Introduction, disputer: Contact, words: str, *, shown: Shown | None = None, now: datetime
) -> Said:
    """Tell the reporting side that the other one sees it differently; nothing is recorded until both agree.

    `shown` is what it is for `confirm_outcome`; without, whatever is reported now.
    """
    postings.lock(session, row.opportunity_id)
    mine, theirs = _reports(row, disputer, introductions.outcomes(session, row.id))
    if theirs and _is_agreed(mine, theirs):
        return _agreed_on("it already", theirs)
    if theirs and shown and shown != _as_shown(theirs):
        return _changed_since(row, disputer, theirs)
    if theirs is None or not introductions.settle(session, theirs.id, after="disputed", at=now):
        return Said("There is nothing to disagree with at the moment.", tone="closed")
    introductions.note(session, row.id, side=_side(row, disputer), what="disputed", at=now, words=words)
    _tell_reporter(session, row, theirs, other_side(row, disputer.id), words, now)
    return Said("Noted: you see it differently.", ("The other side was told; nothing is recorded until you agree.",))


def _tell_reporter(
    session: Session, row: Introduction, report: Outcome, reporter: Contact, words: str, now: datetime
) -> None:
    values = {
        "heading": f"{firm_facing(row, reporter)} sees it differently",
        "lines": [
            f"You reported the outcome of “{row.opportunity.title}”; nothing is recorded until you agree.",
            "Talk to each other, then reply with what you agreed on, for example: won 9000.",
        ],
        "quote": words,
        "quote_of": f"{firm_facing(row, reporter)} wrote",
        "because": "You get this because you reported how your introduction ended.",
        "tone": "unclear",
        "reply_as": "outcome",
    }
    key = f"introduction:{row.id}:disputed:{reporter.id}:{report.id}:{int(now.timestamp())}"
    letters.write(session, Draft(key, "answer", reporter, values, [(1, row.id)]), at=now)


def _ask(session: Session, row: Introduction, to: Contact, said: NotYet | None, now: datetime) -> bool:
    """Write the question of a side's next round, if it is time for it and there is one."""
    n_again = said.n_times if said else 0
    if said and (n_again > MAX_AGAIN or _again_on(to, said) > day_of(to, now=now) or not is_its_hour(to, now=now)):
        return False
    values = {
        "title": row.opportunity.title,
        "other": firm_facing(row, to),
        "introduced": wording.day(row.introduced_at.date() if row.introduced_at else None),
        "not_yet": wording.day(day_of(to, now=said.at)) if said else "",
        "last": n_again == MAX_AGAIN,
    }
    key = f"introduction:{row.id}:outcome:{to.id}" + (f":{n_again + 1}" if n_again else "")
    return letters.write(session, Draft(key, "outcome", to, values, [(1, row.id)]), at=now) is not None


def _again_on(to: Contact, said: NotYet) -> date:
    return morning_after(to, ASK_AGAIN_AFTER, now=said.at)


def _settle(session: Session, row: Introduction, now: datetime) -> Said:
    reports = introductions.outcomes(session, row.id)
    for each in reports:
        introductions.settle(session, each.id, after="confirmed", at=now)
    agreed_on = reports[0]
    introductions.move(session, row, "close", after="closed")
    introductions.note(session, row.id, side="counterpart", what="confirmed", at=now, words=agreed_on.result)
    introductions.write_collaboration(
        session, row, result=agreed_on.result, revenue_eur=agreed_on.revenue_eur, on=now.date()
    )
    for to in _sides(row):
        _tell_recorded(session, row, to, agreed_on, now)
    wake(session, "refresh")
    return Said("Confirmed by both sides.", ("It counts from now on when partners are matched.",), sent=True)


def _is_agreed(*reports: Outcome | None) -> bool:
    """Tell whether both sides stand by what was confirmed; a report that was changed since is open again."""
    return all(each is not None and each.state == "confirmed" for each in reports)


def _is_before(mine: Outcome, theirs: Outcome | None) -> bool:
    """Tell whether a report waits for the other side, which has said nothing since."""
    return mine.state == "reported" and (theirs is None or theirs.reported_at < mine.reported_at)


def _is_asked(row: Introduction, teller: Contact) -> str:
    return f"{firm_facing(row, teller)} is asked to confirm it with one word."


def _agreed_on(what: str, report: Outcome) -> Said:
    lines = ("If that is not right, report what is, for example: won 9000. The other side is asked to confirm it.",)
    return Said(f"Both of you agreed on {what}: {_in_words(_as_shown(report))}.", lines, tone="closed")


def _changed_since(row: Introduction, reader: Contact, report: Outcome) -> Said:
    heading = f"{firm_facing(row, reader)} now reports: {_in_words(_as_shown(report))}."
    lines = ("That was changed before you answered. Nothing was recorded; say whether it is right as it is now.",)
    return Said(heading, lines, tone="unclear")


def _as_shown(report: Outcome) -> Shown:
    return report.result, wording.euros(report.revenue_eur)


def _in_words(shown: Shown) -> str:
    return ", worth ".join(each for each in shown if each)


def _ask_other_side(
    session: Session,
    row: Introduction,
    other: Contact,
    result: str,
    revenue_eur: int,
    now: datetime,
    *,
    before: str = "",
) -> None:
    """Ask whether a report is right; `before` is what the other side answered in place of it, if it did."""
    values = {
        "title": row.opportunity.title,
        "other": firm_facing(row, other),
        "result": result,
        "revenue": wording.euros(revenue_eur),
        "before": before,
    }
    key = f"introduction:{row.id}:confirm:{other.id}:{result}:{revenue_eur}:{int(now.timestamp())}"
    letters.write(session, Draft(key, "confirm_outcome", other, values, [(1, row.id)]), at=now)


def _tell_recorded(session: Session, row: Introduction, to: Contact, outcome: Outcome, now: datetime) -> None:
    entries = [Entry(*each) for each in partners.confirmed_work(session, to.partner_id)]
    sums = balance(to.partner_id, entries)
    values = {
        "title": row.opportunity.title,
        "other": firm_facing(row, to),
        "result": outcome.result,
        "revenue": wording.euros(outcome.revenue_eur),
        "gave": wording.euros(sums.gave_eur) or "€0",
        "got": wording.euros(sums.got_eur) or "€0",
    }
    key = f"introduction:{row.id}:recorded:{to.id}:{outcome.result}:{outcome.revenue_eur}:{int(now.timestamp())}"
    letters.write(session, Draft(key, "recorded", to, values, [(1, row.id)]), at=now)


def _sides(row: Introduction) -> tuple[Contact, Contact]:
    return row.opportunity.contact, row.contact


def _side(row: Introduction, contact: Contact) -> str:
    return "poster" if contact.id == row.opportunity.contact_id else "partner"


def other_side(row: Introduction, contact_id: int) -> Contact:
    """Return the contact on the other side of an introduction."""
    return row.contact if contact_id == row.opportunity.contact_id else row.opportunity.contact


def firm_facing(row: Introduction, contact: Contact) -> str:
    """Name the firm on the other side; both are introduced, so names are no secret."""
    return row.partner.name if _side(row, contact) == "poster" else row.opportunity.partner.name


def _reports(row: Introduction, contact: Contact, reports: list[Outcome]) -> tuple[Outcome | None, Outcome | None]:
    mine = next((each for each in reports if each.contact_id == contact.id), None)
    theirs = next((each for each in reports if each.contact_id == other_side(row, contact.id).id), None)
    return mine, theirs
