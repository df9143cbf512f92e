"""A seed becomes a market in which every band of partners is equally good: partners, what they show, and postings."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from matcher.ranking.arrays import FloatArray
from matcher.ranking.capability import capabilities_of, work_text
from matcher.ranking.hashing import text_hash
from matcher.ranking.order import NEW_FOR_DAYS
from matcher.terms import BenchPerson, Collaboration, Competency, Need, Network, Opportunity, Partner
from tests.ranking.bands import bands_of

FIRST_DAY = date(2026, 9, 24)
N_DAYS = 60
N_PARTNERS = 500
POSTINGS_A_DAY = 5
N_POSTERS = 120
PAST_WORKS = 900
N_DIMENSIONS = 64
OPENING_WORDS = "We take on"


@dataclass(frozen=True, slots=True)
class Size:
    """A band of size: its share of all firms, and how much more a firm of it has to show without being better."""

    share: float
    n_people: tuple[int, int]
    n_practices: tuple[int, int]
    n_sentences: int  # of its profile, a practice: more words find their need more easily
    n_listed: int  # people on its bench, a practice
    past_works: float  # how often such a firm was chosen before, beside one of the smallest


SIZES = (
    Size(0.50, (1, 10), (1, 2), 1, 1, 1.0),
    Size(0.32, (11, 50), (1, 3), 1, 1, 1.3),
    Size(0.13, (51, 250), (2, 4), 2, 2, 2.0),
    Size(0.05, (251, 4000), (4, 6), 3, 3, 3.0),
)
# Days of membership, from and to, and the share of all partners; newcomers go on joining for fifty days.
AGES = (((10 - N_DAYS, 90), 0.12), ((90 + N_DAYS, 365), 0.13), ((365 + N_DAYS, 1095), 0.30), ((1155, 3650), 0.45))
COUNTRIES = (("IE", 0.4), ("SE", 0.3), ("PT", 0.2), ("PL", 0.1))
LONGEST_PAST_DAYS = 1095
PRACTICES = {
    key: Competency(key, "practice", f"Work of kind {key}", f"All that belongs to {key}")
    for key in (f"practice{number:02}" for number in range(20))
}


@dataclass(frozen=True, slots=True)
class Market:
    """All that is planted: `quality[partner, practice]` in (0, 1) is how well the work would be done, whoever asks."""

    partners: dict[int, Partner]
    profiles: dict[int, str]
    people: tuple[BenchPerson, ...]
    quality: dict[tuple[int, str], float]
    past: tuple[Collaboration, ...]
    posters: tuple[int, ...]
    vectors: dict[str, FloatArray]
    directions: dict[str, FloatArray]

    def able(self, practice: str) -> list[int]:
        """List who does work of a practice, by id."""
        return [partner_id for partner_id, key in self.quality if key == practice]


def plant(seed: int, *, newcomers: float = 1.0) -> Market:
    """Plant partners, their words and their past; equal seeds give equal markets.

    `newcomers` is how good they are beside all others: below 1 the bands are not equally good any more.
    """
    rng = np.random.default_rng(seed)
    basis, _ = np.linalg.qr(rng.normal(size=(N_DIMENSIONS, N_DIMENSIONS)))
    directions = {key: basis[:, at].astype(np.float32) for at, key in enumerate(PRACTICES)}
    partners = _partners(rng)
    quality = {
        pair: good * (newcomers if _is_newcomer(partners[pair[0]]) else 1.0)
        for pair, good in _qualities(partners, rng).items()
    }
    market = Market(partners, {}, (), quality, (), _posters(partners, rng), {}, directions)
    for partner in partners.values():
        market.profiles[partner.id] = _profile(market, partner, rng)
    people = tuple(one for partner in partners.values() for one in _people(partner, rng))
    market = replace(market, people=people)
    return replace(market, past=_past(market, rng))


def network_on(market: Market, works: Iterable[Collaboration], today: date) -> Network:
    """Return the market as the ranker sees it on a day: who has joined, and the work that is known."""
    joined = {one.id: one for one in market.partners.values() if one.joined_on is None or one.joined_on <= today}
    works, people = tuple(works), tuple(one for one in market.people if one.partner_id in joined)
    done = {one: [] for one in joined} | _grouped(works)
    listed = {one: [] for one in joined} | _grouped(people)
    capabilities = tuple(
        capability
        for one in joined.values()
        for capability in capabilities_of(
            one,
            profile=market.profiles[one.id],
            badges=(),
            people=listed[one.id],
            collaborations=done[one.id],
            competencies=PRACTICES,
            link=_practices_in,
        )
    )
    return Network(joined, PRACTICES, capabilities, people, (), works)


def posted(market: Market, number: int, day: date, rng: np.random.Generator) -> tuple[Opportunity, FloatArray]:
    """Let somebody ask on a day for one thing that it does not do itself; return it with its vector (1, d)."""
    poster = int(rng.choice(market.posters))
    practice = str(rng.choice([key for key in PRACTICES if (poster, key) not in market.quality]))
    text = f"Somebody for {practice}"
    asked = Opportunity(number, poster, text, text, (Need(text, (practice,)),), due_on=day + timedelta(days=90))
    return asked, _near(market.directions[practice], 0.9, rng)[None, :]


def worked(
    market: Market, lead: int, partner: int, practice: str, *, day: date, rng: np.random.Generator
) -> Collaboration:
    """Do a piece of work: the better the firm, the likelier it is won and the nearer its description to such needs."""
    good = market.quality[partner, practice]
    outcome = "won" if rng.random() < 0.4 + 0.5 * good else "lost"
    summary = f"did {practice} for number {lead} until {day.isoformat()}"
    one = Collaboration(lead, partner, practice, day - timedelta(days=20), day, outcome, summary)
    market.vectors[text_hash(work_text(one, PRACTICES))] = _near(market.directions[practice], 0.35 + 0.4 * good, rng)
    return one


def _partners(rng: np.random.Generator) -> dict[int, Partner]:
    sizes = _dealt([one.share for one in SIZES], rng)
    countries = _dealt([share for _, share in COUNTRIES], rng)
    joined = [
        FIRST_DAY - timedelta(days=int(rng.integers(*AGES[at][0]))) for at in _dealt([one[1] for one in AGES], rng)
    ]
    # Ids are given out in the order of joining, as a database does.
    order = sorted(range(N_PARTNERS), key=lambda at: joined[at])
    facts = ((SIZES[sizes[at]], COUNTRIES[countries[at]][0], joined[at]) for at in order)
    return {number: _partner(number, *one, rng=rng) for number, one in enumerate(facts, start=1)}


def _dealt(shares: Iterable[float], rng: np.random.Generator) -> list[int]:
    ends = np.round(np.cumsum(list(shares)) * N_PARTNERS).astype(int)
    return [int(one) for one in rng.permutation(np.searchsorted(ends, np.arange(N_PARTNERS), side="right"))]


def _partner(number: int, size: Size, country: str, joined_on: date, *, rng: np.random.Generator) -> Partner:
    n_practices = int(rng.integers(size.n_practices[0], size.n_practices[1] + 1))
    return Partner(
        id=number,
        key=f"firm{number:03}",
        name=f"Firm {number:03}",
        country=country,
        n_people=int(rng.integers(size.n_people[0], size.n_people[1] + 1)),
        practices=tuple(sorted(str(one) for one in rng.choice(list(PRACTICES), n_practices, replace=False))),
        profile_on=max(joined_on, FIRST_DAY - timedelta(days=int(rng.integers(0, 700)))),
        joined_on=joined_on,
    )


def _qualities(partners: dict[int, Partner], rng: np.random.Generator) -> dict[tuple[int, str], float]:
    """Deal the same spread of quality to every band: along a sequence of which every stretch covers (0, 1) evenly.

    Source: van der Corput sequence in base 2.
    """
    cells = sorted(partners.values(), key=lambda one: (bands_of(one, FIRST_DAY), one.id))
    pairs = [(one.id, key) for one in cells for key in rng.permutation(one.practices).tolist()]
    return {pair: _radical_inverse(at) for at, pair in enumerate(pairs, start=1)}


def _radical_inverse(number: int) -> float:
    digits = f"{number:b}"[::-1]
    return sum(int(digit) / 2**at for at, digit in enumerate(digits, start=1))


def _posters(partners: dict[int, Partner], rng: np.random.Generator) -> tuple[int, ...]:
    settled = [one.id for one in partners.values() if not _is_newcomer(one)]
    return tuple(sorted(int(one) for one in rng.choice(settled, N_POSTERS, replace=False)))


def _profile(market: Market, partner: Partner, rng: np.random.Generator) -> str:
    size = _size_of(partner)
    said = []
    for key in partner.practices:
        for number in range(size.n_sentences):
            said.append(f"{OPENING_WORDS} {key} as firm {partner.id} does, part {number}")
            nearness = 0.35 + 0.4 * market.quality[partner.id, key]
            market.vectors[text_hash(said[-1])] = _near(market.directions[key], nearness, rng)
    return ". ".join(said) + "."


def _people(partner: Partner, rng: np.random.Generator) -> Iterable[BenchPerson]:
    size = _size_of(partner)
    for key in partner.practices:
        for number in range(size.n_listed):
            free_from = FIRST_DAY + timedelta(days=int(rng.integers(-60, 150)))
            yield BenchPerson(partner.id, f"Person {number}", (key,), free_from=free_from, free_days=10)


def _past(market: Market, rng: np.random.Generator) -> tuple[Collaboration, ...]:
    """Let those who are large and have been here long be chosen oftener, and neighbours by neighbours."""
    pairs = [one for one in market.quality if not _is_newcomer(market.partners[one[0]])]
    weights = np.array([_was_chosen(market, *one) for one in pairs])
    drawn = rng.choice(len(pairs), PAST_WORKS, p=weights / weights.sum())
    return tuple(_past_work(market, *pairs[at], rng) for at in drawn)


def _was_chosen(market: Market, partner_id: int, practice: str) -> float:
    partner = market.partners[partner_id]
    return _size_of(partner).past_works * _days_here(partner) * (0.25 + market.quality[partner_id, practice])


def _past_work(market: Market, partner_id: int, practice: str, rng: np.random.Generator) -> Collaboration:
    partner = market.partners[partner_id]
    leads = [one for one in market.posters if one != partner_id and (one, practice) not in market.quality]
    near = [one for one in leads if market.partners[one].country == partner.country]
    lead = int(rng.choice(near if near and rng.random() < 0.6 else leads))
    day = FIRST_DAY - timedelta(days=int(rng.integers(1, max(_days_here(partner), 2))))
    return worked(market, lead, partner_id, practice, day=day, rng=rng)


def _is_newcomer(partner: Partner) -> bool:
    return _days_here(partner) <= NEW_FOR_DAYS


def _days_here(partner: Partner) -> int:
    return min((FIRST_DAY - (partner.joined_on or FIRST_DAY)).days, LONGEST_PAST_DAYS)


def _size_of(partner: Partner) -> Size:
    return next(one for one in SIZES if partner.n_people <= one.n_people[1])


def _near(direction: FloatArray, cosine: float, rng: np.random.Generator) -> FloatArray:
    """Return a unit float32 (d,) at a cosine to a direction, give or take what words leave open."""
    nearness = float(np.clip(cosine + rng.normal(0, 0.05), 0, 0.98))
    other = rng.normal(size=N_DIMENSIONS)
    other -= (other @ direction) * direction
    return (nearness * direction + np.sqrt(1 - nearness**2) * other / np.linalg.norm(other)).astype(np.float32)


def _practices_in(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split() if word in PRACTICES)


def _grouped(rows: Iterable) -> dict[int, list]:
    found: dict[int, list] = {}
    for one in rows:
        found.setdefault(one.partner_id, []).append(one)
    return found
