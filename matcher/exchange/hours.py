"""A country → the time zone in which most of it lives, so that a digest comes in the morning."""

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
