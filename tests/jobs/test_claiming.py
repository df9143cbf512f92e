"""Letters are claimed while the ones before are on the line, and never lost or held when nobody sends them."""

from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import event, func, select

from jobs import claiming, deliver
from jobs.claiming import Claim, Claims, claim
from jobs.deliver import deliver_all
from jobs.ground import Ground, ground_on, now
from matcher.models import Letter
from matcher.store import letters
from tests.jobs.outbox import states, write_to_firms
from tests.jobs.postoffice import TAKEN, open_post_office
from web import create_app
from web.db import transaction
from web.settings import Settings


@pytest.fixture
def g(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Ground:
    monkeypatch.setattr(deliver, "AT_ONCE", 2)
    monkeypatch.setattr(deliver, "MOST_AT_ONCE", 2)
    return ground_on(create_app(settings))


def n_claimed(g: Ground) -> int:
    with transaction(g.engine) as session:
        return session.scalar(select(func.count()).where(Letter.state == "claimed")) or 0


def test_the_next_letters_are_claimed_while_the_last_are_on_the_line(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_to_firms(g, *(f"firm{n}" for n in range(6)))
    made, there = claiming.claim, Event()

    def noted(*told: object) -> Claim | None:
        found = made(*told)  # type: ignore[arg-type]
        n_made.append(len(found.letters) if found else 0)
        if len(n_made) == 2:
            there.set()
        return found

    def answer(_to: str) -> str:
        waited.append(there.wait(30))
        return TAKEN

    n_made: list[int] = []
    waited: list[bool] = []
    monkeypatch.setattr(claiming, "claim", noted)
    with open_post_office(g.settings.mail_port) as office:
        office.at_letter = answer
        assert deliver_all(g) == 6
    assert all(waited)
    assert n_made == [2, 2, 2, 0, 0]  # once ahead, and once more to be sure that nothing became due meanwhile
    assert set(states(g).values()) == {("sent", "")}


def test_what_was_claimed_ahead_is_due_again_when_the_server_goes_away(g: Ground) -> None:
    write_to_firms(g, *(f"firm{n}" for n in range(6)))
    assert deliver_all(g) == 0  # nobody listens
    assert n_claimed(g) == 0
    tried = [error for state, error in states(g).values() if error]
    assert len(tried) == 2  # of the first claim alone: no try is counted for those claimed ahead
    assert {state for state, _ in states(g).values()} == {"waiting"}


def test_what_was_claimed_ahead_is_given_back_by_a_sender_that_is_asked_to_end(g: Ground) -> None:
    write_to_firms(g, *(f"firm{n}" for n in range(6)))

    def answer(_to: str) -> str:
        g.stopping.set()
        return TAKEN

    with open_post_office(g.settings.mail_port) as office:
        office.at_letter = answer
        assert deliver_all(g) == 2
    assert n_claimed(g) == 0
    assert sorted(state for state, _ in states(g).values()) == ["sent"] * 2 + ["waiting"] * 4


def test_a_sender_that_fails_gives_back_what_it_claimed_ahead(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    write_to_firms(g, *(f"firm{n}" for n in range(4)))

    def fail(_g: Ground, some: deliver.Round) -> None:
        some.when_nearly_written()
        raise MemoryError

    monkeypatch.setattr(deliver, "_send", fail)
    with pytest.raises(MemoryError):
        deliver_all(g)
    assert n_claimed(g) == 2  # those it was at, until their claim is stale


def test_letters_that_became_due_after_an_empty_claim_ahead_are_taken(g: Ground) -> None:
    with Claims(g) as claims:
        claims.prepare(2)
        assert claims.coming
        claims.coming.result()
        write_to_firms(g, "quay")
        taken = claims.take(2)
    assert taken
    assert [each.to_address for each in taken.letters] == ["anna@quay.example"]
    assert not taken.is_full


def test_nothing_is_claimed_ahead_once_asked_to_end(g: Ground) -> None:
    write_to_firms(g, "quay")
    with Claims(g) as claims:
        g.stopping.set()
        claims.prepare(2)
    assert n_claimed(g) == 0


def test_what_another_sender_claimed_meanwhile_is_not_given_back_by_the_one_before(g: Ground) -> None:
    """Else a third would send it too, while the second does."""
    write_to_firms(g, "quay")
    began = now()
    late = began + letters.STALE_CLAIM + timedelta(seconds=1)
    with transaction(g.engine) as session:
        (letter_id,) = [each.id for each in letters.claim(session, now=began, limit=9)]
        assert [each.id for each in letters.claim(session, now=late, limit=9)] == [letter_id]
        assert letters.release(session, [letter_id], claimed_at=began) == 0
        assert letters.put_back(session, [letter_id], claimed_at=began, error="nobody listens", now=late) == {}
    assert n_claimed(g) == 1
    with transaction(g.engine) as session:
        assert letters.release(session, [letter_id], claimed_at=late) == 1
    assert n_claimed(g) == 0


def test_a_claim_of_any_size_is_asked_for_in_the_same_words(g: Ground) -> None:
    """So the driver prepares them; a list of numbers would be read anew each time, a parameter for each."""
    said = [_claimed_by_saying(g, n) for n in (2, 7)]
    assert said[0] == said[1]


def _claimed_by_saying(g: Ground, n: int) -> list[str]:
    write_to_firms(g, *(f"firm{n}-{each}" for each in range(n)))
    said: list[str] = []
    hear = lambda *told: said.append(told[2])  # noqa: E731
    event.listen(g.engine, "before_cursor_execute", hear)
    try:
        found = claim(g, now(), 100)
    finally:
        event.remove(g.engine, "before_cursor_execute", hear)
    assert found
    assert [each.contact.email == each.to_address for each in found.letters if each.contact] == [True] * n
    return said
