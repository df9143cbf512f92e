"""What a partner could change about itself becomes changes, and a change becomes the network in which it was made."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from matcher.ranking.capability import Describe, Link, capabilities_of, sentences
from matcher.ranking.phrases import in_sentence, language_names
from matcher.ranking.records import Records
from matcher.ranking.rules import able_people, holds_data_in, is_free, lacking_clearances, needed_by
from matcher.ranking.score import size_fit
from matcher.terms import Badge, BenchPerson, Capability, Competency, Need, Network, Opportunity, Partner
from matcher.terms.names import area_name, country_name

# The least effort first: what is looked through, what is said, whose calendar is moved, who is hired, what is earned.
KINDS = (
    "freshen", "live", "language", "industry", "size", "practice", "sentence", "calendar", "travel", "residency",
    "person", "clearance", "badge",
)  # fmt: skip
DAYS_A_MONTH = 10
BADGE_LASTS_DAYS = 365
BADGES_EACH_PRACTICE = 2
YOUR_WORD = "your own word"
LONGEST_SENTENCE_WORDS = 40
# The first source of a text is the one that `capabilities_of` keeps.
SOURCES = ("collaboration", "profile", "declared", "badge", "bench")


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of a partner that could be another; `words` go behind "You could", `tell` is what it writes to us."""

    kind: str
    value: str
    words: str
    tell: str = ""


@dataclass(frozen=True, slots=True)
class Firm:
    """All that a partner says of itself; `said` is what its profile would say in addition."""

    partner: Partner
    people: tuple[BenchPerson, ...] = ()
    badges: tuple[Badge, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an opportunity asks of whoever changes for it: practices named, or what needs sound like that name none."""

    opportunity: Opportunity
    practices: Mapping[str, frozenset[str]]  # each with all its names
    competencies: Mapping[str, Competency]
    today: date


def changes_for(network: Network, partner_id: int, *, opportunity: Opportunity, today: date) -> tuple[Change, ...]:
    """List the changes of one fact that could bear on an opportunity, least effort first."""
    records = Records(replace(network, capabilities=(), people=(), badges=(), collaborations=()))
    asked = {key for need in opportunity.needs for key in need.competency_keys}
    heard = {key for need in opportunity.needs if not need.competency_keys for key, _ in need.leanings}
    practices = sorted({one for key in asked | heard for one in records.stands_for(key)})
    names = {one: frozenset(records.practices(one)) for one in practices}
    wanted = Wanted(opportunity, names, network.competencies, today)
    firm = firm_of(network, partner_id)
    found = [
        *_looked_through(firm, wanted), *_listed(firm, wanted), *_claimed(firm, wanted), *_lent(firm, wanted),
        *_held(firm, wanted),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: KINDS.index(one.kind)))


def applied(
    network: Network, partner_id: int, changes: Iterable[Change], *, today: date, link: Link, describe: Describe
) -> Network:
    """Return the network in which a partner made the changes, its capabilities read anew; all others are untouched."""
    firm = firm_of(network, partner_id)
    for one in changes:
        firm = _MADE[one.kind](firm, one.value, today)
    new = capabilities_of(
        firm.partner,
        profile=firm.said,
        badges=firm.badges,
        people=firm.people,
        collaborations=(),
        competencies=network.competencies,
        link=link,
        describe=describe,
    )
    return replace(
        network,
        partners={**network.partners, partner_id: firm.partner},
        people=(*_others(network.people, partner_id), *firm.people),
        badges=(*_others(network.badges, partner_id), *firm.badges),
        capabilities=_merged(network.capabilities, partner_id, new),
    )


def firm_of(network: Network, partner_id: int) -> Firm:
    """Return what a partner says of itself."""
    people = tuple(one for one in network.people if one.partner_id == partner_id)
    badges = tuple(one for one in network.badges if one.partner_id == partner_id)
    return Firm(network.partners[partner_id], people, badges)


T = TypeVar("T", BenchPerson, Badge)


def _others(rows: Sequence[T], partner_id: int) -> list[T]:
    return [one for one in rows if one.partner_id != partner_id]


def _merged(known: Sequence[Capability], partner_id: int, new: Sequence[Capability]) -> Sequence[Capability]:
    """Put a partner's new capabilities to its old ones; a text that comes twice keeps its first source."""
    mine = [one for one in known if one.partner_id == partner_id]
    first: dict[str, Capability] = {}
    for one in sorted((*mine, *new), key=lambda one: SOURCES.index(one.source)):
        first.setdefault(one.text_hash, one)
    if set(first.values()) == set(mine):
        return known
    return (*(one for one in known if one.partner_id != partner_id), *first.values())


def _looked_through(firm: Firm, wanted: Wanted) -> Iterator[Change]:
    if firm.partner.profile_on != wanted.today:
        yield Change("freshen", "", "look through your profile and confirm it today", "Everything still holds")
    if firm.partner.state in ("paused", "draft"):
        yield Change("live", "", "take your profile live", "Resume")


def _listed(firm: Firm, wanted: Wanted) -> Iterator[Change]:
    asked = wanted.opportunity
    for code in asked.languages:
        if code not in firm.partner.languages:
            named = language_names([code])
            yield Change("language", code, f"list {named} among your languages", f"We also speak {named}")
    if asked.industry and asked.industry not in firm.partner.industries:
        words = f"list {asked.industry} among the trades that you know"
        yield Change("industry", asked.industry, words, f"We also know the trade {asked.industry}")
    if asked.value_eur and size_fit(firm.partner, asked.value_eur) < 1:
        words = f"take work of {asked.value_eur:,} EUR"
        yield Change("size", str(asked.value_eur), words, f"We {words}")
    places = asked.jurisdiction.split("|") if asked.jurisdiction else []
    for place in [] if holds_data_in(asked.jurisdiction, firm.partner) else places:
        words, tell = (
            f"list {area_name(place)} as a place where you may",
            f"We may also hold data in {area_name(place)}",
        )
        yield Change("residency", place, f"{words} hold data", tell)
    for one in lacking_clearances(asked, firm.partner):
        yield Change("clearance", one, f"list the clearance {one}", f"We also hold the clearance {one}")


def _claimed(firm: Firm, wanted: Wanted) -> Iterator[Change]:
    for key in wanted.practices:
        if key in wanted.competencies and wanted.practices[key].isdisjoint(firm.partner.practices):
            label = _label(wanted, key)
            yield Change("practice", key, f"list {label} as something that you sell", f"We also do {label}")
    for said in dict.fromkeys(one for need in wanted.opportunity.needs for one in _sentences(need, wanted)):
        yield Change("sentence", said, f"say in your profile, in your own words, what comes to this: “{said}”", said)


def _sentences(need: Need, wanted: Wanted) -> Iterator[str]:
    """Yield what a profile could say about a need: the competency in the words of the list, never the poster's words.

    Only where a need names no competency there is nothing but what the poster said.
    """
    known = [wanted.competencies[key] for key in need.competency_keys if key in wanted.competencies]
    for one in known:
        yield f"We do {in_sentence(one.label)}: {one.definition}".rstrip(": .")
    fit = [one for one in sentences(need.text) if len(one.split()) <= LONGEST_SENTENCE_WORDS]
    if fit and not known:
        yield max(fit, key=len)


def _lent(firm: Firm, wanted: Wanted) -> Iterator[Change]:
    asked, deadline = wanted.opportunity, needed_by(wanted.opportunity, wanted.today)
    able = able_people(firm.people, frozenset[str]().union(*wanted.practices.values())) or firm.people
    for one in able:
        if not is_free(one, deadline):
            by = f"free by {deadline.day} {deadline:%B %Y}"
            yield Change("calendar", one.name, f"have {one.name} {by}", f"{one.name} is {by}")
    abroad = asked.on_site and asked.country != firm.partner.country
    if abroad and not any(one.on_site for one in firm.people):
        where = country_name(asked.country) if asked.country else "the place of the work"
        for one in able[:1]:
            words = f"have {one.name} work on site in {where}"
            yield Change("travel", one.name, words, f"{one.name} works on site")
    level = "architect" if any(need.level == "architect" for need in asked.needs) else "senior"
    for key in wanted.practices:
        if key in wanted.competencies:
            one_more = f"one more {level} for {_label(wanted, key)}, free now"
            yield Change("person", f"{key}|{level}", f"have {one_more}", f"We have {one_more}")


def _held(firm: Firm, wanted: Wanted) -> Iterator[Change]:
    held = {one.competency_key for one in firm.badges if one.expires_on is None or one.expires_on >= wanted.today}
    for names in wanted.practices.values():
        current = [one for one in wanted.competencies.values() if _is_earned(one, names, wanted.today)]
        for one in sorted(current, key=lambda one: (one.kind, one.key))[:BADGES_EACH_PRACTICE]:
            if one.key not in held:
                badge = f"the {_level(one)} “{one.label}”"
                yield Change("badge", f"{one.key}|{_level(one)}", f"earn {badge}", f"We earned {badge}")


def _is_earned(competency: Competency, names: frozenset[str], today: date) -> bool:
    """Tell whether a badge can be earned now and is evidence of a practice, under one of its names."""
    over = competency.valid_until is not None and competency.valid_until < today
    return (
        competency.kind != "practice" and bool(names & {*competency.practices}) and not (over or competency.replaced_by)
    )


def _level(competency: Competency) -> str:
    return competency.kind if competency.kind in ("designation", "specialization") else "gold"


def _label(wanted: Wanted, key: str) -> str:
    return in_sentence(wanted.competencies[key].label)


Made = Callable[[Firm, str, date], Firm]


def _with(firm: Firm, partner: Partner) -> Firm:
    return replace(firm, partner=partner)


def _size(firm: Firm, value: str, _: date) -> Firm:
    eur, partner = int(value), firm.partner
    most = max(partner.max_eur, eur) if partner.max_eur else 0
    return _with(firm, replace(partner, min_eur=min(partner.min_eur, eur), max_eur=most))


def _person(firm: Firm, value: str, today: date) -> Firm:
    partner, (key, level) = firm.partner, value.split("|")
    one = BenchPerson(partner.id, "one more", (key,), level, languages=partner.languages, free_from=today)
    return replace(firm, people=(*firm.people, replace(one, free_days=DAYS_A_MONTH)))


def _badge(firm: Firm, value: str, today: date) -> Firm:
    key, level = value.split("|")
    badge = Badge(firm.partner.id, key, level, today, today + timedelta(days=BADGE_LASTS_DAYS), YOUR_WORD)
    return replace(firm, badges=(*firm.badges, badge))


def _calendar(firm: Firm, name: str, today: date) -> Firm:
    def moved(one: BenchPerson) -> BenchPerson:
        days = max(one.free_days, DAYS_A_MONTH)
        return replace(one, free_from=today, free_days=days) if one.name == name else one

    return replace(firm, people=tuple(moved(one) for one in firm.people))


def _travel(firm: Firm, name: str, _: date) -> Firm:
    people = (replace(one, on_site=True) if one.name == name else one for one in firm.people)
    return replace(firm, people=tuple(people))


def _listed_in(field: str) -> Made:
    def made(firm: Firm, value: str, _: date) -> Firm:
        longer: dict[str, Any] = {field: (*getattr(firm.partner, field), value)}
        return _with(firm, replace(firm.partner, **longer))

    return made


_MADE: Mapping[str, Made] = {
    "freshen": lambda firm, _, today: _with(firm, replace(firm.partner, profile_on=today)),
    "live": lambda firm, _, today: _with(firm, replace(firm.partner, state="live")),
    "language": _listed_in("languages"),
    "industry": _listed_in("industries"),
    "size": _size,
    "practice": _listed_in("practices"),
    "sentence": lambda firm, value, _: replace(firm, said=f"{firm.said}\n{value}.".strip()),
    "calendar": _calendar,
    "travel": _travel,
    "residency": _listed_in("jurisdictions"),
    "person": _person,
    "clearance": _listed_in("clearances"),
    "badge": _badge,
}
