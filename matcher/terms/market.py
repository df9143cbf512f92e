"""Who is there and what is asked for: partners, their people and past work, opportunities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from matcher.terms.words import Competency, Need

NOBODY = 0  # stands for the partner of whom nothing is known; no row has this number


@dataclass(frozen=True, slots=True)
class Partner:
    """A firm, as the ranker sees it."""

    id: int
    key: str
    name: str
    country: str
    city: str = ""
    n_people: int = 1
    languages: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    clearances: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    conflict_ids: frozenset[int] = frozenset()
    min_eur: int = 0
    max_eur: int = 0  # 0: no upper limit
    profile_on: date | None = None
    joined_on: date | None = None
    state: str = "live"  # draft, live, paused, left


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing a partner can do, in words, with where we know it from."""

    partner_id: int
    text: str
    text_hash: str
    competency_key: str = ""
    source: str = "profile"  # profile, declared, badge, bench, collaboration
    evidence: str = ""  # a plain phrase: "your profile", "gold Virtualization, until 2019-03", "work in 2023"


@dataclass(frozen=True, slots=True)
class BenchPerson:
    """One person whom a partner can lend; a distinct human being."""

    partner_id: int
    name: str
    competency_keys: tuple[str, ...]
    level: str = "senior"
    languages: tuple[str, ...] = ()
    free_from: date | None = None
    free_days: int = 0  # a month
    on_site: bool = False


@dataclass(frozen=True, slots=True)
class Badge:
    """A vendor's designation at a level, with its dates; `source`: by which word of its own the firm has it."""

    partner_id: int
    competency_key: str
    level: str
    awarded_on: date
    expires_on: date | None = None
    source: str = ""  # empty: not from the firm itself


@dataclass(frozen=True, slots=True)
class Collaboration:
    """Two partners worked together: `lead_id` had the customer, `partner_id` did the missing part."""

    lead_id: int
    partner_id: int
    competency_key: str
    started_on: date
    ended_on: date
    outcome: str  # won, lost
    summary: str = ""
    role: str = ""
    revenue_eur: int = 0


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A posting once read: what a ranker needs of it. Nothing of the customer is here.

    Of the last four nothing is stored: they are read from the words when it is ranked.
    """

    id: int
    partner_id: int
    title: str
    text: str  # the blind version
    needs: tuple[Need, ...]
    country: str = ""
    on_site: bool = False
    due_on: date | None = None
    value_eur: int | None = None
    languages: tuple[str, ...] = ()
    jurisdiction: str = ""
    clearances: tuple[str, ...] = ()
    industry: str = ""
    town: str = ""  # of work on site
    within_km: int = 0  # of that town; 0: no limit
    based_in: tuple[str, ...] = ()  # where whoever does it must sit: countries, or EU; empty: anywhere
    short: bool = False  # over after at most three days


@dataclass(frozen=True, slots=True)
class Network:
    """Everything that ranking reads, at one moment. Partners by id, competencies by key."""

    partners: Mapping[int, Partner]
    competencies: dict[str, Competency]
    capabilities: Sequence[Capability] = ()
    people: Sequence[BenchPerson] = ()
    badges: Sequence[Badge] = ()
    collaborations: Sequence[Collaboration] = ()
