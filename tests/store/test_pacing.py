"""So many letters a minute to one domain, whoever sends them; its others come round later, and hold up nobody."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher.models import Letter
from matcher.store import letters, pacing
from matcher.store.letters import Draft
from tests.factories import NOW

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def other(engine: Engine) -> Iterator[Session]:
    with Session(engine) as opened:
        yield opened


def write(session: Session, *emails: str) -> None:
    n_before = len(session.scalars(select(Letter.id)).all())
    for n, email in enumerate(emails, start=n_before):
        letters.write(session, Draft(f"sign-in:{n}", "sign-in", email), at=NOW + timedelta(microseconds=n))
    session.commit()


def go(session: Session, *, after: float = 0, per_minute: int = 2, limit: int = 100) -> list[str]:
    """Claim what may go so many minutes later, send it, and name its receivers."""
    now = NOW + after * A_MINUTE + timedelta(seconds=1)
    claimed = letters.claim(session, now=now, limit=limit)
    going = pacing.allowed(session, claimed, per_minute=per_minute, now=now)
    letters.mark_sent(session, [each.id for each in going], at=now)
    session.commit()
    return [each.to_address for each in going]


def test_without_a_limit_all_go(session: Session) -> None:
    write(session, *(f"p{n}@big.example" for n in range(5)))
    assert len(go(session, per_minute=0)) == 5


def test_a_domain_gets_its_share_each_minute_and_holds_up_no_other(session: Session) -> None:
    write(session, *(f"p{n}@Big.example" for n in range(5)), "a@small.example", "b@small.example", "c@tiny.example")
    assert go(session) == ["p0@Big.example", "p1@Big.example", "a@small.example", "b@small.example", "c@tiny.example"]
    assert go(session, after=0.5) == []
    assert go(session, after=1) == ["p2@Big.example", "p3@Big.example"]
    assert go(session, after=2) == ["p4@Big.example"]
    assert {each.n_tries for each in session.scalars(select(Letter))} == {0}


def test_the_letters_of_a_domain_are_claimed_about_once_however_many_they_are(session: Session) -> None:
    write(session, *(f"p{n}@big.example" for n in range(40)))
    went = [go(session, after=minute, limit=10) for minute in range(21)]
    assert [len(each) for each in went] == [2] * 20 + [0]
    assert Counter(address for each in went for address in each).most_common(1)[0][1] == 1


def test_two_senders_share_what_a_domain_takes(session: Session, other: Session) -> None:
    write(session, *(f"p{n}@big.example" for n in range(8)))
    first = letters.claim(session, now=NOW + A_MINUTE, limit=4)
    second = letters.claim(other, now=NOW + A_MINUTE, limit=4)
    going = pacing.allowed(session, first, per_minute=3, now=NOW + A_MINUTE)
    session.commit()
    more = pacing.allowed(other, second, per_minute=3, now=NOW + A_MINUTE)
    other.commit()
    assert (len(going), len(more)) == (3, 0)
    waiting = session.scalars(select(Letter).where(Letter.state == "waiting")).all()
    assert len(waiting) == 5
    assert min(each.next_try_at for each in waiting) > NOW + A_MINUTE


def test_a_new_letter_takes_the_first_minute_with_room_and_the_spread_ones_move_up(session: Session) -> None:
    write(session, *(f"p{n}@big.example" for n in range(6)))
    go(session)
    write(session, "person@big.example")
    assert go(session, after=0.5) == []
    went = [go(session, after=minute) for minute in range(1, 5)]
    assert [len(each) for each in went] == [2, 2, 1, 0]
    assert "person@big.example" in went[0]


def test_a_domain_that_rests_takes_nothing_and_no_try_is_counted(session: Session) -> None:
    write(session, "a@big.example", "b@BIG.example", "c@small.example")
    assert pacing.hold(session, "big.example", until=NOW + 5 * A_MINUTE) == 2
    assert pacing.hold(session, "big.example", until=NOW + 3 * A_MINUTE) == 0
    session.commit()
    assert go(session) == ["c@small.example"]
    assert go(session, after=4) == []
    assert go(session, after=5) == ["a@big.example", "b@BIG.example"]
