"""A partner and a day become the names of its bands, looked up one partner at a time."""

from datetime import date

from matcher.ranking.exposure import AGES, LARGEST, OLDEST, SIZES
from matcher.terms import Partner


def bands_of(partner: Partner, today: date) -> tuple[str, ...]:
    """Name the bands of a partner: its size, its country and, where it is known, how long it has been here."""
    size = next((name for most, name in SIZES if partner.n_people <= most), LARGEST)
    where = f"in {partner.country}" if partner.country else "in no country"
    if partner.joined_on is None:
        return size, where
    days = (today - partner.joined_on).days
    return size, where, next((name for most, name in AGES if days <= most), OLDEST)
