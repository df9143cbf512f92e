"""A guarded UPDATE → how many rows it moved."""

from typing import Any, cast

from sqlalchemy import CursorResult
from sqlalchemy.orm import Session
from sqlalchemy.sql import Update


def n_changed(session: Session, statement: Update) -> int:
    """Run an UPDATE and return the number of rows it changed; none means that somebody was first."""
    done = session.execute(statement.execution_options(synchronize_session="fetch"))
    return cast(CursorResult[Any], done).rowcount


def moved(session: Session, statement: Update) -> bool:
    """Run an UPDATE guarded by a state; False when somebody was first."""
    return n_changed(session, statement) > 0
