"""The steward's page: opened by a link of the machine alone, it says what went wrong and lets jobs be tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from jobs import steward, tasks
from jobs.ground import Ground, ground_on
from matcher.models import Bounce, InboundMessage, JobFault, Letter, Night, NightShard, Suppression
from matcher.store import watching
from matcher.tokens import seal
from tests import factories
from tests.exchange.conftest import Desk
from tests.web.visiting import NOW, Visitor, plain
from web import create_app
from web.mail import KINDS as LETTERS
from web.settings import Settings
from web.steward_page import KINDS, TASKS, since

JOB = text("""
    INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts, queueing_lock)
    VALUES ('now', 'match', '{"opportunity_id": 12}', 'failed', 4, :lock) RETURNING id
""")


@pytest.fixture
def visitor(client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Come in by the link that the command prints."""
    g: Ground = ground_on(create_app(settings))
    monkeypatch.setattr(steward, "ground", lambda: g)
    link = CliRunner().invoke(steward.main, []).stdout.strip()
    came = Visitor(client)
    assert came.press(link.removeprefix(settings.base_url)).headers["Location"] == "/steward"
    return came


def set_aside(session: Session, lock: str | None = None) -> int:
    job_id = session.scalar(JOB, {"lock": lock})
    session.add(JobFault(job_id=job_id, error="RuntimeError: <b>torn</b>", request="5f0cafe0c0de", at=NOW))
    session.commit()
    return int(job_id or 0)


def test_nobody_comes_in_without_the_link(client: FlaskClient, settings: Settings, session: Session) -> None:
    job_id = set_aside(session)
    assert client.get("/steward").status_code == 404
    later = datetime.now(UTC).date() + timedelta(days=1)
    for token in ("guess", seal(settings.secret_key, "page", 1, expires_on=later)):
        assert client.get(f"/steward/in/{token}").status_code == 404
    yesterday = seal(settings.secret_key, "steward", 1, expires_on=datetime.now(UTC).date() - timedelta(days=1))
    assert client.get(f"/steward/in/{yesterday}").status_code == 410
    page = Visitor(client).read("/how")
    assert "/steward" not in page
    csrf = Visitor(client).read("/sign-in").split('name="csrf_token" value="')[1].split('"')[0]
    for act in ("again", "drop"):
        assert client.post(f"/steward/jobs/{job_id}/{act}", data={"csrf_token": csrf}).status_code == 404
    assert len(watching.failed_jobs(session)) == 1


def test_looking_at_the_link_opens_nothing(client: FlaskClient, settings: Settings) -> None:
    token = seal(settings.secret_key, "steward", 1, expires_on=datetime.now(UTC).date())
    assert "Open it" in Visitor(client).read(f"/steward/in/{token}")
    assert client.get("/steward").status_code == 404


def test_the_page_closes_after_twelve_hours(visitor: Visitor) -> None:
    with visitor.client.session_transaction() as cookie:
        cookie["steward_until"] = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    assert visitor.client.get("/steward").status_code == 404


def test_an_empty_day_says_so(visitor: Visitor) -> None:
    shown = plain(visitor.read("/steward"))
    assert "There has been no night yet." in shown
    assert "None was written." in shown
    assert "0 signs of life in the last minute" in shown


def night(session: Session) -> None:
    row = Night(day=NOW.date(), stage="done", begun_at=NOW - timedelta(minutes=9), ended_at=NOW - timedelta(minutes=2))
    session.add(row)
    session.flush()
    told = {"night_id": row.id, "number": 1, "first_id": 1, "last_id": 9, "state": "done"}
    session.add(NightShard(stage="match", n_taken=1200, n_made=30000, **told))
    aside = told | {"state": "failed"}
    session.add(NightShard(stage="write", error="KeyError: 7", n_taken=1000, **aside | {"number": 2}))
    session.add(NightShard(stage="match", error="out of paper", n_taken=1, **aside | {"number": 2}))
    session.add(NightShard(stage="write", n_taken=5000, n_made=4100, n_late=7, **told))


def test_the_last_night_is_told_in_plain_words(visitor: Visitor, session: Session) -> None:
    night(session)
    factories.firm(session, "away", paused_until=NOW.date() + timedelta(days=20))
    session.commit()
    shown = plain(visitor.read("/steward"))
    assert "took 7 min" in shown
    assert "1 reader paused until a later day, so skipped" in shown
    assert "1,200 opportunities ranked, 30,000 matches found" in shown
    assert "5,000 readers looked at, 4,100 digests written, 7 too late for their morning, so skipped" in shown
    assert "2 parts were set aside:" in shown
    assert "1 opportunity was not ranked: out of paper" in shown
    assert "1,000 readers got no digest: KeyError: 7" in shown


def test_one_is_told_as_one(visitor: Visitor, session: Session) -> None:
    factories.firm(session, "quay").partner.changed_at = NOW - timedelta(minutes=9)
    row = Night(day=NOW.date(), stage="write", begun_at=NOW)
    session.add(row)
    session.flush()
    told = {"night_id": row.id, "number": 1, "first_id": 1, "last_id": 9}
    session.add(NightShard(stage="match", n_taken=1, n_made=1, state="done", **told))
    session.add(NightShard(stage="write", state="waiting", **told))
    session.commit()
    shown = plain(visitor.read("/steward"))
    assert "1 partner changed over five minutes ago and cannot be found yet." in shown
    assert "1 opportunity ranked, 1 match found" in shown
    assert "1 of 1 part still to do" in shown


def letter(session: Session, key: str, **told: object) -> Letter:
    row = Letter(**{"key": key, "kind": "digest", "to_address": "ana@quay.example", "created_at": NOW, **told})
    session.add(row)
    session.flush()
    return row


def test_who_was_mailed_what_was_skipped_and_why(visitor: Visitor, session: Session) -> None:
    quay = factories.firm(session, "quay")
    letter(session, "a", state="sent", sent_at=NOW, contact_id=quay.id, request="5f0cafe0c0de")
    letter(session, "b", state="dropped", error="unsubscribed", contact_id=quay.id)
    letter(session, "c", state="failed", error="550 5.1.1 <ana@quay.example>: no such mailbox")
    letter(session, "d", state="waiting", error="451 later")
    letter(session, "e", state="sent", created_at=NOW - timedelta(days=3))
    session.add(Suppression(email="anna@quay.example", scope="digest", cause="unsubscribed"))
    session.commit()
    shown = plain(visitor.read("/steward"))
    assert '<th scope="row">Digests</th><td>1</td><td>1</td><td>1</td><td>1</td>' in shown
    assert "Skipped: the reader asked for no digests" in shown
    assert "Refused for good: 550 5.1.1 &lt;…&gt;: no such mailbox" in shown
    assert "Put off, tried again by itself: 451 later" in shown
    looked = plain(visitor.read("/steward?address=Anna@quay.example"))
    assert "anna@quay.example gets no digests: the reader asked for no digests." in looked
    assert "in the log: 5f0cafe0c0de" in looked
    assert "No partner&#39;s contact has the address" not in looked
    assert "or nothing was written to it" in visitor.read("/steward?address=nobody@quay.example")


def test_bounces_and_held_and_refused_mail_are_listed(visitor: Visitor, session: Session) -> None:
    back = letter(session, "a", state="sent")
    session.add(Bounce(letter_id=back.id, email="ana@quay.example", hard=True, reason="550 gone", at=NOW))
    for state, verdict in (("held", "held: another sender"), ("refused", "not dealt with: KeyError <script>")):
        session.add(InboundMessage(key=state, raw=b"x", received_at=NOW, state=state, sender=f"{state}@a.example",
                                   verdict=verdict))  # fmt: skip
    session.commit()
    shown = plain(visitor.read("/steward"))
    assert 'ana@quay.example</span> <span class="line-state">for good' in shown
    assert "held@a.example" in shown
    assert "held: another sender" in shown
    assert "python -m jobs.replay --refused" in shown
    assert "<script>" not in shown.split("<main")[1]


def test_the_bytes_of_large_messages_are_not_read_to_list_them(session: Session) -> None:
    for state in ("held", "refused"):
        session.add(InboundMessage(key=state, raw=b"x" * 1000, received_at=NOW, state=state))
    session.commit()
    session.expunge_all()
    for _, (row,) in (watching.held(session), watching.refused(session)):
        assert "raw" in inspect(row).unloaded


def test_what_a_person_must_read_is_listed_with_its_words(visitor: Visitor, session: Session) -> None:
    desk = Desk(session)
    for mailbox, words in (("help", "Please erase all that you know of <b>Aoife</b>."), ("abuse", "You wrote to me.")):
        to = f"{mailbox}@{factories.DOMAIN}"
        desk.arrives(factories.mail("aoife@quay.example", to, words), to)
    session.add(InboundMessage(key="x", raw=b"x", received_at=NOW, state="done", sender="bo@a.example",
                               verdict="posting: Move it"))  # fmt: skip
    session.commit()
    shown = plain(visitor.read("/steward")).split('id="mail"')[1].split('id="held"')[0]
    assert shown.index("You wrote to me.") < shown.index("Please erase all that you know of &lt;b&gt;Aoife&lt;/b&gt;.")
    assert shown.count("aoife@quay.example") == 2
    assert "bo@a.example" not in shown


def test_of_a_thousand_faults_the_newest_are_listed_and_all_counted(visitor: Visitor, session: Session) -> None:
    for state, n in (("held", 27), ("refused", 1234)):
        told = {"raw": b"x", "received_at": NOW, "state": state, "verdict": "held"}
        session.add_all(InboundMessage(key=f"{state}:{at}", sender="ana@quay.example", **told) for at in range(n))
    session.commit()
    shown = plain(visitor.read("/steward"))
    assert "27 messages wait" in shown
    assert "The newest 25 of 27." in shown
    assert "1,234 messages were refused" in shown
    assert "The newest 10 of 1,234." in shown


def test_a_job_that_was_set_aside_is_tried_again_or_dropped(visitor: Visitor, session: Session) -> None:
    first, second = set_aside(session), set_aside(session)
    shown = plain(visitor.read("/steward"))
    assert "Something needs you" in shown
    assert "Find matches for opportunity 12" in shown
    assert "RuntimeError: &lt;b&gt;torn&lt;/b&gt;" in shown
    assert visitor.press("/steward", f"/steward/jobs/{first}/again").status_code == 303
    assert visitor.press("/steward", f"/steward/jobs/{second}/drop").status_code == 303
    rows = session.execute(text("SELECT id, status::text FROM procrastinate_jobs")).all()
    assert rows == [(first, "todo")]
    assert session.query(JobFault).count() == 0
    assert "It is not set aside any more" in plain(
        visitor.press("/steward", f"/steward/jobs/{second}/again").text + visitor.read("/steward")
    )


def test_a_job_whose_twin_waits_already_stays_set_aside(visitor: Visitor, session: Session) -> None:
    job_id = set_aside(session, lock="sweep")
    waiting = "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock) VALUES ('tonight','sweep','sweep')"
    session.execute(text(waiting))
    session.commit()
    assert visitor.press("/steward", f"/steward/jobs/{job_id}/again").status_code == 303
    assert [each.job_id for each in watching.failed_jobs(session)] == [job_id]


@pytest.mark.parametrize(("seconds", "said"), [(4, "4 s"), (720, "12 min"), (12_000, "3 h 20 min"), (-5, "0 s")])
def test_how_long_is_said_as_people_say_it(seconds: int, said: str) -> None:
    assert since(NOW, NOW + timedelta(seconds=seconds)) == said


def test_every_kind_of_letter_has_a_name_on_the_page() -> None:
    assert set(LETTERS) <= set(KINDS)


def test_every_task_of_the_worker_is_called_by_what_it_does() -> None:
    assert {each for each in tasks.machine.tasks if "builtin" not in each} == set(TASKS)
