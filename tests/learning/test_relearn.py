"""The whole way: introductions that ended, in the database, become the weights that rank, and back again."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import learning, matching
from matcher.learning.fit import scores
from matcher.learning.relearn import LEAST_OUTCOMES, read
from matcher.matching import Shelf
from matcher.models import Introduction, Match, Opportunity, Outcome, Partner, RankerModel
from matcher.ranking.model import SHIPPED, WEIGHTS, shipped
from matcher.ranking.version import RANKER_VERSION
from matcher.ranking.weights import SIGNALS
from matcher.store import introductions, rankers
from tests import factories as make
from tests.fakes import HashEmbedder
from tests.learning.market import N_EACH, PLANTED, model, outcomes

LATER = make.NOW + timedelta(days=30)


def lived(session: Session, n: int, *, seed: int = 1) -> None:
    """Let n introductions end as in a market of planted weights, an hour apart."""
    drawn = outcomes(n, PLANTED, seed=seed)
    poster = make.firm(session, f"poster{seed}")
    firms = [make.firm(session, f"firm{seed}x{number}") for number in range(N_EACH)]
    rows = [make.opportunity(session, poster) for _ in range(0, n, N_EACH)]
    for at in range(n):
        row = rows[at // N_EACH]
        found = make.match(session, row, firms[at % N_EACH].partner_id, place=int(drawn.place[at]))
        last = drawn.begins[at + 1] if at + 1 < n else len(drawn.rows)
        found.version, found.signals = RANKER_VERSION, drawn.rows[drawn.begins[at] : last].tolist()
        state = "introduced" if drawn.right[at] else "declined"
        asked = make.asked(session, row, firms[at % N_EACH], state=state, match_id=found.id)
        introductions.note(session, asked.id, side="partner", what=state, at=make.NOW + timedelta(hours=at * seed))
    session.flush()


def market(session: Session) -> Opportunity:
    """Make an opportunity and four firms of unlike words, read and embedded."""
    make.competencies(session)
    poster = make.firm(session, "alder")
    says = {"quay": "We move mailboxes.", "fjord": "Mailboxes and toys.", "holm": "Toys.", "brae": "Exchange Online."}
    for key, profile in says.items():
        session.get_one(Partner, make.firm(session, key).partner_id).profile = profile
    session.flush()
    matching.read_partners(session, now=make.NOW)
    make.embed(session, HashEmbedder())
    return make.opportunity(session, poster)


def test_what_was_stored_is_read_as_it_was(session: Session) -> None:
    lived(session, 25)
    found, drawn = read(session), outcomes(25, PLANTED)
    assert scores(found.examples, WEIGHTS) == pytest.approx(scores(drawn, WEIGHTS))
    assert found.examples.right.tolist() == drawn.right.tolist()
    assert found.examples.place.tolist() == drawn.place.tolist()


def test_few_outcomes_change_nothing_and_it_says_how_many_it_takes(session: Session) -> None:
    lived(session, 10)
    verdict = learning.learn(session, now=LATER)
    assert verdict.sentence == (
        f"There are 10 outcomes to learn from, and it takes {LEAST_OUTCOMES}. {RANKER_VERSION} goes on ranking."
    )
    assert session.scalar(select(RankerModel)) is None


def test_a_worker_ranks_with_a_new_version_at_once_and_names_it_in_every_match(session: Session) -> None:
    shelf, embedder = Shelf(), HashEmbedder()
    row = market(session)
    ranker = matching.shelve(session, shelf, model=embedder.model)
    assert ranker.weights == WEIGHTS
    rankers.keep(session, model(PLANTED, "learned-1"), state="accepted", why="better", at=LATER)
    assert matching.shelve(session, shelf, model=embedder.model) is ranker
    assert ranker.weights == PLANTED
    assert matching.match(session, shelf, embedder, row.id, now=LATER) >= 1
    assert {each.version for each in session.scalars(select(Match))} == {"learned-1"}


def test_many_outcomes_make_a_version_that_ranks_from_then_on(session: Session) -> None:
    lived(session, 300)
    verdict = learning.learn(session, now=LATER)
    assert verdict.state == "accepted", verdict.sentence
    assert rankers.version_now(session) == "learned-1"
    assert rankers.now_ranking(session).weights.coverage > WEIGHTS.coverage
    again = learning.learn(session, now=LATER + timedelta(days=7))
    assert again.sentence.startswith("There are 0 outcomes since the last time, and it takes 20 new ones.")


def test_a_dry_run_says_the_same_and_keeps_nothing(session: Session) -> None:
    lived(session, 300)
    verdict = learning.learn(session, now=LATER, dry_run=True)
    assert verdict.state == "accepted"
    assert session.scalar(select(RankerModel)) is None


def test_a_refused_version_is_kept_for_the_record_and_never_ranks(session: Session) -> None:
    lived(session, 100)
    rankers.keep(session, model(PLANTED, "learned-1"), state="accepted", why="it is the truth", at=make.NOW)
    verdict = learning.learn(session, now=LATER)
    assert verdict.state == "refused"
    kept = session.scalars(select(RankerModel).where(RankerModel.version == "learned-2")).one()
    assert (kept.state, kept.why) == ("refused", verdict.sentence)
    assert rankers.version_now(session) == "learned-1"


def test_one_goes_back_to_any_version_and_forward_again(session: Session) -> None:
    rankers.keep(session, model(PLANTED, "learned-1"), state="accepted", why="better", at=make.NOW)
    assert learning.go_back(session, RANKER_VERSION, now=LATER) == (
        f"{RANKER_VERSION} ranks from now on, in place of learned-1."
    )
    assert rankers.now_ranking(session).weights == WEIGHTS
    learning.go_back(session, "learned-1", now=LATER + timedelta(minutes=1))
    assert rankers.now_ranking(session).weights == PLANTED
    learning.go_back(session, "hand-3", now=LATER + timedelta(minutes=2))
    assert rankers.version_now(session) == "hand-3"


def test_an_unknown_version_is_answered_with_those_there_are(session: Session) -> None:
    rankers.keep(session, model(PLANTED, "learned-1"), state="withdrawn", why="", at=make.NOW)
    with pytest.raises(
        LookupError, match=r"There is no version 'learned-9' of the ranker\. There is: hand-3, .*learned-1"
    ):
        learning.go_back(session, "learned-9", now=LATER)
    assert rankers.unknown(session, "hand-1").startswith("There is no version 'hand-1' of the ranker. There is: hand-3")


def test_a_replay_gives_the_order_and_scores_that_were_stored_and_stores_nothing(session: Session) -> None:
    shelf, embedder = Shelf(), HashEmbedder()
    row = market(session)
    matching.match(session, shelf, embedder, row.id, now=LATER)
    stored = [(each.partner_id, round(each.score, 5)) for each in session.scalars(select(Match).order_by(Match.place))]
    rankers.keep(session, model(PLANTED, "learned-1"), state="accepted", why="better", at=LATER)
    replayed = matching.replay(session, shelf, embedder, row, model=SHIPPED, now=LATER + timedelta(days=90))
    assert len(stored) >= 2
    assert [(each.partner_id, round(each.score, 5)) for each in replayed.matches] == stored
    by_new = matching.replay(session, shelf, embedder, row, model=model(PLANTED), now=LATER)
    assert [each.score for each in by_new.matches] != [score for _, score in stored]
    assert len(session.scalars(select(Match)).all()) == len(stored)


def test_work_that_both_sides_call_won_counts_twice_and_a_lapse_little(session: Session) -> None:
    poster, firm, other = (make.firm(session, key) for key in ("alder", "quay", "fjord"))
    row = make.opportunity(session, poster)
    for contact, state in ((firm, "closed"), (other, "lapsed")):
        found = make.match(session, row, contact.partner_id)
        found.version, found.signals = RANKER_VERSION, [[0.5] * len(SIGNALS)]
        asked = make.asked(session, row, contact, state=state, match_id=found.id)
        if state == "closed":
            session.add(Outcome(introduction_id=asked.id, contact_id=poster.id, result="won", state="confirmed",
                                reported_at=make.NOW))  # fmt: skip
    session.flush()
    found = read(session).examples
    assert (found.right.tolist(), found.worth.tolist()) == ([1.0, 0.0], [2.0, 0.25])


def test_a_match_stored_before_signals_were_is_read_from_its_reasons(session: Session) -> None:
    row, firm = make.opportunity(session, make.firm(session, "alder")), make.firm(session, "quay")
    found = make.match(session, row, firm.partner_id)
    found.version, found.reasons = "hand-3", [{"name": name, "value": 0.25, "weight": 1.0} for name in SIGNALS]
    make.asked(session, row, firm, state="declined", match_id=found.id)
    session.flush()
    assert np.all(read(session).examples.rows == 0.25)
    found.reasons = found.reasons[:5]
    session.flush()
    assert len(read(session)) == 0


def test_every_shipped_version_has_a_file_with_its_card() -> None:
    for version in ("hand-3", RANKER_VERSION):
        found = shipped(version)
        assert found
        assert found.version == version
        assert {"pay", "number of badges", "size of the firm", "speed of reply"} <= set(found.card.must_not_use)
        assert replace(found).as_values()["card"]["columns"] == SIGNALS


def test_introductions_that_go_on_are_not_learned_from(session: Session) -> None:
    lived(session, 5)
    for each in session.scalars(select(Introduction)):
        each.state = "asked"
    session.flush()
    assert len(read(session)) == 0
