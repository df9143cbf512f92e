"""Rows that have nothing to do with each other → each of them done, whichever makes us stumble."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)
R = TypeVar("R")
STUMBLED = "stumbled over"


def sum_of_each(session: Session, rows: Iterable[R], do: Callable[[R], int], *, what: str) -> int:
    """Do something with each row and return the sum; what was done of one that makes us stumble is undone.

    Its error is in the log, and for whoever owns the transaction in `stumbled`. One of the database ends all of it.
    """
    total = 0
    for row in rows:
        named = getattr(row, "id", row)  # before: what is undone is forgotten too
        try:
            with session.begin_nested():
                total += do(row)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - the others are done first
            log.exception("%s %s makes us stumble: %s", what, named, type(error).__name__)
            session.info.setdefault(STUMBLED, []).append(error)
    return total


def stumbled(session: Session) -> list[Exception]:
    """List what went wrong with single rows of this session."""
    return list(session.info.get(STUMBLED, ()))
