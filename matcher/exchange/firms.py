"""What was read or typed of a firm → what is written down of it; what depends on its country moves with it."""

from typing import Any

from matcher.exchange.hours import timezone_of
from matcher.models import Partner
from matcher.terms import Profile
from matcher.terms.places import EU_AND_EEA


def first_facts(row: Partner, profile: Profile, *, firm: str = "") -> dict[str, Any]:
    """Say what is written down of a firm's first words; what they do not tell stays as it was.

    `firm` is its name as it stands in a form.
    """
    named = row.name and row.sources.get("name", "").startswith("your form")
    country = profile.country or row.country
    return {
        "name": firm or (row.name if named or not profile.name else profile.name),
        "profile": profile.text,
        "practices": list(profile.competency_keys),
        "country": country,
        "city": profile.city or row.city,
        "n_people": profile.n_people or row.n_people,
        "languages": list(profile.languages) or row.languages,
        "industries": list(profile.industries) or row.industries,
        "clearances": list(profile.clearances) or row.clearances,
        "jurisdictions": list(dict.fromkeys((*jurisdictions_of(country), *profile.jurisdictions))) or row.jurisdictions,
    }


def facts_after(row: Partner, profile: Profile) -> dict[str, Any]:
    """Say what is written down of a corrected profile: all of it, as it is whole."""
    held = list(profile.jurisdictions)
    return {
        "name": profile.name,
        "profile": profile.text,
        "practices": list(profile.competency_keys),
        "country": profile.country,
        "city": profile.city,
        "n_people": profile.n_people,
        "languages": list(profile.languages),
        "industries": list(profile.industries),
        "clearances": list(profile.clearances),
        "jurisdictions": held_after(row, profile.country, held) if held == row.jurisdictions else held,
    }


def held_after(row: Partner, country: str, held: list[str]) -> list[str]:
    """Where nothing else was said, data is held where the firm is; so it moves with the firm."""
    derived = row.jurisdictions == jurisdictions_of(row.country)
    return jurisdictions_of(country) or held if derived and country != row.country else held


def as_profile(row: Partner) -> Profile:
    """Turn a firm's row into a profile to be corrected."""
    return Profile(
        name=row.name,
        text=row.profile,
        competency_keys=tuple(row.practices),
        country=row.country,
        city=row.city,
        n_people=row.n_people,
        languages=tuple(row.languages),
        industries=tuple(row.industries),
        clearances=tuple(row.clearances),
        jurisdictions=tuple(row.jurisdictions),
        missing=missing(row),
    )


def missing(row: Partner) -> tuple[str, ...]:
    """Name the facts that a firm has yet to be asked for."""
    there = {"what": row.practices, "country": row.country, "name": row.name}
    return tuple(name for name, value in there.items() if not value)


def move_hours(row: Partner, country_before: str) -> None:
    """Let digests come in the morning of the country; a zone other than the old country's was chosen."""
    for each in row.contacts:
        if row.country and each.timezone in ("UTC", timezone_of(country_before)):
            each.timezone = timezone_of(row.country)


def jurisdictions_of(country: str) -> list[str]:
    """Say where a firm of a country may hold data when it has told us nothing else."""
    if not country:
        return []
    if country in EU_AND_EEA:
        return ["EU"]
    return ["UK" if country == "GB" else country]
