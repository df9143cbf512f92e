"""Every change of the network is noticed, with whose it is."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import Engine, delete, text, update
from sqlalchemy.orm import Session

from matcher import matching
from matcher.models import Badge, BenchPerson, Capability, Collaboration, Competency, NetworkChange, Partner
from matcher.store import watermark
from matcher.store.watermark import NOTHING, Mark
from tests import factories as make
from tests.store.shelf import EMBEDDER, changed, market


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
    make.embed(session, EMBEDDER)
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
