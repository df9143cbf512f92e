"""Partners whose words changed → their capabilities, made anew."""

import logging
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from matcher import wording
from matcher.competencies import Linker, describe
from matcher.models import Partner
from matcher.ranking.capability import capabilities_of
from matcher.store import network, unreadable
from matcher.terms import Competency

log = logging.getLogger(__name__)


def read_partners(session: Session, *, now: datetime) -> int:
    """Make the capabilities of partners whose words changed; return how many partners were read.

    One that makes us stumble stays as it was and holds up no other. It is noted, so that the steward's page tells why,
    and tried again after an hour, or with its next words.
    """
    stale = network.unread_partners(session, now=now)
    if not stale:
        return 0
    known = {each.key: each for each in network.competencies(session)}
    linker = wording.linker_of(list(known.values()))
    n_read = sum(_could_read(session, row, known, linker, now) for row in stale)
    session.flush()
    unreadable.tidy(session)
    return n_read


def _could_read(session: Session, row: Partner, known: Mapping[str, Competency], linker: Linker, now: datetime) -> bool:
    try:
        _read_partner(session, row, known, linker, now)
    except SQLAlchemyError:
        raise  # nothing more can be written in this transaction
    except Exception as error:  # noqa: BLE001 - its words; what reads them has written nothing yet
        log.exception("partner %d could not be read: %s", row.id, type(error).__name__)
        unreadable.note(session, row, error, at=now)
        return False
    return True


def _read_partner(
    session: Session, row: Partner, known: Mapping[str, Competency], linker: Linker, now: datetime
) -> None:
    found = capabilities_of(
        network.as_partner(session, row),
        profile=row.profile,
        badges=network.badges_of(session, row.id),
        people=network.people_of(session, row.id),
        collaborations=network.work_of(session, row.id),
        competencies=known,
        link=linker.keys,
        describe=describe,
    )
    network.replace_capabilities(
        session, row.id, found if row.state != "left" else (), read_at=max(now, row.changed_at)
    )
