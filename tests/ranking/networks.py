"""Small networks by hand, and the ranking of one opportunity in them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from matcher.ranking.arrays import FloatArray
from matcher.ranking.capability import capabilities_of
from matcher.ranking.embed import Embedder
from matcher.ranking.rank import ALL_TOGETHER, Ranker, Ranking, Recipe, build_ranker
from matcher.ranking.whatif import Reading, Trials
from matcher.terms import Badge, BenchPerson, Collaboration, Competency, Match, Need, Network, Opportunity, Partner
from tests.fakes import HashEmbedder

TODAY = date(2026, 11, 22)
POSTER = 1
MAIL = Competency("mail", "practice", "Messaging and mail migration", "Moving company e-mail between systems")
ERP = Competency("erp", "practice", "Mid-size ERP", "Bookkeeping and stock in Navision")
SAP = Competency("sap", "practice", "SAP", "Running SAP systems")
CALLING = Competency(
    "s-mail", "specialization", "Mail on Microsoft 365", "A vendor's badge for mail", practices=("mail",)
)
WIDE = Competency("d-wide", "designation", "Office work", "A vendor's badge for much", practices=("mail", "erp", "sap"))
COMPETENCIES = {one.key: one for one in (MAIL, ERP, SAP, CALLING, WIDE)}
WORDS = {"mail": "mail", "mailboxes": "mail", "navision": "erp", "sap": "sap"}
EMBEDDER = HashEmbedder()


def link(text: str) -> tuple[str, ...]:
    found = (WORDS.get(word.strip(".,:").lower(), "") for word in text.split())
    return tuple(dict.fromkeys(key for key in found if key))


def firm(number: int, **facts: object) -> Partner:
    first = Partner(
        id=number,
        key=f"firm{number:03}",
        name=f"Quillfeather {number:03} Ltd",
        country="IE",
        languages=("en",),
        jurisdictions=("EU",),
        profile_on=date(2026, 6, 1),
    )
    return replace(first, **facts)  # type: ignore[arg-type]


def person(partner_id: int, **facts: object) -> BenchPerson:
    first = BenchPerson(partner_id, "Ada", ("mail",), free_from=date(2027, 1, 4), free_days=10)
    return replace(first, **facts)  # type: ignore[arg-type]


def work(lead_id: int, partner_id: int, summary: str, **facts: object) -> Collaboration:
    first = Collaboration(lead_id, partner_id, "mail", date(2023, 3, 1), date(2023, 4, 1), "won", summary)
    return replace(first, **facts)  # type: ignore[arg-type]


def network_of(
    profiles: Mapping[Partner, str],
    *,
    people: Iterable[BenchPerson] = (),
    badges: Iterable[Badge] = (),
    works: Iterable[Collaboration] = (),
) -> Network:
    """Build a network; every partner's profile is its own words."""
    people, badges, works = tuple(people), tuple(badges), tuple(works)
    capabilities = (
        one
        for partner, profile in profiles.items()
        for one in capabilities_of(
            partner,
            profile=profile,
            badges=badges,
            people=people,
            collaborations=works,
            competencies=COMPETENCIES,
            link=link,
        )
    )
    partners = {one.id: one for one in profiles}
    return Network(partners, COMPETENCIES, tuple(capabilities), people, badges, works)


def ranker_of(network: Network, embedder: Embedder = EMBEDDER) -> Ranker:
    texts = {one.text_hash: one.text for one in network.capabilities}
    return build_ranker(network, dict(zip(texts, embedder.encode(list(texts.values())), strict=True)))


def posted(text: str = "Move 300 mailboxes from Notes", **facts: object) -> Opportunity:
    first = Opportunity(7, POSTER, "Mail move", text, (Need(text, link(text)),))
    return replace(first, **facts)  # type: ignore[arg-type]


def ranked(network: Network, opportunity: Opportunity, *, recipe: Recipe = ALL_TOGETHER, limit: int = 25) -> Ranking:
    vectors = EMBEDDER.encode([need.text for need in opportunity.needs])
    return ranker_of(network).rank(opportunity, vectors, today=TODAY, recipe=recipe, limit=limit)


def order_of(ranking: Ranking) -> list[int]:
    return [one.partner_id for one in ranking.matches]


def match_of(ranking: Ranking, partner_id: int) -> Match:
    return next(one for one in ranking.matches if one.partner_id == partner_id)


def rule_of(ranking: Ranking, partner_id: int) -> str:
    """Name the rule that took a partner out, empty if none did."""
    return next((one.rule for one in ranking.removed if one.partner_id == partner_id), "")


def vectors_of(network: Network, embedder: HashEmbedder = EMBEDDER) -> dict[str, FloatArray]:
    texts = {one.text_hash: one.text for one in network.capabilities}
    return dict(zip(texts, embedder.encode(list(texts.values())), strict=True))


def trials(network: Network, opportunity: Opportunity, excluded: frozenset[int] = frozenset()) -> Trials:
    reading, vectors = Reading(EMBEDDER, link), vectors_of(network)
    return Trials(network, vectors, reading=reading, opportunity=opportunity, today=TODAY, excluded=excluded)


def crowd(**facts: object) -> dict[Partner, str]:
    """Six firms that do the work, one as good as the other, and the poster."""
    good = {firm(number, practices=("mail",), **facts): "We move mailboxes from Notes." for number in range(11, 17)}
    return {firm(POSTER, practices=("erp",)): "We run Navision."} | good
