"""A digest that waited for the mail server past its reader's day is not sent, and its offers are told another day."""

from datetime import datetime, timedelta
from types import ModuleType

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from jobs import deliver, digest, sending
from jobs import night as job
from jobs.ground import Ground
from matcher import night
from matcher.models import Digest, Exposure, Introduction, Letter, Opportunity
from matcher.store import introductions, letters
from tests.factories import DAY, NOW
from tests.jobs.outbox import deliver_at
from tests.jobs.postoffice import PostOffice
from tests.night.filled import count, fill
from web.db import transaction

EVENING = NOW.replace(hour=20)
BEFORE = EVENING - timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOW)
    monkeypatch.setattr(deliver, "_resting", {})


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    for module in (job, sending, deliver):
        monkeypatch.setattr(module, "now", lambda: moment)


def written(g: Ground) -> None:
    """Let a night write to two readers in UTC whose hour has come."""
    fill(g, 2, n_open=3)
    job.night_due(g, at=NOW)
    assert (count(g, Letter), count(g, Introduction)) == (2, 6)


def states(g: Ground) -> list[tuple[str, str]]:
    with transaction(g.engine) as session:
        return [(each.state, each.error) for each in session.scalars(select(Letter).order_by(Letter.id))]


def test_a_digest_is_sent_until_its_readers_day_is_over(g: Ground, office: PostOffice) -> None:
    written(g)
    assert deliver_at(g, BEFORE) == 2
    assert [each[0] for each in states(g)] == ["sent", "sent"]


def test_days_that_waited_do_not_arrive_together(
    g: Ground, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(g)
    assert deliver_at(g, EVENING) == 0
    assert states(g) == [("dropped", "too late")] * 2
    assert (count(g, Introduction), count(g, Exposure), count(g, Digest)) == (0, 0, 2)
    tomorrow = NOW + timedelta(days=1)
    at(monkeypatch, tomorrow)
    with transaction(g.engine) as session:
        session.execute(update(Opportunity).values(matched_at=tomorrow))
    assert job.night_due(g, at=tomorrow) > 0
    assert deliver_at(g, tomorrow) == 2
    assert (len(office.taken), count(g, Introduction), count(g, Exposure)) == (2, 6, 6)


def test_a_server_that_was_away_for_hours_does_not_make_the_offers_told(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(g)
    assert deliver_at(g, NOW) == 0  # nobody listens
    assert states(g)[0][0] == "waiting"
    assert states(g)[0][1]
    monkeypatch.setattr(deliver, "_resting", {})
    assert deliver_at(g, EVENING) == 0
    assert (states(g), count(g, Introduction)) == ([("dropped", "too late")] * 2, 0)


def test_what_may_have_arrived_is_not_sent_late_and_its_offers_stay_told(g: Ground) -> None:
    written(g)
    with transaction(g.engine) as session:
        claimed, lost = session.scalars(select(Letter).order_by(Letter.id))
        claimed.state, claimed.claimed_at = "claimed", NOW
        lost.state, lost.claimed_at, lost_id = "claimed", NOW, lost.id
    for error in (f"{sending.PERHAPS}the line broke", "nobody listens"):
        with transaction(g.engine) as session:
            session.get_one(Letter, lost_id).state = "claimed"
            letters.put_back(session, [lost_id], claimed_at=NOW, error=error, now=NOW)
    assert states(g)[1] == ("waiting", "it may have arrived: nobody listens")
    assert deliver_at(g, EVENING) == 0
    assert (states(g), count(g, Introduction)) == ([("dropped", "too late")] * 2, 6)


def test_whoever_answered_on_its_own_page_before_the_letter_came_stays_asked(g: Ground) -> None:
    written(g)
    with transaction(g.engine) as session:
        said, later, taken, *_ = session.scalars(select(Introduction).order_by(Introduction.id))
        introductions.note(session, said.id, side="partner", what="question", at=NOW)
        later.remind_on, taken.state = DAY + timedelta(days=9), "accepted"
        stay = [said.id, later.id, taken.id]
    deliver_at(g, EVENING)
    with transaction(g.engine) as session:
        assert session.scalars(select(Introduction.id).order_by(Introduction.id)).all() == stay


def test_what_was_written_by_hand_waits_two_days(g: Ground, office: PostOffice) -> None:
    fill(g, 2)
    assert digest.digest_day(g, DAY, at=NOW) == 2
    two_days_on = NOW + night.BY_HAND_WAITS
    with transaction(g.engine) as session:
        session.scalars(select(Letter).order_by(Letter.id)).first().next_try_at = two_days_on  # type: ignore[union-attr]
    assert deliver_at(g, EVENING) == 1
    assert deliver_at(g, two_days_on) == 0
    assert [each[0] for each in states(g)] == ["dropped", "sent"]


def test_a_day_that_is_long_over_is_not_written_by_hand_either(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "ground", lambda: g)
    monkeypatch.setattr(digest, "now", lambda: NOW)
    fill(g, 1)
    refused = CliRunner().invoke(digest.main, ["--day", "2020-01-01"])
    assert refused.exit_code == 2
    assert "2020-01-01 is more than 1 day ago (today is 2026-11-23): its digests are skipped." in refused.stderr
    assert CliRunner().invoke(digest.main, ["--day", str(DAY - timedelta(days=3)), "--dry-run"]).exit_code == 0
    assert count(g, Letter) == 0


@pytest.mark.parametrize("by_hand", [digest, job])
def test_a_day_that_has_not_come_is_written_only_where_somebody_says_that_it_is_meant(
    g: Ground, monkeypatch: pytest.MonkeyPatch, by_hand: ModuleType
) -> None:
    monkeypatch.setattr(by_hand, "ground", lambda: g)
    monkeypatch.setattr(by_hand, "now", lambda: NOW)
    fill(g, 1)
    refused = CliRunner().invoke(by_hand.main, ["--day", "2027-11-23"])
    assert (refused.exit_code, count(g, Letter)) == (2, 0)
    assert "--day: 2027-11-23 has not come (today is 2026-11-23, UTC), and its letters would leave" in refused.stderr
    tomorrow = ["--day", str(DAY + timedelta(days=1))]
    assert CliRunner().invoke(by_hand.main, tomorrow).exit_code == 2
    assert CliRunner().invoke(by_hand.main, [*tomorrow, "--dry-run"]).exit_code == 0
    assert count(g, Letter) == 0
    assert CliRunner().invoke(by_hand.main, [*tomorrow, "--ahead"]).exit_code == 0
    assert count(g, Letter) == 1


def test_a_digest_whose_last_moment_nobody_can_read_keeps_no_other_from_going(g: Ground, office: PostOffice) -> None:
    written(g)
    with transaction(g.engine) as session:
        first = session.scalars(select(Letter).order_by(Letter.id)).first()
        assert first
        first.values = first.values | {"late_at": "soon"}
    assert deliver_at(g, BEFORE) == 2


def test_a_rest_of_the_mail_server_ends_when_the_clock_was_put_back_meanwhile(g: Ground) -> None:
    deliver._rest(g, "nobody listens", at=NOW)
    rests = [deliver._rests(g, each) for each in (NOW, NOW + deliver.REST, NOW - timedelta(days=365))]
    assert rests == [True, False, False]
