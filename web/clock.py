"""The one place where pages and jobs ask what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment; tests put another function in its place."""
    return datetime.now(UTC)
