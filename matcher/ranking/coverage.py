"""A partner and a competency become how well the first is known to cover the second, and by which facts."""

import math
from dataclasses import dataclass
from datetime import date

from matcher.ranking.graph import faded
from matcher.ranking.records import Records
from matcher.ranking.rules import is_free
from matcher.terms import Badge, BenchPerson, Collaboration, Need

# How far each kind of evidence alone convinces; several together convince as independent witnesses would.
MENTIONED = 0.25
DECLARED = 0.45
BADGE_VALID = 0.3
BADGE_EXPIRED = 0.12
BADGE_HELD = 0.75  # the very badge asked for
BENCH = {"architect": 0.4, "senior": 0.4, "junior": 0.15}
# A busy expert shows the competency, but cannot do the work now.
BENCH_BUSY_SHARE = 0.35
WORK_WON = 0.4
# Where every piece of such work was lost, lately and more than once, the rest is believed this much less.
LOST_DISCOUNT = 0.5
# Who has others do such work for its own customers sells it rather than does it.
BOUGHT_DISCOUNT = 0.5
BADGE_HALF_LIFE_DAYS = 3 * 365
LEVEL_ORDER = {"architect": 0, "senior": 1, "junior": 2}


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well one competency is covered, in [0, 1], and the best fact of each kind."""

    value: float = 0.0
    person: BenchPerson | None = None  # the best one who is free in time
    badge: Badge | None = None
    badge_valid: bool = False
    work: Collaboration | None = None  # the newest won
    declared: bool = False


NOTHING = Coverage()


class Covering:
    """Coverage on one day for one deadline; asks the records once for each partner and competency."""

    def __init__(self, records: Records, *, today: date, needed_by: date) -> None:
        self._records = records
        self._today = today
        self._needed_by = needed_by
        self._known: dict[tuple[int, str], Coverage] = {}

    def of_need(self, partner_id: int, need: Need) -> float:
        """Return in [0, 1] how well a need is covered: its best competency, and all of them on average."""
        values = [self.of_key(partner_id, key).value for key in need.competency_keys]
        return 0.6 * max(values) + 0.4 * sum(values) / len(values) if values else 0.0

    def best(self, partner_id: int, need: Need) -> tuple[str, Coverage]:
        """Return the competency of a need that the partner covers best; ("", NOTHING) where none is asked for."""
        found = [(key, self.of_key(partner_id, key)) for key in need.competency_keys]
        return max(found, key=lambda one: one[1].value, default=("", NOTHING))

    def of_key(self, partner_id: int, key: str) -> Coverage:
        """Return how well a partner covers a competency."""
        known = self._known.get((partner_id, key))
        if known is None:
            known = self._known[partner_id, key] = self._weigh(partner_id, key)
        return known

    def free_share(self, partner_id: int, need: Need) -> float:
        """Return 1 if somebody able is free in time, 0.5 if that is not known, 0 if all who are able are busy."""
        practices = self._records.practices_needed([need])
        able = [one for one in self._records.people(partner_id) if practices.intersection(one.competency_keys)]
        if not able:
            return 0.5
        return 1.0 if any(is_free(one, self._needed_by) for one in able) else 0.0

    def _weigh(self, partner_id: int, key: str) -> Coverage:
        practices = frozenset(self._records.practices(key))
        partner = self._records.partners[partner_id]
        declared = bool(practices.intersection(partner.practices))
        badge, badge_worth = self._badge(partner_id, key, practices)
        person, bench_worth = self._bench(partner_id, practices)
        work, work_doubt, believed = self._work(partner_id, practices)
        mentioned = bool(practices & self._records.mentioned(partner_id))
        doubt = (1 - badge_worth) * (1 - bench_worth) * work_doubt
        doubt *= 1 - (DECLARED if declared else MENTIONED if mentioned else 0)
        return Coverage((1 - doubt) * believed, person, badge, bool(badge and self._is_valid(badge)), work, declared)

    def _badge(self, partner_id: int, key: str, practices: frozenset[str]) -> tuple[Badge | None, float]:
        """Find the badge that says most; how many there are does not count."""
        worths = [(self._badge_worth(one, key, practices), one) for one in self._records.badges(partner_id)]
        told = [one for one in worths if one[0] > 0]
        if not told:
            return None, 0.0
        worth, badge = max(told, key=lambda one: (one[0], one[1].awarded_on, one[1].competency_key))
        return badge, worth

    def _badge_worth(self, badge: Badge, key: str, practices: frozenset[str]) -> float:
        if badge.competency_key == key and self._is_valid(badge):
            return BADGE_HELD
        if not practices.intersection(self._records.practices(badge.competency_key)):
            return 0.0
        if self._is_valid(badge):
            return BADGE_VALID
        age_days = (self._today - (badge.expires_on or badge.awarded_on)).days
        return float(BADGE_EXPIRED * 0.5 ** (age_days / BADGE_HALF_LIFE_DAYS))

    def _is_valid(self, badge: Badge) -> bool:
        competency = self._records.competencies.get(badge.competency_key)
        retired = competency is not None and competency.valid_until is not None and competency.valid_until < self._today
        return badge.expires_on >= self._today if badge.expires_on else not retired

    def _bench(self, partner_id: int, practices: frozenset[str]) -> tuple[BenchPerson | None, float]:
        """Find the best free person; the worth is that of the best one, free or busy."""
        able = [one for one in self._records.people(partner_id) if practices.intersection(one.competency_keys)]
        free = [one for one in able if is_free(one, self._needed_by)]
        worths = [BENCH.get(one.level, 0.0) for one in free]
        worths += [BENCH.get(one.level, 0.0) * BENCH_BUSY_SHARE for one in able]
        best = min(free, key=self._preference, default=None)
        return best, max(worths, default=0.0)

    def _preference(self, person: BenchPerson) -> tuple[int, date, str, str]:
        free_from = person.free_from or self._today
        return LEVEL_ORDER.get(person.level, 3), free_from, person.name, str(person.free_from)

    def _work(self, partner_id: int, practices: frozenset[str]) -> tuple[Collaboration | None, float, float]:
        """Find the newest work won in it, the doubt that all won work leaves, and how far to believe the rest."""
        done = [one for one in self._records.works(partner_id) if one.competency_key in practices]
        won = [one for one in done if one.outcome == "won"]
        weights = [(one.outcome, faded(one.ended_on, self._today)) for one in done]
        doubt = math.prod(1 - WORK_WON * weight for outcome, weight in weights if outcome == "won")
        lost = sum(weight for outcome, weight in weights if outcome == "lost")
        all_done = sum(weight for _, weight in weights)
        believed = (1 - LOST_DISCOUNT * lost / (1 + all_done)) * self._own_share(partner_id, practices, all_done)
        return max(won, key=lambda one: (one.ended_on, one.summary), default=None), doubt, believed

    def _own_share(self, partner_id: int, practices: frozenset[str], all_done: float) -> float:
        """Return how far a firm does such work itself, as told from what it led and had others do."""
        led = [one for one in self._records.bought(partner_id) if one.competency_key in practices]
        bought = sum(faded(one.ended_on, self._today) for one in led)
        return 1 - BOUGHT_DISCOUNT * bought / (1 + all_done + bought)
