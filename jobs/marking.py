"""Letters that the server took → marked as sent, some at a time, while the next ones are on the line."""

from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from jobs.collecting import uncollected
from jobs.ground import Ground, now
from matcher.store import letters
from web import metrics
from web.db import transaction

# A sender that is killed between the server's 250 and the mark makes these letters come twice, under one Message-ID.
# More of them make the marks cheaper. While some are being marked more are sent: a commit waits for the disk, which may
# be busy for long, and nobody else need wait, but for so many. When the server is silent for a moment, all are marked.
MARK_AT_ONCE, MOST_UNMARKED = 25, 100


class Marks:
    """What was taken and is not marked yet; at the end all is marked."""

    def __init__(self, g: Ground):
        self.g, self.marker = g, ThreadPoolExecutor(1, "marks")
        self.taken: list[int] = []
        self.marking: Future[int] | None = None
        self.n_marking = 0
        self.n_sent = 0  # marked by us, and by no other sender before

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.all()
        finally:
            self.marker.shutdown()

    def took(self, letter_id: int) -> None:
        """Note the server's 250 for a letter."""
        self.taken.append(letter_id)
        is_free = self.marking is None or self.marking.done()
        enough = MARK_AT_ONCE if is_free else max(MARK_AT_ONCE, MOST_UNMARKED - self.n_marking)
        if len(self.taken) >= enough:
            self._begin()

    def all(self) -> None:
        """Mark all, and wait until that is done."""
        self._wait()
        if self.taken:
            self._begin()
            self._wait()

    def _begin(self) -> None:
        self._wait()
        self.marking, self.n_marking = self.marker.submit(self._mark, self.taken), len(self.taken)
        self.taken = []

    def _wait(self) -> None:
        if self.marking:
            marking, self.marking = self.marking, None
            self.n_sent += marking.result()

    def _mark(self, letter_ids: list[int]) -> int:
        with uncollected(), transaction(self.g.engine) as session:
            n_marked = len(letters.mark_sent(session, letter_ids, at=now()))
        metrics.LETTERS.labels("sent").inc(n_marked)
        return n_marked
