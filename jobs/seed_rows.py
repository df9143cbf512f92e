"""The columns of each seed file, as dataclasses in the order of the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

# The words that a column may hold, file by file.
CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "competencies": {"kind": ("practice", "competency", "designation", "specialization")},
    "partners": {"digest": ("daily", "weekly", "paused")},
    "contacts": {"level": ("owner", "sales", "technical")},
    "people": {"level": ("junior", "senior", "architect")},
    "collaborations": {"outcome": ("won", "lost")},
}
# By which columns two rows of a file are the same: of such only one is loaded.
SAME: Mapping[str, tuple[str, ...]] = {
    "competencies": ("key",),
    "partners": ("key",),
    "contacts": ("email",),
    "people": ("partner", "person"),
    "badges": ("partner", "competency", "awarded_on"),
    "collaborations": ("lead", "partner", "practice", "started_on", "summary"),
    "postings": ("key",),
}
Seen = dict[tuple[str, ...], tuple[int, Any]]  # what makes a row of a file the same → its line and the row


@dataclass(frozen=True, slots=True)
class CompetencyRow:
    key: str
    kind: str
    label: str
    definition: str
    synonyms: tuple[str, ...]
    old_names: tuple[str, ...]
    valid_from: date | None
    valid_until: date | None
    replaced_by: tuple[str, ...]
    practices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartnerRow:
    key: str
    name: str
    country: str
    city: str
    n_people: int
    founded: int
    languages: tuple[str, ...]
    industries: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    clearances: tuple[str, ...]
    practices: tuple[str, ...]
    min_eur: int
    max_eur: int
    profile_on: date
    conflicts: tuple[str, ...]
    digest: str
    digest_hour: int
    timezone: str
    profile: str


@dataclass(frozen=True, slots=True)
class ContactRow:
    partner: str
    name: str
    email: str
    level: str
    language: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    partner: str
    person: str
    practices: tuple[str, ...]
    level: str
    languages: tuple[str, ...]
    free_from: date | None
    free_days: int
    on_site: bool


@dataclass(frozen=True, slots=True)
class BadgeRow:
    partner: str
    competency: str
    level: str
    awarded_on: date
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class CollaborationRow:
    lead: str
    partner: str
    practice: str
    role: str
    started_on: date
    ended_on: date
    summary: str
    outcome: str
    revenue_eur: int


@dataclass(frozen=True, slots=True)
class PostingRow:
    key: str
    poster: str
    channel: str
    posted_on: date
    due: str
    place: str
    pays: str
    subject: str
    text: str


def refuse_wrong(file: str, line: int, row: Any, seen: Seen) -> None:
    """Refuse a word that is none of its column's, and a row that another one contradicts. Raises `ValueError`."""
    for column, words in CHOICES.get(file, {}).items():
        if (said := getattr(row, column)) not in words:
            raise ValueError(f"{column} is {said!r}; give one of {', '.join(words)}.")
    columns = SAME[file]
    before, known = seen.setdefault(tuple(str(getattr(row, each)).lower() for each in columns), (line, row))
    if known != row:
        first = f"{columns[0]} is {getattr(row, columns[0])!r}"
        raise ValueError(f"{first}, as on line {before}, which says something else; make one row of both.")
