"""A database's address → an engine that says nothing of what stands in its rows when it stumbles."""

from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext


def open_engine(url: str, **options: Any) -> Engine:
    """Make an engine for an address that begins with postgresql://; every engine of ours is made here."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), hide_parameters=True, **options)
    event.listen(engine, "handle_error", _say_no_values)
    return engine


def _say_no_values(stumbled: ExceptionContext) -> None:
    """Leave of an error what was wrong, and not the rows that its details name ("Key (email)=(…) already exists")."""
    theirs, ours = stumbled.original_exception, stumbled.sqlalchemy_exception
    primary = theirs.diag.message_primary if isinstance(theirs, psycopg.Error) else None
    if not primary:
        return  # it never got as far as the server
    whole = str(theirs)
    theirs.args = (primary,)
    if ours is not None:
        ours.args = tuple(str(each).replace(whole, primary) for each in ours.args)
