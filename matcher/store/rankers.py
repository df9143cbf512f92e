"""Versions of the ranker's weights: which one ranks, which ones there were, and the outcomes to learn the next from."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from matcher.models import Introduction, IntroductionStep, Match, Outcome, RankerModel
from matcher.ranking.model import SHIPPED, Model, shipped, versions
from matcher.store.ranker_version import version_now as version_now

ENDED = ("introduced", "closed", "declined", "waitlisted", "lapsed")


def now_ranking(session: Session) -> Model:
    """Read the model that ranks: the newest accepted one, else the one that came with this release."""
    row = _newest(session)
    return _model(row) if row else SHIPPED


def of_version(session: Session, version: str) -> Model | None:
    """Read a model, learned here or shipped; None for a version that is unknown."""
    row = session.scalar(select(RankerModel).where(RankerModel.version == version))
    return _model(row) if row else shipped(version)


def known_versions(session: Session) -> tuple[str, ...]:
    """List the versions that can rank: those that came with the release, then those learned here, oldest first."""
    learned = session.scalars(select(RankerModel.version).order_by(RankerModel.id))
    return tuple(dict.fromkeys((*versions(), *learned)))


def unknown(session: Session, version: str) -> str:
    """Say that there is no such version, and what there is."""
    return f"There is no version {version!r} of the ranker. There is: {', '.join(known_versions(session))}."


def n_learned(session: Session) -> int:
    """Count what was learned here, refused ones too."""
    return session.scalar(select(func.count(RankerModel.id)).where(RankerModel.version.startswith("learned-"))) or 0


def last_learned(session: Session) -> RankerModel | None:
    """Return what was learned last, whatever became of it."""
    chosen = select(RankerModel).where(RankerModel.version.startswith("learned-"))
    return session.scalar(chosen.order_by(RankerModel.learned_at.desc(), RankerModel.id.desc()).limit(1))


def keep(session: Session, model: Model, *, state: str, why: str, at: datetime) -> None:
    """Write a version down with what became of it; one that is there already only changes its state."""
    values = model.as_values() | {"state": state, "why": why, "chosen_at": at}
    written = insert(RankerModel).values(version=model.version, learned_at=at, **values)
    changed = {"state": state, "why": why, "chosen_at": at}
    session.execute(written.on_conflict_do_update(index_elements=["version"], set_=changed))
    session.expire_all()


def withdraw_all(session: Session, *, why: str, at: datetime) -> None:
    """Let no learned version rank."""
    accepted = update(RankerModel).where(RankerModel.state == "accepted")
    session.execute(accepted.values(state="withdrawn", why=why, chosen_at=at))


def ended(session: Session) -> list[tuple[Introduction, Match, datetime]]:
    """List introductions that ended, each with the match it came from and when it ended, oldest first."""
    last = (
        select(func.max(IntroductionStep.at))
        .where(IntroductionStep.introduction_id == Introduction.id)
        .scalar_subquery()
    )
    at = func.coalesce(last, Introduction.created_at)
    chosen = select(Introduction, at).join(Match, Match.id == Introduction.match_id)
    chosen = chosen.where(Introduction.state.in_(ENDED)).options(joinedload(Introduction.match))
    found = session.execute(chosen.order_by(at, Introduction.id))
    return [(each, each.match, ended_at) for each, ended_at in found if each.match]


def confirmed(session: Session, introduction_ids: Iterable[int]) -> dict[int, str]:
    """Return what came of introductions where both sides agree about it: won or lost, by id."""
    chosen = select(Outcome.introduction_id, Outcome.result).where(Outcome.state == "confirmed")
    wanted = set(introduction_ids)
    return {each: result for each, result in session.execute(chosen.order_by(Outcome.id)) if each in wanted}


def _newest(session: Session) -> RankerModel | None:
    accepted = select(RankerModel).where(RankerModel.state == "accepted")
    return session.scalar(accepted.order_by(RankerModel.chosen_at.desc(), RankerModel.id.desc()).limit(1))


def _model(row: RankerModel) -> Model:
    return Model.of_values({"card": row.card, "weights": row.weights})
