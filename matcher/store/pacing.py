"""How many letters went to a domain this minute → which claims may go now, and when the others come round."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Interval, Select, case, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matcher.models import Letter, Pace
from matcher.store import letters
from matcher.store.changing import n_changed

A_MINUTE = timedelta(minutes=1)
WAITS = text("letter.state = 'waiting'")


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def allowed(session: Session, claimed: Sequence[Letter], *, per_minute: int, now: datetime) -> list[Letter]:
    """Keep of some claims what the domains still take in this clock minute, over all senders; spread the others.

    With `per_minute` 0 all go. Spreading gives every waiting letter of a domain a minute that has room for it, so that
    the same letters are not claimed in vain again and again.
    """
    if not per_minute or not claimed:
        return list(claimed)
    room = _room(session, Counter(domain_of(each.to_address) for each in claimed), per_minute=per_minute, now=now)
    going: list[Letter] = []
    over: list[Letter] = []
    for each in claimed:
        domain = domain_of(each.to_address)
        (going if room[domain] > 0 else over).append(each)
        room[domain] -= 1
    if over:
        letters.release(session, [each.id for each in over], claimed_at=now)
        _spread(session, {domain_of(each.to_address) for each in over}, per_minute=per_minute, now=now)
    return going


def hold(session: Session, domain: str, *, until: datetime) -> int:
    """Let the waiting letters of a domain wait until a moment; return how many. No try is counted."""
    free = _free([domain]).where(Letter.next_try_at < until).cte("free")
    return n_changed(session, update(Letter).where(Letter.id == free.c.id).values(next_try_at=until))


def _room(session: Session, wanted: Counter[str], *, per_minute: int, now: datetime) -> Counter[str]:
    """Take places in this minute; a domain's row is locked until the claim commits, so no place is taken twice."""
    minute = _minute(now)
    asked = insert(Pace).values([{"domain": each, "minute": minute, "n": wanted[each]} for each in sorted(wanted)])
    so_far = case((Pace.minute == minute, Pace.n), else_=0)
    counted = asked.on_conflict_do_update(
        index_elements=["domain"], set_={"n": so_far + asked.excluded.n, "minute": minute}
    ).returning(Pace.domain, Pace.n)
    taken = {domain: n for domain, n in session.execute(counted)}
    return Counter({domain: per_minute - (taken[domain] - wanted[domain]) for domain in wanted})


def _spread(session: Session, domains: Collection[str], *, per_minute: int, now: datetime) -> None:
    free = _free(domains).cte("free")
    order = (free.c.next_try_at, free.c.id)
    place = func.row_number().over(partition_by=free.c.domain, order_by=order) - 1
    ranked = select(free.c.id, place.label("place")).subquery()
    turn = literal(_minute(now) + A_MINUTE) + literal(A_MINUTE, Interval) * (ranked.c.place // per_minute)
    session.execute(
        update(Letter).where(Letter.id == ranked.c.id, Letter.next_try_at < turn).values(next_try_at=turn),
        execution_options={"synchronize_session": False},
    )


def _free(domains: Collection[str]) -> Select[tuple[int, datetime, str]]:
    """Lock the waiting letters of domains; those that another sender is just claiming are left to it."""
    chosen = select(Letter.id, Letter.next_try_at, _domain().label("domain"))
    return chosen.where(letters.IS_OPEN, WAITS, _domain().in_(sorted(domains))).with_for_update(skip_locked=True)


def _domain() -> ColumnElement[str]:
    return func.lower(func.split_part(Letter.to_address, "@", -1))


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
