"""The network is read into columns as it was written into tables."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from matcher import matching, shelving
from matcher.models import Badge, BenchPerson, Collaboration, Partner
from matcher.store import embeddings, network, reading
from matcher.terms import BenchPerson as Person
from matcher.terms import Collaboration as Work
from tests import factories as make
from tests.store.shelf import EMBEDDER, changed, market


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
