"""What earlier nights could not do → what the next goes without: single rows for the day, whole parts for an hour."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from matcher.models import Night, NightShard
from matcher.terms import Offer

# Nights begin every few minutes. What is wrong with a whole part may be mended by then, and its readers wait for it;
# until it is, each try costs all that is in it, and at worst several workers.
REST = timedelta(hours=1)
Span = tuple[int, int]

_FAILED = NightShard.state == "failed"
_IS_ROW = (NightShard.first_id == NightShard.last_id) & (NightShard.n_tries == 1)  # as `spoilt.note` writes it down


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Who is told nothing on a day, what nobody is told, and what nobody whose reasons are still to be found."""

    contacts: set[int] = field(default_factory=set)
    opportunities: set[int] = field(default_factory=set)
    unexplained: set[int] = field(default_factory=set)
    contacts_resting: list[Span] = field(default_factory=list)
    unexplained_resting: list[Span] = field(default_factory=list)

    def reads(self, contact_id: int) -> bool:
        """Tell whether a contact is told anything."""
        return contact_id not in self.contacts and not _within(contact_id, self.contacts_resting)

    def tells(self, one: Offer) -> bool:
        """Tell whether an offer is made."""
        if one.opportunity_id in self.opportunities:
            return False
        is_bare = one.match_id is None
        named = one.opportunity_id in self.unexplained or _within(one.opportunity_id, self.unexplained_resting)
        return not (is_bare and named)


NOTHING = LeftOut()


def of_day(session: Session, day: date, *, now: datetime) -> LeftOut:
    """Collect what the nights of a day could not tell, and of whole parts what they could not lately."""
    chosen = select(NightShard).join(Night, Night.id == NightShard.night_id)
    found = LeftOut()
    for row in session.scalars(chosen.where(Night.day == day, NightShard.stage.in_(("write", "explain")), _FAILED)):
        _leave_out(found, row, now)
    return found


def _leave_out(found: LeftOut, row: NightShard, now: datetime) -> None:
    letters = row.stage == "write"
    if row.n_tries != 1:
        if row.ended_at is not None and row.ended_at > now - REST:
            (found.contacts_resting if letters else found.unexplained_resting).append((row.first_id, row.last_id))
    elif row.first_id == row.last_id:  # else it is one offer to one contact, who was told of others
        ids = found.unexplained if not letters else found.contacts if row.n_taken else found.opportunities
        ids.add(row.first_id)


def not_to_rank(since: datetime) -> Select[tuple[int]]:
    """Select the opportunities that could not be ranked since a moment."""
    return select(NightShard.first_id).where(
        NightShard.stage == "match", _FAILED, _IS_ROW, NightShard.ended_at >= since
    )


def rests(opportunity_id: ColumnElement[int], *, now: datetime) -> ColumnElement[bool]:
    """Tell whether an opportunity is in a part that could lately not be ranked as a whole."""
    lately = (NightShard.n_tries != 1) & (NightShard.ended_at > now - REST)
    there = opportunity_id.between(NightShard.first_id, NightShard.last_id)
    return select(NightShard.id).where(NightShard.stage == "match", _FAILED, lately, there).exists()


def _within(id_: int, spans: Sequence[Span]) -> bool:
    return any(first <= id_ <= last for first, last in spans)
