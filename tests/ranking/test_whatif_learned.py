"""Why a partner is not among the first five where the service weighs by what it has learned."""

from dataclasses import replace
from datetime import date

from matcher.ranking.changes import Change, changes_for
from matcher.ranking.model import WEIGHTS
from matcher.ranking.order import FIRST_PLACES
from matcher.ranking.rank import Ranker, Ranking, build_ranker
from matcher.ranking.whatif import Reading, Trials
from matcher.terms import Network
from tests.ranking.networks import EMBEDDER, POSTER, TODAY, firm, link, network_of, person, posted, vectors_of

LEARNED = replace(
    WEIGHTS, coverage=0.6 * WEIGHTS.coverage, free=0.5 * WEIGHTS.free, past_work=2 * WEIGHTS.past_work,
    fresh=2 * WEIGHTS.fresh,
)  # fmt: skip


def learned(network: Network) -> Ranker:
    """Build a ranker that weighs as the service has learned to, and no longer by the weights that it came with."""
    ranker = build_ranker(network, vectors_of(network))
    ranker.weights = LEARNED
    return ranker


def test_a_place_is_told_by_the_weights_that_rank_and_not_by_those_that_the_service_came_with() -> None:
    rivals = [
        (firm(number, practices=("mail",), profile_on=date(2022 if number in (12, 15) else 2024, 6, 1)), number % 2)
        for number in range(11, 17)
    ]
    said = {one: "We move mailboxes from Notes." if is_odd else "Mailboxes of Cork." for one, is_odd in rivals}
    said |= {
        firm(POSTER, practices=("erp",)): "We run Navision.",
        firm(20, profile_on=date(2019, 6, 1)): "We run mail.",
    }
    network = network_of(said, people=[person(13), person(14), person(20)])
    needs, vectors = EMBEDDER.encode([one.text for one in posted().needs]), vectors_of(network)
    told = Trials(
        network, vectors, reading=Reading(EMBEDDER, link), opportunity=posted(), today=TODAY, ranker=learned(network)
    )

    def in_earnest(changes: tuple[Change, ...]) -> list[tuple[int, float]]:
        ranker = learned(told.changed(20, changes))
        return places(ranker.rank(posted(), needs, today=TODAY, limit=FIRST_PLACES))

    for change in changes_for(network, 20, opportunity=posted(), today=TODAY):
        assert places(told.ranked(20, [change])) == in_earnest((change,))
    found = told.why_not(20)
    assert in_earnest(found.changes)[found.place_after - 1][0] == 20


def places(ranking: Ranking) -> list[tuple[int, float]]:
    return [(one.partner_id, one.score) for one in ranking.matches]
