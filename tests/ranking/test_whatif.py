"""Why a partner is not among the first five, and whether what would bring it there really does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from matcher.competencies import describe
from matcher.ranking import whatif
from matcher.ranking.changes import KINDS, Change, changes_for
from matcher.ranking.order import FIRST_PLACES
from matcher.ranking.rank import build_ranker
from matcher.ranking.records import Records
from matcher.ranking.whatif import NOT_ONES_OWN, Reading, Trials, WhyNot
from matcher.terms import Network, Opportunity, Partner
from tests.benchmarks.judged import opportunities
from tests.benchmarks.seeds_folder import Seeds, load
from tests.fakes import HashEmbedder
from tests.ranking.networks import POSTER, TODAY, crowd, firm, network_of, person, posted, trials, vectors_of, work

SEEDS = Path(__file__).parents[2] / "seeds"
N_POSTINGS = 20
N_PARTNERS = 40
N_CASES = 500
EVERY_PROOF = 12


def asked(network: Network, partner_id: int = 2, opportunity: Opportunity | None = None) -> WhyNot:
    return trials(network, opportunity or posted()).why_not(partner_id)


def kinds(found: WhyNot) -> list[str]:
    return [one.kind for one in found.changes]


def test_whoever_is_among_the_first_five_is_told_its_place() -> None:
    found = asked(network_of({firm(2, practices=("mail",)): "We move mailboxes."}))
    assert (found.place, found.changes, found.n_tried) == (1, (), 0)
    assert found.sentence == "You are among the first 5, at place 1."


def test_a_profile_that_nobody_looked_through_for_years_has_only_to_be_confirmed() -> None:
    stale = firm(20, practices=("mail",), profile_on=TODAY.replace(year=2019))
    found = asked(network_of(crowd() | {stale: "We move mailboxes from Notes."}), 20)
    assert kinds(found) == ["freshen"]
    assert found.sentence == (
        "You are not among the first 5. If it is true, you could look through your profile and confirm it today: "
        f"that alone would bring you to place {found.place_after}."
    )


def test_a_language_that_is_not_listed_is_the_rule_and_the_change() -> None:
    network = network_of(crowd(languages=("de",)) | {firm(2, practices=("mail",)): "We move mailboxes from Notes."})
    found = asked(network, opportunity=posted(languages=("de",)))
    assert found.removed is not None
    assert found.removed.rule == "language"
    assert kinds(found) == ["language"]
    assert "list German among your languages" in found.sentence


def test_two_facts_are_named_where_one_is_not_enough() -> None:
    far = firm(2, practices=("mail",), jurisdictions=("US",))
    network = network_of(crowd(languages=("de",)) | {far: "We move mailboxes from Notes."})
    found = asked(network, opportunity=posted(languages=("de",), jurisdiction="EU"))
    assert sorted(kinds(found)) == ["language", "residency"]


@pytest.mark.parametrize(
    ("partner", "excluded", "rule"),
    [
        (firm(2, practices=("mail",), conflict_ids=frozenset({POSTER})), frozenset(), "conflict"),
        (firm(2, practices=("mail",)), frozenset({2}), "already_asked"),
    ],
)
def test_what_is_not_the_partners_to_change_is_only_named(
    partner: Partner, excluded: frozenset[int], rule: str
) -> None:
    network = network_of(crowd() | {partner: "We move mailboxes from Notes."})
    found = trials(network, posted(), excluded).why_not(2)
    assert found.removed is not None
    assert (found.removed.rule, found.changes) == (rule, ())
    assert found.sentence == found.removed.sentence


def test_a_firm_of_another_trade_is_told_that_nothing_small_helps() -> None:
    works = [work(9, number, "moved 300 mailboxes from Notes") for number in range(11, 17)]
    people = [person(number) for number in range(11, 17)]
    gardener = firm(2, n_people=3)
    found = asked(network_of(crowd() | {gardener: "Gardens and parks of Cork."}, works=works, people=people))
    assert found.changes == ()
    assert found.sentence.endswith("No change of one or two of your own facts would be enough.")


def test_the_answer_names_no_other_firm_and_no_score() -> None:
    network = network_of(crowd() | {firm(20): "Gardens."})
    sentence = asked(network, 20).sentence
    assert not any(one.name in sentence or one.key in sentence for one in network.partners.values())
    assert "0." not in sentence


@dataclass(frozen=True, slots=True)
class Case:
    """What one partner was told about one posting."""

    trials: Trials
    opportunity: Opportunity
    found: WhyNot


def smaller(seeds: Seeds, opportunities: Mapping[str, Opportunity]) -> Network:
    """Keep the posters, and of all others so many that five hundred rankings stay a matter of seconds."""
    whole = seeds.network
    posters = dict.fromkeys(one.partner_id for one in opportunities.values() if one.partner_id)
    others = [one for one in whole.partners if one not in posters]
    n_others = N_PARTNERS - len(posters)
    kept = {*posters, *others[:: len(others) // n_others][:n_others]}
    return replace(
        whole,
        partners={one: partner for one, partner in whole.partners.items() if one in kept},
        capabilities=tuple(one for one in whole.capabilities if one.partner_id in kept),
        people=tuple(one for one in whole.people if one.partner_id in kept),
        badges=tuple(one for one in whole.badges if one.partner_id in kept),
        collaborations=tuple(one for one in whole.collaborations if {one.lead_id, one.partner_id} <= kept),
    )


class Remembering(HashEmbedder):
    """Embeds each text once: thousands of rankings are of nearly the same texts."""

    def __init__(self) -> None:
        super().__init__(n_dimensions=64)
        self._direction = cache(self._direction)  # type: ignore[method-assign]
        self._row = cache(lambda text: super(Remembering, self).encode([text])[0])

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._row(one) for one in texts]) if texts else super().encode(texts)


@pytest.fixture(scope="module")
def embedder() -> HashEmbedder:
    return Remembering()


@pytest.fixture(scope="module")
def cases(embedder: HashEmbedder) -> list[Case]:
    seeds = load(SEEDS)
    seeds = replace(seeds, postings=seeds.postings[:: len(seeds.postings) // N_POSTINGS][:N_POSTINGS])
    asked = opportunities(seeds)
    network = smaller(seeds, asked)
    vectors = vectors_of(network, embedder)
    ranker, reading = build_ranker(network, vectors), Reading(embedder, seeds.linker.keys, describe)
    each = N_CASES // len(asked)
    found = []
    for opportunity in asked.values():
        one = Trials(network, vectors, reading=reading, opportunity=opportunity, today=TODAY, ranker=ranker)
        inside = {match.partner_id for match in one.first.matches[:FIRST_PLACES]}
        outside = [partner_id for partner_id in network.partners if partner_id not in inside]
        found += [Case(one, opportunity, one.why_not(partner_id)) for partner_id in outside[:each]]
    return found


def place_after(case: Case, changes: tuple[Change, ...], embedder: HashEmbedder) -> int:
    """Make the changes, build everything anew and rank: the place among the first five, 0 for none."""
    network, opportunity = case.trials.changed(case.found.partner_id, changes), case.opportunity
    needs = embedder.encode([need.text for need in opportunity.needs])
    ranker = build_ranker(network, vectors_of(network, embedder))
    matches = ranker.rank(opportunity, needs, today=TODAY, limit=FIRST_PLACES).matches
    return next((one.place for one in matches if one.partner_id == case.found.partner_id), 0)


@pytest.mark.slow
def test_of_five_hundred_answers_every_one_is_true_when_applied(cases: list[Case], embedder: HashEmbedder) -> None:
    assert len(cases) == N_CASES
    told = [case for case in cases if case.found.changes]
    wrong = [
        (case.opportunity.id, case.found)
        for case in told
        if place_after(case, case.found.changes, embedder) != case.found.place_after
    ]
    assert wrong == []
    assert len(told) > N_CASES / 5
    assert {len(case.found.changes) for case in told} == {1, 2}


@pytest.mark.slow
def test_where_two_changes_are_named_neither_of_them_is_enough(cases: list[Case], embedder: HashEmbedder) -> None:
    pairs = [case for case in cases if len(case.found.changes) > 1][::EVERY_PROOF]
    assert pairs
    assert [one for case in pairs for one in case.found.changes if place_after(case, (one,), embedder)] == []


@pytest.mark.slow
def test_where_nothing_is_named_no_fact_of_any_kind_helps(cases: list[Case], embedder: HashEmbedder) -> None:
    """Try by force what is offered and what is not: every badge there is, every person, each place and language."""
    nothing, tried = told_nothing(cases), [(case, one) for case in told_nothing(cases) for one in _all_of_one(case)]
    assert len(nothing) >= 24
    assert {one.kind for _, one in tried} == set(KINDS)
    assert [one for case, one in tried if place_after(case, (one,), embedder)] == []


@pytest.mark.slow
def test_where_nothing_is_named_nothing_up_to_two_changes_helps(cases: list[Case], embedder: HashEmbedder) -> None:
    nothing = told_nothing(cases)
    nearest = min((case for case in nothing if case.found.place), key=lambda case: case.found.place)
    ruled_out = next(case for case in nothing if case.found.removed)
    for case in (nearest, ruled_out):
        assert [each for each in _all_up_to_two(case) if place_after(case, each, embedder)] == []


def told_nothing(cases: list[Case]) -> list[Case]:
    """Return those who were told that no change of their own would be enough."""
    outside = [case for case in cases if not case.found.changes and not 0 < case.found.place <= FIRST_PLACES]
    return [case for case in outside if not case.found.removed or case.found.removed.rule not in NOT_ONES_OWN]


def _all_of_one(case: Case) -> set[Change]:
    """List changes of one fact, without asking which of them could bear on the opportunity."""
    asked, network = case.opportunity, case.trials.changed(case.found.partner_id, ())
    offered = changes_for(network, case.found.partner_id, opportunity=asked, today=TODAY)
    practices = Records(network).practices_needed(asked.needs)
    badges = [one for one in network.competencies.values() if practices.intersection(one.practices)]
    values = {
        "freshen": [""],
        "live": [""],
        "language": asked.languages,
        "industry": [asked.industry],
        "size": [str(asked.value_eur or 1)],
        "practice": practices,
        "sentence": [one.value for one in offered if one.kind == "sentence"],
        "calendar": [one.name for one in Records(network).people(case.found.partner_id)],
        "travel": [one.name for one in Records(network).people(case.found.partner_id)] if asked.on_site else [],
        "residency": asked.jurisdiction.split("|"),
        "person": [f"{key}|architect" for key in practices],
        "clearance": asked.clearances,
        "badge": [f"{one.key}|{one.kind}" for one in badges],
    }
    return {Change(kind, value, "") for kind, each in values.items() for value in each}


def _all_up_to_two(case: Case) -> Iterator[tuple[Change, ...]]:
    network, partner_id = case.trials.changed(case.found.partner_id, ()), case.found.partner_id
    singles = changes_for(network, partner_id, opportunity=case.opportunity, today=TODAY)
    yield from ((one,) for one in singles)
    yield from combinations(singles, 2)


@pytest.mark.slow
def test_a_rule_is_named_for_whoever_a_rule_takes_out(cases: list[Case]) -> None:
    for case in cases:
        removed = {one.partner_id: one for one in case.trials.first.removed}
        assert case.found.removed == removed.get(case.found.partner_id)
        assert (case.found.removed is None) or case.found.place == 0


def test_in_a_large_network_the_changed_firm_is_put_among_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {firm(at): f"We move mailboxes and phones, team {at}" for at in range(1, 12)}
    said[firm(12, languages=("de",), profile_on=date(2020, 1, 1))] = "We move mailboxes from Notes"
    network, asked = network_of(said), posted("Move 300 mailboxes from Notes", languages=("en",))
    earnest = trials(network, asked).why_not(12)
    monkeypatch.setattr(whatif, "LARGE", 1)
    among = trials(network, asked).why_not(12)
    assert earnest.changes
    assert among == earnest
