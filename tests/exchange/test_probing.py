"""An address that waits is tried once with a short letter, and cut only when that comes back too."""

from datetime import timedelta

import pytest

from matcher import exchange
from matcher.exchange.bouncing import probe, returned
from matcher.models import Contact
from tests import factories as make
from tests.exchange.conftest import Desk
from tests.exchange.returning import A_DAY, FULL, GONE, cut, probed, reads, sent, stands
from tests.factories import DAY, NOW


def test_one_probe_is_sent_a_day_after_the_pause_and_no_second_one(desk: Desk, anna: Contact) -> None:
    returned(desk.session, sent(desk, anna).id, hard=True, reason=FULL.replace("full", "gone"), now=NOW)
    returned(desk.session, sent(desk, anna).id, hard=True, reason=GONE, now=NOW)
    assert probe(desk.session, now=NOW + timedelta(hours=23)) == 0
    letter = probed(desk, NOW + A_DAY)
    assert (letter.to_address, letter.values["why"]) == (anna.email, "the mail server does not know the address")
    assert [probe(desk.session, now=NOW + days * A_DAY) for days in (1, 2, 8, 9, 400)] == [0] * 5
    assert stands(desk, at=NOW + 2 * A_DAY) == "probing"


def test_digests_go_on_by_themselves_when_the_probe_stays_away_for_a_week(desk: Desk, anna: Contact) -> None:
    returned(desk.session, sent(desk, anna).id, hard=True, reason=GONE, now=NOW)
    probed(desk, NOW + A_DAY)
    assert [reads(desk, anna, on=DAY + days * A_DAY) for days in (0, 1, 7, 8, 9, 90)] == [False] * 4 + [True] * 2


def test_a_probe_that_comes_back_cuts_the_address_and_nothing_is_tried_any_more(desk: Desk, anna: Contact) -> None:
    cut(desk, anna)
    assert [probe(desk.session, now=NOW + days * A_DAY) for days in (2, 30, 100, 1000)] == [0] * 4
    assert not reads(desk, anna, on=DAY + 1000 * A_DAY)


def test_a_probe_that_meets_a_full_mailbox_is_tried_four_times_in_all(desk: Desk, anna: Contact) -> None:
    returned(desk.session, sent(desk, anna).id, hard=True, reason=GONE, now=NOW)
    tried = []
    for day in range(200):
        at = NOW + day * A_DAY
        if probe(desk.session, now=at):
            letter = desk.letters("probe")[-1]
            letter.state, letter.sent_at = "sent", at
            desk.session.flush()
            returned(desk.session, letter.id, hard=True, reason=FULL, now=at)
            tried.append(day)
    assert tried == [1, 8, 38, 128]
    assert stands(desk, at=NOW + 200 * A_DAY) == "cut"


def test_a_probe_that_our_own_relay_refused_is_not_taken_for_one_that_arrived(desk: Desk, anna: Contact) -> None:
    returned(desk.session, sent(desk, anna).id, hard=True, reason=GONE, now=NOW)
    letter = probed(desk, NOW + A_DAY)
    letter.state, letter.sent_at, letter.created_at = "failed", None, NOW + A_DAY
    desk.session.flush()
    assert stands(desk, at=NOW + 5 * A_DAY) == "paused"
    assert probe(desk.session, now=NOW + 8 * A_DAY) == 1


@pytest.mark.parametrize("facts", [{"verified_at": None}, {"digest": "paused"}, {"state": "left"}])
def test_nobody_is_probed_who_waits_for_no_digest(desk: Desk, facts: dict[str, object]) -> None:
    to = make.firm(desk.session, "quay", **facts)
    returned(desk.session, sent(desk, to).id, hard=True, reason=GONE, now=NOW)
    assert probe(desk.session, now=NOW + 9 * A_DAY) == 0


def test_nobody_is_probed_who_unsubscribed(desk: Desk, anna: Contact) -> None:
    exchange.unsubscribe(desk.session, anna, how="one click", now=NOW)
    returned(desk.session, sent(desk, anna).id, hard=True, reason=GONE, now=NOW)
    assert probe(desk.session, now=NOW + 9 * A_DAY) == 0
