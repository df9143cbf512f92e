"""Networks and postings drawn by chance, small enough to rank a thousand times."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from matcher.ranking.order import BY_SCORE_ONLY
from matcher.ranking.rank import ALL_TOGETHER, Ranking, Recipe
from matcher.terms import Badge, BenchPerson, Collaboration, Network, Opportunity, Partner
from tests.fakes import HashEmbedder
from tests.ranking.networks import POSTER, TODAY, firm, network_of, posted, ranker_of

LAW = settings(
    max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
BY_SCORE = Recipe(fairness=BY_SCORE_ONLY)
EMBEDDER = HashEmbedder(n_dimensions=64)
EMBEDDER._direction = cache(EMBEDDER._direction)  # type: ignore[method-assign]
SUMMARIES = (
    "moved 300 mailboxes from Notes", "ran SAP at night for a mill", "put stock into Navision",
    "rolled out 90 laptops", "wrote an interface on an AS/400",
)  # fmt: skip
PROFILES = (
    "We move mailboxes from Notes.", "SAP people of Cork.", "We keep Navision right for wholesalers.", "Gardens.",
    "We read RPG on an AS/400. Mail as well.", "We do all of it, mail and SAP and Navision.", "",
)  # fmt: skip
POSTINGS = (
    "Move 300 mailboxes from Notes",
    "Run SAP at night",
    "Navision and mail for a mill",
    "Read RPG on an AS/400",
)
DAYS = st.dates(date(2015, 1, 1), TODAY)
SOME_KEYS = st.lists(st.sampled_from(("mail", "erp", "sap")), unique=True, max_size=2).map(tuple)


def some(*values: str, most: int = 2) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=most).map(tuple)


@dataclass(frozen=True, slots=True)
class World:
    """What a network is made of."""

    profiles: dict[Partner, str]
    people: tuple[BenchPerson, ...]
    badges: tuple[Badge, ...]
    works: tuple[Collaboration, ...]

    @property
    def network(self) -> Network:
        return network_of(self.profiles, people=self.people, badges=self.badges, works=self.works)


@st.composite
def firms(draw: st.DrawFn, number: int) -> Partner:
    return firm(
        number,
        practices=draw(SOME_KEYS),
        country=draw(st.sampled_from(("IE", "DE", "SE"))),
        n_people=draw(st.sampled_from((1, 8, 40, 900))),
        languages=draw(some("en", "de", "sv")),
        jurisdictions=draw(some("EU", "US", "DE")),
        clearances=draw(some("SC", "DV")),
        industries=draw(some("Mining", "Retail")),
        conflict_ids=frozenset(draw(st.sampled_from(((),) * 5 + ((POSTER,),)))),
        max_eur=draw(st.sampled_from((0, 20_000, 500_000))),
        profile_on=draw(st.none() | DAYS),
        joined_on=draw(st.sampled_from((None, TODAY - timedelta(days=9)))),
        state=draw(st.sampled_from(("live",) * 5 + ("paused",))),
    )


@st.composite
def people(draw: st.DrawFn, n_firms: int) -> BenchPerson:
    return BenchPerson(
        partner_id=draw(st.integers(1, n_firms)),
        name=draw(st.sampled_from(("Ada", "Ben", "Cleo"))),
        competency_keys=draw(SOME_KEYS),
        level=draw(st.sampled_from(("architect", "senior", "junior"))),
        languages=draw(some("de", "sv")),
        free_from=draw(st.sampled_from((None, TODAY, date(2027, 1, 4), date(2028, 1, 1)))),
        free_days=draw(st.sampled_from((0, 10, 10))),
        on_site=draw(st.booleans()),
    )


@st.composite
def works(draw: st.DrawFn, n_firms: int) -> Collaboration:
    lead, partner = draw(st.lists(st.integers(1, n_firms), min_size=2, max_size=2, unique=True))
    ended_on, key = draw(DAYS), draw(st.sampled_from(("mail", "erp", "sap")))
    outcome = draw(st.sampled_from(("won", "won", "lost")))
    return Collaboration(lead, partner, key, ended_on, ended_on, outcome, draw(st.sampled_from(SUMMARIES)))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    n = draw(st.integers(3, 9))
    profiles = {draw(firms(number)): draw(st.sampled_from(PROFILES)) for number in range(1, n + 1)}
    badges = st.builds(
        Badge, st.integers(1, n), st.just("s-mail"), st.just("specialization"), DAYS, st.none() | st.dates(TODAY)
    )
    return World(
        profiles,
        tuple(draw(st.lists(people(n), max_size=6))),
        tuple(draw(st.lists(badges, max_size=3))),
        tuple(draw(st.lists(works(n), max_size=10))),
    )


@st.composite
def remote_postings(draw: st.DrawFn) -> Opportunity:
    """Draw what asks for no place and lets nearly everybody in."""
    first = posted(draw(st.sampled_from(POSTINGS)))
    second = posted(draw(st.sampled_from(POSTINGS)))
    return replace(
        first,
        needs=draw(st.sampled_from((first.needs, (*first.needs, *second.needs)))),
        country=draw(st.sampled_from(("", "IE", "DE"))),
        value_eur=draw(st.sampled_from((None, 5_000, 90_000))),
        industry=draw(st.sampled_from(("", "Mining"))),
    )


@st.composite
def strict_postings(draw: st.DrawFn) -> Opportunity:
    """Draw what many a partner may not do."""
    return replace(
        draw(remote_postings()),
        on_site=draw(st.booleans()),
        languages=draw(some("de", "sv")),
        jurisdiction=draw(st.sampled_from(("", "EU", "US|EU"))),
        clearances=draw(some("SC", most=1)),
    )


def ranked(network: Network, opportunity: Opportunity, *, recipe: Recipe = ALL_TOGETHER) -> Ranking:
    vectors = EMBEDDER.encode([need.text for need in opportunity.needs])
    return ranker_of(network, EMBEDDER).rank(opportunity, vectors, today=TODAY, recipe=recipe)


def scores_of(ranking: Ranking) -> dict[int, float]:
    return {one.partner_id: one.score for one in ranking.matches}
