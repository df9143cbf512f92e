"""Natural keys: what is written twice stands once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.models import Collaboration, Digest, Embedding, Exposure, InboundMessage, Letter, Outcome
from matcher.store import embeddings, introductions, letters, matches, messages, postings
from matcher.store.letters import Draft
from tests import factories as make
from tests.factories import DAY, NOW


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_letter_of_the_same_key_is_written_once(session: Session) -> None:
    to = make.firm(session, "quay")
    first = letters.write(session, Draft("digest:2026-11-23:1", "digest", to, {"day": "first"}), at=NOW)
    second = letters.write(session, Draft("digest:2026-11-23:1", "digest", to, {"day": "second"}), at=NOW)
    assert (bool(first), second) == (True, None)
    assert session.scalars(select(Letter)).one().values == {"day": "first"}


def test_a_posting_of_the_same_key_is_kept_once_and_leads_to_its_opportunity(session: Session) -> None:
    row = make.opportunity(session, make.firm(session, "alder"))
    again = postings.add_posting(
        session, key=row.posting.key, channel="web", sender=row.contact, subject="", text="other", facts={}, at=NOW
    )
    assert again is None
    assert postings.opportunity_of_key(session, row.posting.key).id == row.id
    assert row.posting.text == "Move our mail"


def test_a_message_of_the_same_key_is_kept_once_with_its_first_bytes(session: Session) -> None:
    given = {"envelope_from": "", "envelope_to": "", "at": NOW}
    assert messages.keep(session, key="1@firm.example post@", raw=b"first", **given)
    assert messages.keep(session, key="1@firm.example post@", raw=b"second", **given) is None
    assert session.scalars(select(InboundMessage)).one().raw == b"first"


def test_a_partner_is_asked_about_an_opportunity_once(session: Session) -> None:
    row, to = make.opportunity(session, make.firm(session, "alder")), make.firm(session, "quay")
    asked = make.asked(session, row, to)
    assert introductions.between(session, row.id, to.partner_id).id == asked.id
    with pytest.raises(IntegrityError):
        make.asked(session, row, to)


def test_one_side_has_one_outcome_and_its_newer_report_is_open_again(session: Session) -> None:
    row, to = make.opportunity(session, make.firm(session, "alder")), make.firm(session, "quay")
    met = make.asked(session, row, to, state="introduced")
    given = {"introduction_id": met.id, "contact_id": to.id}
    introductions.report(session, **given, result="won", revenue_eur=12000, at=NOW)
    introductions.settle(session, introductions.outcomes(session, met.id)[0].id, after="confirmed", at=NOW)
    introductions.report(session, **given, result="lost", revenue_eur=0, at=NOW)
    told = session.scalars(select(Outcome)).one()
    assert (told.result, told.revenue_eur, told.state, told.confirmed_at) == ("lost", 0, "reported", None)


def test_a_contact_has_one_digest_a_day(session: Session) -> None:
    to = make.firm(session, "quay")
    sent = make.letter(session, "digest", to, [])
    session.add_all(Digest(contact_id=to.id, day=DAY + timedelta(days=n), letter_id=sent.id) for n in range(2))
    assert matches.has_digest(session, [to.id], DAY) == {to.id}
    session.add(Digest(contact_id=to.id, day=DAY, letter_id=sent.id))
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_exposure_is_counted_once(session: Session) -> None:
    row, to = make.opportunity(session, make.firm(session, "alder")), make.firm(session, "quay")
    ids = {"opportunity_id": row.id, "partner_id": to.partner_id, "contact_id": to.id}
    sent = make.letter(session, "digest", to, [])
    session.add_all(Exposure(**ids, letter_id=sent.id, place=place, shown_on=DAY) for place in (1, 2))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_vector_is_stored_once_per_text_and_model(session: Session) -> None:
    import numpy as np

    for value in (1.0, 2.0):
        embeddings.save(session, {"hash": np.full(3, value, np.float32)}, model="one@1")
    embeddings.save(session, {"hash": np.full(3, 3.0, np.float32)}, model="two@1")
    assert count(session, Embedding) == 2
    assert embeddings.load(session, model="one@1")["hash"].tolist() == [1.0, 1.0, 1.0]


def test_a_confirmed_introduction_is_one_edge_whose_sum_may_change(session: Session) -> None:
    row, to = make.opportunity(session, make.firm(session, "alder")), make.firm(session, "quay")
    met = make.asked(session, row, to, state="introduced")
    for revenue in (12000, 9000):
        introductions.write_collaboration(session, met, result="won", revenue_eur=revenue, on=DAY)
    edge = session.scalars(select(Collaboration)).one()
    assert (edge.lead_id, edge.partner_id, edge.competency_key, edge.revenue_eur) == (
        row.partner_id, to.partner_id, "mail", 9000,
    )  # fmt: skip


def test_two_like_projects_with_the_same_partner_on_one_day_are_two_edges(session: Session) -> None:
    poster, to = make.firm(session, "alder"), make.firm(session, "quay")
    for _ in range(2):
        met = make.asked(session, make.opportunity(session, poster), to, state="introduced")
        introductions.write_collaboration(session, met, result="won", revenue_eur=5000, on=DAY)
    assert count(session, Collaboration) == 2


@pytest.mark.parametrize("scope", ["digest", "all"])
def test_an_address_is_suppressed_once_however_it_is_written(session: Session, scope: str) -> None:
    for email in ("Anna@Quay.example", "anna@quay.example"):
        letters.suppress(session, email, scope=scope, cause="unsubscribed", at=NOW)
    assert letters.why_no_digest(session, "ANNA@quay.example") == "unsubscribed"
