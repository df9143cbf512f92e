"""Letters that came back, the probes that were sent for them, and how each address stands."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import ARRAY, CollectionAggregate, ColumnElement, Text, any_, func, literal, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matcher import bounces
from matcher.bounces import PROBE_AFTER, Probe, Returned, Standing
from matcher.models import Bounce, Contact, Letter, Partner, Suppression
from matcher.store.changing import n_changed

FATES = {"waiting": "waiting", "claimed": "waiting", "sent": "out", "failed": "put off", "dropped": "put off"}

LONG_AGO = datetime.min.replace(tzinfo=UTC)  # as of then nothing has faded


@dataclass(slots=True)
class _History:
    """What came back from one address since its owner last spoke for it, and the probes that were sent for that."""

    returned: dict[int, Returned] = field(default_factory=dict)  # by the id of the bounce
    probes: list[tuple[int, Probe]] = field(default_factory=list)  # each with the bounce that it was sent for

    def standing(self, now: datetime) -> Standing:
        return bounces.standing(list(self.returned.values()), [each for _, each in self.probes], now=now)

    @property
    def may_be_probed(self) -> bool:
        """Tell whether there can be probes; most histories are one mailbox that was full for a day."""
        return not bounces.standing(list(self.returned.values()), (), now=LONG_AGO).is_mailed

    @property
    def next_key(self) -> str:
        newest = max(self.returned)
        return _key(newest, [sent_for for sent_for, _ in self.probes].count(newest))


def note(session: Session, letter: Letter, *, hard: bool, reason: str, at: datetime) -> bool:
    """Write down once that a letter came back; "for good" after "for now" is news, anything else is not."""
    given = insert(Bounce).values(
        letter_id=letter.id, email=letter.to_address.lower(), hard=hard, reason=reason, at=at
    )  # fmt: skip
    worse = given.on_conflict_do_update(
        index_elements=["letter_id"],
        set_={"hard": True, "reason": given.excluded.reason, "at": given.excluded.at},
        where=given.excluded.hard & ~Bounce.hard,
    )
    return session.scalar(worse.returning(Bounce.id), execution_options={"populate_existing": True}) is not None


def clear(session: Session, email: str, *, before: datetime, at: datetime) -> int:
    """Let what came back from an address before a moment count no more; return how many letters that were."""
    return n_changed(
        session,
        update(Bounce)
        .where(Bounce.email == email.lower(), Bounce.cleared_at.is_(None), Bounce.at <= before)
        .values(cleared_at=at),
    )


def standings(session: Session, emails: Collection[str], *, now: datetime) -> dict[str, Standing]:
    """Say how each of many addresses stands, in two queries."""
    found = _histories(session, Bounce.email == _any_of({each.lower() for each in emails}))
    return {each: found[each.lower()].standing(now) if each.lower() in found else Standing() for each in emails}


def unreachable(session: Session, *, now: datetime) -> list[str]:
    """List the addresses that get no digests because letters to them came back."""
    return [email for email, each in _histories(session, true()).items() if not each.standing(now).is_mailed]


def to_probe(session: Session, *, now: datetime) -> list[tuple[str, Contact, Standing]]:
    """List the contacts who wait for digests and are due for a probe, each with the natural key of that letter."""
    histories = _histories(session, true())
    stands = {email: each.standing(now) for email, each in histories.items()}
    due = [email for email, each in stands.items() if _is_due(each, now)]
    return [(histories[each.email].next_key, each, stands[each.email]) for each in _readers(session, due)]


def _is_due(stands: Standing, now: datetime) -> bool:
    return stands.name == "paused" and stands.next_at is not None and stands.next_at <= now


def _readers(session: Session, emails: Iterable[str]) -> Iterable[Contact]:
    stopped = select(Suppression.id).where(Suppression.email == Contact.email).exists()
    reads = (Partner.state == "live") & Contact.verified_at.is_not(None) & (Contact.digest != "paused")
    chosen = select(Contact).join(Partner).where(Contact.email == _any_of(emails), reads, ~stopped)
    return session.scalars(chosen.order_by(Contact.id))


def _histories(session: Session, chosen: ColumnElement[bool]) -> dict[str, _History]:
    told = select(Bounce.id, Bounce.email, Bounce.at, Bounce.hard, Bounce.reason)
    found: dict[str, _History] = defaultdict(_History)
    for bounce_id, email, *returned in session.execute(told.where(chosen, Bounce.cleared_at.is_(None))):
        found[email].returned[bounce_id] = Returned(*returned)
    tried = {bounce_id: each for each in found.values() if each.may_be_probed for bounce_id in each.returned}
    for sent_for, probe in _probes(session, tried):
        tried[sent_for].probes.append((sent_for, probe))
    return dict(found)


def _probes(session: Session, bounce_ids: Collection[int]) -> list[tuple[int, Probe]]:
    """Find the probes that were sent for some bounces by their keys, of which there are few."""
    if not bounce_ids:
        return []
    keys = {_key(each, n): each for each in bounce_ids for n in range(len(PROBE_AFTER))}
    sent_at = func.coalesce(Letter.sent_at, Letter.created_at)
    rows = session.execute(
        select(Letter.key, sent_at, Letter.state, Bounce.hard)
        .outerjoin(Bounce, Bounce.letter_id == Letter.id)
        .where(Letter.key == _any_of(keys))
        .order_by(Letter.id)
    )
    return [(keys[key], Probe(at, _fate(state, hard))) for key, at, state, hard in rows]


def _fate(state: str, came_back_hard: bool | None) -> str:
    if came_back_hard is None:
        return FATES[state]
    return "back" if came_back_hard else "put off"


def _key(bounce_id: int, n_before: int) -> str:
    return f"probe:{bounce_id}:{n_before}"


def _any_of(texts: Iterable[str]) -> CollectionAggregate[bool]:
    return any_(literal(sorted(texts), ARRAY(Text)))
