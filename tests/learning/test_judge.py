"""Whether a new model takes over: what it is compared by, and what is said."""

from matcher.learning.relearn import judge
from matcher.ranking.model import WEIGHTS
from tests.learning.market import PLANTED, joined, model, outcomes

SOME = {"version": "learned-1", "on": "2026-11-22"}


def test_a_model_that_learned_something_true_takes_over() -> None:
    verdict = judge(outcomes(3000, PLANTED), model(WEIGHTS), first_held=2400, **SOME)
    assert verdict.state == "accepted"
    assert verdict.sentence.startswith(
        "learned-1 ranks from now on: on the 600 newest outcomes, held back, its log loss"
    )
    assert verdict.model
    assert verdict.model.card.measured["held_back"] == 600


def test_a_model_that_is_worse_on_the_newest_outcomes_is_refused_with_the_reason() -> None:
    best = model(PLANTED)
    verdict = judge(outcomes(150, PLANTED), best, first_held=120, **SOME)
    assert verdict.state == "refused"
    assert verdict.sentence.startswith(
        "learned-1 is not used: on the newest outcomes, held back, it is more often wrong (log loss "
    )
    assert verdict.sentence.endswith("present-1 goes on ranking.")


def test_a_market_that_turned_round_lately_is_not_ranked_by_its_past() -> None:
    turned = joined(outcomes(640, PLANTED), outcomes(160, WEIGHTS, seed=2))
    assert judge(turned, model(WEIGHTS), first_held=640, **SOME).state == "refused"


def test_the_card_says_from_what_it_was_learned_and_what_it_must_not_use() -> None:
    verdict = judge(outcomes(3000, PLANTED, per_doubling=-0.5), model(WEIGHTS), first_held=2400, **SOME)
    assert verdict.model
    card = verdict.model.card
    assert (card.n_examples, card.learned_on) == (3000, "2026-11-22")
    assert "speed of reply" in card.must_not_use
    assert "Only who was put forward has an outcome" in card.how
