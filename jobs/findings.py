"""One thing that was looked at → a line that says how it is and what to do, and never a secret."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing is; `do` says what to do about a warning or a fault."""

    check: str
    level: str  # ok, skipped, warning, fault
    said: str
    do: str = ""


Look = Callable[[], Iterable[Finding]]


def ok(check: str, said: str) -> Finding:
    return Finding(check, "ok", said)


def skipped(check: str, said: str) -> Finding:
    return Finding(check, "skipped", said)


def warning(check: str, said: str, do: str) -> Finding:
    return Finding(check, "warning", said, do)


def fault(check: str, said: str, do: str) -> Finding:
    return Finding(check, "fault", said, do)


def looked_at(check: str, look: Look) -> Iterator[Finding]:
    """Give what a check finds; a check that stumbles is a fault of its own and hides no other."""
    try:
        yield from look()
    except Exception as error:  # noqa: BLE001 - the doctor must get to the last check whatever is broken
        yield fault(check, f"could not be checked: {type(error).__name__}", "Look at the faults above first.")
