"""The worker's ranker follows the network; a large one is built apart, shared, and not waited for."""

import io
import pickle
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, delete, text, update
from sqlalchemy.orm import Session

from matcher import matching, shelving
from matcher.models import Badge, BenchPerson, Capability, Collaboration, Competency, NetworkChange, Partner
from matcher.ranking.rank import Ranker
from matcher.ranking.snapshot import Snapshots, files_of_program
from matcher.shelving import Shelf, shelve
from matcher.store import embeddings, network, reading, watermark
from matcher.store.watermark import NOTHING, Mark
from matcher.terms import BenchPerson as Person
from matcher.terms import Collaboration as Work
from matcher.terms import Need, Opportunity
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


def is_current(session: Session, shelf: Shelf) -> bool:
    return shelf.built is not None and watermark.since(session, shelf.built.mark, model=EMBEDDER.model) == NOTHING


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


def noted(session: Session, mark: Mark, model: str = EMBEDDER.model) -> frozenset[int] | None:
    return watermark.whose(session, mark, model=model, most=100)


def test_every_change_of_the_network_is_noted_with_whose_it_is_and_none_of_a_draft(session: Session) -> None:
    ids = market(session)
    quay, fjord, holm = ids["quay"], ids["fjord"], ids["holm"]
    told = {"competency_key": "mail", "started_on": date(2024, 1, 1), "ended_on": date(2024, 2, 1), "outcome": "won"}
    badge = {"competency_key": "mail", "level": "gold", "awarded_on": date(2020, 1, 2)}
    draft = make.firm(session, "draft", state="draft").partner_id
    session.flush()
    mark = watermark.mark(session)
    session.get_one(Partner, draft).city = "Bonn"
    session.get_one(Partner, quay).sources = {"city": "form"}  # says nothing that ranking reads
    session.flush()
    assert watermark.since(session, mark, model=EMBEDDER.model) == NOTHING
    steps: list[tuple[Callable[[], object], set[int]]] = [
        (lambda: changed(session, quay, city="Bonn"), {quay}),
        (lambda: session.add(BenchPerson(partner_id=holm, name="Ada", level="senior")), {holm}),
        (lambda: session.execute(update(BenchPerson).values(free_days=3)), {holm}),
        (lambda: session.add(Badge(partner_id=quay, **badge)), {quay}),
        (lambda: session.add(Collaboration(lead_id=quay, partner_id=holm, **told)), {quay, holm}),
        (lambda: session.execute(delete(Capability).where(Capability.partner_id == fjord)), {fjord}),
        (lambda: session.execute(delete(Partner).where(Partner.id == holm)), {holm, quay}),
    ]  # fmt: skip
    for change, touched in steps:
        mark = watermark.mark(session)
        change()
        session.flush()
        assert noted(session, mark) == touched
        assert watermark.since(session, mark, model=EMBEDDER.model) != NOTHING


def test_a_vector_is_noted_for_all_who_say_the_words_and_only_for_whoever_ranks_with_its_model(
    session: Session,
) -> None:
    ids = market(session)
    for key in ("quay", "holm"):
        changed(session, ids[key], profile="We bake bread for offices.")
    matching.read_partners(session, now=make.NOW + timedelta(hours=2))
    mark = watermark.mark(session)
    matching.embed(session, EMBEDDER)
    assert noted(session, mark) == {ids["quay"], ids["holm"]}
    assert watermark.since(session, mark, model="another@1") == NOTHING


def test_whoever_refuses_a_partner_that_joins_is_told_anew_with_it(session: Session) -> None:
    ids = market(session)
    changed(session, ids["quay"], conflict_keys=["oslo"])
    mark = watermark.mark(session)
    assert noted(session, mark) == frozenset()
    assert noted(session, watermark.mark(session)) == frozenset()
    oslo = make.firm(session, "oslo").partner_id
    session.flush()
    assert noted(session, mark) == {oslo, ids["quay"]}


def test_what_a_competency_means_concerns_all(session: Session) -> None:
    market(session)
    mark = watermark.mark(session)
    session.execute(update(Competency).where(Competency.key == "mail").values(label="Post"))
    assert noted(session, mark) is None


def test_of_a_statement_that_changes_very_many_only_that_is_kept(session: Session) -> None:
    market(session)
    session.execute(
        text("INSERT INTO partner (key, name, state) SELECT 'p' || n, 'P', 'live' FROM generate_series(1, 2001) n")
    )
    mark = watermark.mark(session)
    session.execute(text("UPDATE partner SET changed_at = changed_at + interval '1 hour' WHERE key <> 'p1'"))
    assert noted(session, mark, EMBEDDER.model) is None
    assert watermark.whose(session, mark, model=EMBEDDER.model, most=10_000) is None


def test_a_change_that_is_committed_after_a_later_one_is_noticed(engine: Engine, session: Session) -> None:
    ids = market(session)
    with Session(engine) as slow, Session(engine) as quick:
        changed(slow, ids["quay"], city="Bonn")
        changed(quick, ids["holm"], city="Graz")
        quick.commit()
        mark = watermark.mark(session)
        session.commit()
        assert noted(session, mark) == frozenset()
        session.commit()
        slow.commit()
    assert noted(session, mark) == {ids["quay"]}


def test_what_a_transaction_changed_before_it_looked_is_no_news_to_it_nor_afterwards(session: Session) -> None:
    ids = market(session)
    changed(session, ids["quay"], city="Bonn")
    mark = watermark.mark(session)
    assert watermark.since(session, mark, model=EMBEDDER.model) == NOTHING
    session.commit()
    assert watermark.since(session, mark, model=EMBEDDER.model) == NOTHING


def test_a_mark_of_a_database_that_was_restored_since_is_not_trusted(session: Session) -> None:
    market(session)
    mark = watermark.mark(session)
    session.execute(update(NetworkChange).values(at=NetworkChange.at - timedelta(days=1)))
    assert watermark.since(session, mark, model=EMBEDDER.model) is None


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


@pytest.fixture
def unbuilt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no next ranker be built, however many of three partners changed and whoever left."""
    monkeypatch.setattr(shelving, "_holds_who_left", lambda *_: False)
    monkeypatch.setattr(shelving, "BUILT_FROM_SHARE", 9)
    monkeypatch.setattr(shelving, "LAID_UP_TO_SHARE", 9)


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
        lambda: matching.embed(session, EMBEDDER),
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
    assert matching.embed(session, new, limit=2) == 2
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
