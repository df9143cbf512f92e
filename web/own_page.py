"""All that is known of a partner → the values of its own page, each fact with where it came from."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from matcher import wording
from matcher.ledger import Entry, balance
from matcher.models import Contact, Introduction, Opportunity, Partner
from matcher.store import introductions, letters, network, partners, postings
from matcher.terms import Badge, BenchPerson, Competency
from web.links import Links
from web.wording import counted

OFFER_SAYS = {
    "asked": "You have not answered yet",
    "accepted": "You said yes; the poster chooses",
    "waitlisted": "You said yes; the poster has not chosen you so far",
    "introduced": "You have been introduced",
    "declined": "You said no",
    "lapsed": "Closed before it was settled",
    "closed": "Finished, and both sides agree",
}
OPEN_STATES = ("asked", "accepted", "waitlisted", "introduced")
OPPORTUNITY_SAYS = {
    "draft": "Waits for your ok",
    "open": "Open",
    "closed": "Closed",
    "withdrawn": "Closed by you",
}
N_PAST = 12  # offers that are over, newest first; more would bury what is open


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing we know, and where we know it from."""

    name: str
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class Ability:
    """One thing a partner can do, with everything that speaks for it."""

    label: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: what, its state or side, more words, and the page behind it."""

    title: str
    state: str
    words: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a partner gave and got, confirmed by both sides."""

    gave: str
    n_gave: int
    got: str
    n_got: int


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Everything that the page shows."""

    facts: tuple[Fact, ...]
    usual_source: str
    abilities: tuple[Ability, ...]
    people: tuple[Line, ...]
    badges: tuple[Line, ...]
    work: tuple[Line, ...]
    ledger: Ledger
    offers: tuple[Line, ...]
    past_offers: tuple[Line, ...]
    opportunities: tuple[Line, ...]


def own_page(session: Session, contact: Contact, links: Links) -> OwnPage:
    """Collect what one contact's firm may see: of itself everything, of others only those it was introduced to."""
    row, known = contact.partner, {each.key: each for each in network.competencies(session)}
    live, past = _split(introductions.of_partner(session, row.id))
    where = letters.offered_in(session, contact.id)
    facts = facts_of(session, row, known)
    return OwnPage(
        facts=facts,
        usual_source=usual_source(facts),
        abilities=tuple(_abilities(session, row, known)),
        people=person_lines(session, row.id, known),
        badges=badge_lines(session, row.id, known),
        work=tuple(_work(session, row, known)),
        ledger=_ledger(session, row),
        offers=tuple(_offer(each, where, links) for each in live),
        past_offers=tuple(_offer(each, where, links) for each in past[:N_PAST]),
        opportunities=tuple(_opportunity(session, each, links) for each in postings.of_partner(session, row.id)),
    )


def facts_of(session: Session, row: Partner, known: dict[str, Competency]) -> tuple[Fact, ...]:
    """List what a partner told of itself, or what was read from its words."""
    told = (
        ("name", "Firm", row.name),
        ("country", "Country", wording.country_name(row.country)),
        ("city", "City", row.city),
        ("n_people", "People", f"{row.n_people:,}" if row.n_people else ""),
        ("founded", "Founded", str(row.founded or "")),
        ("practices", "Sells", ", ".join(wording.labels(row.practices, known))),
        ("languages", "Works in", wording.languages(row.languages)),
        ("industries", "Knows", ", ".join(row.industries)),
        ("jurisdictions", "May hold data in", ", ".join(wording.country_name(each) for each in row.jurisdictions)),
        ("clearances", "Clearances", ", ".join(row.clearances)),
        ("min_eur", "Size of work", wording.work_size(row.min_eur, row.max_eur)),
        ("conflict_keys", "Never matched with", ", ".join(partners.names_of_keys(session, row.conflict_keys))),
    )
    return tuple(Fact(name, words, row.sources.get(column, "")) for column, name, words in told if words)


def usual_source(facts: tuple[Fact, ...]) -> str:
    """Return where most facts came from, so that only the others need to say it."""
    named = Counter(each.source for each in facts if each.source)
    return named.most_common(1)[0][0] if named else ""


def _abilities(session: Session, row: Partner, known: dict[str, Competency]) -> list[Ability]:
    """Group what the worker read by competency, those with most evidence first; words without one come last."""
    found: dict[str, list[str]] = {}
    for each in partners.capabilities(session, row.id):
        said = f"{each.evidence}: “{each.text}”" if each.source in ("profile", "collaboration") else each.evidence
        label = known[each.competency_key].label if each.competency_key in known else ""
        found.setdefault(label, []).append(said)
    ordered = sorted(found.items(), key=lambda each: (not each[0], -len(each[1]), each[0]))
    return [Ability(label or "Also in your words", tuple(dict.fromkeys(said))) for label, said in ordered]


def person_lines(session: Session, partner_id: int, known: dict[str, Competency]) -> tuple[Line, ...]:
    """List the people whom a partner can lend."""
    return tuple(_person(each, known) for each in network.people_of(session, partner_id))


def badge_lines(session: Session, partner_id: int, known: dict[str, Competency]) -> tuple[Line, ...]:
    """List a partner's badges, each of its own word with where we have it from."""
    return tuple(_badge(each, known) for each in network.badges_of(session, partner_id))


def _person(each: BenchPerson, known: dict[str, Competency]) -> Line:
    free = f"{counted(each.free_days, 'day', 'days')} a month" if each.free_days else "not free at present"
    since = f" from {wording.day(each.free_from)}" if each.free_days and each.free_from else ""
    where = "travels to the customer" if each.on_site else "works remotely"
    speaks = wording.languages(list(each.languages))
    words = " · ".join(part for part in (f"{free}{since}", where, speaks) if part)
    return Line(f"{each.name}, {each.level}", ", ".join(wording.labels(list(each.competency_keys), known)), words)


def _badge(each: Badge, known: dict[str, Competency]) -> Line:
    label = known[each.competency_key].label if each.competency_key in known else each.competency_key
    if each.source:
        until = f"until {wording.day(each.expires_on)} · " if each.expires_on else ""
        return Line(label, each.level, f"{until}from {each.source}; posters read that nobody checked it")
    until = f" to {wording.day(each.expires_on)}" if each.expires_on else ""
    return Line(label, each.level, f"{wording.day(each.awarded_on)}{until}")


def _work(session: Session, row: Partner, known: dict[str, Competency]) -> Iterable[Line]:
    rows = partners.collaborations(session, row.id)
    names = partners.names(session, {each.lead_id for each in rows} | {each.partner_id for each in rows})
    for each in rows:
        led = each.lead_id == row.id
        side = f"passed on to {names[each.partner_id]}" if led else f"done for {names[each.lead_id]}"
        outcome = f"{each.outcome} {wording.euros(each.revenue_eur)}".strip()
        label = ", ".join(wording.labels([each.competency_key], known))
        words = " · ".join(part for part in (side, label, each.role, _span(each.started_on, each.ended_on)) if part)
        yield Line(each.summary[:1].upper() + each.summary[1:], outcome, words)


def _span(start: date, end: date) -> str:
    return str(start.year) if start.year == end.year else f"{start.year} to {end.year}"


def _ledger(session: Session, row: Partner) -> Ledger:
    sums = balance(row.id, (Entry(*each) for each in partners.confirmed_work(session, row.id)))
    return Ledger(wording.euros(sums.gave_eur) or "€0", sums.n_gave, wording.euros(sums.got_eur) or "€0", sums.n_got)


def _split(rows: list[Introduction]) -> tuple[list[Introduction], list[Introduction]]:
    live = [each for each in rows if each.state in OPEN_STATES and _still_possible(each)]
    return live, [each for each in rows if each not in live]


def _still_possible(row: Introduction) -> bool:
    return row.state == "introduced" or row.opportunity.state == "open"


def _offer(row: Introduction, where: dict[int, tuple[int, int]], links: Links) -> Line:
    state = OFFER_SAYS[row.state]
    if row.state == "asked" and row.opportunity.state != "open":
        state = "Closed before you answered"
    return Line(row.opportunity.title, state, row.match.why_you if row.match else "", _offer_link(row, where, links))


def _offer_link(row: Introduction, where: dict[int, tuple[int, int]], links: Links) -> str:
    if row.state in ("introduced", "closed"):
        return links.introduction(row.id, "partner")
    return links.offer(*where[row.id]) if row.id in where else ""


def _opportunity(session: Session, row: Opportunity, links: Links) -> Line:
    said_yes = len(introductions.of_opportunity(session, row.id, "accepted", "waitlisted"))
    met = len(introductions.of_opportunity(session, row.id, "introduced", "closed"))
    words = [f"{said_yes} interested" if said_yes else "", f"{met} introduced" if met else ""]
    if row.state == "open" and row.closes_on:
        words.append(f"until {wording.day(row.closes_on)}")
    said = " · ".join(each for each in words if each)
    return Line(row.title, OPPORTUNITY_SAYS[row.state], said, links.opportunity(row.id))
