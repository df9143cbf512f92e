"""Introductions that ended → a new version of the ranker's weights, kept only where it is no worse than the present."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from matcher.learning.check import Checked, check
from matcher.learning.examples import Example, Examples, examples_of
from matcher.learning.fit import PRIOR_OUTCOMES, Fitted, fit, place_effect
from matcher.models import Introduction, Match
from matcher.ranking.model import SHIPPED, Card, Model
from matcher.ranking.version import RANKER_VERSION
from matcher.ranking.weights import SIGNALS, Weights
from matcher.store import rankers

LEAST_OUTCOMES = 40
LEAST_NEW = 20
HELD_BACK = 0.2
# How much worse on outcomes held back is still no worse: with some dozens of them less than this is chance.
NDCG_SLACK = 0.01
CALIBRATION_GOOD = 0.05
# What an end says: whether both sides wanted it, and how sure that is. Nobody knows why a partner did not answer
# before an opportunity closed, and who waits in the second row was wanted by one side.
SAYS = {
    "introduced": (1.0, 1.0),
    "closed": (1.0, 1.0),
    "declined": (0.0, 1.0),
    "waitlisted": (0.0, 0.5),
    "lapsed": (0.0, 0.25),
}
WON = (1.0, 2.0)
HOW = (
    f"Logistic, drawn towards {{prior}} as if by {PRIOR_OUTCOMES} outcomes of an even chance; no weight below 0. Only "
    "who was put forward has an outcome: who that was hangs on these very signals, so that the chance given them "
    "is not bent by it, only unsure where nobody was put forward, and there the prior holds. That places further down "
    "are read less is learned as a column of its own ({per_doubling:+.2f} in log-odds each doubling) and left out of "
    "scores. An introduction counts 1, twice if both sides say it was won; declined 0; waitlisted 0 by half; lapsed 0 "
    "by a quarter."
)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of introductions as examples, oldest first, and when each ended."""

    examples: Examples
    ended_at: tuple[datetime, ...]

    def __len__(self) -> int:
        return len(self.ended_at)

    def first_after(self, at: datetime | None) -> int:
        """Return the number of the first that ended after a moment."""
        return sum(one <= at for one in self.ended_at) if at else 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of learning: the state, the sentence that says why, the model if one was made."""

    state: str  # accepted, refused, waiting
    sentence: str
    model: Model | None = None


def learn(session: Session, *, now: datetime, dry_run: bool = False) -> Verdict:
    """Learn from what came of introductions; the new version ranks from now on unless it is worse or little is new."""
    outcomes = read(session)
    present, last = rankers.now_ranking(session), rankers.last_learned(session)
    n_new = len(outcomes) - outcomes.first_after(last.learned_at if last else None)
    waits = _too_few(len(outcomes), n_new)
    if waits:
        return Verdict("waiting", f"{waits} {present.version} goes on ranking.")
    learned_at = last.learned_at if last and last.version == present.version else None
    verdict = judge(
        outcomes.examples,
        present,
        version=f"learned-{rankers.n_learned(session) + 1}",
        first_held=max(outcomes.first_after(learned_at), round(len(outcomes) * (1 - HELD_BACK))),
        on=now.date().isoformat(),
    )
    if verdict.model and not dry_run:
        rankers.keep(session, verdict.model, state=verdict.state, why=verdict.sentence, at=now)
    return verdict


def judge(examples: Examples, present: Model, *, version: str, first_held: int, on: str) -> Verdict:
    """Learn from the older examples, compare both on those from `first_held` on, then learn from all of them."""
    older, newer = (examples.chosen(each) for each in np.split(np.arange(len(examples)), [first_held]))
    trial = fit(older, SHIPPED.weights)
    of_new = check(newer, trial)
    of_present = check(newer, Fitted(present.weights, place_effect(older, present.weights)))
    worse = _worse(of_new, of_present)
    known = _measured(of_new, of_present, len(newer))
    model = _model(fit(examples, SHIPPED.weights), examples, version=version, on=on, measured=known)
    if worse:
        return Verdict("refused", f"{version} is not used: {worse} {present.version} goes on ranking.", model)
    return Verdict(
        "accepted",
        f"{version} ranks from now on: on the {len(newer)} newest outcomes, held back, its log loss is "
        f"{of_new.log_loss:.3f}, that of {present.version} {of_present.log_loss:.3f}.",
        model,
    )


def read(session: Session) -> Outcomes:
    """Read introductions that ended, with the signals as they were when the match was made."""
    ended = rankers.ended(session)
    results = rankers.confirmed(session, [each.id for each, *_ in ended])
    columns = {version: _columns(session, version) for version in {match.version for _, match, _ in ended}}
    found = []
    for each, match, at in ended:
        signals = signals_of(match, columns[match.version])
        if signals:
            right, worth = _says(each, results.get(each.id, ""))
            found.append((at, Example(signals, right, each.opportunity_id, worth, max(match.place, 1))))
    return Outcomes(examples_of([one for _, one in found]), tuple(at for at, _ in found))


def signals_of(match: Match, columns: Sequence[str]) -> tuple[tuple[float, ...], ...]:
    """Return the signals of a match, a row for each need; of one stored without them what its reasons hold of them."""
    if match.signals:
        rows = [dict(zip(columns, row, strict=False)) for row in match.signals]
    else:
        rows = [{each["name"]: each["value"] for each in match.reasons}]
    if len(rows[0].keys() & set(SIGNALS)) < len(SIGNALS):
        return ()
    return tuple(tuple(float(row[name]) for name in SIGNALS) for row in rows)


def go_back(session: Session, version: str, *, now: datetime) -> str:
    """Let an older version rank again, shipped or learned. Raises `LookupError` for one that is unknown."""
    model = rankers.of_version(session, version)
    if model is None:
        raise LookupError(rankers.unknown(session, version))
    before = rankers.version_now(session)
    sentence = f"{version} was chosen by hand in place of {before}."
    rankers.withdraw_all(session, why=sentence, at=now)
    if version != RANKER_VERSION:
        rankers.keep(session, model, state="accepted", why=sentence, at=now)
    return f"{version} ranks from now on, in place of {before}."


def _too_few(n_outcomes: int, n_new: int) -> str:
    if n_outcomes < LEAST_OUTCOMES:
        return f"There are {n_outcomes} outcomes to learn from, and it takes {LEAST_OUTCOMES}."
    if n_new < LEAST_NEW:
        return f"There are {n_new} outcomes since the last time, and it takes {LEAST_NEW} new ones."
    return ""


def _worse(new: Checked, present: Checked) -> str:
    return next(_complaints(new, present), "")


def _complaints(new: Checked, present: Checked) -> Iterator[str]:
    on = "on the newest outcomes, held back,"
    if new.log_loss > present.log_loss:
        yield f"{on} it is more often wrong (log loss {new.log_loss:.3f}, now {present.log_loss:.3f})."
    if new.ndcg < present.ndcg - NDCG_SLACK:
        yield f"{on} it orders worse (nDCG@10 {new.ndcg:.3f}, now {present.ndcg:.3f})."
    if new.calibration_error > max(CALIBRATION_GOOD, present.calibration_error):
        yield f"{on} its chances are further off ({new.calibration_error:.3f}, now {present.calibration_error:.3f})."


def _says(row: Introduction, result: str) -> tuple[float, float]:
    return WON if result == "won" else SAYS[row.state]


def _columns(session: Session, version: str) -> tuple[str, ...]:
    model = rankers.of_version(session, version)
    return model.card.columns if model else ()


def _measured(new: Checked, present: Checked, n_held: int) -> dict[str, float]:
    return {
        "held_back": n_held,
        "log_loss": round(new.log_loss, 4),
        "log_loss_of_present": round(present.log_loss, 4),
        "ndcg_at_10": round(new.ndcg, 4),
        "ndcg_at_10_of_present": round(present.ndcg, 4),
        "calibration_error": round(new.calibration_error, 4),
        "calibration_error_of_present": round(present.calibration_error, 4),
    }


def _model(fitted: Fitted, examples: Examples, *, version: str, on: str, measured: dict[str, float]) -> Model:
    weights: Weights = fitted.weights
    card = Card(
        version=version,
        learned_on=on,
        data=f"{len(examples)} introductions of this service that ended",
        how=HOW.format(prior=RANKER_VERSION, per_doubling=fitted.per_doubling),
        prior=RANKER_VERSION,
        n_examples=len(examples),
        n_right=int(examples.right.sum()),
        measured=measured,
    )
    return Model(weights, card)
