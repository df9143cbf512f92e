"""How long what is kept → the rows whose time is over, a batch at a time, and none that somebody still needs."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Text,
    any_,
    cast,
    delete,
    func,
    literal,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from matcher.models import (
    Badge,
    BenchPerson,
    Bounce,
    Capability,
    Collaboration,
    Contact,
    Embedding,
    InboundMessage,
    Introduction,
    JobFault,
    Letter,
    LiftsOfDay,
    Match,
    Need,
    NetworkChange,
    Opportunity,
    Pace,
    Partner,
    Posting,
    Reserve,
    WhyNot,
)
from matcher.models.nights import Night
from matcher.store import matches, messages

AT_ONCE = 2_000
A_DAY = timedelta(days=1)
ENDED = ("sent", "failed", "dropped")
OPEN = ("asked", "accepted", "waitlisted")
# Of another day they have another key; the key of any other letter keeps it from going twice, however old it is.
GO_WHOLE = ("digest", "reminder", "sign-in")
JOBS_OVER = """
    SELECT j.id FROM procrastinate_jobs j WHERE j.status IN ('succeeded', 'failed', 'cancelled', 'aborted')
    AND NOT EXISTS (SELECT FROM procrastinate_events e WHERE e.job_id = j.id AND e.at >= :before)
"""


@dataclass(frozen=True, slots=True)
class KeepFor:
    """How long each kind of thing is kept."""

    mail: timedelta
    letters: timedelta
    drafts: timedelta
    matches: timedelta
    records: timedelta  # of nights, faults and jobs that are over


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of one table whose time is over, and what they become; without values they are deleted.

    `at` grows with the rows' keys, so that only the old end of a large table is looked through.
    """

    name: str
    key: Any
    over: ColumnElement[bool]
    values: dict[str, Any] = field(default_factory=dict)
    at: Any = None
    before: datetime | None = None

    @property
    def table(self) -> Any:
        return self.key.class_


def rules(keep: KeepFor, *, now: datetime, standing_words: Collection[str] = (), model: str = "") -> list[Rule]:
    """List what goes, in an order in which each may go; vectors under `standing_words` (hashes) and of `model` stay."""
    return [
        _messages(now - keep.mail),
        *_letters(now - keep.letters),
        *_drafts(now - keep.drafts),
        *_matches(now - keep.matches),
        _vectors(standing_words),
        *([_of_other_models(model, now - keep.records)] if model else []),
        Rule("nights of long ago", Night.id, Night.ended_at < now - keep.records),
        Rule("faults of jobs of long ago", JobFault.job_id, JobFault.at < now - keep.records),
        Rule("lifts of days long ago", LiftsOfDay.day, LiftsOfDay.day < (now - keep.records).date()),
        Rule("notes of changes long ago", NetworkChange.id, _noted(now - keep.records)),
        Rule("paces of domains", Pace.domain, Pace.minute < now - A_DAY),
    ]


def n_over(session: Session, rule: Rule) -> int:
    """Count the rows whose time is over."""
    return session.scalar(select(func.count()).select_from(rule.table).where(rule.over)) or 0


def batches(rule: Rule, transaction: Callable[[], Any]) -> Iterator[int]:
    """Carry out a rule, each batch in a transaction of its own; yield how many rows each took."""
    after: Any = None
    while True:
        with transaction() as session:
            keys = _next(session, rule, after)
            if keys:
                _carry_out(session, rule, keys)
        if not keys:
            return
        yield len(keys)
        after = keys[-1]


def forget_jobs(session: Session, *, before: datetime) -> int:
    """Delete the queue's jobs that ended before a moment."""
    gone = text(f"DELETE FROM procrastinate_jobs WHERE id IN ({JOBS_OVER} LIMIT {AT_ONCE}) RETURNING id")
    return len(session.scalars(gone, {"before": before}).all())


def n_jobs_over(session: Session, *, before: datetime) -> int:
    return session.scalar(text(f"SELECT count(*) FROM ({JOBS_OVER}) AS over"), {"before": before}) or 0


def _next(session: Session, rule: Rule, after: Any) -> list[Any]:
    chosen = select(rule.key).where(rule.over).order_by(rule.key).limit(AT_ONCE)
    if rule.at is not None:
        first_young = select(rule.key).where(rule.at >= rule.before).order_by(rule.key).limit(1).scalar_subquery()
        chosen = chosen.where(func.coalesce(rule.key < first_young, True))
    if after is not None:
        chosen = chosen.where(rule.key > after)
    return list(session.scalars(chosen.with_for_update(skip_locked=True)))


def _carry_out(session: Session, rule: Rule, keys: list[Any]) -> None:
    kind: ARRAY[Any] = ARRAY(Text) if isinstance(keys[0], str) else ARRAY(BigInteger)
    named = rule.key == any_(literal(keys, kind))
    done = update(rule.table).where(named).values(**rule.values) if rule.values else delete(rule.table).where(named)
    session.execute(done.execution_options(synchronize_session=False))


def _messages(before: datetime) -> Rule:
    return Rule("words of messages that came in", InboundMessage.id, messages.is_past(before), messages.FORGOTTEN)


def _letters(before: datetime) -> Iterator[Rule]:
    over = (Letter.created_at < before) & Letter.state.in_(ENDED)
    ref = func.jsonb_array_elements(Letter.refs).table_valued("value")
    named = cast(ref.c.value.op("->>")(1), BigInteger)
    # Whoever was asked and has not answered yet may still do so, for as long as the opportunity is open.
    needed = (
        select(Introduction.id)
        .join(Opportunity, Opportunity.id == Introduction.opportunity_id)
        .where(Introduction.id == named, Introduction.state.in_(OPEN), Opportunity.state == "open")
        .exists()
    )
    came_back = select(Bounce.id).where(Bounce.letter_id == Letter.id).exists()
    whole = over & Letter.kind.in_(GO_WHOLE) & ~came_back & (~needed | (Letter.kind == "sign-in"))
    yield Rule("digests and reminders", Letter.id, whole, at=Letter.created_at, before=before)
    stays = Letter.kind.not_in(GO_WHOLE) | (came_back & ~needed)
    said = over & (Letter.values != literal_column("'{}'::jsonb")) & stays
    yield Rule("words of other letters", Letter.id, said, {"values": {}}, at=Letter.created_at, before=before)


def _drafts(before: datetime) -> Iterator[Rule]:
    read = select(Opportunity.id).where(Opportunity.posting_id == Posting.id)
    silent = (func.greatest(Opportunity.created_at, Opportunity.matched_at) < before) & (Opportunity.state == "draft")
    over = (Posting.received_at < before) & read.where(silent).exists()
    yield Rule("drafts that nobody confirmed", Posting.id, over, at=Posting.received_at, before=before)
    own = select(Contact.id).where(Contact.partner_id == Partner.id)
    posted = select(Posting.id).join(Contact, Contact.id == Posting.contact_id).where(Contact.partner_id == Partner.id)
    known = [posted.exists(), own.where(Contact.verified_at.is_not(None)).exists(), ~own.exists()]
    known += [select(each.id).where(each.partner_id == Partner.id).exists() for each in HOLDS_A_FIRM]
    known.append(select(Collaboration.id).where(Collaboration.lead_id == Partner.id).exists())
    stranger = (Partner.state == "draft") & (func.greatest(Partner.created_at, Partner.changed_at) < before)
    for each in known:
        stranger &= ~each
    yield Rule("firms that never said that they are one", Partner.id, stranger)


HOLDS_A_FIRM = (Badge, BenchPerson, Collaboration, Introduction, Opportunity)


def _matches(before: datetime) -> Iterator[Rule]:
    over = Opportunity.state.in_(("closed", "withdrawn")) & (Opportunity.closed_at < before)
    closed = select(Opportunity.id).where(over)
    unasked = Match.opportunity_id.in_(closed) & ~matches.is_used()
    yield Rule("matches that nobody was asked about", Match.id, unasked, at=Match.created_at, before=before)
    yield Rule("those who stood in reserve", Reserve.opportunity_id, Reserve.opportunity_id.in_(closed))
    yield Rule("answers to “why not me?”", WhyNot.id, WhyNot.opportunity_id.in_(closed))


def _noted(before: datetime) -> ColumnElement[bool]:
    """Keep the newest, by which rankers tell that nothing changed since."""
    return (NetworkChange.at < before) & (NetworkChange.id < select(func.max(NetworkChange.id)).scalar_subquery())


def _vectors(standing_words: Collection[str]) -> Rule:
    used = [select(each.id).where(each.text_hash == Embedding.text_hash).exists() for each in (Capability, Need)]
    stands = Embedding.text_hash == any_(literal(sorted(standing_words), ARRAY(Text)))
    return Rule("vectors of words that nobody has any more", Embedding.id, ~used[0] & ~used[1] & ~stands)


def _of_other_models(model: str, before: datetime) -> Rule:
    """Keep those of a model that is made ready, or was left and may come back: each vector of a text was noted."""
    lately = (NetworkChange.model == Embedding.model) & (NetworkChange.at >= before)
    over = (Embedding.model != model) & ~select(NetworkChange.id).where(lately).exists()
    return Rule("vectors of models that are no longer used", Embedding.id, over)
