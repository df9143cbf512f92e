"""Due letters → claims of some that may go; the next is made while the letters of the one before are on the line."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy.orm import Session

from jobs.collecting import uncollected
from jobs.ground import Ground, log, now
from matcher.models import Letter
from matcher.store import late, letters, pacing
from web import metrics
from web.db import transaction


@dataclass(frozen=True, slots=True)
class Claim:
    """Letters that this process may send, claimed at a moment; `is_full` where more may be due."""

    letters: list[Letter]
    at: datetime
    is_full: bool


def claim(g: Ground, at: datetime, limit: int) -> Claim | None:
    """Claim what is due and may go; the letters are ready to be read without a session. None when nothing was due."""
    with uncollected(), transaction(g.engine) as session:
        claimed = letters.claim(session, now=at, limit=limit)
        if not claimed:
            return None
        causes = _too_late(g, session, claimed, at) | letters.held_back(session, claimed, now=at)
        for letter_id, cause in causes.items():
            letters.mark_dropped(session, letter_id, cause)
        metrics.LETTERS.labels("dropped").inc(len(causes))
        wanted = [each for each in claimed if each.id not in causes]
        going = pacing.allowed(session, wanted, per_minute=g.settings.mail_per_domain_per_minute, now=at)
        session.flush()
        session.expunge_all()
        return Claim(going, at, is_full=len(claimed) == limit)


def _too_late(g: Ground, session: Session, claimed: list[Letter], at: datetime) -> dict[int, str]:
    """Say which of the letters are not sent any more; what they would have told may be told another day."""
    found = late.too_late(claimed, now=at)
    if found:
        with transaction(g.engine) as before:  # for whom our claim has not happened yet
            unsent = late.surely_unsent(before, [each.id for each in found])
        late.untell(session, [each for each in found if each.id in unsent])
        log.warning("digests were too late", letters=len(found))
    return {each.id: late.CAUSE for each in found}


class Claims:
    """Claims one after the other. What was claimed ahead and not taken from here is given back at the end."""

    def __init__(self, g: Ground):
        self.g, self.maker = g, ThreadPoolExecutor(1, "claims")
        self.coming: Future[Claim | None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ahead = self._ahead()
        self.maker.shutdown()
        if ahead:
            with transaction(self.g.engine) as session:
                letters.release(session, [each.id for each in ahead.letters], claimed_at=ahead.at)

    def prepare(self, limit: int) -> None:
        """Begin to claim what will be taken next, unless this process is asked to end."""
        if self.coming is None and not self.g.stopping.is_set():
            self.coming = self.maker.submit(claim, self.g, now(), limit)

    def take(self, limit: int) -> Claim | None:
        """Return the next claim; None when nothing is due now, whatever was so a moment ago."""
        return self._ahead() or claim(self.g, now(), limit)

    def _ahead(self) -> Claim | None:
        coming, self.coming = self.coming, None
        return coming.result() if coming else None
