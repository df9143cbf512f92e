"""One id leads from a page through the worker's jobs to the letter, and what failed there is kept for the steward."""

import asyncio
import io
import json
from collections.abc import Callable, Iterator

import pytest
import structlog
from procrastinate import PsycopgConnector
from sqlalchemy import text
from sqlalchemy.orm import Session

from jobs import match, tasks, tracing
from jobs.ground import Ground
from matcher.models import JobFault, Letter
from matcher.store import watching
from tests.fakes import HashEmbedder
from tests.jobs.postoffice import open_post_office
from web import limiter, metrics
from web.db import transaction
from web.log import log_to

ID = "5f0cafe0c0de"
WORDS = "We have won a move of 400 mailboxes to Exchange Online in Dublin and need somebody who does the mail."


@pytest.fixture
def log() -> Iterator[Callable[[], list[dict[str, object]]]]:
    """Keep the log as a machine would read it."""
    file = io.StringIO()
    log_to(file)
    yield lambda: [json.loads(line) for line in file.getvalue().splitlines()]
    structlog.reset_defaults()


@pytest.fixture
def work(g: Ground, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Run the worker until its queue is empty."""
    g._embedder = HashEmbedder()
    for module in (tasks, tracing):
        monkeypatch.setattr(module, "ground", lambda: g)
    monkeypatch.setattr(limiter, "enabled", False)

    def run() -> None:
        with tasks.machine.replace_connector(PsycopgConnector(conninfo=g.settings.database_url)) as app:
            asyncio.run(once(app))

    return run


async def once(app: tasks.App) -> None:
    async with app.open_async():
        await app.run_worker_async(
            wait=False, queues=["now", "mail"], delete_jobs="successful", install_signal_handlers=False, concurrency=1
        )


def post(g: Ground) -> int:
    client = g.app.test_client()
    page = client.get("/post").text
    fields = {name: page.split(f'name="{name}"', 1)[1].split('value="', 1)[1].split('"')[0] for name in ("nonce",)}
    csrf = page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"')[0]
    sent = {"csrf_token": csrf, **fields, "text": WORDS, "due": "in four months", "place": "Dublin, on site",
            "pays": "we pay you 650 euros a day", "email": "anna@alder.example"}  # fmt: skip
    return client.post("/post", data=sent, headers={"X-Request-ID": ID}).status_code


def test_one_id_greps_through_the_page_the_jobs_and_the_letter(
    g: Ground, work: Callable[[], None], log: Callable[[], list[dict[str, object]]], session: Session
) -> None:
    assert post(g) == 303
    with open_post_office(g.settings.mail_port) as office:
        work()
    assert office.recipients == ["anna@alder.example"]
    said = [each["event"] for each in log() if each.get("request") == ID]
    assert said[0] == "page"
    assert {"page", "matched", "letter taken"} <= set(said)
    assert session.query(Letter).one().request == ID


def test_an_id_that_is_none_is_replaced_and_every_page_tells_its_own(g: Ground) -> None:
    client = g.app.test_client()
    forged = client.get("/how", headers={"X-Request-ID": "x\tlevel=error"}).headers["X-Request-ID"]
    other = client.get("/how").headers["X-Request-ID"]
    assert len(forged) == len(other) == 12
    assert forged != other


def test_the_log_of_a_page_never_holds_the_token_that_opens_it(
    g: Ground, log: Callable[[], list[dict[str, object]]]
) -> None:
    g.app.test_client().get("/opportunity/aaaasecrettokenaaaa")
    (line,) = log()
    assert line["page"] == "opportunity.show"
    assert "secrettoken" not in json.dumps(line)


def test_a_job_that_fails_is_tried_again_then_set_aside_with_its_reason(
    g: Ground, work: Callable[[], None], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise RuntimeError("the index is torn")

    monkeypatch.setattr(match, "match_one", stumble)
    assert post(g) == 303
    for _ in range(5):
        with open_post_office(g.settings.mail_port):
            work()
        with transaction(g.engine) as other:
            other.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
    (failed,) = watching.failed_jobs(session)
    assert (failed.task, failed.error, failed.request) == ("match", "RuntimeError: the index is torn", ID)
    assert failed.n_tries > 1
    assert session.query(JobFault).count() == 1


def test_what_the_worker_did_is_counted(g: Ground, work: Callable[[], None]) -> None:
    def of(name: str, **labels: str) -> float:
        return metrics.REGISTRY.get_sample_value(name, labels) or 0

    before = of("counterpart_letters_total", fate="sent"), of("counterpart_posting_to_matches_seconds_count")
    done = of("counterpart_jobs_total", queue="now", task="match", outcome="done")
    assert post(g) == 303
    with open_post_office(g.settings.mail_port):
        work()
    assert of("counterpart_letters_total", fate="sent") == before[0] + 1
    assert of("counterpart_posting_to_matches_seconds_count") == before[1] + 1
    assert of("counterpart_jobs_total", queue="now", task="match", outcome="done") == done + 1
