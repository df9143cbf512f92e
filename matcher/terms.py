"""The words of the field as frozen values: what one stage hands to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


class Refused(ValueError):
    """What somebody asked for cannot be done; the message is the sentence that they read."""


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
    """One thing asked for."""

    text: str
    competency_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Masked:
    """Something private found in a posting and what others see instead."""

    kind: str  # customer, person, domain, address, phone
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
    value_note: str = ""  # how the value was converted into euros; empty: it was said in euros


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
    missing: tuple[str, ...] = ()


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
    """A vendor's designation at a level, with its dates."""

    partner_id: int
    competency_key: str
    level: str
    awarded_on: date
    expires_on: date | None = None


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
    """A posting once read: what a ranker needs of it. Nothing of the customer is here."""

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


@dataclass(frozen=True, slots=True)
class Network:
    """Everything that ranking reads, at one moment. Partners by id, competencies by key."""

    partners: dict[int, Partner]
    competencies: dict[str, Competency]
    capabilities: tuple[Capability, ...] = ()
    people: tuple[BenchPerson, ...] = ()
    badges: tuple[Badge, ...] = ()
    collaborations: tuple[Collaboration, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a candidate stands where it does: a signal, its value in [0, 1], its weight, the evidence in plain words."""

    name: str
    value: float
    weight: float
    evidence: str = ""  # as the matched partner reads it: "you migrated 400 Notes mailboxes in 2023"
    evidence_for_poster: str = ""  # the same fact as the poster may read it, without the firm's name
    private: bool = False  # rests on who worked with whom: shown to the poster only once its address is proven
    rests_on: tuple[str, ...] = ()  # the records behind it, for whoever checks; names people and firms: never shown


@dataclass(frozen=True, slots=True)
class Match:
    """A scored candidate. Score in [0, 1]; place counts from 1."""

    opportunity_id: int
    partner_id: int
    place: int
    score: float
    reasons: tuple[Reason, ...]
    why_you: str  # one sentence, to the matched partner
    why_them: str  # one sentence, to the poster, without the partner's name


@dataclass(frozen=True, slots=True)
class TeamPerson:
    """One person whom a partner could put on an opportunity: its needs by position, its free days a month."""

    name: str  # unlike any other of the same partner
    serves: frozenset[int]
    free_days: int = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A partner for a team: it passed every hard rule and has a score in [0, 1] for each need that it covers."""

    partner_id: int
    scores: Mapping[int, float]  # by position of the need
    people: tuple[TeamPerson, ...]
    conflict_ids: frozenset[int] = frozenset()
    tied_ids: frozenset[int] = frozenset()  # partners that it has worked with


@dataclass(frozen=True, slots=True)
class Part:
    """What one partner does in a team: its needs by position, which person serves which, its scores summed up."""

    partner_id: int
    needs: tuple[int, ...]
    people: tuple[tuple[int, str], ...] = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Team:
    """The fewest partners with distinct people that cover an opportunity; `gap` 0.0: proven that none is better."""

    parts: tuple[Part, ...]
    uncovered: tuple[int, ...] = ()  # needs that nobody covers, by position
    n_ties: int = 0
    score: float = 0.0
    gap: float = 0.0


@dataclass(frozen=True, slots=True)
class Removed:
    """A candidate that a hard rule took out, and the sentence that says which."""

    partner_id: int
    rule: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a reply asks for. Verbs: yes no later ask refer choose none ok correct won lost stop extend text."""

    verb: str
    number: int | None = None
    text: str = ""
    amount_eur: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What an inbound message means: acts, all of them safe, or `unclear`: what was not understood, as a sentence."""

    acts: tuple[Act, ...] = ()
    unclear: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message that arrived, as far as it can be read without a database."""

    kind: str  # reply posting join unsubscribe bounce complaint auto loop unknown
    sender: str = ""  # bare address, lower case
    sender_name: str = ""
    recipients: tuple[str, ...] = ()
    mailbox: str = ""  # join, post, reply, u, b, help: the local part before any "+"
    token: str = ""
    subject: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    text: str = ""  # what the sender wrote
    removed: str = ""  # quotes and signature that were cut away
    attachments: tuple[str, ...] = ()  # names of the files that the sender attached, not of a signature's pictures
    failed: tuple[str, ...] = ()
    hard: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """An open opportunity that could be put before a contact today."""

    opportunity_id: int
    match_id: int
    partner_id: int
    contact_id: int
    score: float
    place: int


@dataclass(frozen=True, slots=True)
class Digest:
    """What one contact is told one day, best first."""

    contact_id: int
    offers: tuple[Offer, ...] = field(default=())
