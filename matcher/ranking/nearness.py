"""Where the work on site is and where firms sit become how near each is, as whoever sends an engineer would say."""

from functools import lru_cache

import numpy as np

from matcher import towns
from matcher.ranking.arrays import IntArray
from matcher.ranking.firms import Crew, Firms
from matcher.ranking.grouped import Doubles, Flags
from matcher.ranking.site import Site
from matcher.terms import Opportunity

# In the country of the work: all within a commute, the least from a day's journey on, between them where unknown.
COMMUTE_KM, DAY_KM = 30.0, 400.0
FARTHEST_AT_HOME = 0.5
SOMEWHERE_AT_HOME = 0.7
# Abroad: the neighbour over the border stands behind everybody in the country, who must fly behind both.
BORDER_KM, FLIGHT_KM = 50.0, 1200.0
NEXT_DOOR_ABROAD = 0.4
# Of a firm whose people all work from afar, or, abroad, that lists nobody.
NOBODY_TRAVELS = 0.5
# A weekend is worth a drive and no flight: for a short job abroad what is missing counts twice.
SHORT_JOB_POWER = 2


def nearness(opportunity: Opportunity, firms: Firms, *, rows: IntArray, crew: Crew) -> Doubles:
    """Return how near firms are to work on site, in [0, 1]; all 0 where it is not on site, or where nobody knows.

    Never less for a firm that sits nearer in the same country, and never less in the country than abroad.
    """
    if not opportunity.on_site or not opportunity.country:
        return np.zeros(len(rows))
    site = Site.of(opportunity)
    there = firms.countries[rows] == site.country
    far = abroad(_km(site, firms, rows)) ** (SHORT_JOB_POWER if opportunity.short else 1)
    value = np.where(there, at_home(_km(site, firms, rows, of_firm_known=True)), far)
    return value * np.where(_nobody_travels(crew, there), NOBODY_TRAVELS, 1.0)


def km_of_firms(opportunity: Opportunity, firms: Firms, rows: IntArray) -> Doubles:
    """Return what `km_to` tells, for firms by row; NaN for None."""
    return _km(Site.of(opportunity), firms, rows, of_firm_known=True)


def at_home(km: Doubles) -> Doubles:
    """Return how near firms in the country of the work are; NaN is somewhere in it."""
    share = np.clip((km - COMMUTE_KM) / (DAY_KM - COMMUTE_KM), 0, 1)
    return np.where(np.isnan(km), SOMEWHERE_AT_HOME, 1 - (1 - FARTHEST_AT_HOME) * share)


def abroad(km: Doubles) -> Doubles:
    """Return how near firms in other countries are; NaN is too far."""
    share = np.clip((km - BORDER_KM) / (FLIGHT_KM - BORDER_KM), 0, 1)
    return np.where(np.isnan(km), 0.0, NEXT_DOOR_ABROAD * (1 - share))


def _nobody_travels(crew: Crew, there: Flags) -> Flags:
    return np.asarray(~crew.travels & (crew.listed | ~there))


def _km(site: Site, firms: Firms, rows: IntArray, *, of_firm_known: bool = False) -> Doubles:
    """Return kilometres; where a town is not known NaN, or the distance from its country's largest one."""
    countries, cities = firms.countries[rows].tolist(), firms.partners.city
    seats = zip(countries, (cities[row] for row in rows.tolist()), strict=True)
    found = [_km_from(site, country, city, of_firm_known) for country, city in seats]
    return np.array(found, dtype=np.float64)


@lru_cache(maxsize=65_536)
def _km_from(site: Site, country: str, city: str, of_firm_known: bool) -> float:
    seat = towns.spot_of(country, city)
    if of_firm_known and not (site.known and seat):
        return float("nan")
    seat = seat or towns.heart_of(country)
    return towns.km_between(site.spot, seat) if site.spot and seat else float("nan")
