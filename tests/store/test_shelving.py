"""A large ranker is built apart and shared; meanwhile the old one serves with what changed laid over it."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, delete, text, update
from sqlalchemy.orm import Session

from matcher import matching, shelving
from matcher.models import BenchPerson, Collaboration, Competency, Partner
from matcher.ranking.rank import Ranker
from matcher.ranking.snapshot import Snapshots
from matcher.shelving import Shelf, shelve
from matcher.store import embeddings, reading
from matcher.terms import Need, Opportunity
from tests import factories as make
from tests.fakes import HashEmbedder
from tests.store.shelf import EMBEDDER, changed, is_current, market


@pytest.mark.slow
def test_a_large_ranker_is_built_once_and_shared(
    session: Session, kept: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = market(session)
    first, second = Shelf(kept=kept), Shelf(kept=kept)
    shelve(session, first, model=EMBEDDER.model)
    monkeypatch.setattr(shelving, "_begin", lambda *_: pytest.fail("it was built again"))
    ranker = shelve(session, second, model=EMBEDDER.model)
    assert first.built
    assert second.built
    assert first.built.mark == second.built.mark
    assert is_current(session, second)
    assert second.known
    assert sorted(second.known.partners) == sorted(ids.values())
    assert isinstance(ranker._corpus.vectors, np.ndarray)
    assert not ranker._corpus.vectors.flags.writeable
    assert ranker._facts._able  # the lists of practices are in the file


@pytest.mark.slow
def test_the_old_ranker_serves_while_the_next_is_built(session: Session, kept: Snapshots) -> None:
    ids = market(session)
    shelf = Shelf(kept=kept)
    old = shelve(session, shelf, model=EMBEDDER.model)
    session.execute(update(Competency).where(Competency.key == "mail").values(label="Post"))
    changed(session, ids["quay"], city="Bonn")
    session.commit()
    assert shelve(session, shelf, model=EMBEDDER.model) is old
    assert shelf.builder
    assert shelf.builder.wait(60) == 0
    assert shelve(session, shelf, model=EMBEDDER.model) is not old
    assert shelf.known
    assert shelf.known.partners[ids["quay"]].city == "Bonn"
    assert shelf.known.competencies["mail"].label == "Post"


def as_built(session: Session) -> Ranker:
    vectors = embeddings.table(session, model=EMBEDDER.model)
    return shelving.build_ranker(reading.load(session), vectors)


def standing(ranker: Ranker, words: str = "Somebody to move mailboxes and toys") -> list[tuple[object, ...]]:
    asked = Opportunity(1, 0, "", "", (Need(words, ("mail",)),))
    found = ranker.rank(asked, EMBEDDER.encode([words]), today=make.DAY).matches
    return [(one.partner_id, round(one.score, 5), one.reasons, one.why_you, one.why_them) for one in found]


@pytest.mark.slow
@pytest.mark.usefixtures("unbuilt")
def test_two_workers_see_every_change_at_their_next_look_while_nothing_is_built(
    engine: Engine, session: Session, kept: Snapshots, tmp_path: Path
) -> None:
    ids = market(session)
    here, there = Shelf(kept=kept), Shelf(kept=Snapshots(tmp_path / "another machine", "a secret"))
    with Session(engine) as one, Session(engine) as other:
        first = [shelve(at, shelf, model=EMBEDDER.model) for at, shelf in ((one, here), (other, there))]
        for change in _changes(session, ids):
            change()
            session.commit()
            expected = standing(as_built(session))
            for at, shelf in ((one, here), (other, there)):
                at.rollback()
                assert standing(shelve(at, shelf, model=EMBEDDER.model)) == expected
                assert shelf.known
                assert sorted(shelf.known.partners) == sorted(reading.partners(session))
        assert [shelf.built and shelf.built.ranker for shelf in (here, there)] == first
        again = [shelve(at, shelf, model=EMBEDDER.model) for at, shelf in ((one, here), (other, there))]
        assert again == [here.ranker, there.ranker]


def _changes(session: Session, ids: dict[str, int]) -> list[Callable[[], object]]:
    """List what people and machines do one after the other; each is committed before anybody looks."""
    told = {"competency_key": "mail", "started_on": date(2024, 1, 1), "ended_on": date(2024, 2, 1), "outcome": "won"}
    told |= {"summary": "moved mailboxes"}
    person = {"name": "Ada", "level": "senior", "free_days": 9, "competency_keys": ["mail"]}
    soon = make.NOW + timedelta(hours=2)
    return [
        lambda: changed(session, ids["fjord"], profile="We move mailboxes over a weekend."),
        lambda: matching.read_partners(session, now=soon),
        lambda: make.embed(session, EMBEDDER),
        lambda: session.add(Collaboration(lead_id=ids["quay"], partner_id=ids["holm"], **told)),
        lambda: session.add(BenchPerson(partner_id=ids["holm"], **person)),
        lambda: make.firm(session, "oslo"),
        lambda: session.execute(delete(BenchPerson)),
        lambda: session.execute(delete(Partner).where(Partner.id == ids["holm"])),
        lambda: setattr(session.get_one(Partner, ids["quay"]), "state", "left"),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.usefixtures("unbuilt")
def test_over_a_ranker_without_any_vector_of_a_new_model_the_first_are_laid(session: Session, kept: Snapshots) -> None:
    market(session)
    new, shelf = HashEmbedder(n_dimensions=64, model="new@1"), Shelf(kept=kept)
    asked = Opportunity(1, 0, "", "", (Need("Somebody to move mailboxes", ("mail",)),))
    vectors = new.encode([asked.needs[0].text])
    bare = shelve(session, shelf, model=new.model).rank(asked, vectors, today=make.DAY).matches
    assert make.embed(session, new, limit=2) == 2
    session.commit()
    laid = shelve(session, shelf, model=new.model).rank(asked, vectors, today=make.DAY).matches
    assert {one.partner_id for one in bare} <= {one.partner_id for one in laid}
    assert bare != laid


@pytest.mark.slow
@pytest.mark.usefixtures("unbuilt")
def test_what_is_laid_is_read_many_pages_at_a_time_and_what_follows_as_before(
    session: Session, kept: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = market(session)
    shelf = Shelf(kept=kept)
    shelve(session, shelf, model=EMBEDDER.model)
    seen, read, some = [], reading.told, embeddings.some

    def noted(step: Callable[..., Any]) -> Callable[..., Any]:
        def noting(at: Session, *told: Any, **named: Any) -> Any:
            seen.append(at.scalar(text("SHOW enable_indexscan")))
            return step(at, *told, **named)

        return noting

    monkeypatch.setattr(reading, "told", noted(read))
    monkeypatch.setattr(embeddings, "some", noted(some))
    changed(session, ids["quay"], city="Bonn")
    shelve(session, shelf, model=EMBEDDER.model)
    assert seen == ["off", "off"]
    assert session.scalar(text("SHOW enable_indexscan")) == "on"


@pytest.mark.slow
def test_once_a_day_the_next_ranker_is_built_even_if_little_changed(
    session: Session, kept: Snapshots, monkeypatch: pytest.MonkeyPatch, unbuilt: None
) -> None:
    ids = market(session)
    shelf = Shelf(kept=kept)
    shelve(session, shelf, model=EMBEDDER.model)
    changed(session, ids["quay"], city="Bonn")
    shelve(session, shelf, model=EMBEDDER.model)
    assert shelf.builder
    first = shelf.builder
    monkeypatch.setattr(shelving, "BUILT_AFTER", timedelta(0))
    changed(session, ids["quay"], city="Graz")
    shelve(session, shelf, model=EMBEDDER.model)
    assert shelf.builder is not first
    assert shelf.builder.wait(60) == 0


@pytest.mark.slow
def test_after_a_builder_that_failed_the_worker_builds_the_next_itself(
    session: Session, kept: Snapshots, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ids = market(session)
    shelf = Shelf(kept=kept)
    shelve(session, shelf, model=EMBEDDER.model)
    session.execute(update(Competency).where(Competency.key == "mail").values(label="Post"))
    changed(session, ids["quay"], city="Bonn")
    session.commit()
    monkeypatch.setattr(shelving, "BUILD", "raise SystemExit(1)")
    shelve(session, shelf, model=EMBEDDER.model)
    assert shelf.builder
    shelf.builder.wait(60)
    shelve(session, shelf, model=EMBEDDER.model)
    assert "the next ranker was not built" in caplog.text
    assert "builds its own" in caplog.text
    assert is_current(session, shelf)


def test_after_a_builder_that_failed_the_next_begins_three_times_as_long_later_as_it_took(
    session: Session, kept: Snapshots, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock, begun = [1_000.0], []
    monkeypatch.setattr(shelving, "monotonic", lambda: clock[0])
    monkeypatch.setattr(shelving, "_begin", lambda *_: begun.append(clock[0]) or Failed())
    shelf = Shelf(kept=kept)

    def hoped_for(at: float) -> bool:
        clock[0] = at
        return shelving._begun(session, shelf, kept, model=EMBEDDER.model)

    assert hoped_for(1_000)
    assert [hoped_for(at) for at in (1_090, 1_100, 1_359)] == [False] * 3
    assert "the next try comes in 270 s" in caplog.text
    assert hoped_for(1_361)
    assert begun == [1_000, 1_361]
    assert not hoped_for(20_000)
    assert not hoped_for(20_000 + shelving.LONGEST_REST_S - 1)
    assert hoped_for(20_000 + shelving.LONGEST_REST_S + 1)
    assert caplog.text.count("was not built") == 2


class Failed:
    """A builder that has failed by the time somebody looks."""

    returncode = 1

    def poll(self) -> int:
        return self.returncode
