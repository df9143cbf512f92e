"""The worker's ranker follows the network; a large one is built apart, shared, and not waited for."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from matcher import matching, shelving
from matcher.models import Badge, BenchPerson, Collaboration, Partner
from matcher.ranking.snapshot import Snapshots
from matcher.shelving import Shelf, shelve
from matcher.store import embeddings, network, reading
from matcher.terms import BenchPerson as Person
from matcher.terms import Collaboration as Work
from tests import factories as make
from tests.fakes import HashEmbedder

EMBEDDER = HashEmbedder()
SAYS = {"quay": "We move mailboxes.", "fjord": "Mailboxes and toys for all.", "holm": "We sell toys to everybody."}


def market(session: Session) -> dict[str, int]:
    """Make three firms that were read and embedded; return their ids by key."""
    make.competencies(session)
    found = {key: make.firm(session, key).partner_id for key in SAYS}
    for key, profile in SAYS.items():
        session.get_one(Partner, found[key]).profile = profile
    session.flush()
    matching.read_partners(session, now=make.NOW)
    matching.embed(session, EMBEDDER)
    session.commit()
    return found


def changed(session: Session, partner_id: int, **facts: Any) -> None:
    row = session.get_one(Partner, partner_id)
    for name, value in (facts | {"changed_at": row.changed_at + timedelta(hours=1)}).items():
        setattr(row, name, value)
    session.flush()


def test_the_network_is_read_as_it_was_written(session: Session) -> None:
    ids = market(session)
    draft = make.firm(session, "draft", state="draft").partner_id
    changed(
        session, ids["quay"], languages=["de", "en"], practices=["mail"], conflict_keys=["holm", "draft", "nobody"],
        n_people=None, city="Köln", profile_on=date(2026, 2, 3), max_eur=2_000_000_000,
    )  # fmt: skip
    session.add(BenchPerson(partner_id=ids["holm"], name="Ada", competency_keys=["mail", "azure"], level="senior"))
    session.add(Badge(partner_id=ids["holm"], competency_key="mail", level="gold", awarded_on=date(2020, 1, 2)))
    told = {"competency_key": "mail", "started_on": date(2024, 1, 1), "ended_on": date(2024, 2, 1), "outcome": "won"}
    session.add(Collaboration(lead_id=ids["quay"], partner_id=ids["holm"], **told))
    session.flush()
    known = reading.load(session)
    assert sorted(known.partners) == sorted(ids.values())
    assert draft not in known.partners
    quay = known.partners[ids["quay"]]
    assert quay == network.as_partner(session, session.get_one(Partner, ids["quay"])) or quay.conflict_ids
    assert (quay.languages, quay.conflict_ids, quay.n_people, quay.city) == (("de", "en"), {ids["holm"]}, 1, "Köln")
    assert (quay.profile_on, quay.joined_on, quay.max_eur) == (date(2026, 2, 3), make.DAY, 2_000_000_000)
    assert list(known.people) == [Person(ids["holm"], "Ada", ("mail", "azure"))]
    assert list(known.badges) == network.badges_of(session, ids["holm"])
    assert list(known.collaborations) == [Work(ids["quay"], ids["holm"], **told)]
    assert {(one.partner_id, one.text) for one in known.capabilities} == {
        (ids["quay"], "We move mailboxes"), (ids["fjord"], "Mailboxes and toys for all"),
        (ids["holm"], "We sell toys to everybody"),
    }  # fmt: skip


def test_words_without_a_vector_are_no_reason_to_copy_all_others(session: Session) -> None:
    ids = market(session)
    changed(session, ids["holm"], profile="We bake bread for offices.")
    matching.read_partners(session, now=make.NOW + timedelta(hours=2))
    vectors = embeddings.table(session, model=EMBEDDER.model)
    ranker = shelving.build_ranker(reading.load(session), vectors)
    corpus = ranker._corpus
    assert corpus.vectors is vectors.padded
    assert corpus.has_vector.tolist() == [one.text != "We bake bread for offices" for one in corpus.capabilities]
    assert not corpus.vectors[corpus.text_at[~corpus.has_vector]].any()


def test_the_mark_notices_every_change_of_the_network_and_no_draft(session: Session) -> None:
    ids = market(session)
    marks = [network.mark(session)]
    make.firm(session, "draft", state="draft")
    assert network.mark(session) == marks[0]
    make.firm(session, "new")
    marks.append(network.mark(session))
    changed(session, ids["quay"], city="Bonn")
    marks.append(network.mark(session))
    session.get_one(Partner, ids["quay"]).state = "left"
    session.flush()
    marks.append(network.mark(session))
    session.execute(delete(Partner).where(Partner.id == ids["fjord"]))
    marks.append(network.mark(session))
    assert len(set(marks)) == len(marks)
    session.get_one(Partner, ids["quay"]).sources = {"city": "form"}  # says nothing that ranking reads
    session.flush()
    assert network.mark(session) == marks[-1]


def test_a_change_that_is_committed_after_a_later_one_is_noticed(engine: Engine, session: Session) -> None:
    ids = market(session)
    with Session(engine) as slow, Session(engine) as quick:
        changed(slow, ids["quay"], city="Bonn")
        changed(quick, ids["holm"], city="Graz")
        quick.commit()
        between = network.mark(session)
        session.commit()
        slow.commit()
    assert network.mark(session) != between


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Snapshots:
    """Let a network of three be a large one."""
    monkeypatch.setattr(shelving, "KEPT_FROM", 1)
    return Snapshots(tmp_path / "ranker", "a secret")


@pytest.mark.slow
def test_a_large_ranker_is_built_once_and_shared(
    session: Session, kept: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = market(session)
    first, second = Shelf(kept=kept), Shelf(kept=kept)
    shelve(session, first, model=EMBEDDER.model)
    monkeypatch.setattr(shelving, "_begin", lambda *_: pytest.fail("it was built again"))
    ranker = shelve(session, second, model=EMBEDDER.model)
    assert first.mark == second.mark == network.mark(session)
    assert second.known
    assert sorted(second.known.partners) == sorted(ids.values())
    assert isinstance(ranker._corpus.vectors, np.ndarray)
    assert not ranker._corpus.vectors.flags.writeable


@pytest.mark.slow
def test_the_old_ranker_serves_while_the_next_is_built(session: Session, kept: Snapshots) -> None:
    ids = market(session)
    shelf = Shelf(kept=kept)
    old = shelve(session, shelf, model=EMBEDDER.model)
    changed(session, ids["quay"], city="Bonn")
    session.commit()
    assert shelve(session, shelf, model=EMBEDDER.model) is old
    assert shelf.builder
    assert shelf.builder.wait(60) == 0
    assert shelve(session, shelf, model=EMBEDDER.model) is not old
    assert shelf.known
    assert shelf.known.partners[ids["quay"]].city == "Bonn"


@pytest.mark.slow
def test_after_a_builder_that_failed_the_worker_builds_the_next_itself(
    session: Session, kept: Snapshots, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ids = market(session)
    shelf = Shelf(kept=kept)
    shelve(session, shelf, model=EMBEDDER.model)
    changed(session, ids["quay"], city="Bonn")
    session.commit()
    monkeypatch.setattr(shelving, "BUILD", "raise SystemExit(1)")
    shelve(session, shelf, model=EMBEDDER.model)
    assert shelf.builder
    shelf.builder.wait(60)
    shelve(session, shelf, model=EMBEDDER.model)
    assert "builds its own" in caplog.text
    assert shelf.mark == network.mark(session)


@pytest.mark.slow
def test_a_torn_file_is_said_and_built_anew(
    session: Session, kept: Snapshots, caplog: pytest.LogCaptureFixture
) -> None:
    market(session)
    shelve(session, Shelf(kept=kept), model=EMBEDDER.model)
    kept.path.write_bytes(kept.path.read_bytes()[:-100])
    shelf = Shelf(kept=kept)
    shelve(session, shelf, model=EMBEDDER.model)
    assert "torn" in caplog.text
    assert shelf.mark == network.mark(session)
    assert kept.read((EMBEDDER.model,))[2] == shelf.mark


@pytest.mark.slow
def test_without_room_for_the_file_a_worker_ranks_all_the_same(
    session: Session, kept: Snapshots, caplog: pytest.LogCaptureFixture
) -> None:
    market(session)
    kept.folder.parent.joinpath("ranker").write_text("no folder can be made here")
    shelf = Shelf(kept=kept)
    assert shelve(session, shelf, model=EMBEDDER.model)
    assert "builds its own" in caplog.text
