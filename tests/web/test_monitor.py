"""What monitors ask: the numbers, for loopback alone unless a setting says otherwise."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests import places
from web import create_app, metrics
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
