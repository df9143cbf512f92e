"""Partners told anew over a ranker that was built before: the same rankings as from one built from scratch."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
import pytest

from matcher.ranking import candidates, ties
from matcher.ranking.arrays import unit_rows
from matcher.ranking.index import GONE, VectorIndex
from matcher.ranking.overlay import OverlaidRanker, overlaid_network
from matcher.ranking.packing import hashes_of
from matcher.ranking.rank import Ranker, build_ranker
from matcher.ranking.tables import by_id, only, packed
from matcher.ranking.vectors import VectorTable
from matcher.terms import (
    Badge,
    BenchPerson,
    Candidate,
    Collaboration,
    Match,
    Need,
    Network,
    Opportunity,
    Partner,
    Removed,
)
from tests.ranking.networks import COMPETENCIES, EMBEDDER, TODAY, firm, link, network_of, person, work

VOCABULARY = re.findall(
    r"\w+",
    "mailboxes navision sap notes exchange stock ledger cutover weekend tenants archive payroll wholesale forms "
    "licences phones routers dutch warehouse scripts",
)
PRACTICES = ("mail", "erp", "sap")
N_CHANGES = 12


@dataclass
class Market:
    """A network that changes, and who was touched since it was built."""

    random: random.Random
    profiles: dict[Partner, str] = field(default_factory=dict)
    people: list[BenchPerson] = field(default_factory=list)
    badges: list[Badge] = field(default_factory=list)
    works: list[Collaboration] = field(default_factory=list)
    unembedded: set[str] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)

    def partner(self, number: int) -> Partner:
        return next(one for one in self.profiles if one.id == number)

    def any_id(self) -> int:
        return self.random.choice([one.id for one in self.profiles])

    def network(self) -> Network:
        return network_of(self.profiles, people=self.people, badges=self.badges, works=self.works)

    def words(self) -> str:
        return " ".join(self.random.choices(VOCABULARY, k=self.random.randint(2, 7)))

    def facts(self) -> dict[str, object]:
        draw = self.random
        return {
            "practices": tuple(draw.sample(PRACTICES, draw.randint(0, 2))),
            "languages": tuple(draw.sample(("en", "de", "sv", "no", "et"), 2)),
            "country": draw.choice(("IE", "DE", "NO")),
            "industries": tuple(draw.sample(("retail", "ports", "farms"), 1)),
            "n_people": draw.choice((3, 40, 700)),
            "state": draw.choice(("live", "live", "live", "paused")),
            "conflict_ids": frozenset(draw.sample(range(1, 40), 1)) if draw.random() < 0.2 else frozenset(),
            "profile_on": date(2026, 1, 1) + timedelta(days=draw.randint(0, 300)),
        }

    def joins(self) -> None:
        number = self.random.choice([one for one in range(1, 60) if one not in {each.id for each in self.profiles}])
        self.profiles[firm(number, **self.facts())] = self.words()
        self.touched.add(number)

    def writes(self) -> None:
        self._anew(self.any_id(), profile=self.words())

    def copies(self) -> None:
        self._anew(self.any_id(), profile=self.random.choice(list(self.profiles.values())))

    def says_otherwise(self) -> None:
        self._anew(self.any_id(), **self.facts())

    def _anew(self, number: int, *, profile: str | None = None, **facts: object) -> None:
        old = self.partner(number)
        said = self.profiles.pop(old)
        self.profiles[replace(old, **facts)] = said if profile is None else profile  # type: ignore[arg-type]
        self.touched.add(number)

    def leaves(self) -> None:
        number = self.any_id()
        del self.profiles[self.partner(number)]
        gone = [one for one in self.works if number in (one.lead_id, one.partner_id)]
        self.touched |= {number} | {each for one in gone for each in (one.lead_id, one.partner_id)}
        self.works = [one for one in self.works if one not in gone]
        self.people = [one for one in self.people if one.partner_id != number]
        self.badges = [one for one in self.badges if one.partner_id != number]

    def works_together(self) -> None:
        lead, done_by = self.random.sample([one.id for one in self.profiles], 2)
        self.works.append(
            work(
                lead, done_by, self.words() if self.random.random() < 0.7 else "",
                competency_key=self.random.choice(PRACTICES), outcome=self.random.choice(("won", "won", "lost")),
                ended_on=TODAY - timedelta(days=self.random.randint(30, 2000)),
            )
        )  # fmt: skip
        self.touched |= {lead, done_by}

    def hires(self) -> None:
        number = self.any_id()
        free = TODAY + timedelta(days=self.random.randint(-20, 300))
        name = f"Person {self.random.randint(1, 10**6)}"
        keys = tuple(self.random.sample(PRACTICES, 2))
        self.people.append(person(number, name=name, competency_keys=keys, free_from=free, languages=("sv",)))
        self.touched.add(number)

    def person_leaves(self) -> None:
        if self.people:
            self.touched.add(self.people.pop(self.random.randrange(len(self.people))).partner_id)

    def earns(self) -> None:
        number = self.any_id()
        day = date(2019, 1, 1) + timedelta(days=self.random.randint(0, 2500))
        self.badges.append(Badge(number, "s-mail", "gold", day, day + timedelta(days=600)))
        self.touched.add(number)

    def is_embedded(self) -> None:
        if self.unembedded:
            found = self.unembedded.pop()
            self.touched |= {one.partner_id for one in self.network().capabilities if one.text_hash == found}


CHANGES: tuple[Callable[[Market], None], ...] = (
    Market.joins, Market.writes, Market.copies, Market.says_otherwise, Market.leaves, Market.works_together,
    Market.works_together, Market.hires, Market.person_leaves, Market.earns, Market.is_embedded,
)  # fmt: skip


def a_market(seed: int) -> Market:
    market = Market(random.Random(seed))
    for _ in range(25):
        market.joins()
    for _ in range(60):
        market.random.choice((Market.works_together, Market.hires, Market.earns, Market.copies))(market)
    hashes = sorted({one.text_hash for one in market.network().capabilities})
    market.unembedded = set(market.random.sample(hashes, 3))
    market.touched.clear()
    return market


def vectors_of(network: Network, unembedded: set[str]) -> VectorTable:
    texts = {one.text_hash: one.text for one in network.capabilities if one.text_hash not in unembedded}
    hashes = sorted(texts)
    return VectorTable(hashes_of(hashes), EMBEDDER.encode([texts[one] for one in hashes]).reshape(-1, 256))


def built(market: Market) -> Ranker:
    network = market.network()
    return build_ranker(network, vectors_of(network, market.unembedded))


def overlaid(first: Ranker, market: Market) -> Ranker:
    told = only(packed(market.network()), market.touched)
    return OverlaidRanker(first, told, vectors_of(told, market.unembedded), touched=frozenset(market.touched))


def asked(market: Market, seed: int) -> list[Opportunity]:
    draw = random.Random(seed)
    found = []
    for number in range(1, 9):
        texts = [" ".join(draw.choices(VOCABULARY, k=6)) for _ in range(draw.randint(1, 2))]
        keys = [link(text) if draw.random() < 0.7 else () for text in texts]
        surely = 0.95 if number % 2 else 0.5  # half of them so certain that who shows nothing is taken out
        sounds = [tuple((one, surely) for one in key[:1]) for key in keys]
        needs = tuple(Need(*each) for each in zip(texts, keys, sounds, strict=True))
        poster = draw.choice([*market.touched, *(one.id for one in market.profiles), 1000])
        found.append(
            Opportunity(
                number, poster, "", "", needs, country="IE", on_site=draw.random() < 0.3, value_eur=50_000,
                languages=("sv",) if draw.random() < 0.2 else (), industry=draw.choice(("", "ports")),
            )
        )  # fmt: skip
    return found


Seen = tuple[object, ...]
Answer = Match | Removed | Candidate | None


def seen(found: Answer) -> Seen:
    """Return what is compared exactly; scores and signals are compared beside it."""
    if not isinstance(found, Match):
        return (found,)
    reasons = tuple(replace(one, value=0.0) for one in found.reasons)
    return found.partner_id, found.place, sorted(reasons, key=str), found.why_you, found.why_them


def figures(found: Answer) -> list[float]:
    if not isinstance(found, Match):
        return []
    return [found.score, *(value for row in found.signals for value in row)]


def same(mine: list[Answer], right: list[Answer]) -> None:
    assert [seen(one) for one in mine] == [seen(one) for one in right]
    for one, other in zip(mine, right, strict=True):
        assert figures(one) == pytest.approx(figures(other), abs=1e-5)


def answers(ranker: Ranker, opportunities: list[Opportunity], ids: list[int]) -> list[Answer]:
    found: list[Answer] = []
    vectors = [EMBEDDER.encode([need.text for need in one.needs]) for one in opportunities]
    for one, mine in zip(opportunities, vectors, strict=True):
        ranking = ranker.rank(one, mine, today=TODAY, excluded=frozenset(ids[:1]), limit=40)
        found += [*ranking.matches, *ranking.removed]
        found += [replace(each, scores={}) for each in ranking.for_team()]
        found += [ranker.weigh(one, mine, partner_id=each, today=TODAY) for each in ids[:4]]
    for ranking in ranker.rank_many(opportunities, vectors, today=TODAY, limit=10):
        found += ranking.matches
    return found


@pytest.mark.parametrize("seed", range(24))
def test_partners_told_anew_are_ranked_as_if_all_had_been_read_anew(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if seed % 3 == 0:  # roads so narrow that what is gone must not take anybody's place
        monkeypatch.setattr(candidates, "PARTNERS_EACH_ROAD", 4)
        monkeypatch.setattr(candidates, "HOLDERS_EACH_TEXT", 3)
        monkeypatch.setattr(candidates, "ROWS_EACH_ROAD", 9)
    if seed % 4 == 0:
        monkeypatch.setattr(ties, "MOST_STEPS", 30)
    market = a_market(seed)
    first = built(market)
    for n_changes in range(1, N_CHANGES + 1):
        market.random.choice(CHANGES)(market)
        if n_changes % 4:
            continue
        opportunities, ids = asked(market, seed), sorted(market.touched)
        same(answers(overlaid(first, market), opportunities, ids), answers(built(market), opportunities, ids))


def test_what_was_built_stays_as_it_was() -> None:
    market = a_market(3)
    first, opportunities = built(market), asked(market, 3)
    before = answers(first, opportunities, [1, 2, 3, 4])
    for change in CHANGES:
        change(market)
    answers(overlaid(first, market), opportunities, [1, 2, 3, 4])
    same(answers(first, opportunities, [1, 2, 3, 4]), before)
    assert np.isfinite(figures(before[0])).all()
    assert set(COMPETENCIES) >= set(PRACTICES)


def test_the_network_itself_is_the_changed_one() -> None:
    market = a_market(5)
    first = packed(market.network())
    for change in (*CHANGES, Market.joins, Market.leaves):
        change(market)
    now = packed(market.network())
    laid = overlaid_network(first, only(now, market.touched), frozenset(market.touched))
    ids = sorted(now.partners)
    assert sorted(laid.partners) == list(laid.partners) == ids
    assert len(laid.partners) == len(ids)
    for number in (*ids, *market.touched, 1000):
        mine, right = only(laid, [number]), only(now, [number])
        assert mine.partners == right.partners
        assert set(mine.capabilities) == set(right.capabilities)
        assert (mine.people, mine.badges) == (right.people, right.badges)
        assert set(mine.collaborations) == set(right.collaborations)
    table = by_id(laid.partners).table
    kept = np.flatnonzero(table.id.values > 0)
    assert sorted(table.taken(kept), key=lambda one: one.id) == [now.partners[one] for one in ids]


@pytest.mark.parametrize("exact_until", [10**6, 1])
def test_rows_that_are_gone_are_nearest_to_nothing_and_take_nobodys_place(exact_until: int) -> None:
    random = np.random.default_rng(1)
    vectors = unit_rows(random.standard_normal((900, 16)).astype(np.float32))
    queries, gone = vectors[:20] + np.float32(0.01), np.arange(0, 900, 7)
    index = VectorIndex(np.arange(900), vectors, exact_until=exact_until)
    for search in (lambda one: zip(*one.search(queries, 40), strict=True), lambda one: one.search_many(queries, 40)):
        before = list(search(index))
        for (scores, ids), (more, of) in zip(search(index.without(gone)), before, strict=True):
            kept = of[~np.isin(of, gone)]
            assert ids[: len(kept)].tolist() == kept.tolist()
            assert not np.isin(ids[scores > GONE], gone).any()
            assert scores[: len(kept)] == pytest.approx(more[~np.isin(of, gone)])
