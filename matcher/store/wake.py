"""Wishes for a job, kept on the session until the entry point commits: the row is the truth, the job only a wake-up."""

from sqlalchemy.orm import Session

Wish = tuple[str, tuple[tuple[str, int], ...]]


def wake(session: Session, task: str, **arguments: int) -> None:
    """Ask for a task once this session's transaction commits; the same wish twice is one."""
    wishes: set[Wish] = session.info.setdefault("wishes", set())
    wishes.add((task, tuple(sorted(arguments.items()))))


def wishes_of(session: Session) -> list[Wish]:
    """Take the wishes off the session, in a fixed order."""
    return sorted(session.info.pop("wishes", set()))
