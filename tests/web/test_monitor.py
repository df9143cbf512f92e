"""What monitors ask: the numbers, for loopback alone unless a setting says otherwise."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from matcher.models import Night, NightShard
from tests import places
from web import create_app, health, metrics
from web.clock import now
from web.log import request_now
from web.settings import Settings


def test_the_numbers_of_pages_and_of_what_waits(client: FlaskClient, session: Session) -> None:
    session.execute(text("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('now', 'match')"))
    session.commit()
    client.get("/how")
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert 'counterpart_page_seconds_count{method="GET",page="pages.how",status="200"}' in answer.text
    assert 'counterpart_jobs_in_queue{queue="now",state="waiting"} 1.0' in answer.text
    assert "counterpart_letters_waiting 0.0" in answer.text


def test_words_that_whoever_asks_makes_up_are_no_names_of_numbers(client: FlaskClient) -> None:
    """Each would be a row more of every answer from then on, in memory and in the folder of the web server."""
    for path in ("/how", "/nowhere"):
        assert client.open(path, method="MADEUP").status_code in (404, 405)
    shown = client.get("/metrics").text
    assert 'method="other",page="none"' in shown
    assert "MADEUP" not in shown


def test_a_worker_that_died_is_no_worker_for_whoever_watches(client: FlaskClient, session: Session) -> None:
    """Nobody takes it out of the list: that is what the others do while they live."""
    beat = text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => :ago))")
    session.execute(beat, [{"ago": 5}, {"ago": 3600}])
    session.commit()
    assert "counterpart_workers 1.0" in client.get("/metrics").text
    session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'"))
    session.commit()
    assert "counterpart_workers 0.0" in client.get("/metrics").text


def test_a_worker_lives_by_the_clock_of_the_database(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
    session.commit()
    monkeypatch.setattr(health, "now", lambda: now() + timedelta(minutes=2))  # of a machine that goes fast
    assert client.get("/healthz").json["worker"] == "ok"


def of_night(client: FlaskClient) -> dict[str, float]:
    """Read what the monitor is told of the night."""
    lines = [each for each in client.get("/metrics").text.splitlines() if each.startswith("counterpart_night_")]
    told = [each.removeprefix("counterpart_night_").rpartition(" ") for each in lines]
    return {name: float(number) for name, _, number in told}


def a_night(session: Session, *shards: NightShard, ended: bool = False, hours_ago: int = 1) -> None:
    at = now() - timedelta(hours=hours_ago)
    row = Night(day=at.date(), stage="write", begun_at=at, ended_at=now() if ended else None)
    session.add(row)
    session.flush()
    for number, each in enumerate(shards, start=1):
        each.night_id, each.number, each.first_id, each.last_id = row.id, number, 1, 9
        session.add(each)
    session.commit()


def test_the_numbers_of_the_night(client: FlaskClient, session: Session) -> None:
    assert of_night(client) == {"set_aside": 0, "open_seconds": 0}
    a_night(session, NightShard(stage="match", state="failed"), ended=True, hours_ago=30)
    a_night(session, NightShard(stage="write", state="failed"), ended=True, hours_ago=20)
    a_night(
        session,
        NightShard(stage="match", state="done", n_taken=100, n_made=900),
        NightShard(stage="match", state="done", n_taken=50, n_made=300),
        NightShard(stage="match", state="failed"),
        NightShard(stage="write", state="claimed"),
        NightShard(stage="write", state="done", n_taken=30, n_made=20, n_late=3),
        NightShard(stage="write"),
    )
    told = of_night(client)
    assert 3600 <= told.pop("open_seconds") < 3700
    shards = {name: n for name, n in told.items() if name.startswith("shards") and n}
    assert shards == {
        'shards{stage="match",state="done"}': 2, 'shards{stage="match",state="set aside"}': 1,
        'shards{stage="write",state="waiting"}': 1, 'shards{stage="write",state="claimed"}': 1,
        'shards{stage="write",state="done"}': 1,
    }  # fmt: skip
    assert {name: n for name, n in told.items() if not name.startswith("shards")} == {
        'taken{stage="match"}': 150, 'made{stage="match"}': 1200, 'late{stage="match"}': 0,
        'taken{stage="write"}': 30, 'made{stage="write"}': 20, 'late{stage="write"}': 3,
        "set_aside": 2,  # of all nights of a day: the next one, an hour later, must not hide them
    }  # fmt: skip


def test_a_night_that_hangs_is_seen_before_it_has_any_work_and_one_that_ended_is_not_open(
    client: FlaskClient, session: Session, engine: Engine
) -> None:
    a_night(session, hours_ago=5)
    a_night(session, NightShard(stage="write", state="done", n_made=7), ended=True)
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
    told = of_night(client)
    assert told["open_seconds"] >= 5 * 3600  # of the older one
    assert told['made{stage="write"}'] == 7
    assert sum("night" in each for each in sent) == 1
    session.execute(text("UPDATE night SET ended_at = now()"))
    session.commit()
    assert of_night(client)["open_seconds"] == 0


def test_the_numbers_are_for_this_machine_alone(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404


@pytest.mark.parametrize(("address", "status"), [("203.0.113.7", 200), ("203.0.113.8", 404)])
def test_a_monitor_elsewhere_is_let_in_by_name(settings: Settings, address: str, status: int) -> None:
    there = create_app(replace(settings, metrics_from="127.0.0.1, 203.0.113.7", base_url="https://partners.example"))
    answer = there.test_client().get("/metrics", headers={"X-Forwarded-For": address})
    assert answer.status_code == status


def test_a_port_that_is_taken_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    port = places.free_port()
    metrics.serve("127.0.0.1", port)
    metrics.serve("127.0.0.1", port)
    metrics.serve("127.0.0.1", 0)
    assert "no metrics here" in capsys.readouterr().out


def test_what_a_thread_does_after_a_request_is_not_logged_as_that_request(client: FlaskClient) -> None:
    client.get("/how", headers={"X-Request-ID": "from-the-proxy"})
    assert request_now() == ""
