"""A partner and a competency become how well the first is known to cover the second, and by which facts."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from matcher.ranking.graph import faded
from matcher.ranking.records import Records
from matcher.ranking.rules import is_free
from matcher.terms import Badge, BenchPerson, Need, Partner

# How far each kind of evidence alone convinces; several together convince as independent witnesses would.
MENTIONED = 0.25
DECLARED = 0.45
BADGE_VALID = 0.3
BADGE_EXPIRED = 0.12
BADGE_HELD = 0.75  # the very badge asked for
BENCH = {"architect": 0.4, "senior": 0.4, "junior": 0.15}
# The same where a need says how good they must be: whoever is below that shows the competency, but cannot do the work.
BENCH_ASKED: Mapping[str, Mapping[str, float]] = {
    "": BENCH,
    "junior": {"architect": 0.4, "senior": 0.4, "junior": 0.4},
    "senior": {"architect": 0.4, "senior": 0.4, "junior": 0.05},
    "architect": {"architect": 0.4, "senior": 0.2, "junior": 0.05},
}
# A busy expert shows the competency, but cannot do the work now.
BENCH_BUSY_SHARE = 0.35
WORK_WON = 0.4
# Where every piece of such work was lost, lately and more than once, the rest is believed this much less.
LOST_DISCOUNT = 0.5
# Who lost more of its work with others than it won, in whatever trade, is believed this much less in each.
LOST_MORE_DISCOUNT = 0.8
# Who has others do such work for its own customers sells it rather than does it.
BOUGHT_DISCOUNT = 0.5
BADGE_HALF_LIFE_DAYS = 3 * 365
LEVEL_ORDER = {"architect": 0, "senior": 1, "junior": 2}
# How high a level is, to compare what is asked for with who is there.
HEIGHTS = {"": 0, "junior": 1, "senior": 2, "architect": 3}


@dataclass(frozen=True, slots=True)
class Shown:
    """The best fact of each kind that a partner shows for one competency."""

    person: BenchPerson | None = None  # the best one who is free in time
    badge: Badge | None = None
    badge_valid: bool = False
    declared: bool = False


NOTHING = Shown()


class Covering:
    """Coverage on one day for one deadline; asks the records once for each partner and competency."""

    def __init__(self, records: Records, *, today: date, needed_by: date) -> None:
        self._records = records
        self._today = today
        self._needed_by = needed_by
        self._known: dict[tuple[int, str, str], float] = {}
        self._practices: dict[str, frozenset[str]] = {}

    def of_need(self, partner_id: int, need: Need) -> float:
        """Return in [0, 1] how well a need is covered: its best competency, and all of them on average."""
        values = [self.value(partner_id, key, need.level) for key in need.competency_keys]
        return 0.6 * max(values) + 0.4 * sum(values) / len(values) if values else 0.0

    def shown(self, partner: Partner, key: str) -> Shown:
        """Return the best facts that a partner shows for a competency."""
        practices = self._practices_of(key)
        badge, _ = self._badge(partner.id, key, practices)
        person = min(self._free(partner.id, practices), key=self._preference, default=None)
        is_valid = badge is not None and self._is_valid(badge)
        return Shown(person, badge, is_valid, not practices.isdisjoint(partner.practices))

    def value(self, partner_id: int, key: str, level: str = "") -> float:
        """Return in [0, 1] how well a partner covers a competency, with people of the level asked for."""
        known = self._known.get((partner_id, key, level))
        if known is None:
            known = self._known[partner_id, key, level] = self._weigh(partner_id, key, level)
        return known

    def free_share(self, partner_id: int, need: Need) -> float:
        """Return 1 if somebody able is free in time, 0.5 if that is not known, 0 if all are busy or below the level."""
        able = self._records.able(partner_id, self._records.practices_needed([need]))
        if not able:
            return 0.5
        good = [one for one in able if HEIGHTS.get(one.level, 0) >= HEIGHTS[need.level]]
        return 1.0 if any(is_free(one, self._needed_by) for one in good) else 0.0

    def _weigh(self, partner_id: int, key: str, level: str) -> float:
        practices = self._practices_of(key)
        declared = not practices.isdisjoint(self._records.partners[partner_id].practices)
        _, badge_worth = self._badge(partner_id, key, practices)
        work_doubt, believed = self._work(partner_id, practices)
        mentioned = bool(practices & self._records.mentioned(partner_id))
        doubt = (1 - badge_worth) * (1 - self._bench(partner_id, practices, level)) * work_doubt
        doubt *= 1 - (DECLARED if declared else MENTIONED if mentioned else 0)
        return (1 - doubt) * believed

    def _practices_of(self, key: str) -> frozenset[str]:
        if key not in self._practices:
            self._practices[key] = frozenset(self._records.practices(key))
        return self._practices[key]

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
        if not practices.intersection(self._records.stands_for(badge.competency_key)):
            return 0.0
        if self._is_valid(badge):
            return BADGE_VALID
        age_days = (self._today - (badge.expires_on or badge.awarded_on)).days
        return float(BADGE_EXPIRED * 0.5 ** (age_days / BADGE_HALF_LIFE_DAYS))

    def _is_valid(self, badge: Badge) -> bool:
        competency = self._records.competencies.get(badge.competency_key)
        retired = competency is not None and competency.valid_until is not None and competency.valid_until < self._today
        return badge.expires_on >= self._today if badge.expires_on else not retired

    def _free(self, partner_id: int, practices: frozenset[str]) -> list[BenchPerson]:
        return [one for one in self._records.able(partner_id, practices) if is_free(one, self._needed_by)]

    def _bench(self, partner_id: int, practices: frozenset[str], level: str) -> float:
        """Return what the best person is worth, free or busy."""
        worth = BENCH_ASKED[level]
        worths = [worth.get(one.level, 0.0) for one in self._free(partner_id, practices)]
        worths += [worth.get(one.level, 0.0) * BENCH_BUSY_SHARE for one in self._records.able(partner_id, practices)]
        return max(worths, default=0.0)

    def _preference(self, person: BenchPerson) -> tuple[int, date, str, str]:
        free_from = person.free_from or self._today
        return LEVEL_ORDER.get(person.level, 3), free_from, person.name, str(person.free_from)

    def _work(self, partner_id: int, practices: frozenset[str]) -> tuple[float, float]:
        """Return the doubt that all work won in it leaves, and how far to believe the rest."""
        done = [one for one in self._records.works(partner_id) if one.competency_key in practices]
        weights = [(one.outcome, faded(one.ended_on, self._today)) for one in done]
        doubt = math.prod(1 - WORK_WON * weight for outcome, weight in weights if outcome == "won")
        lost = sum(weight for outcome, weight in weights if outcome == "lost")
        all_done = sum(weight for _, weight in weights)
        believed = (1 - LOST_DISCOUNT * lost / (1 + all_done)) * self._own_share(partner_id, practices, all_done)
        return doubt, believed * self._record(partner_id)

    def _record(self, partner_id: int) -> float:
        """Return how far a firm is believed by how much more it lost than won, in whatever trade."""
        done = [(one.outcome, faded(one.ended_on, self._today)) for one in self._records.works(partner_id)]
        lost, all_done = sum(weight for outcome, weight in done if outcome == "lost"), sum(weight for _, weight in done)
        return 1 - LOST_MORE_DISCOUNT * max(0.0, 2 * lost - all_done) / (1 + all_done)

    def _own_share(self, partner_id: int, practices: frozenset[str], all_done: float) -> float:
        """Return how far a firm does such work itself, as told from what it led and had others do."""
        led = [one for one in self._records.bought(partner_id) if one.competency_key in practices]
        bought = sum(faded(one.ended_on, self._today) for one in led)
        return 1 - BOUGHT_DISCOUNT * bought / (1 + all_done + bought)
