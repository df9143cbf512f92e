"""Hard rules: each takes a candidate out, with a sentence that says why; none of them scores."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from matcher.ranking.columns import Codes
from matcher.ranking.grouped import Flags
from matcher.ranking.phrases import in_sentence, joined, language_names
from matcher.ranking.records import Records
from matcher.ranking.site import about, km_to
from matcher.ranking.tables import People
from matcher.terms import BenchPerson, Need, Opportunity, Partner, Removed
from matcher.terms.clearances import clearances_that_do
from matcher.terms.names import area_name, country_name
from matcher.terms.places import EU_AND_EEA, places_that_do

# How far ahead somebody must come free when the posting names no day.
HORIZON_DAYS = 120
# Budgets are rough when work is posted: it may lie one part in three below the least that a firm takes, or above the
# most.
PARTS = 3
# What a need asks for is certain where its name stands there and all that is said sounds like it by this chance.
CERTAIN = 0.9


@dataclass(frozen=True, slots=True)
class Case:
    """One candidate before one opportunity on one day."""

    opportunity: Opportunity
    candidate: Partner
    records: Records
    today: date
    excluded: frozenset[int]

    @property
    def poster(self) -> Partner | None:
        """Give the poster's firm, or nothing while it is not yet known."""
        return self.records.partners.get(self.opportunity.partner_id)


def needed_by(opportunity: Opportunity, today: date) -> date:
    """Return the day by which somebody must be free: the day the work is due, else four months from now."""
    due_on = opportunity.due_on
    return due_on if due_on and due_on >= today else today + timedelta(days=HORIZON_DAYS)


Rule = Callable[[Case], str]


def own_firm(case: Case) -> str:
    """Nobody is matched with its own posting."""
    return "This is the firm that posted it." if case.candidate.id == case.opportunity.partner_id else ""


def not_live(case: Case) -> str:
    """Only live partners are offered work."""
    state = case.candidate.state
    return "" if state == "live" else f"The profile is not live: it is {_STATES.get(state, state)}."


def already_asked(case: Case) -> str:
    """Nobody is asked twice about the same opportunity."""
    asked = case.candidate.id in case.excluded
    return "This partner was already asked about this opportunity, or declined it." if asked else ""


def conflict(case: Case) -> str:
    """A partner that one side will not work with stays out, whichever side said so."""
    theirs = case.opportunity.partner_id in case.candidate.conflict_ids
    ours = case.poster is not None and case.candidate.id in case.poster.conflict_ids
    return "One of the two firms has said that it does not work with the other." if theirs or ours else ""


def jurisdiction(case: Case) -> str:
    """Data must stay where the posting says."""
    wanted, held = case.opportunity.jurisdiction, case.candidate.jurisdictions
    if not wanted or holds_data_in(wanted, case.candidate):
        return ""
    named, theirs = " or ".join(map(area_name, wanted.split("|"))), joined([area_name(one) for one in held])
    return f"The data must stay in {named}; this partner may hold data in {theirs or 'no place it has named'}."


def clearance(case: Case) -> str:
    """Every clearance asked for must be held, or one that includes it."""
    lacking = lacking_clearances(case.opportunity, case.candidate)
    return f"The work needs the clearance {joined(lacking)}, which this partner has not listed." if lacking else ""


def language(case: Case) -> str:
    """One of the languages asked for must be spoken; lacking one of several lowers the score instead.

    Prose seldom tells "Italian and Romanian" from "Italian or Romanian": to ask for each took right answers away.
    """
    wanted = case.opportunity.languages
    if not wanted or spoken(case.candidate, case.records).intersection(wanted):
        return ""
    named = " or ".join(language_names([one]) for one in wanted)
    it = "it" if len(wanted) == 1 else "any of them"
    return f"The work must be done in {named}; this partner has listed nobody who speaks {it}."


def nobody_free(case: Case) -> str:
    """Somebody who can do the work must come free in time; a partner that lists nobody is not judged."""
    people = case.records.people(case.candidate.id)
    able = able_people(people, case.records.practices_needed(case.opportunity.needs))
    deadline = needed_by(case.opportunity, case.today)
    if not people or any(is_free(one, deadline) for one in able or people):
        return ""
    return f"Nobody who could do this is free before {deadline.day} {deadline:%B %Y}."


def on_site(case: Case) -> str:
    """Work on site needs somebody who travels, or a firm in the same country; nobody can say where it is not told."""
    country, people = case.opportunity.country, case.records.people(case.candidate.id)
    abroad = case.opportunity.on_site and country and case.candidate.country != country
    if not abroad or not people or any(one.on_site for one in people):
        return ""
    return f"The work is on site in {country_name(country)}; nobody at this partner works on site there."


def based_in(case: Case) -> str:
    """Where a posting says in which countries whoever does it must sit, a firm elsewhere is no match."""
    wanted, country = case.opportunity.based_in, case.candidate.country
    if not wanted or country in countries_of(wanted):
        return ""
    named, where = " or ".join(map(area_name, wanted)), country_name(country)
    return f"The posting asks for a firm in {named}; this partner is in {where or 'a country it has not named'}."


def too_far(case: Case) -> str:
    """Where a posting says how far around its town, a firm that is known to sit farther away is no match."""
    asked, firm = case.opportunity, case.candidate
    if not asked.on_site or not asked.within_km:
        return ""
    km = km_to(asked, firm.country, firm.city)
    if km is None or km <= asked.within_km:
        return ""
    return (
        f"The posting asks for somebody within {asked.within_km} km of {asked.town}; this partner is in {firm.city}, "
        f"about {about(km)} km away."
    )


def size(case: Case) -> str:
    """Work must not lie far outside the size that a partner takes; of several needs it may do a part."""
    value, least, most = case.opportunity.value_eur or 0, case.candidate.min_eur, case.candidate.max_eur
    worth = f"The work is worth about {value:,} EUR; this partner has named"
    if 0 < value * PARTS < least * (PARTS - 1):
        return f"{worth} {least:,} EUR as the smallest work to take."
    if most and len(case.opportunity.needs) == 1 and value * PARTS > most * (PARTS + 1):
        return f"{worth} {most:,} EUR as the largest work to take."
    return ""


def shows_nothing(case: Case) -> str:
    """Where it is certain what is asked for, a partner must show some of it: say it, sell it, have done it."""
    needs, records, partner_id = case.opportunity.needs, case.records, case.candidate.id
    if not all_certain(needs, records):
        return ""
    practices = records.practices_needed(needs)
    told = practices.intersection((*case.candidate.practices, *records.mentioned(partner_id)))
    won = any(one.outcome == "won" and one.competency_key in practices for one in records.works(partner_id))
    badge = any(records.tells_of(one.competency_key, needs) for one in records.badges(partner_id))
    if told or won or badge or records.able(partner_id, practices):
        return ""
    asked = dict.fromkeys(key for need in needs for key in need.competency_keys)
    labels = joined([in_sentence(records.competencies[one].label) for one in asked if one in records.competencies])
    return (
        f"The work is {labels}; this partner has listed neither that nor a person, past work or a badge that shows it."
    )


RULES: tuple[Rule, ...] = (
    own_firm, not_live, already_asked, conflict, jurisdiction, based_in, clearance, language, nobody_free, on_site,
    too_far, size, shows_nothing,
)  # fmt: skip
FEWEST_RULES: tuple[Rule, ...] = (own_firm, not_live, already_asked)

_STATES = {"draft": "still a draft", "paused": "paused", "left": "closed"}


def judge(case: Case, rules: Iterable[Rule] = RULES) -> Removed | None:
    """Return the first rule that takes the candidate out, or nothing."""
    for rule in rules:
        sentence = rule(case)
        if sentence:
            return Removed(case.candidate.id, rule.__name__, sentence)
    return None


def holds_data_in(wanted: str, partner: Partner) -> bool:
    """Tell whether a partner may hold data in one of the places wanted; one of the EU may do so in its own country."""
    at_home = "EU" in partner.jurisdictions and partner.country in wanted.split("|")
    return at_home or not places_that_do(wanted).isdisjoint(partner.jurisdictions)


def countries_of(based_in: Sequence[str]) -> frozenset[str]:
    """Return the countries that a firm may sit in, those of the EU one by one."""
    countries = frozenset("GB" if one == "UK" else one for one in based_in)
    return countries | EU_AND_EEA if "EU" in countries else countries


def lacking_clearances(opportunity: Opportunity, partner: Partner) -> list[str]:
    """List the clearances asked for that a partner holds neither as such nor in a higher one."""
    return [one for one in opportunity.clearances if clearances_that_do(one).isdisjoint(partner.clearances)]


def all_certain(needs: Sequence[Need], records: Records) -> bool:
    """Tell whether it is certain of every need what it asks for."""
    return bool(needs) and all(
        any(key in records.practices_needed([need]) and chance >= CERTAIN for key, chance in need.leanings)
        for need in needs
    )


def spoken(partner: Partner, records: Records) -> frozenset[str]:
    """Return the languages of the firm and of everybody on its bench."""
    people = records.people(partner.id)
    return frozenset(partner.languages).union(*(one.languages for one in people))


def able_people(people: Iterable[BenchPerson], practices: frozenset[str]) -> tuple[BenchPerson, ...]:
    """Return those who work in one of the practices."""
    return tuple(one for one in people if practices.intersection(one.competency_keys))


def are_free(people: People, rows: Codes, needed_by: date) -> Flags:
    """Tell of some people, by row, what `is_free` tells of one."""
    return np.asarray((people.free_days.values[rows] > 0) & (people.free_from.values[rows] <= needed_by.toordinal()))


def is_free(person: BenchPerson, needed_by: date) -> bool:
    """Tell whether a person has days to give before the day given; one without a date is free already."""
    return person.free_days > 0 and (person.free_from is None or person.free_from <= needed_by)
