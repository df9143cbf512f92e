"""Steps that have nothing to do with each other → all of them done, whichever fails; then the first error."""

from collections.abc import Callable, Mapping

from jobs.ground import log
from web.db import AWAY


def do_all(steps: Mapping[str, Callable[[], object]]) -> None:
    """Do each step, by name; one that fails leaves the others to do, and the first error is raised then.

    Where the database is away they would only wait for it too.
    """
    errors = [error for name, step in steps.items() if (error := _error_of(name, step))]
    if errors:
        raise errors[0]


def _error_of(name: str, step: Callable[[], object]) -> Exception | None:
    try:
        step()
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - the others are done first
        log.exception("a step failed", step=name, error=f"{type(error).__name__}: {error}")
        return error
    return None
