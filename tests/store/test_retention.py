"""What is past its time goes, what somebody still needs stays, and a look beforehand says the same number."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from jobs.ground import Ground, ground_on
from jobs.retain import preview, retain
from matcher.models import (
    Bounce,
    Capability,
    Contact,
    Digest,
    Embedding,
    InboundMessage,
    Introduction,
    Letter,
    Match,
    Need,
    NetworkChange,
    Opportunity,
    Outcome,
    Partner,
    Posting,
    Reserve,
)
from matcher.store import bounces, embeddings, introductions, letters, messages, retention
from matcher.store.letters import Draft
from tests import factories as make
from tests.factories import NOW
from tests.fakes import HashEmbedder
from web import create_app
from web.db import transaction
from web.settings import Settings

LATER = NOW + timedelta(days=400)
SOON = NOW + timedelta(days=30)


@pytest.fixture
def g(settings: Settings) -> Ground:
    return ground_on(create_app(settings))


@pytest.fixture
def market(g: Ground) -> Introduction:
    """Give an open opportunity and a partner that was asked by a digest, which was sent."""
    with transaction(g.engine) as session:
        poster, asked = make.firm(session, "alder"), make.firm(session, "quay")
        row = make.opportunity(session, poster)
        made = make.match(session, row, asked.partner_id)
        introduction = make.asked(session, row, asked, match_id=made.id)
        told = make.digest(session, asked, introduction)
        session.add(Digest(contact_id=asked.id, day=NOW.date(), letter_id=told.id))
        told.state, told.created_at = "sent", NOW
        asked_id = introduction.id
    with Session(g.engine, expire_on_commit=False) as session:
        return session.get_one(Introduction, asked_id)


def count(engine: Engine, table: type) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def change(g: Ground, table: type, key: int, **values: object) -> None:
    with transaction(g.engine) as session:
        for name, value in values.items():
            setattr(session.get_one(table, key), name, value)


def test_a_digest_stays_as_long_as_its_offer_can_be_answered(g: Ground, market: Introduction) -> None:
    retain(g, at=LATER)
    assert count(g.engine, Letter) == 1
    change(g, Introduction, market.id, state="declined")
    retain(g, at=SOON)
    assert count(g.engine, Letter) == 1
    retain(g, at=LATER)
    assert (count(g.engine, Letter), count(g.engine, Digest)) == (0, 0)
    assert count(g.engine, Introduction) == 1


@pytest.mark.parametrize("state", ["waiting", "claimed"])
def test_a_letter_that_was_not_sent_stays_as_it_is(g: Ground, market: Introduction, state: str) -> None:
    change(g, Introduction, market.id, state="declined")
    change(g, Letter, 1, state=state)
    retain(g, at=LATER)
    assert count(g.engine, Letter) == 1


def test_a_letter_that_came_back_stays_with_what_came_back(g: Ground, market: Introduction) -> None:
    change(g, Introduction, market.id, state="declined")
    with transaction(g.engine) as session:
        bounces.note(session, session.get_one(Letter, 1), hard=True, reason="5.1.1", at=NOW)
    retain(g, at=LATER)
    assert count(g.engine, Bounce) == 1
    with Session(g.engine) as session:
        row = session.get_one(Letter, 1)
        assert (row.values, row.key != "") == ({}, True)


def test_words_of_a_letter_that_came_back_stay_as_long_as_its_offer_can_be_answered(
    g: Ground, market: Introduction
) -> None:
    with transaction(g.engine) as session:
        bounces.note(session, session.get_one(Letter, 1), hard=True, reason="5.1.1", at=NOW)
        session.get_one(Letter, 1).values = {"day": "2026-11-25"}
    retain(g, at=LATER)
    with Session(g.engine) as session:
        assert session.get_one(Letter, 1).values != {}


def test_another_letter_keeps_its_key_so_that_it_is_not_sent_again(g: Ground, market: Introduction) -> None:
    def ask(session: Session, at: datetime) -> int | None:
        contact = session.get_one(Contact, market.contact_id)
        key = f"introduction:{market.id}:outcome:{contact.id}"
        return letters.write(session, Draft(key, "outcome", contact, {"title": "Mail"}, [(1, market.id)]), at=at)

    with transaction(g.engine) as session:
        first = ask(session, NOW)
        assert first
    change(g, Letter, first, state="sent", created_at=NOW)
    assert retain(g, at=LATER)["words of other letters"] == 1
    with transaction(g.engine) as session:
        assert session.get_one(Letter, first).values == {}
        assert ask(session, LATER) is None


def test_a_draft_that_nobody_confirmed_goes_with_all_that_was_made_of_it(g: Ground) -> None:
    g._embedder = HashEmbedder(model="m@1")
    with transaction(g.engine) as session:
        stranger = make.firm(session, "alder", state="draft", verified_at=None)
        row = make.opportunity(session, stranger, state="draft", created_at=NOW)
        make.match(session, row, make.firm(session, "quay").partner_id)
        embeddings.save(session, {each.text_hash: make_vector() for each in row.needs}, model="m@1")
    assert sum(retain(g, at=SOON).values()) == 0
    retain(g, at=LATER)
    assert [count(g.engine, each) for each in (Posting, Opportunity, Need, Match, Embedding)] == [0, 0, 0, 0, 0]
    assert count(g.engine, Partner) == 1  # the one that was asked; the other never proved its address


def make_vector() -> embeddings.Vector:
    return embeddings.np.ones(4, dtype=embeddings.np.float32)


def test_a_draft_that_was_read_again_lately_stays(g: Ground) -> None:
    with transaction(g.engine) as session:
        make.opportunity(session, make.firm(session, "alder"), state="draft", created_at=NOW, matched_at=LATER)
    retain(g, at=LATER)
    assert count(g.engine, Posting) == 1


@pytest.mark.parametrize("state", ["open", "closed", "withdrawn"])
def test_a_posting_that_was_confirmed_stays(g: Ground, state: str) -> None:
    with transaction(g.engine) as session:
        make.opportunity(session, make.firm(session, "alder"), state=state, created_at=NOW, closed_at=NOW)
    retain(g, at=LATER)
    assert (count(g.engine, Posting), count(g.engine, Partner)) == (1, 1)


def test_a_firm_in_draft_that_others_know_stays(g: Ground) -> None:
    with transaction(g.engine) as session:
        row = make.opportunity(session, make.firm(session, "alder"))
        make.asked(session, row, make.firm(session, "quay", state="draft", verified_at=None))
        make.firm(session, "proven", state="draft")
        make.firm(session, "stranger", state="draft", verified_at=None)
    assert retain(g, at=LATER)["firms that never said that they are one"] == 1
    assert count(g.engine, Partner) == 3


def test_matches_of_an_old_opportunity_go_but_for_those_that_were_asked(g: Ground, market: Introduction) -> None:
    with transaction(g.engine) as session:
        opportunity = session.get_one(Opportunity, market.opportunity_id)
        make.match(session, opportunity, make.firm(session, "isar").partner_id, place=2)
        for each in session.scalars(select(Match)):
            each.created_at = NOW
        session.add(Reserve(opportunity_id=opportunity.id, partner_ids=[7], scores=[0.5]))
    retain(g, at=LATER)
    assert (count(g.engine, Match), count(g.engine, Reserve)) == (2, 1)  # open
    change(g, Opportunity, market.opportunity_id, state="closed", closed_at=NOW)
    retain(g, at=LATER)
    assert (count(g.engine, Match), count(g.engine, Reserve)) == (1, 0)


def test_an_outcome_that_waits_for_the_other_side_can_be_confirmed_however_late(g: Ground) -> None:
    with transaction(g.engine) as session:
        poster, partner = make.firm(session, "alder"), make.firm(session, "quay")
        row = make.asked(
            session, make.opportunity(session, poster, state="closed", closed_at=NOW), partner, state="introduced"
        )
        introductions.report(
            session, introduction_id=row.id, contact_id=partner.id, result="won", revenue_eur=9000, at=NOW
        )
    retain(g, at=LATER)
    with transaction(g.engine) as session:
        assert introductions.settle(session, session.scalars(select(Outcome.id)).one(), after="confirmed", at=LATER)
    assert count(g.engine, Introduction) == 1


def test_a_message_that_nobody_has_read_keeps_its_words(g: Ground) -> None:
    with transaction(g.engine) as session:
        for key, state in (("read", "done"), ("unread", "new")):
            added = messages.keep(session, key=key, raw=b"words", envelope_from="", envelope_to="", at=NOW)
            assert added
            messages.mark(session, added, state=state, verdict="asked “how many?”")
    assert retain(g, at=LATER)["words of messages that came in"] == 1
    with Session(g.engine) as session:
        kept = {each.key: (each.raw, each.verdict) for each in session.scalars(select(InboundMessage))}
    assert kept == {"read": (b"", "asked “…”"), "unread": (b"words", "asked “how many?”")}


def test_a_vector_stays_while_anybody_has_its_words(g: Ground) -> None:
    with transaction(g.engine) as session:
        make.competencies(session)
        row = make.opportunity(session, make.firm(session, "alder"))
        names = [f"{n:064}" for n in range(3)]
        embeddings.save(session, {each: make_vector() for each in [*names, row.needs[0].text_hash]}, model="m@1")
    g._embedder = HashEmbedder(model="m@1")
    assert retain(g, at=NOW)["vectors of words that nobody has any more"] == 3
    assert count(g.engine, Embedding) == 1


def test_vectors_of_a_model_go_when_it_is_not_the_one_in_use_and_made_none_for_long(g: Ground) -> None:
    g._embedder = HashEmbedder(model="now@1")
    with transaction(g.engine) as session:
        partner_id = make.firm(session, "alder").partner_id
        session.add(Capability(partner_id=partner_id, text="Mail.", text_hash="said", source="declared"))
        session.flush()
        for model in ("now@1", "left@1", "next@1"):
            embeddings.save(session, {"said": make_vector()}, model=model)
        old = update(NetworkChange).where(NetworkChange.model.in_(["now@1", "left@1"]))
        session.execute(old.values(at=NOW - timedelta(days=61)))
        session.execute(update(NetworkChange).where(NetworkChange.model == "next@1").values(at=NOW))
    assert preview(g, at=NOW)["vectors of models that are no longer used"] == 1
    assert retain(g, at=NOW)["vectors of models that are no longer used"] == 1
    with g.engine.connect() as connection:
        assert set(connection.scalars(select(Embedding.model))) == {"now@1", "next@1"}


def test_a_look_beforehand_says_what_would_go_and_changes_nothing(g: Ground, market: Introduction) -> None:
    change(g, Introduction, market.id, state="declined")
    told = preview(g, at=LATER)
    assert count(g.engine, Letter) == 1
    assert {name: n for name, n in told.items() if n} == {"digests and reminders": 1, "notes of changes long ago": 1}
    assert told == retain(g, at=LATER)


def test_what_goes_in_several_batches_goes_whole(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    with transaction(g.engine) as session:
        embeddings.save(session, {f"{n:064}": make_vector() for n in range(5)}, model="m@1")
    assert retain(g, at=NOW)["vectors of words that nobody has any more"] == 5
    assert count(g.engine, Embedding) == 0


def test_the_settings_say_how_long(g: Ground, market: Introduction) -> None:
    change(g, Introduction, market.id, state="declined")
    g.settings = replace(g.settings, keep_letters_days=3650)
    retain(g, at=LATER)
    assert count(g.engine, Letter) == 1


def test_what_cannot_go_keeps_nothing_else_from_going(
    g: Ground, market: Introduction, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = retention.batches

    def stumbles(rule: retention.Rule, opens: object) -> Iterator[int]:
        if rule.table is InboundMessage:
            raise IntegrityError("DELETE", {}, Exception("something still names it"))
        return whole(rule, opens)  # type: ignore[arg-type]

    monkeypatch.setattr(retention, "batches", stumbles)
    change(g, Introduction, market.id, state="declined")
    with pytest.raises(IntegrityError):
        retain(g, at=LATER)
    assert count(g.engine, Digest) == 0
