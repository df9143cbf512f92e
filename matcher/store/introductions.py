"""Introductions, their history and their outcomes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload, selectinload

from matcher.introduction import states_before
from matcher.models import (
    Capability,
    Collaboration,
    Introduction,
    IntroductionStep,
    Letter,
    Match,
    Opportunity,
    Outcome,
    Partner,
)
from matcher.store.changing import moved
from matcher.store.matches import any_of

# A letter's refs are pairs of a number and what it names.
ABOUT_ONE = ("digest", "reminder", "answered", "interested", "question")  # letters whose numbers are introductions
NOT_YET = "not yet"  # the step of a side that cannot tell yet what came of an introduction
FRESH = {"populate_existing": True}  # what another transaction has written since it was read
NAMES_ID: ColumnElement[Any] = literal_column("'strict $[*] ? (@[1] == $id)'::jsonpath")


@dataclass(frozen=True, slots=True)
class NotYet:
    """How often one side could not tell yet what came of an introduction, and when it last said so."""

    n_times: int
    at: datetime


def introduction(session: Session, introduction_id: int) -> Introduction | None:
    return session.get(Introduction, introduction_id)


def between(session: Session, opportunity_id: int, partner_id: int) -> Introduction:
    """Find the one introduction of a partner to an opportunity."""
    chosen = select(Introduction).where(
        Introduction.opportunity_id == opportunity_id, Introduction.partner_id == partner_id
    )
    return session.scalars(chosen).one()


def move(session: Session, row: Introduction, wish: str, *, after: str, **more: Any) -> bool:
    """Move an introduction by a wish if its state still allows it; False when somebody was first."""
    return moved(
        session,
        update(Introduction)
        .where(Introduction.id == row.id, Introduction.state.in_(states_before(wish)))
        .values(state=after, **more),
    )


def note(
    session: Session, introduction_id: int, *, side: str, what: str, at: datetime, words: str = "", message_id: str = ""
) -> int:
    """Write one line of an introduction's history, with the id of the mail that said it; return the line's own."""
    step = IntroductionStep(
        introduction_id=introduction_id, at=at, side=side, what=what, words=words, message_id=message_id
    )
    session.add(step)
    session.flush()
    session.expire(session.get_one(Introduction, introduction_id), ["steps"])
    return step.id


def again(row: Introduction, what: str) -> str:
    """Tell the later steps of a kind from the first in the key of a letter: empty, then ":2", ":3" …"""
    n_times = sum(step.what == what for step in row.steps)
    return f":{n_times}" if n_times > 1 else ""


def newest_mail(row: Introduction, side: str) -> str:
    """Return the Message-ID of the newest mail that one side wrote about an introduction; empty for none."""
    return next((step.message_id for step in reversed(row.steps) if step.side == side and step.message_id), "")


def newest_letter(session: Session, row: Introduction, contact_id: int) -> str:
    """Return the key of the newest letter about an introduction to one of its two contacts; empty for none."""
    chosen = select(Letter.key).where(
        Letter.contact_id == contact_id,
        Letter.kind.in_(ABOUT_ONE) | Letter.key.startswith(f"answered:{row.id}:"),
        func.jsonb_path_exists(Letter.refs, NAMES_ID, func.jsonb_build_object("id", row.id)),
    )
    return session.scalar(chosen.order_by(Letter.id.desc()).limit(1)) or ""


def open_question(row: Introduction) -> IntroductionStep | None:
    """Return the partner's latest question if the poster has not answered after it."""
    talk = [step for step in row.steps if (step.side, step.what) in (("partner", "question"), ("poster", "answer"))]
    return talk[-1] if talk and talk[-1].what == "question" and row.state not in ("introduced", "closed") else None


def next_number(session: Session, opportunity_id: int) -> int:
    """Give the next number under which the poster sees an interested partner."""
    last = session.scalar(select(func.max(Introduction.number)).where(Introduction.opportunity_id == opportunity_id))
    return (last or 0) + 1


def of_opportunity(session: Session, opportunity_id: int, *states: str) -> list[Introduction]:
    """List an opportunity's introductions in some states, in the order of their numbers."""
    chosen = select(Introduction).where(
        Introduction.opportunity_id == opportunity_id, Introduction.state.in_(states or ("asked",))
    )
    at_once = chosen.options(selectinload(Introduction.steps), selectinload(Introduction.partner))
    return list(session.scalars(at_once.order_by(Introduction.number, Introduction.id)))


def numbered(session: Session, opportunity_id: int) -> list[Introduction]:
    """List all of an opportunity's introductions that its poster knows by a number, whatever came of them."""
    chosen = select(Introduction).where(Introduction.opportunity_id == opportunity_id, Introduction.number.is_not(None))
    at_once = chosen.options(selectinload(Introduction.steps), selectinload(Introduction.partner))
    return list(session.scalars(at_once.order_by(Introduction.number)))


def for_poster(session: Session, opportunity_id: int, *states: str) -> list[Introduction]:
    """List what a poster reads of: introductions in some states, and partners who asked something, by number.

    Each comes with all that is said of it; of those who were asked and are silent nothing is read.
    """
    asks = (
        select(IntroductionStep.id)
        .where(
            IntroductionStep.introduction_id == Introduction.id,
            IntroductionStep.side == "partner",
            IntroductionStep.what == "question",
        )
        .exists()
    )
    chosen = select(Introduction).where(
        Introduction.opportunity_id == opportunity_id,
        Introduction.state.in_(states) | ((Introduction.state == "asked") & asks),
    )
    firm = (Partner.name, Partner.country, Partner.n_people, Partner.languages, Partner.created_at)
    at_once = chosen.options(
        selectinload(Introduction.steps),
        joinedload(Introduction.partner).load_only(*firm),
        joinedload(Introduction.contact),
        joinedload(Introduction.match).load_only(Match.why_them),
    )
    return list(session.scalars(at_once.order_by(Introduction.number, Introduction.id)))


def of_partner(session: Session, partner_id: int) -> list[Introduction]:
    """List what a partner was asked about, newest first."""
    chosen = select(Introduction).where(Introduction.partner_id == partner_id)
    return list(session.scalars(chosen.order_by(Introduction.id.desc())))


def excluded_partners(session: Session, opportunity_id: int) -> frozenset[int]:
    """Collect the partners that were already asked about an opportunity."""
    found = select(Introduction.partner_id).where(Introduction.opportunity_id == opportunity_id)
    return frozenset(session.scalars(found))


def excluded_of_each(session: Session, opportunity_ids: list[int]) -> dict[int, frozenset[int]]:
    """Do for many opportunities, by id, what `excluded_partners` does for one."""
    chosen = select(Introduction.opportunity_id, Introduction.partner_id)
    found: dict[int, set[int]] = {each: set() for each in opportunity_ids}
    for opportunity_id, partner_id in session.execute(chosen.where(Introduction.opportunity_id.in_(opportunity_ids))):
        found[opportunity_id].add(partner_id)
    return {each: frozenset(partner_ids) for each, partner_ids in found.items()}


def to_remind(session: Session, *, today: date) -> list[Introduction]:
    """List introductions whose partner said "later" and whose day has come, with all that a reminder says."""
    chosen = select(Introduction).where(Introduction.state == "asked", Introduction.remind_on <= today)
    opportunity = joinedload(Introduction.opportunity).joinedload(Opportunity.partner)
    said = (opportunity, joinedload(Introduction.contact), joinedload(Introduction.match))
    return list(session.scalars(chosen.options(*said).order_by(Introduction.id)))


def without_outcome(session: Session, *, introduced_before: datetime) -> list[Introduction]:
    """List introductions old enough to be asked what came of them, which nobody has told yet."""
    told = select(Outcome.id).where(Outcome.introduction_id == Introduction.id).exists()
    chosen = select(Introduction).where(
        Introduction.state == "introduced", Introduction.introduced_at < introduced_before, ~told
    )
    return list(session.scalars(chosen.order_by(Introduction.id)))


def not_yet(session: Session, introduction_ids: list[int]) -> dict[tuple[int, str], NotYet]:
    """Say by introduction and side how often it could not tell yet what came of it; nothing of those that never did."""
    chosen = (
        select(IntroductionStep.introduction_id, IntroductionStep.side, func.count(), func.max(IntroductionStep.at))
        .where(IntroductionStep.introduction_id == any_of(introduction_ids), IntroductionStep.what == NOT_YET)
        .group_by(IntroductionStep.introduction_id, IntroductionStep.side)
    )
    return {(id_, side): NotYet(n_times, at) for id_, side, n_times, at in session.execute(chosen)}


def untold(session: Session) -> list[int]:
    """List opportunities with interested partners of whom the poster has not been told."""
    chosen = select(Introduction.opportunity_id).where(Introduction.state == "accepted", Introduction.told_at.is_(None))
    return sorted(set(session.scalars(chosen)))


def outcomes(session: Session, introduction_id: int) -> list[Outcome]:
    """List both sides' reports of an introduction, the earlier first."""
    chosen = select(Outcome).where(Outcome.introduction_id == introduction_id)
    return list(session.scalars(chosen.order_by(Outcome.id)))


def unanswered(session: Session, *, since: datetime, until: datetime) -> list[Outcome]:
    """List reports of between two moments to which the other side has said nothing."""
    met = (Introduction.state == "introduced") & (Introduction.introduced_at < until)
    ids = list(session.scalars(select(Introduction.id).where(met)))  # first: those that are over are many more
    told = select(Outcome).where(Outcome.introduction_id == any_of(ids)).options(joinedload(Outcome.introduction))
    newest: dict[int, Outcome] = {}
    for each in session.scalars(told.order_by(Outcome.reported_at, Outcome.id), execution_options=FRESH):
        newest[each.introduction_id] = each
    return [each for each in newest.values() if each.state == "reported" and since <= each.reported_at <= until]


def report(session: Session, *, introduction_id: int, contact_id: int, result: str, revenue_eur: int,
           at: datetime) -> None:  # fmt: skip
    """Write one side's outcome; a newer report of the same side replaces the older one and is open again."""
    written = insert(Outcome).values(
        introduction_id=introduction_id, contact_id=contact_id, result=result, revenue_eur=revenue_eur, reported_at=at
    )
    newer = {"result": result, "revenue_eur": revenue_eur, "reported_at": at, "state": "reported", "confirmed_at": None}
    session.execute(
        written.on_conflict_do_update(index_elements=["introduction_id", "contact_id"], set_=newer),
        execution_options={"populate_existing": True},
    )
    session.expire_all()


def settle(session: Session, outcome_id: int, *, after: str, at: datetime) -> bool:
    """Dispute a report that is open, or confirm one that is open or was disputed; False when somebody was first."""
    before = ("reported", "disputed") if after == "confirmed" else ("reported",)
    return moved(
        session,
        update(Outcome).where(Outcome.id == outcome_id, Outcome.state.in_(before)).values(state=after, confirmed_at=at),
    )


def write_collaboration(session: Session, row: Introduction, *, result: str, revenue_eur: int, on: date) -> None:
    """Turn a confirmed introduction into an edge of the graph; a later confirmation changes that same edge."""
    opportunity = row.opportunity
    started = row.introduced_at.date() if row.introduced_at else on
    values = {"ended_on": max(on, started), "outcome": result, "revenue_eur": revenue_eur}
    session.execute(
        insert(Collaboration)
        .values(
            lead_id=opportunity.partner_id,
            partner_id=row.partner_id,
            competency_key=_key_of_work(session, row),
            started_on=started,
            summary=f"worked on “{opportunity.title}”",
            introduction_id=row.id,
            **values,
        )
        .on_conflict_do_update(index_elements=["introduction_id"], set_=values)
    )


def _key_of_work(session: Session, row: Introduction) -> str:
    """Name what a firm did of several needs: of its part in a team, what it shows that it can do comes first."""
    part = row.match.team_needs if row.match else None
    needs = [need for place, need in enumerate(row.opportunity.needs) if not part or place in part]
    asked = [key for need in needs for key in need.competency_keys]
    shown = select(Capability.competency_key).where(Capability.partner_id == row.partner_id)
    can_do = set(session.scalars(shown))
    return next((key for key in asked if key in can_do), asked[0] if asked else "")
