"""EMBEDDING_MODEL names another model: the worker goes on ranking, while the texts get their new vectors."""

import os
import signal
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs import allocating, match, refresh, stalled, tasks, tracing, worker
from jobs.ground import Ground
from matcher.models import Capability, Embedding, Match, Partner
from matcher.ranking import embed
from matcher.store.wake import wake
from tests import factories as make
from tests.fakes import HashEmbedder
from web import metrics
from web.db import transaction

OLD, NEW = HashEmbedder(model="old@1"), HashEmbedder(n_dimensions=128, model="new@1")
N_FIRMS = 12


@pytest.fixture
def opportunity_id(g: Ground, monkeypatch: pytest.MonkeyPatch) -> int:
    """Give a market that was read and embedded with the old model, and a posting in it; then the new one is named."""
    monkeypatch.setattr(refresh, "AT_ONCE", 1)
    g._embedder = OLD
    with transaction(g.engine) as session:
        make.competencies(session)
        for at in range(N_FIRMS):
            partner_id = make.firm(session, f"firm-{at}").partner_id
            session.get_one(Partner, partner_id).profile = f"We move mailboxes, {at} of them at a time."
        opportunity_id = make.opportunity(session, make.firm(session, "poster")).id
    refresh.refresh(g)
    g._embedder = NEW
    return opportunity_id


def n_vectors(g: Ground, model: str) -> int:
    with Session(g.engine) as session:
        return session.scalar(select(func.count()).where(Embedding.model == model)) or 0


def most_by_meaning(g: Ground) -> float:
    with Session(g.engine) as session:
        told = [each for row in session.scalars(select(Match)) for each in row.reasons]
    return max(each["value"] for each in told if each["name"] == "meaning")


def work_in(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the worker's own command in this process until somebody ends it."""
    for module in (tasks, tracing, worker):
        monkeypatch.setattr(module, "ground", lambda: g)
    monkeypatch.setattr(allocating, "keep_small", lambda: None)
    monkeypatch.setattr(metrics, "serve", lambda *_: None)
    monkeypatch.setattr(stalled, "look_out", lambda *_: None)
    assert worker.main.callback
    worker.main.callback(once=False)


@dataclass(slots=True)
class Seen:
    """How many matches a posting had when it was matched first, and how many texts had their new vectors by then."""

    n_found: int = 0
    n_embedded: int = 0
    matched: Event = field(default_factory=Event)


@pytest.fixture
def seen(g: Ground, monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Let no third text be embedded before a posting was matched; nobody but the posting's own job matches it."""
    found, match_one, embed_some = Seen(), match.match_one, refresh._embed

    def matching(*told: Any, **named: Any) -> int:
        found.n_found, found.n_embedded = match_one(*told, **named), n_vectors(g, NEW.model)
        found.matched.set()
        return found.n_found

    def embedding(at: Ground, todo: list[tuple[str, str]]) -> int:
        if n_vectors(g, NEW.model) >= 2:
            assert found.matched.wait(60)
        return embed_some(at, todo)

    monkeypatch.setattr(match, "match_waiting", lambda _: 0)
    monkeypatch.setattr(match, "match_one", matching)
    monkeypatch.setattr(refresh, "_embed", embedding)
    return found


def test_a_posting_is_matched_before_the_texts_have_their_new_vectors_and_then_they_get_them(
    g: Ground, opportunity_id: int, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_texts = n_vectors(g, OLD.model)

    def post() -> None:
        with transaction(g.engine) as session:
            wake(session, "match", opportunity_id=opportunity_id)
        seen.matched.wait(60)
        until = monotonic() + 60
        while n_vectors(g, NEW.model) < n_texts and monotonic() < until:
            sleep(0.1)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = Thread(target=post)
    thread.start()
    work_in(g, monkeypatch)
    thread.join()
    assert seen.n_found > 0
    assert seen.n_embedded < n_texts / 2
    assert (n_vectors(g, OLD.model), n_vectors(g, NEW.model)) == (n_texts, n_texts)


def test_without_any_vector_words_and_competencies_match_and_with_them_meaning_too(
    g: Ground, opportunity_id: int
) -> None:
    assert match.match_one(g, opportunity_id, at=make.NOW) > 0
    assert most_by_meaning(g) == 0
    refresh.refresh(g)
    assert match.match_one(g, opportunity_id, at=make.NOW, anew=True) > 0
    assert most_by_meaning(g) > 0.5


def test_a_run_that_is_asked_to_end_ends_after_its_batch(g: Ground, opportunity_id: int) -> None:
    run = refresh.embed_all(g)
    next(run)
    g.stopping.set()
    assert list(run) == []
    assert n_vectors(g, NEW.model) == 1


def test_what_comes_in_during_a_long_run_has_its_turn_in_between(
    g: Ground, opportunity_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh.embeddings, "OPEN_IDS", 0)
    run = refresh.embed_all(g)
    next(run)
    with transaction(g.engine) as session:
        partner_id = session.scalars(select(Partner.id).limit(1)).one()
        session.add(Capability(partner_id=partner_id, text="long " * 99, text_hash="new", source="declared"))
    next(run)
    with Session(g.engine) as session:
        assert session.scalar(select(Embedding.id).where(Embedding.text_hash == "new"))


def test_one_thread_at_a_time_embeds(g: Ground, opportunity_id: int) -> None:
    run = refresh.embed_all(g)
    next(run)
    assert list(refresh.embed_all(g)) == []
    run.close()
    assert sum(refresh.embed_all(g)) == n_vectors(g, OLD.model) - 1


def test_the_texts_can_be_embedded_with_a_model_before_it_is_named(
    g: Ground, opportunity_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def made(name: str, *, device: str) -> HashEmbedder:
        asked.append((name, device))
        return HashEmbedder(model=f"{name}@1")

    g._embedder = OLD
    monkeypatch.setattr(refresh, "ground", lambda: g)
    monkeypatch.setattr(embed, "SentenceEmbedder", made)
    done = CliRunner().invoke(refresh.main, ["--model", "ready"])
    assert done.exit_code == 0, done.output
    assert asked == [("ready", g.settings.embedding_device)]
    assert n_vectors(g, "ready@1") == n_vectors(g, OLD.model) > N_FIRMS
    assert g.embedder is OLD
