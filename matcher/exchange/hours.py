"""A country → the time zone in which most of it lives, so that a digest comes in its morning; the days of the earth."""

from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files

UNKNOWN = "UTC"
# The list goes from east to west there, so its first zone is an island.
WHERE_MOST_LIVE = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
}
FARTHEST_EAST = timezone(timedelta(hours=14))  # here a day begins first
FARTHEST_WEST = timezone(timedelta(hours=-12))  # here a day ends last


def oldest_day(now: datetime) -> date:
    """Return the oldest day that is not over everywhere; "until Wednesday" is until Wednesday ends for any reader."""
    return now.astimezone(FARTHEST_WEST).date()


def newest_day(now: datetime) -> date:
    """Return the newest day that has begun anywhere."""
    return now.astimezone(FARTHEST_EAST).date()


def timezone_of(country: str) -> str:
    """Return the IANA time zone of a country (ISO 3166 alpha-2), the most populous where it has several; else UTC."""
    return _zones().get(country, UNKNOWN)


@cache
def _zones() -> dict[str, str]:
    """Read the first zone of each country. Source: zone.tab of the IANA time zone database, as tzdata ships it."""
    found = dict(WHERE_MOST_LIVE)
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            found.setdefault(country, zone)
    return found
