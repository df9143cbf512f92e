"""A ranker's file that is torn, gone, of another release or without room is said, and a worker ranks on."""

import io
import pickle
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matcher import shelving
from matcher.ranking.snapshot import Snapshots, files_of_program
from matcher.shelving import Shelf, shelve
from matcher.store import watermark
from tests.store.shelf import EMBEDDER, is_current, market


@pytest.mark.slow
def test_a_builder_without_room_says_so_in_a_sentence_and_the_worker_ranks_on(
    session: Session, kept: Snapshots, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """The folder is a disk whose room ends after 10 kB, as far as the builder can tell."""
    market(session)
    small = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)); " + shelving.BUILD
    monkeypatch.setattr(shelving, "BUILD", small)
    shelf = Shelf(kept=kept)
    shelve(session, shelf, model=EMBEDDER.model)
    assert is_current(session, shelf)
    assert capfd.readouterr().err == f"the next ranker cannot be kept in {kept.folder}: [Errno 27] File too large\n"
    assert "builds its own" in caplog.text
    assert [one.name for one in kept.folder.iterdir()] == ["ranker.lock"]


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
    assert is_current(session, shelf)
    assert kept.read((EMBEDDER.model,)).mark == shelf.built.mark


@pytest.mark.slow
@pytest.mark.parametrize("trouble", ["torn", "gone"])
def test_a_file_that_is_torn_or_gone_while_a_worker_ranks_is_built_anew_though_nothing_changed(
    session: Session, kept: Snapshots, unbuilt: None, trouble: str
) -> None:
    market(session)
    session.commit()
    shelf = Shelf(kept=kept)
    old = shelve(session, shelf, model=EMBEDDER.model)
    kept.path.unlink() if trouble == "gone" else tear(kept)
    assert shelve(session, shelf, model=EMBEDDER.model) is old
    assert shelf.builder
    assert shelf.builder.wait(60) == 0
    assert kept.read((EMBEDDER.model,))
    shelve(session, shelf, model=EMBEDDER.model)
    assert not shelf.lacks_file
    assert is_current(session, shelf)


@pytest.mark.slow
def test_a_worker_that_had_to_build_its_own_hopes_for_a_file_and_takes_it(
    session: Session, kept: Snapshots, unbuilt: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    market(session)
    session.commit()
    with monkeypatch.context() as full:
        full.setattr(shelving, "BUILD", "raise SystemExit(1)")
        shelf = Shelf(kept=kept)
        own = shelve(session, shelf, model=EMBEDDER.model)
    assert shelve(session, shelf, model=EMBEDDER.model) is own
    assert shelf.builder is None  # it rests
    shelf.rests_until = 0
    assert shelve(session, shelf, model=EMBEDDER.model) is own
    assert shelf.builder
    assert shelf.builder.wait(60) == 0
    assert shelve(session, shelf, model=EMBEDDER.model) is not own


@pytest.mark.slow
def test_the_file_of_another_release_is_left_to_its_workers(
    session: Session, kept: Snapshots, unbuilt: None, caplog: pytest.LogCaptureFixture
) -> None:
    market(session)
    session.commit()
    shelf = Shelf(kept=kept)
    old = shelve(session, shelf, model=EMBEDDER.model)
    first = shelf.builder
    with kept.alone():
        kept.write(["theirs"], ("another release",))
    assert shelve(session, shelf, model=EMBEDDER.model) is old
    assert shelf.builder is first
    assert "of another network" in caplog.text


def tear(kept: Snapshots) -> None:
    """Put a file in the place of the snapshot that ends too early; who has mapped the old one keeps that."""
    torn = kept.folder / "torn"
    torn.touch(mode=0o600)
    torn.write_bytes(kept.path.read_bytes()[:-100])
    torn.replace(kept.path)


@pytest.mark.slow
def test_a_file_of_a_program_that_named_things_otherwise_is_said_and_built_anew(
    session: Session, kept: Snapshots, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    market(session)
    monkeypatch.setattr(shelving, "Older", type("Older", (), {"__module__": shelving.__name__}), raising=False)
    with kept.alone():
        kept.write(shelving.Older(), (EMBEDDER.model,))  # type: ignore[attr-defined]
    monkeypatch.delattr(shelving, "Older")
    shelf = Shelf(kept=kept)
    shelve(session, shelf, model=EMBEDDER.model)
    assert "Older" in caplog.text
    assert "builds its own" not in caplog.text
    assert is_current(session, shelf)
    assert kept.read((EMBEDDER.model,)).mark == shelf.built.mark


class Named(pickle.Unpickler):
    """Tells from which modules the values of a pickle come."""

    def __init__(self, pickled: bytes) -> None:
        super().__init__(io.BytesIO(pickled))
        self.modules: set[str] = set()

    def find_class(self, module: str, name: str) -> Any:
        self.modules.add(module)
        return super().find_class(module, name)


def test_the_sum_of_the_file_is_made_over_every_module_that_it_names(session: Session) -> None:
    market(session)
    built = shelving._built(session, EMBEDDER.model)
    built.ranker.warm()
    named = Named(pickle.dumps(built, protocol=5))
    named.load()
    ours = {each for each in named.modules if each.split(".")[0] == "matcher"}
    assert {shelving.__name__, watermark.__name__, "matcher.ranking.rank", "matcher.terms.market"} <= ours
    assert {Path(str(sys.modules[each].__file__)).resolve() for each in ours} <= set(files_of_program())
    others = {each.split(".")[0] for each in named.modules - ours} - sys.stdlib_module_names
    assert others <= {"numpy", "networkx"}


@pytest.mark.slow
def test_without_room_for_the_file_a_worker_ranks_all_the_same(
    session: Session, kept: Snapshots, caplog: pytest.LogCaptureFixture
) -> None:
    market(session)
    kept.folder.parent.joinpath("ranker").write_text("no folder can be made here")
    shelf = Shelf(kept=kept)
    assert shelve(session, shelf, model=EMBEDDER.model)
    assert "builds its own" in caplog.text
