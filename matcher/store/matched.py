"""What ranking found for opportunities, written in place of what it found before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matcher.models import Introduction, Match, Opportunity
from matcher.models import Reserve as ReserveRow
from matcher.store import bulk
from matcher.store.matches import any_of, is_used
from matcher.terms import Match as Scored
from matcher.terms import Reason, Reserve, Team

COPIED = {
    "opportunity_id": "int8", "partner_id": "int8", "version": "text", "place": "int4", "score": "float8",
    "reasons": bulk.JSON, "why_you": "text", "why_them": "text", "signals": bulk.JSON, "created_at": "timestamptz",
    "team_needs": "int4[]",
}  # fmt: skip
RESERVE = {"opportunity_id": "int8", "partner_ids": "int8[]", "scores": "float4[]"}
QUIETLY: dict[str, Any] = {"execution_options": {"synchronize_session": False}}


@dataclass(frozen=True, slots=True)
class Found:
    """What ranking found for an opportunity: its matches and, where one was looked for, a team."""

    opportunity_id: int
    matches: tuple[Scored, ...]
    team: Team | None
    reserve: Reserve = Reserve()

    def needs_of(self, partner_id: int) -> list[int] | None:
        """Say which needs a partner takes in the team, by position; None where no team was looked for."""
        if self.team is None:
            return None
        return next((list(part.needs) for part in self.team.parts if part.partner_id == partner_id), [])


def replace(
    session: Session,
    opportunity_id: int,
    found: tuple[Scored, ...],
    *,
    version: str,
    at: datetime,
    reserve: Reserve = Reserve(),  # noqa: B008 - it is frozen
) -> None:
    """Write matches and reserve under a ranker's version in place of older matches that nobody was asked about."""
    done = update(Opportunity).where(Opportunity.id == opportunity_id).values(matched_at=at)
    session.execute(done.execution_options(synchronize_session="fetch"))  # first: two rankings must not be mixed
    used = select(Introduction.match_id).where(
        Introduction.opportunity_id == opportunity_id, Introduction.match_id.is_not(None)
    )
    session.execute(delete(Match).where(Match.opportunity_id == opportunity_id, Match.id.not_in(used)))
    rows = [_row(each, version, at) for each in found]
    if rows:
        written = insert(Match).values(rows)
        session.execute(written.on_conflict_do_nothing(index_elements=["opportunity_id", "partner_id", "version"]))
    _keep_reserves(session, {opportunity_id: reserve})


def _keep_reserves(session: Session, reserves: Mapping[int, Reserve]) -> None:
    session.execute(delete(ReserveRow).where(ReserveRow.opportunity_id == any_of(list(reserves))), **QUIETLY)
    rows = ([id_, list(one.partner_ids), list(one.scores)] for id_, one in reserves.items() if one.partner_ids)
    bulk.copy(session, "reserve", RESERVE, rows=rows)


def replace_many(session: Session, found: Sequence[Found], *, version: str, at: datetime) -> int:
    """Do for many opportunities what `replace` and `note_team` do for one; return how many matches were written."""
    ids = sorted(each.opportunity_id for each in found)
    locked = select(Opportunity.id).where(Opportunity.id == any_of(ids)).order_by(Opportunity.id).with_for_update()
    session.execute(locked)  # in one order, so that two who rank the same wait for each other and not in a ring
    session.execute(update(Opportunity).where(Opportunity.id == any_of(ids)).values(matched_at=at), **QUIETLY)
    session.execute(delete(Match).where(Match.opportunity_id == any_of(ids), ~is_used()), **QUIETLY)
    kept = update(Match).where(Match.opportunity_id == any_of(ids), Match.team_needs.is_not(None))
    session.execute(kept.values(team_needs=None), **QUIETLY)  # who is asked already stands in no team
    _keep_reserves(session, {each.opportunity_id: each.reserve for each in found})
    return add(session, found, version=version, at=at)


def add(session: Session, found: Iterable[Found], *, version: str, at: datetime) -> int:
    """Write matches beside those that there are, none twice; return how many."""
    rows = [_packed(one, each, version, at) for each in found for one in each.matches]
    if bulk.copied(session, "match", COPIED, rows=rows):
        return len(rows)
    unpacked = ([value[1:].decode() if isinstance(value, bytes) else value for value in row] for row in rows)
    return len(bulk.add(session, "match", tuple(COPIED), rows=unpacked))


def note_team(session: Session, opportunity_id: int, team: Team | None) -> None:
    """Write down which needs each match takes in a team, none for those outside; None: no team was looked for."""
    of_it = update(Match).where(Match.opportunity_id == opportunity_id)
    session.execute(of_it.values(team_needs=None if team is None else []))
    for part in team.parts if team else ():
        session.execute(of_it.where(Match.partner_id == part.partner_id).values(team_needs=list(part.needs)))


def _row(each: Scored, version: str, at: datetime) -> dict[str, Any]:
    return {
        "opportunity_id": each.opportunity_id,
        "partner_id": each.partner_id,
        "version": version,
        "place": each.place,
        "score": each.score,
        "reasons": [_told(reason) for reason in each.reasons],
        "why_you": each.why_you,
        "why_them": each.why_them,
        "signals": each.signals,
        "created_at": at,
    }


def _told(reason: Reason) -> dict[str, Any]:
    """Give the fields of a reason that say something; most say nothing to the most part."""
    told = {name: value for name in Reason.__slots__ if (value := getattr(reason, name))}
    return {"value": 0.0, "weight": 0.0} | told


def _packed(one: Scored, of: Found, version: str, at: datetime) -> tuple[Any, ...]:
    """Give a match as it is copied."""
    reasons = bulk.packed(f"[{', '.join(map(_as_json, one.reasons))}]")
    signals = bulk.packed(bulk.as_json(one.signals))
    needs = of.needs_of(one.partner_id)
    return (
        one.opportunity_id, one.partner_id, version, one.place, one.score, reasons, one.why_you, one.why_them, signals,
        at, needs,
    )  # fmt: skip


@lru_cache(maxsize=16_384)
def _as_json(reason: Reason) -> str:
    """Write a reason; most are those of another match too."""
    return bulk.as_json(_told(reason))
