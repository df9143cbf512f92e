"""Competencies and texts as they were read: what a posting or a profile says."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Competency:
    """A term that needs and capabilities point to; dated, so that old names still lead somewhere."""

    key: str
    kind: str  # practice, competency, designation, specialization
    label: str
    definition: str
    synonyms: tuple[str, ...] = ()
    old_names: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    replaced_by: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A competency found in a text: the words that named it and where they stand."""

    competency_key: str
    words: str
    start: int


@dataclass(frozen=True, slots=True)
class Named:
    """The practices that a text names, most mentioned first, and how far the words can be believed."""

    keys: tuple[str, ...] = ()
    belief: str = ""  # name, everyday (an ordinary word), passing (a thing or a trade), denied; empty: nothing named


@dataclass(frozen=True, slots=True)
class Need:
    """One thing asked for; `leanings` are practices that it sounds like, named or not, with chances in (0, 1].

    `level` is the least that whoever does it must be: junior, senior or architect; empty where that is not said.
    """

    text: str
    competency_keys: tuple[str, ...] = ()
    leanings: tuple[tuple[str, float], ...] = ()
    level: str = ""


@dataclass(frozen=True, slots=True)
class Masked:
    """Something private found in a posting and what others see instead."""

    kind: str  # customer, person, domain, address, phone, account, street, number
    words: str
    shown_as: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A posting as it was understood; `missing` names the facts (what, due, place, pays) still to be asked for."""

    title: str
    blind_text: str
    needs: tuple[Need, ...]
    due_text: str = ""
    due_on: date | None = None
    place_text: str = ""
    country: str = ""  # ISO 3166 alpha-2, empty: not said
    on_site: bool = False
    pays: str = ""
    value_eur: int | None = None
    languages: tuple[str, ...] = ()  # ISO 639-1, that people on the work must speak
    jurisdiction: str = ""  # where data must stay: EU, UK, CH, US …, "UK|EU": either; empty: anywhere
    clearances: tuple[str, ...] = ()
    industry: str = ""
    masked: tuple[Masked, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """A partner's own words as they were understood; `missing` names the facts (name, what, country) to ask for."""

    name: str
    text: str
    competency_keys: tuple[str, ...] = ()
    country: str = ""
    city: str = ""
    n_people: int | None = None
    languages: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    clearances: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()  # where it says that it holds data: EU, UK or a country
    missing: tuple[str, ...] = ()
