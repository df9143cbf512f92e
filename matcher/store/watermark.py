"""What the database noted of changes of the network → whether anything changed since a moment, and whose it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

NEWEST = """
    SELECT c.id, c.at, pg_current_snapshot()::text, pg_current_xact_id_if_assigned()::text::bigint, clock_timestamp()
    FROM (SELECT) nothing LEFT JOIN (SELECT id, at FROM network_change ORDER BY id DESC LIMIT 1) c ON true
"""
# A transaction that was open at the mark may have noted something before the newest that was seen there.
SINCE = """
    FROM network_change c WHERE (c.model IS NULL OR c.model = :model) AND (c.id > :newest OR (
    c.transaction >= :oldest AND NOT pg_visible_in_snapshot(c.transaction::text::xid8, CAST(:seen AS pg_snapshot))
    AND c.transaction IS DISTINCT FROM :own))
"""
COUNTED = f"""
    SELECT :newest = 0 OR EXISTS (SELECT FROM network_change WHERE id = :newest AND at = :at), n, last
    FROM (SELECT count(*) AS n, max(c.id) AS last {SINCE}) counted
"""
OF_EACH = "LEFT JOIN LATERAL unnest(c.partner_ids) whose ON true WHERE"
WHOSE = f"SELECT DISTINCT whose {SINCE.replace('WHERE', OF_EACH, 1)}"
REFUSING = """
    SELECT id FROM partner WHERE conflict_keys <> '{}'
    AND conflict_keys && ARRAY(SELECT key FROM partner WHERE id = ANY(:ids))
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment as the database saw it: its newest note of a change, and which transactions had ended."""

    newest: int
    at: datetime | None  # tells that the note is still the same one, as it is not in a database that was restored
    seen: str
    own: int | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Since:
    """How many changes were noted since a mark, and the newest of them."""

    n: int = 0
    last: int = 0


NOTHING = Since()


def mark(session: Session) -> Mark:
    """Return this moment: whatever is read from now on holds all that was noted until then."""
    newest, at, seen, own, now = session.execute(text(NEWEST)).one()
    return Mark(newest or 0, at, seen, own, now)


def since(session: Session, begin: Mark, *, model: str) -> Since | None:
    """Say what was noted since a mark for those who rank with a model; None: the mark is of another database.

    Partners in draft are left out: nobody is matched with them, and every newcomer's posting makes one. So are notes
    that are no longer kept, and with them the marks from before.
    """
    is_known, n, last = session.execute(text(COUNTED), _asked(begin, model) | {"at": begin.at}).one()
    return Since(n, last or 0) if is_known else None


def whose(session: Session, begin: Mark, *, model: str, most: int) -> frozenset[int] | None:
    """Return who changed since a mark, and those who refuse one of them; None: more than `most`, or all."""
    rows = session.scalars(text(f"{WHOSE} LIMIT {most + 1}"), _asked(begin, model)).all()
    if len(rows) > most or None in rows:
        return None
    return frozenset(rows).union(session.scalars(text(REFUSING), {"ids": list(rows)}))


def age(session: Session, begin: Mark) -> timedelta:
    """Say how long ago a mark was made, by the clock of the database."""
    now: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now - begin.made_at


def _asked(begin: Mark, model: str) -> dict[str, Any]:
    oldest = int(begin.seen.split(":")[0])
    return {"model": model, "newest": begin.newest, "oldest": oldest, "seen": begin.seen, "own": begin.own}
