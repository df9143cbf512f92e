"""The place of an opportunity becomes a spot, and how far a firm sits from it."""

from dataclasses import dataclass

from matcher import towns
from matcher.terms import Opportunity


@dataclass(frozen=True, slots=True)
class Site:
    """Where the work is; `spot` is that of the country's largest town where `known` is false."""

    country: str
    spot: towns.Spot | None
    known: bool

    @classmethod
    def of(cls, opportunity: Opportunity) -> "Site":
        """Look the place of an opportunity up."""
        spot = towns.spot_of(opportunity.country, opportunity.town)
        return cls(opportunity.country, spot or towns.heart_of(opportunity.country), spot is not None)


def km_to(opportunity: Opportunity, country: str, town: str) -> float | None:
    """Return how far a firm sits from the work as the crow flies; None where either town is not known."""
    site, seat = Site.of(opportunity), towns.spot_of(country, town)
    return towns.km_between(site.spot, seat) if site.known and site.spot and seat else None


def about(km: float) -> int:
    """Round a distance as people say it: to five kilometres, from a hundred on to ten."""
    step = 5 if km < 100 else 10
    return max(step, round(km / step) * step)
