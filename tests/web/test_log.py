"""The log of what nobody expected: JSON with the request's id and the traceback, no token and no address."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NoReturn

import pytest
import structlog
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import DataError, IntegrityError

from jobs import inbound
from jobs.ground import ground_on
from tests import factories as make
from web.db import transaction
from web.log import log_to

ID = "5f0cafe0c0de"
SECRET = "secret.person@firm.example"

Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def log() -> Iterator[Lines]:
    """Keep the log as a machine would read it: every line must be JSON."""
    file = io.StringIO()
    log_to(file)
    yield lambda: [json.loads(line) for line in file.getvalue().splitlines()]
    structlog.reset_defaults()


def stumble(**_: object) -> NoReturn:
    raise RuntimeError("the cellar is wet")


def keep_twice(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(text("CREATE TEMPORARY TABLE book (email text PRIMARY KEY, n int) ON COMMIT DROP"))
        session.execute(text("INSERT INTO book VALUES (:email, 1), (:email, 2)"), {"email": SECRET})


def test_an_unexpected_error_is_one_line_with_its_traceback_and_request_and_without_the_token(
    app: Flask, log: Lines
) -> None:
    app.view_functions["opportunity.show"] = stumble
    answer = app.test_client().get("/opportunity/aaaasecrettokenaaaa", headers={"X-Request-ID": ID})
    assert answer.status_code == 500
    stumbled, page = log()
    assert (stumbled["level"], stumbled["page"], stumbled["request"]) == ("error", "opportunity.show", ID)
    assert "in stumble" in str(stumbled["exception"])
    assert "RuntimeError: the cellar is wet" in str(stumbled["exception"])
    assert page["status"] == 500
    assert "secrettoken" not in json.dumps(log())


def test_what_the_database_refuses_stands_in_the_log_without_its_values(app: Flask, engine: Engine, log: Lines) -> None:
    app.view_functions["pages.how"] = lambda: keep_twice(engine)
    assert app.test_client().get("/how").status_code == 500
    told = str(log()[0]["exception"])
    assert 'duplicate key value violates unique constraint "book_pkey"' in told
    assert "INSERT INTO book" in told
    assert "secret.person" not in json.dumps(log())


def test_an_error_of_the_database_has_no_value_of_a_row_in_any_of_its_words(engine: Engine) -> None:
    with pytest.raises(IntegrityError) as refused:
        keep_twice(engine)
    assert "secret.person" not in f"{refused.value} {refused.value.orig} {refused.value.args} {refused.value.orig.args}"
    with pytest.raises(DataError, match="division by zero"), engine.connect() as connection:
        connection.execute(text("SELECT 1/0"))


def test_a_message_that_the_database_refuses_is_put_aside_without_its_values(
    app: Flask, log: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    g = ground_on(app)
    to = f"help@{make.DOMAIN}"
    with transaction(g.engine) as session:
        raw = make.mail("ann@firm.example", to, "?")
        message_id = inbound.keep(session, raw, envelope_from="", envelope_to=to, now=make.NOW)
    monkeypatch.setattr(inbound, "receive", lambda *_, **__: keep_twice(g.engine))
    verdict = inbound.receive_one(g, message_id or 0)
    assert "duplicate key" in verdict
    assert "secret.person" not in verdict + json.dumps(log())
    (line,) = (each for each in log() if each["event"] == "message not dealt with")
    assert "in keep_twice" in str(line["exception"])


def test_what_people_write_and_from_where_stands_in_no_line_about_their_mail(app: Flask, log: Lines) -> None:
    g = ground_on(app)
    with transaction(g.engine) as session:
        make.competencies(session)
        poster = make.firm(session, "alder")
        row = make.opportunity(session, poster, state="draft")
        asked = make.letter(session, "confirm", poster, [(1, row.id)])
        words = "hide the word Contoso, which they write “Contoso” in Kiel"
        for sender in (poster.email, "eve@home.example"):
            to = make.reply_address(asked)
            raw = make.mail(sender, to, words)
            inbound.keep(session, raw, envelope_from="", envelope_to=to, now=make.NOW)
    g = replace(g, settings=replace(g.settings, secret_key=make.SECRET, inbound_domain=make.DOMAIN))
    assert inbound.receive_waiting(g) == 2
    told = [str(each["verdict"]) for each in log() if each["event"] == "received"]
    assert told[0].startswith("confirm: correct “…”")
    assert told[1] == "from …@home.example, but the letter went to …@alder.example"
    assert all(each not in json.dumps(log()) for each in ("Contoso", "Kiel", "eve@", "anna@"))


def test_what_a_server_says_of_an_address_stands_in_the_log_with_its_domain_alone(log: Lines) -> None:
    said = "550 5.1.1 <anna.o'neil+x@quay.example>: no such mailbox; MAIL FROM b+abc@in.counterpart.example"
    structlog.get_logger().warning("letter refused", said=said, letter=7, model="all-MiniLM-L6-v2@1.5")
    (line,) = log()
    assert line["said"] == "550 5.1.1 <…@quay.example>: no such mailbox; MAIL FROM …@in.counterpart.example"
    assert (line["letter"], line["model"]) == (7, "all-MiniLM-L6-v2@1.5")


@pytest.mark.parametrize("name", ["procrastinate.worker", "psycopg.pool", "matcher.shelving", "gunicorn.error"])
def test_what_others_write_to_their_own_logs_stands_in_ours(name: str, log: Lines) -> None:
    try:
        raise OSError("no route")
    except OSError:
        with structlog.contextvars.bound_contextvars(request=ID):
            logging.getLogger(name).exception("could not %s", "connect")
    (line,) = log()
    assert (line["event"], line["level"], line["logger"]) == ("could not connect", "error", name)
    assert line["request"] == ID
    assert "OSError: no route" in str(line["exception"])
    logging.getLogger(name).info("all is well")
    assert len(log()) == 1


def test_a_path_that_the_server_of_pages_would_write_is_left_out(log: Lines) -> None:
    theirs = logging.getLogger("gunicorn.error")
    theirs.error("Error handling request %s %s", "GET", "/offer/aaaasecrettokenaaaa", exc_info=OSError("torn"))
    (line,) = log()
    assert line["event"] == "Error handling request"
    assert "OSError: torn" in str(line["exception"])
    assert "secrettoken" not in json.dumps(line)


def test_a_log_that_is_begun_anew_says_everything_once(log: Lines) -> None:
    file = io.StringIO()
    log_to(file)
    logging.getLogger("psycopg.pool").warning("full")
    assert len(file.getvalue().splitlines()) == 1
