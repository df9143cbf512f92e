"""A digest comes in the morning of its reader."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from matcher.exchange.hours import oldest_day, timezone_of
from matcher.posting.gazetteer import COUNTRY_CODES


@pytest.mark.parametrize(
    ("country", "zone"), [("PT", "Europe/Lisbon"), ("BR", "America/Sao_Paulo"), ("US", "America/New_York")]
)
def test_a_country_has_the_time_zone_in_which_most_of_it_lives(country: str, zone: str) -> None:
    assert timezone_of(country) == zone


def test_an_unknown_country_has_universal_time() -> None:
    assert timezone_of("") == "UTC"


def test_every_country_that_we_can_read_has_a_time_zone() -> None:
    assert [code for code in set(COUNTRY_CODES.values()) if timezone_of(code) == "UTC"] == []
    assert all(ZoneInfo(timezone_of(code)) for code in COUNTRY_CODES.values())


def test_a_day_is_over_when_it_is_over_west_of_everybody() -> None:
    noon = datetime(2027, 1, 7, 12, tzinfo=UTC)
    assert (oldest_day(noon - timedelta(seconds=1)), oldest_day(noon)) == (date(2027, 1, 6), date(2027, 1, 7))
