"""Hard rules become masks over many partners at once; only whoever they take out is judged in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matcher.ranking import rules
from matcher.ranking.arrays import IntArray
from matcher.ranking.facts import Facts
from matcher.ranking.firms import Crew, Firms
from matcher.ranking.grouped import Flags
from matcher.ranking.nearness import km_of_firms
from matcher.terms import Opportunity
from matcher.terms.clearances import clearances_that_do
from matcher.terms.places import places_that_do


@dataclass(frozen=True, slots=True)
class Before:
    """Some firms, by row, before one opportunity on one day."""

    opportunity: Opportunity
    facts: Facts
    rows: IntArray
    crew: Crew
    practices: frozenset[str]  # of all needs
    today: date
    excluded: frozenset[int]

    @property
    def firms(self) -> Firms:
        """Give what the firms are, one row a firm."""
        return self.facts.firms


Mask = Callable[[Before], Flags]


def taken_out(before: Before, wanted: Sequence[rules.Rule]) -> Flags:
    """Tell which firms a rule takes out; rules that have no mask are left to whoever judges one by one."""
    found = np.zeros(len(before.rows), dtype=bool)
    for rule in wanted:
        if rule in MASKS:
            found |= MASKS[rule](before)
    return found


def without_mask(wanted: Sequence[rules.Rule]) -> tuple[rules.Rule, ...]:
    """Return the rules that only judge one partner at a time."""
    return tuple(rule for rule in wanted if rule not in MASKS)


def _own_firm(before: Before) -> Flags:
    return _is_one_of(before, [before.opportunity.partner_id])


def _not_live(before: Before) -> Flags:
    return ~before.firms.live[before.rows]


def _already_asked(before: Before) -> Flags:
    return _is_one_of(before, before.excluded)


def _conflict(before: Before) -> Flags:
    poster_id = before.opportunity.partner_id
    at = before.firms.rows_of([poster_id])
    ours = before.firms.partners[int(at[0])].conflict_ids if len(at) else frozenset[int]()
    return _is_one_of(before, ours.union(before.firms.refused_by.get(poster_id, ())))


def _jurisdiction(before: Before) -> Flags:
    wanted = before.opportunity.jurisdiction
    if not wanted:
        return _nobody(before)
    places, held = wanted.split("|"), before.firms.jurisdictions
    at_home = held.has_any(before.rows, ("EU",)) & np.isin(before.firms.countries[before.rows], places)
    return ~(at_home | held.has_any(before.rows, places_that_do(wanted)))


def _clearance(before: Before) -> Flags:
    held, lacks = before.firms.clearances, _nobody(before)
    for one in before.opportunity.clearances:
        lacks |= ~held.has_any(before.rows, clearances_that_do(one))
    return lacks


def _language(before: Before) -> Flags:
    wanted = before.opportunity.languages
    if not wanted:
        return _nobody(before)
    spoken = before.firms.languages.has_any(before.rows, wanted)
    return np.asarray(~np.logical_or.reduce([spoken, *(before.crew.speaks(one) for one in wanted)]))


def _nobody_free(before: Before) -> Flags:
    by, crew = rules.needed_by(before.opportunity, before.today), before.crew
    able = crew.able(before.practices)
    free = np.where(able, crew.able_and_free(before.practices, by), crew.free(by))
    return crew.listed & ~free


def _on_site(before: Before) -> Flags:
    if not before.opportunity.on_site or not before.opportunity.country:
        return _nobody(before)
    there = before.firms.countries[before.rows] == before.opportunity.country
    return np.asarray(before.crew.listed & ~there & ~before.crew.travels)


def _based_in(before: Before) -> Flags:
    if not before.opportunity.based_in:
        return _nobody(before)
    return ~np.isin(before.firms.countries[before.rows], list(rules.countries_of(before.opportunity.based_in)))


def _too_far(before: Before) -> Flags:
    asked = before.opportunity
    if not asked.on_site or not asked.within_km:
        return _nobody(before)
    return np.asarray(km_of_firms(asked, before.firms, before.rows) > asked.within_km)


def _size(before: Before) -> Flags:
    value, parts = before.opportunity.value_eur or 0, rules.PARTS
    if value <= 0:
        return _nobody(before)
    least, most = before.firms.least_eur[before.rows], before.firms.most_eur[before.rows]
    too_small = value * parts < least * (parts - 1)
    if len(before.opportunity.needs) > 1:
        return np.asarray(too_small)
    return np.asarray(too_small | ((most > 0) & (value * parts > most * (parts + 1))))


def _shows_nothing(before: Before) -> Flags:
    needs, facts, rows = before.opportunity.needs, before.facts, before.rows
    if not rules.all_certain(needs, facts.records):
        return _nobody(before)
    told = facts.firms.declared.has_any(rows, before.practices) | facts.firms.mentioned.has_any(rows, before.practices)
    won = sum((facts.past.n_won(rows, one) for one in before.practices), start=np.zeros(len(rows))) > 0
    return np.asarray(~(told | won | facts.badges.tell_of(rows, needs) | before.crew.able(before.practices)))


def _is_one_of(before: Before, partner_ids: Sequence[int] | frozenset[int]) -> Flags:
    if not partner_ids:
        return _nobody(before)
    return np.isin(before.rows, before.firms.rows_of(partner_ids))


def _nobody(before: Before) -> Flags:
    return np.zeros(len(before.rows), dtype=bool)


MASKS: dict[rules.Rule, Mask] = {
    rules.own_firm: _own_firm,
    rules.not_live: _not_live,
    rules.already_asked: _already_asked,
    rules.conflict: _conflict,
    rules.jurisdiction: _jurisdiction,
    rules.clearance: _clearance,
    rules.language: _language,
    rules.nobody_free: _nobody_free,
    rules.on_site: _on_site,
    rules.based_in: _based_in,
    rules.too_far: _too_far,
    rules.size: _size,
    rules.shows_nothing: _shows_nothing,
}
