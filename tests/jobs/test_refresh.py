"""Texts are embedded short ones first, each once, and a run that was stopped goes on where it was."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import sleep

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from jobs import match, refresh
from jobs.ground import Ground, ground_on
from matcher import matching, shelving
from matcher.models import Capability, Embedding
from matcher.ranking import snapshot
from matcher.ranking.embed import NoDevice, SentenceEmbedder, _number_type
from matcher.store import embeddings, network
from tests import factories as make
from tests.fakes import HashEmbedder
from web import create_app
from web.db import transaction
from web.settings import Settings


class Counting(HashEmbedder):
    """An embedder that remembers what it was given, batch by batch."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.given.append(list(texts))
        return super().encode(texts)


@pytest.fixture
def embedder(g: Ground, monkeypatch: pytest.MonkeyPatch) -> Counting:
    """Give three firms that do things of many lengths, two of them the same thing, and an embedder that counts."""
    monkeypatch.setattr(refresh, "AT_ONCE", 4)
    with transaction(g.engine) as session:
        for n, key in enumerate(("alder", "quay", "fjord")):
            partner_id = make.firm(session, key).partner_id
            for length in (1, 30, 9 - n, 4):
                words = "mail " * length
                session.add(Capability(partner_id=partner_id, text=words, text_hash=f"{length:064}", source="declared"))
    g._embedder = Counting()
    return g._embedder


def test_each_text_is_embedded_once_and_short_ones_go_together(g: Ground, embedder: Counting) -> None:
    assert sum(refresh.embed_all(g)) == 6
    given = [text for batch in embedder.given for text in batch]
    assert [len(text) for text in given] == sorted(len(text) for text in given)
    assert [len(batch) for batch in embedder.given] == [4, 2]
    assert sum(refresh.embed_all(g)) == 0


def test_a_run_that_was_stopped_goes_on_where_it_was(g: Ground, embedder: Counting) -> None:
    next(refresh.embed_all(g))
    with Session(g.engine) as session:
        assert session.scalar(select(func.count()).select_from(Embedding)) == 4
        assert embeddings.n_without(session, model=embedder.model) == 2
    assert sum(refresh.embed_all(g)) == 2


def test_a_graphics_card_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert SentenceEmbedder(device="auto").device == "cpu"
    with pytest.raises(NoDevice, match="EMBEDDING_DEVICE"):
        _ = SentenceEmbedder(device="cuda").device


def test_a_model_that_is_not_there_is_named_without_a_traceback(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "ground", lambda: g)
    for name in ("/nowhere/model", "slip-of-the-pen-v2"):
        done = CliRunner().invoke(refresh.main, ["--model", name])
        assert done.exit_code == 1
        (line,) = done.output.splitlines()[-1:]
        assert line.startswith(f"EMBEDDING_MODEL={name} cannot be loaded (")
        assert "Name a model whose folder is on this machine" in line
    assert CliRunner().invoke(refresh.main, ["--model", ""]).exit_code == 2


def test_what_has_its_vector_is_looked_at_once_an_hour_and_what_is_new_at_once(
    g: Ground, embedder: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    monkeypatch.setattr(refresh, "now", lambda: at)
    monkeypatch.setattr(embeddings, "OPEN_IDS", 0)
    assert sum(refresh.embed_all(g)) == 6
    with transaction(g.engine) as session:
        old = session.scalars(select(Capability).order_by(Capability.id)).first()
        assert old
        words = old.text
        session.execute(delete(Embedding).where(Embedding.text_hash == old.text_hash))
        session.add(Capability(partner_id=old.partner_id, text="New here.", text_hash="new", source="declared"))
    embedder.given.clear()
    assert list(refresh.embed_all(g)) == [1]
    assert embedder.given == [["New here."]]
    monkeypatch.setattr(refresh, "now", lambda: at + timedelta(hours=1))
    assert list(refresh.embed_all(g)) == [1]
    assert embedder.given[1:] == [[words]]


def test_a_dry_run_counts_what_would_be_read_and_embedded_and_does_nothing(
    g: Ground, embedder: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "ground", lambda: g)
    dry = CliRunner().invoke(refresh.main, ["--dry-run"]).output
    assert dry == ("Partners that would be read: 3\nTexts that would be embedded: 6 and what those partners say anew\n")
    assert embedder.given == []
    with transaction(g.engine) as session:
        assert len(network.unread_partners(session, now=refresh.now())) == 3
        assert session.scalar(select(func.count()).select_from(Embedding)) == 0
    assert CliRunner().invoke(refresh.main, []).output.startswith("Partners read: 3\n")
    left = CliRunner().invoke(refresh.main, ["--dry-run"]).output
    assert left == "Partners that would be read: 0\nTexts that would be embedded: 0\n"


class Slow(Counting):
    """An embedder that takes its time."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        sleep(0.05)
        return super().encode(texts)


def test_two_machines_share_the_texts_and_none_is_embedded_twice(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "AT_ONCE", 10)
    machines = [ground_on(create_app(settings)) for _ in range(2)]
    with transaction(machines[0].engine) as session:
        partner_id = make.firm(session, "alder").partner_id
        for n in range(200):
            words = f"text {n}"
            session.add(Capability(partner_id=partner_id, text=words, text_hash=f"{n:064}", source="declared"))
    embedders = [Slow() for _ in machines]
    for each, embedder in zip(machines, embedders, strict=True):
        each._embedder = embedder
    with ThreadPoolExecutor(2) as both:
        done = list(both.map(lambda each: sum(refresh.embed_all(each)), machines))
    given = [[text for batch in each.given for text in batch] for each in embedders]
    assert sorted(given[0] + given[1]) == sorted(f"text {n}" for n in range(200))
    assert done == [len(each) for each in given]
    assert min(done) > 60


def test_a_machine_that_finds_all_in_others_hands_ends(g: Ground, embedder: Counting) -> None:
    with transaction(g.engine) as other:
        todo = matching.to_embed(other, embedder.model, limit=100)
        assert len(matching.take_texts(other, embedder.model, todo)) == 6
        assert list(refresh.embed_all(g)) == []
    assert sum(refresh.embed_all(g)) == 6


@pytest.mark.parametrize(
    ("able", "wanted", "numbers"),
    [
        ({"avx512_bf16": True}, "", "bfloat16"), ({"amx_bf16": True}, "", "bfloat16"), ({"avx2": True}, "", "float32"),
        ({"avx512_bf16": False, "amx_bf16": False}, "", "float32"), ({"amx_bf16": True}, "float32", "float32"),
    ],
)  # fmt: skip
def test_half_as_long_numbers_where_the_processor_multiplies_them(
    able: dict[str, bool], wanted: str, numbers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = pytest.importorskip("torch")
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able)
    assert _number_type("cpu", wanted) is getattr(torch, numbers)


@pytest.mark.parametrize(("able", "numbers"), [(True, "bfloat16"), (False, "float32")])
def test_half_as_long_numbers_where_the_graphics_card_multiplies_them(
    able: bool, numbers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = pytest.importorskip("torch")
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {})
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: able)
    assert _number_type("cuda", "") is getattr(torch, numbers)


@pytest.fixture
def large(g: Ground, embedder: Counting, monkeypatch: pytest.MonkeyPatch) -> Ground:
    """Let a network of three be one whose ranker is kept in a file."""
    monkeypatch.setattr(shelving, "KEPT_FROM", 1)
    monkeypatch.setattr(refresh, "ground", lambda: g)
    refresh.refresh(g)
    return g


@pytest.mark.slow
def test_a_worker_that_begins_after_the_ranker_was_built_ahead_builds_none(
    large: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = large.settings.folder / "ranker" / "ranker.snapshot"
    said = [CliRunner().invoke(refresh.main, ["--ranker"]) for _ in range(2)]
    assert [each.exit_code for each in said] == [0, 0]
    lines = [each.output.splitlines()[-1] for each in said]
    assert lines == [f"The ranker was built: {path}", f"The ranker of this program is there: {path}"]
    for step in ("_begin", "_build_alone", "_built"):
        monkeypatch.setattr(shelving, step, lambda *_, **__: pytest.fail("it was built again"))
    match.take_ranker(large)
    assert large.shelf.known
    assert len(large.shelf.known.partners) == 3


def test_a_file_of_another_release_is_replaced_ahead_and_its_workers_go_on_with_theirs(
    large: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def older() -> str:
        return "an older release"

    with monkeypatch.context() as before:
        before.setattr(snapshot, "_program", older)
        assert "was built" in refresh.build_ahead(large)
        match.take_ranker(large)
    theirs = large.shelf.ranker
    assert theirs
    assert "was built" in refresh.build_ahead(large)
    assert "is there" in refresh.build_ahead(large)
    monkeypatch.setattr(snapshot, "_program", older)
    for step in ("_begin", "_build_alone", "_built"):
        monkeypatch.setattr(shelving, step, lambda *_, **__: pytest.fail("it was built again"))
    match.take_ranker(large)
    assert large.shelf.ranker is theirs


def test_what_keeps_a_ranker_from_being_built_ahead_is_said(large: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    (large.settings.folder / "ranker").write_text("no folder can be made here")
    said = CliRunner().invoke(refresh.main, ["--ranker"])
    assert said.exit_code == 2
    assert "RANKER_FOLDER=" in said.stderr
    assert "cannot be written" in said.stderr
    both = CliRunner().invoke(refresh.main, ["--ranker", "--dry-run"])
    assert "name one of them" in both.stderr
    monkeypatch.setattr(shelving, "KEPT_FROM", 20_000)
    assert refresh.build_ahead(large).startswith("No ranker is kept for fewer than 20,000 partners")
    large.shelf.kept = None
    assert "SECRET_KEY" in CliRunner().invoke(refresh.main, ["--ranker"]).stderr
