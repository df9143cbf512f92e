"""A stage after its calm → what its workers make of new postings, beside what a ranker built afresh makes of them."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs import refresh
from jobs.ground import Ground, kept_at
from matcher import matching
from matcher.matching import Shelf
from matcher.models import Contact, Match, Opportunity, Partner, Reserve
from matcher.ranking.snapshot import Unusable
from matcher.store.wake import wake
from tests.chaos import market
from tests.chaos.disk import FULL
from tests.chaos.programs import wait_until
from tests.chaos.stage import Stage, noting
from web.db import transaction

ROUNDS, ROUND_S = 6, 3.0  # of postings, at most; a builder has time to fail meanwhile
N_POSTED = 2  # of what is sold in any case; more of what those sell who came
# With how many partners who change, beside one who leaves and one who comes: too many to be laid over a ranker, or few.
TROUBLE = (("full", 12), ("torn", 12), ("", 0))
FIRST_NUMBER = 100_000  # of firms that come
FILE_S = 20.0  # for a builder to be done
CLOSE = 1e-4  # a reserve keeps its scores in four bytes
CANNOT_KEEP, NOT_TAKEN = "cannot be kept in", "the ranker is not taken from"


@dataclass(frozen=True, slots=True)
class Ranked:
    """Scores of one posting by partner: as a worker wrote them, and of a ranker built from the database just then."""

    opportunity_id: int
    got: Mapping[int, float]
    fresh: Mapping[int, float]
    left: frozenset[int] = frozenset()  # who had left by then
    came: frozenset[int] = frozenset()  # who had come by then and sells what is asked for


@dataclass(slots=True)
class Afterwards:
    """What was posted at the end, who left and came, and how the ranker's file is."""

    ranked: list[Ranked] = field(default_factory=list)
    left: set[int] = field(default_factory=set)
    came: set[int] = field(default_factory=set)
    file: str = ""  # what is wrong with it
    builders: Counter[str] = field(default_factory=Counter)  # what came of them, and how many were killed in mid-write
    n_rounds: int = 0  # of postings, until all was right
    n_said_full: int = 0
    n_said_torn: int = 0


def wrong(after: Afterwards) -> list[str]:
    """List in sentences what the workers rank wrongly, and what is wrong with the file that they share."""
    otherwise = [each.opportunity_id for each in after.ranked if _differ(each)]
    gone = sorted({partner_id for each in after.ranked for partner_id in each.left & set(each.got)})
    missed = sorted({partner_id for each in after.ranked for partner_id in each.came - set(each.got)})
    n_full = sum(after.builders[each] for each in FULL)
    n_unsaid = n_full - after.builders["killed"] - after.n_said_full
    return [
        sentence
        for is_wrong, sentence in (
            (otherwise, f"ranked otherwise than by a ranker built afresh: postings {otherwise}"),
            (gone, f"found though they had left: partners {gone}"),
            (missed, f"came before the postings and not found: partners {missed}"),
            (not after.ranked, "no posting was ranked at the end"),
            (after.file, f"the ranker's file at the end: {after.file}"),
            (n_unsaid > 0, f"{n_full} builders had no room, and the log says so {after.n_said_full} times"),
        )
        if is_wrong
    ]


def _differ(each: Ranked) -> bool:
    return set(each.got) != set(each.fresh) or any(abs(each.got[one] - each.fresh[one]) > CLOSE for one in each.got)


def look_again(stage: Stage, chance: Random) -> Afterwards:
    """Let partners change with the disk full, with the file torn and with all well, and others post after each.

    The old ranker may serve until the next is built, so they post until the workers rank rightly, or never do.
    """
    after = Afterwards()
    with noting(stage, "afterwards") as g:
        for n, (trouble, n_changed) in enumerate(TROUBLE):
            stage.change(n_changed, chance)
            changed_at = _change(g, chance, after, n)
            if trouble == "full":
                stage.disk.fill(chance)
            if trouble == "torn":
                stage.disk.tear(chance)
            before = after.ranked
            for _ in range(ROUNDS):
                after.ranked, after.n_rounds = before + _posted(g, stage, chance, after), after.n_rounds + 1
                after.file = "" if trouble == "full" else _file(g, changed_at if n_changed else None)
                if not wrong(after):
                    break
                time.sleep(ROUND_S)
            stage.disk.empty()
    after.builders = Counter(stage.disk.noted())
    after.n_said_full, after.n_said_torn = (_n_said(stage, words) for words in (CANNOT_KEEP, NOT_TAKEN))
    return after


def _change(g: Ground, chance: Random, after: Afterwards, n: int) -> datetime:
    """Let one partner leave and one come, and be read; return when that was committed, by the clock of the database.

    A file begun before the newcomer was read is no worse: its vectors are laid over.
    """
    at = datetime.now(UTC)
    with transaction(g.engine) as session:
        gone = chance.choice(_contacts(session))
        gone.partner.state, gone.partner.changed_at = "left", at
        came = market.newcomer(session, FIRST_NUMBER + n, chance, at)
        after.left.add(gone.partner_id)
        after.came.add(came.partner_id)
    with transaction(g.engine) as session:
        changed_at: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    refresh.refresh(g)
    return changed_at


def _contacts(session: Session) -> list[Contact]:
    chosen = select(Contact).join(Partner).where(Contact.email.like("p%"), Partner.state == "live")
    return list(session.scalars(chosen.order_by(Contact.id)))


def _posted(g: Ground, stage: Stage, chance: Random, after: Afterwards) -> list[Ranked]:
    """Post, let the workers rank, and rank afresh by the day that they ranked on."""
    with transaction(g.engine) as session:
        posters, trades = _contacts(session), _trades_of(session, after.came)
        rows = [market.ask(session, chance.choice(posters), each, chance, stage.clock()) for each in trades]
        ids = [each.id for each in rows]
        for each in ids:
            wake(session, "match", opportunity_id=each)
    wait_until(lambda: _care(stage, lambda: _are_ranked(g, ids)), f"the postings {ids} to be ranked")
    with transaction(g.engine) as session:
        return [_compared(session, g, *each, after) for each in zip(ids, trades, strict=True)]


def _trades_of(session: Session, partner_ids: Iterable[int]) -> list[str]:
    """List what those who came sell, and what is sold in any case."""
    sold = {key for each in partner_ids for key in session.get_one(Partner, each).practices}
    return sorted(sold) + [each[0] for each in market.TRADES][:N_POSTED]


def _care(stage: Stage, true: Callable[[], bool]) -> bool:
    stage.care()
    return true()


def _are_ranked(g: Ground, ids: list[int]) -> bool:
    with transaction(g.engine) as session:
        waits = Opportunity.id.in_(ids) & Opportunity.matched_at.is_(None)
        return not session.scalar(select(func.count(Opportunity.id)).where(waits))


def _compared(session: Session, g: Ground, opportunity_id: int, trade: str, after: Afterwards) -> Ranked:
    row = session.get_one(Opportunity, opportunity_id)
    assert row.matched_at is not None
    found = matching.ranked(session, Shelf(), g.embedder, row, now=row.matched_at)
    fresh = {each.partner_id: each.score for each in found.matches}
    matched = session.execute(select(Match.partner_id, Match.score).where(Match.opportunity_id == opportunity_id))
    got = {partner_id: score for partner_id, score in matched}
    if behind := session.get(Reserve, opportunity_id):
        got |= zip(behind.partner_ids, behind.scores, strict=True)
    fresh |= dict(zip(found.reserve.partner_ids, found.reserve.scores, strict=True))
    came = frozenset(each for each in after.came if trade in session.get_one(Partner, each).practices)
    return Ranked(opportunity_id, got, fresh, frozenset(after.left), came)


def _file(g: Ground, changed_at: datetime | None) -> str:
    """Wait for a file that is whole, and newer than a change; say what is wrong with the one that there is.

    Few changes are laid over the file that is there.
    """
    said = ""

    def is_well() -> bool:
        nonlocal said
        kept = kept_at(g.settings)
        assert kept
        try:
            made_at = kept.read((g.embedder.model,)).mark.made_at
        except Unusable as error:
            said = str(error)
            return False
        old = changed_at is not None and made_at < changed_at
        said = "" if not old else f"it is of {made_at:%H:%M:%S}, the last change of {changed_at:%H:%M:%S}"
        return not said

    try:
        wait_until(is_well, "a file", patience_s=FILE_S)
    except SystemExit:
        return said
    return ""


def _n_said(stage: Stage, words: str) -> int:
    """Count the lines of all logs that say something."""
    return sum(file.read_text(errors="replace").count(words) for file in (stage.folder / "log").glob("*.log"))
