"""What a clock that was ahead wrote down holds up nothing once it is right again."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from matcher.models import Letter
from matcher.store import ahead, letters, nights, stale
from matcher.store.letters import Draft
from tests import factories as make
from tests.factories import DAY, NOW

HOURS = timedelta(hours=1)


@pytest.mark.parametrize(
    ("state", "hours", "paced", "is_back"),
    [
        ("waiting", 4, False, False), ("waiting", 6, False, True), ("waiting", 6, True, False),
        ("waiting", 24 * 365, True, True), ("claimed", 0.5, False, False), ("claimed", 24 * 365, False, True),
        ("sent", 24 * 365, False, False),
    ],
)  # fmt: skip
def test_a_letter_that_was_put_off_or_claimed_too_far_ahead_goes_now(
    session: Session, state: str, hours: float, paced: bool, is_back: bool
) -> None:
    letter_id = letters.write(session, Draft("one", "sign-in", make.firm(session, "quay")), at=NOW)
    row = session.get_one(Letter, letter_id)
    row.state, row.next_try_at = state, NOW + hours * HOURS
    row.claimed_at = None if state == "waiting" else row.next_try_at
    session.flush()
    assert ahead.bring_back(session, paced=paced, now=NOW) == is_back
    assert [each.id for each in letters.claim(session, now=NOW, limit=5)] == [letter_id] * is_back


def test_a_part_of_the_night_that_was_claimed_in_the_future_is_taken_over(session: Session) -> None:
    night_id = nights.begin(session, DAY, readers_at=None, at=NOW)
    assert night_id
    nights.cut(session, night_id, "write", [1], at_once=1)
    assert nights.claim(session, night_id, "write", worker="ahead", now=NOW + 24 * HOURS)
    assert nights.claim(session, night_id, "write", worker="right", now=NOW + 23.5 * HOURS) is None
    assert nights.claim(session, night_id, "write", worker="right", now=NOW)


def test_what_was_ranked_in_the_future_is_ranked_again(session: Session) -> None:
    poster = make.firm(session, "poster")
    poster.partner.changed_at = NOW - 48 * HOURS
    ids = [make.opportunity(session, poster, matched_at=NOW + n * HOURS).id for n in (-21, -1, 1, 24 * 365)]
    assert stale.to_rank(session, before=NOW - 20 * HOURS) == [ids[0], ids[3]]
