"""What the sentences of all seed postings rest on."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from matcher.ranking.rank import Ranker
from matcher.terms import Collaboration, Match, Opportunity, Partner
from tests.benchmarks.judged import TODAY, opportunities, ranker_of
from tests.benchmarks.seeds_folder import Seeds, load
from tests.fakes import HashEmbedder

pytestmark = pytest.mark.slow

SEEDS = Path(__file__).parents[2] / "seeds"
SHORTEST_TELLING_NAME = 4


@dataclass(frozen=True, slots=True)
class Told:
    """A match of a seed posting, and who is matched."""

    opportunity: Opportunity
    partner: Partner
    match: Match

    @property
    def both(self) -> str:
        return f"{self.match.why_you} {self.match.why_them}"


@pytest.fixture(scope="module")
def seeds() -> Seeds:
    return load(SEEDS)


@pytest.fixture(scope="module")
def told(seeds: Seeds) -> Sequence[Told]:
    embedder = HashEmbedder(n_dimensions=64)
    embedder._direction = cache(embedder._direction)  # type: ignore[method-assign]
    ranker = ranker_of(seeds, embedder)
    found = [one for each in opportunities(seeds).values() for one in matches(seeds, ranker, embedder, each)]
    assert len({one.opportunity.id for one in found}) == len(seeds.postings)
    return found


def matches(seeds: Seeds, ranker: Ranker, embedder: HashEmbedder, opportunity: Opportunity) -> Iterable[Told]:
    vectors = embedder.encode([need.text for need in opportunity.needs])
    ranking = ranker.rank(opportunity, vectors, today=TODAY, limit=len(seeds.network.partners))
    return [Told(opportunity, seeds.network.partners[one.partner_id], one) for one in ranking.matches]


def numbers(*texts: str) -> set[int]:
    return {int(one) for text in texts for one in re.findall(r"\d+", text)}


def works_of(seeds: Seeds, partner: Partner) -> list[Collaboration]:
    return [one for one in seeds.network.collaborations if one.partner_id == partner.id]


def test_every_number_in_a_sentence_is_in_the_evidence_for_its_reader(told: Sequence[Told]) -> None:
    for one in told:
        reasons = one.match.reasons
        assert numbers(one.match.why_you) <= numbers(*(each.evidence for each in reasons)), one
        assert numbers(one.match.why_them) <= numbers(*(each.evidence_for_poster for each in reasons)), one


def test_every_number_in_the_evidence_is_in_the_records_it_rests_on(told: Sequence[Told]) -> None:
    n_checked = 0
    for reason in (each for one in told for each in one.match.reasons):
        said = numbers(reason.evidence, reason.evidence_for_poster)
        assert said <= numbers(*reason.rests_on), reason
        n_checked += bool(said)
    assert n_checked > 500


def test_past_work_that_is_told_is_work_that_this_partner_won(seeds: Seeds, told: Sequence[Told]) -> None:
    n_checked = 0
    for one in told:
        won = {each.summary for each in works_of(seeds, one.partner) if each.outcome == "won"}
        for reason in one.match.reasons:
            if reason.name == "past_work":
                assert all(record.split(": ", 1)[1] in won for record in reason.rests_on)
                n_checked += len(reason.rests_on)
    assert n_checked > 100


def test_no_sentence_names_a_firm_or_a_person(seeds: Seeds, told: Sequence[Told]) -> None:
    firms = {name for each in seeds.network.partners.values() for name in (each.name, each.key)}
    people = {f"{each.name} for" for each in seeds.network.people}
    names = {name for name in firms | people if len(name) >= SHORTEST_TELLING_NAME}
    pattern = re.compile(rf"(?<!\w)({'|'.join(re.escape(name) for name in sorted(names))})(?!\w)", re.IGNORECASE)
    shown = {text for one in told for text in (one.both, *evidence(one.match))}
    assert [text for text in shown if pattern.search(text)] == []


def evidence(match: Match) -> list[str]:
    return [text for each in match.reasons for text in (each.evidence, each.evidence_for_poster)]


def test_the_poster_is_not_reminded_of_its_own_jobs_and_the_partner_not_told_who_posts(
    seeds: Seeds, told: Sequence[Told]
) -> None:
    n_ties = 0
    for one in told:
        own = {each.summary for each in works_of(seeds, one.partner) if each.lead_id == one.opportunity.partner_id}
        shown = " ".join([one.match.why_them, *(each.evidence_for_poster for each in one.match.reasons)])
        assert not any(summary in shown for summary in own)
        hidden = [each for each in one.match.reasons if each.name in ("prior", "common")]
        assert [each.evidence for each in hidden] == ["", ""]
        assert all(each.private == (each.value > 0) for each in hidden)
        n_ties += bool(own)
    assert n_ties > 0


def test_a_sentence_holds_at_most_three_facts_and_is_one_sentence(told: Sequence[Told]) -> None:
    for one in told:
        for sentence in (one.match.why_you, one.match.why_them):
            assert sentence.endswith(".")
            assert not re.search(r"[a-z)”]\. [A-Z]", sentence), sentence
        spoken = [each.evidence.removeprefix("you ") for each in one.match.reasons if each.evidence]
        assert sum(each in one.match.why_you for each in spoken) <= 3
