"""The columns of each seed file, as dataclasses in the order of the file."""

from dataclasses import dataclass
from datetime import date


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
