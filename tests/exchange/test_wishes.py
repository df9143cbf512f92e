"""Jobs are wished for inside a transaction and deferred with its commit: a rollback leaves none."""

import pytest
from sqlalchemy import Engine, func, select, text

from matcher import exchange
from matcher.exchange import Submission
from matcher.models import Letter, Posting
from matcher.store.wake import wake, wishes_of
from tests import factories as make
from tests.factories import DOMAIN, FACTS, NOW
from web.db import transaction

SENT = Submission("nonce-1", "web", "ann@firm.example", "We need 380 mailboxes moved to Exchange Online.", facts=FACTS)


class Stumbled(Exception):
    """Something went wrong before the end."""


def jobs(engine: Engine) -> list[tuple[str, dict[str, int], str]]:
    found = text("SELECT task_name, args, queue_name FROM procrastinate_jobs ORDER BY task_name")
    with engine.connect() as connection:
        return [tuple(each) for each in connection.execute(found)]


def test_a_posting_that_commits_wakes_its_matching_and_its_letter(engine: Engine) -> None:
    with transaction(engine) as session:
        row = exchange.publish(session, SENT, now=NOW)
        opportunity_id = row.id
        assert jobs(engine) == []
    assert jobs(engine) == [("deliver", {}, "mail"), ("match", {"opportunity_id": opportunity_id}, "now")]


def _publish_and_stumble(engine: Engine) -> None:
    with transaction(engine) as session:
        exchange.publish(session, SENT, now=NOW)
        raise Stumbled


def test_a_posting_that_fails_half_way_leaves_neither_rows_nor_jobs(engine: Engine) -> None:
    with pytest.raises(Stumbled):
        _publish_and_stumble(engine)
    assert jobs(engine) == []
    with transaction(engine) as session:
        assert session.scalar(select(func.count(Posting.id))) == session.scalar(select(func.count(Letter.id))) == 0


def test_a_message_that_is_kept_wakes_its_reader_once(engine: Engine) -> None:
    raw = make.mail("ann@firm.example", f"post@{DOMAIN}", "Hello")
    for _ in range(2):
        with transaction(engine) as session:
            exchange.keep(session, raw, envelope_from="", envelope_to=f"post@{DOMAIN}", now=NOW)
    assert [each[0] for each in jobs(engine)] == ["receive"]


def test_ten_letters_of_one_transaction_are_one_wish(engine: Engine) -> None:
    with transaction(engine) as session:
        to = make.firm(session, "quay")
        for _ in range(10):
            make.letter(session, "digest", to, [])
    assert jobs(engine) == [("deliver", {}, "mail")]


def test_a_letter_that_stood_already_wakes_nobody(engine: Engine) -> None:
    with transaction(engine) as session:
        to = make.firm(session, "quay")
        exchange.request_link(session, to.email, now=NOW)
    n_before = len(jobs(engine))
    with transaction(engine) as session:
        exchange.request_link(session, "anna@quay.example", now=NOW)
    assert len(jobs(engine)) == n_before


def test_wishes_are_taken_off_the_session_once_and_in_order(engine: Engine) -> None:
    with transaction(engine) as session:
        for each in (3, 1, 3):
            wake(session, "match", opportunity_id=each)
        wake(session, "deliver")
        ordered = [("deliver", ()), ("match", (("opportunity_id", 1),)), ("match", (("opportunity_id", 3),))]
        assert wishes_of(session) == ordered
        assert wishes_of(session) == []
