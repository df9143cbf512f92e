"""A partner and a competency become the facts that show that the first covers the second; what each kind is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from matcher.ranking.records import Records
from matcher.ranking.rules import is_free
from matcher.terms import Badge, BenchPerson, Partner

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
    """What partners show on one day for one deadline."""

    def __init__(self, records: Records, *, today: date, needed_by: date) -> None:
        self._records = records
        self._today = today
        self._needed_by = needed_by
        self._practices: dict[str, frozenset[str]] = {}

    def shown(self, partner: Partner, key: str) -> Shown:
        """Return the best facts that a partner shows for a competency."""
        practices = self._practices_of(key)
        badge, _ = self._badge(partner.id, key, practices)
        person = min(self._free(partner.id, practices), key=self._preference, default=None)
        is_valid = badge is not None and self._is_valid(badge)
        return Shown(person, badge, is_valid, not practices.isdisjoint(partner.practices))

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

    def _preference(self, person: BenchPerson) -> tuple[int, date, str, str]:
        free_from = person.free_from or self._today
        return LEVEL_ORDER.get(person.level, 3), free_from, person.name, str(person.free_from)
