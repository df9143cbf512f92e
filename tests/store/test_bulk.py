"""Rows by COPY: all of them, or none where the key of one is taken, and the transaction goes on."""

from datetime import date

import pytest
from psycopg.errors import UniqueViolation
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from matcher.models import Digest, Letter
from matcher.store import bulk

DIGEST = {"contact_id": "int8", "day": "date", "letter_id": "int8"}
LETTER = {"key": "text", "kind": "text", "to_address": "text", "values": bulk.JSON}
DAY = date(2026, 11, 23)


def test_rows_whose_keys_are_free_are_all_written(session: Session) -> None:
    assert bulk.copied(session, "digest", DIGEST, rows=[(1, DAY, 7), (2, DAY, 8)])
    assert session.execute(select(Digest.contact_id, Digest.letter_id)).all() == [(1, 7), (2, 8)]


def test_where_one_key_is_taken_none_is_written_and_the_transaction_goes_on(session: Session) -> None:
    bulk.copy(session, "digest", DIGEST, rows=[(2, DAY, 8)])
    assert not bulk.copied(session, "digest", DIGEST, rows=[(1, DAY, 7), (2, DAY, 9), (3, DAY, 9)])
    assert session.scalars(select(Digest.letter_id)).all() == [8]
    assert len(bulk.add(session, "digest", tuple(DIGEST), rows=[(1, DAY, 7), (2, DAY, 9), (3, DAY, 9)])) == 2


def test_a_key_that_nobody_can_have_taken_and_is_taken_is_an_error(session: Session) -> None:
    with pytest.raises(UniqueViolation):
        bulk.copy(session, "digest", DIGEST, rows=[(1, DAY, 7), (1, DAY, 7)])


@pytest.mark.parametrize("words", ["a\tb\nc", 'say "yes" \\ no', "naïve — ✓ 🙂", "\\N", ""])
def test_json_and_words_come_back_as_they_were(session: Session, words: str) -> None:
    row = (words, "answer", "ann@firm.example", bulk.packed(bulk.as_json({"said": words})))
    bulk.copy(session, "letter", LETTER, rows=[row])
    found = session.execute(select(Letter.key, Letter.values)).one()
    assert found == (words, {"said": words})


def test_ids_are_each_given_once_and_rise(session: Session) -> None:
    first, second = bulk.ids(session, "letter", 3), bulk.ids(session, "letter", 2)
    assert (sorted(first), sorted(second)) == (first, second)
    assert len({*first, *second}) == 5
    assert bulk.ids(session, "letter", 0) == []


def settings_now(session: Session) -> tuple[str, str]:
    row = session.execute(text(bulk.NOW)).one()
    return row[0], row[1]


def test_scattered_rows_are_asked_for_many_at_a_time_and_others_as_before(session: Session) -> None:
    before = settings_now(session)
    session.add_all(Letter(key=f"k{n}", kind="answer", to_address="ann@firm.example") for n in range(900))
    session.flush()
    asked = text("EXPLAIN SELECT kind FROM letter WHERE id = ANY (ARRAY[1, 5, 9])")
    session.execute(text("SET LOCAL enable_seqscan = off"))
    with bulk.scattered(session):
        assert settings_now(session) == ("off", "200")
        assert "Bitmap Heap Scan" in "".join(session.scalars(asked))
    assert settings_now(session) == before


def test_a_server_that_cannot_ask_ahead_is_not_told_to(session: Session) -> None:
    session.execute(text("SET LOCAL effective_io_concurrency = 0"))
    with bulk.scattered(session):
        assert settings_now(session) == ("off", "0")
    assert settings_now(session) == ("on", "0")
