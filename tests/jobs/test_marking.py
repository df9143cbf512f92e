"""A commit that waits for the disk does not hold up the letters behind it, but for so many."""

from threading import Event, Thread

import pytest

from jobs.ground import Ground
from jobs.marking import MARK_AT_ONCE, MOST_UNMARKED, Marks
from matcher.store import letters


def test_a_slow_mark_lets_more_be_sent_and_never_more_than_may_come_twice(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked: list[int] = []
    disk = Event()

    def slow(_session: object, ids: list[int], *, at: object) -> set[int]:
        assert disk.wait(30)
        marked.extend(ids)
        return set(ids)

    monkeypatch.setattr(letters, "mark_sent", slow)
    with Marks(g) as marks:
        for each in range(MOST_UNMARKED - 1):
            marks.took(each)  # waits for nothing
        assert (marked, len(marks.taken) + marks.n_marking) == ([], MOST_UNMARKED - 1)
        last = Thread(target=marks.took, args=(MOST_UNMARKED,))
        last.start()
        last.join(0.2)
        assert last.is_alive()
        disk.set()
        last.join(30)
        assert len(marked) >= MARK_AT_ONCE
    assert marked == [*range(MOST_UNMARKED - 1), MOST_UNMARKED]
    assert marks.n_sent == MOST_UNMARKED


def test_what_was_taken_is_marked_when_the_sender_fails(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    marked: list[int] = []
    monkeypatch.setattr(letters, "mark_sent", lambda _session, ids, *, at: (marked.extend(ids), set(ids))[1])

    def fail() -> None:
        with Marks(g) as marks:
            marks.took(1)
            raise MemoryError

    with pytest.raises(MemoryError):
        fail()
    assert marked == [1]


def test_a_mark_that_failed_is_not_swallowed(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_session: object, _ids: list[int], *, at: object) -> set[int]:
        raise ConnectionError(str(at))

    monkeypatch.setattr(letters, "mark_sent", broken)
    with pytest.raises(ConnectionError), Marks(g) as marks:
        marks.took(1)
