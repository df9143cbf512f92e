"""The name of a town becomes where it lies: 24,000 towns, the large ones by their names in many languages."""

import csv
import math
import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "towns.csv"
EARTH_KM = 6371.0
# Letters that are no other letter with a mark.
LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "đ": "d", "ı": "i", "þ": "th", "ð": "d", "œ": "oe"})
NO_LETTER = re.compile(r"[^a-z0-9]+")
# "Freiburg im Breisgau", "Frankfurt/Main", "Reading, Berkshire": what comes first is a name as well.
FIRST_PART = re.compile(r"^(.{3,}?)(?:\s*[,/(]| (?:am|an der|im|in|bei|upon|sur|de la|del|a\. ?d\.) )")
Spot = tuple[float, float]  # degrees north and east


def spot_of(country: str, town: str) -> Spot | None:
    """Return where a town of a country (ISO alpha-2) lies; None for one that is not known, or for no name."""
    return _spot_of(country, town) if country and town else None


def heart_of(country: str) -> Spot | None:
    """Return where the largest town of a country lies: from there it is counted where the town is not known."""
    return next(iter(_towns().get(country, {}).values()), None)


def only_country_with(town: str) -> str:
    """Return the country that a town is in; empty where it is not known, or where several have one of that name."""
    name = folded(town)
    found = [country for country, names in _towns().items() if name in names]
    return found[0] if len(found) == 1 else ""


def km_between(one: Spot, other: Spot) -> float:
    """Return the distance as the crow flies, in kilometres."""
    (north, east), (other_north, other_east) = (tuple(map(math.radians, each)) for each in (one, other))
    half = math.sin((north - other_north) / 2) ** 2
    half += math.cos(north) * math.cos(other_north) * math.sin((east - other_east) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def folded(name: str) -> str:
    """Return a name without marks and capitals, as the list has it: "København" → "kobenhavn"."""
    parts = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    return NO_LETTER.sub(" ", "".join(one for one in parts if not unicodedata.combining(one))).strip()


@lru_cache(maxsize=65_536)
def _spot_of(country: str, town: str) -> Spot | None:
    names = _towns().get("GB" if country == "UK" else country, {})
    first = FIRST_PART.match(town)
    return names.get(folded(town)) or (names.get(folded(first[1])) if first else None)


@cache
def _towns() -> Mapping[str, Mapping[str, Spot]]:
    """Read the list: by country, the largest town first, and of two of a name the larger one."""
    found: dict[str, dict[str, Spot]] = {}
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            names, spot = found.setdefault(row["country"], {}), (float(row["latitude"]), float(row["longitude"]))
            for name in row["names"].split("|"):
                names.setdefault(name, spot)
    return found
