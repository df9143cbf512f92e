"""The name of a time zone → the zone, UTC where this machine does not know it."""

import logging
from datetime import UTC, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

log = logging.getLogger(__name__)


@lru_cache(maxsize=1024)
def zone(name: str) -> tzinfo:
    """Return a time zone; one reader's that an older list of zones lacks must not stop everybody's mail."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no path, or a folder such as "Europe"
        log.warning("no time zone %r is known here: its readers read by UTC; renew tzdata", name)
        return UTC
