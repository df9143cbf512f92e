"""A stored vector that is no vector any more counts as missing: ranking goes on, and it is made again."""

import logging
from collections.abc import Sequence

import numpy as np
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from jobs import doctor_machine, refresh
from jobs.ground import Ground, ground_on
from matcher import matching
from matcher.matching import Shelf
from matcher.models import Capability, Embedding, Need, Opportunity
from matcher.ranking.embed import SentenceEmbedder
from matcher.store import damaged, embeddings
from tests import factories as make
from tests.factories import NOW
from tests.fakes import HashEmbedder
from web import create_app
from web.db import transaction
from web.settings import Settings

EMBEDDER = HashEmbedder(384, model=SentenceEmbedder().model)
SIZE = len(EMBEDDER.encode(["x"])[0])
DAMAGED = {
    "no number": np.full(SIZE, np.nan, "<f4").tobytes(),
    "one without end": np.array([np.inf, *np.zeros(SIZE - 1)], "<f4").tobytes(),
    "a bit that flipped": np.array([1e30, *np.zeros(SIZE - 1)], "<f4").tobytes(),
    "cut off": b"\x00" * 7,
    "of another size": np.ones(SIZE - 1, "<f4").tobytes(),
}


@pytest.fixture
def g(settings: Settings) -> Ground:
    there = ground_on(create_app(settings))
    there._embedder = EMBEDDER
    with transaction(there.engine) as session:
        make.competencies(session)
        for n in range(5):
            firm = make.firm(session, f"firm{n}")
            firm.partner.profile, firm.partner.practices = f"We move mailboxes, {n} a day.", ["mail"]
        make.opportunity(session, make.firm(session, "poster"))
        session.flush()
        matching.read_partners(session, now=NOW)
    assert sum(refresh.embed_all(there))
    return there


def damage(g: Ground, table: type[Capability] | type[Need], vector: bytes) -> str:
    """Put something else in the place of the vector of a text; return its hash."""
    with transaction(g.engine) as session:
        known = select(Embedding.text_hash).where(Embedding.model == EMBEDDER.model)
        text_hash = session.scalar(select(func.min(table.text_hash)).where(table.text_hash.in_(known)))
        session.execute(update(Embedding).where(Embedding.text_hash == text_hash).values(vector=vector))
    assert text_hash
    return text_hash


def ranked(g: Ground) -> list[tuple[int, float]]:
    with Session(g.engine) as session:
        row = session.scalars(select(Opportunity)).one()
        found = matching.ranked(session, Shelf(), EMBEDDER, row, now=NOW)
        session.commit()
        return [(each.partner_id, each.score) for each in found.matches]


def is_there(g: Ground, text_hash: str) -> bool:
    with Session(g.engine) as session:
        return text_hash in embeddings.known(session, model=EMBEDDER.model, hashes=[text_hash])


@pytest.mark.parametrize(
    ("table", "what"), [*((Capability, each) for each in DAMAGED), (Need, "no number"), (Need, "cut off")]
)
def test_ranking_goes_on_and_what_was_damaged_is_made_again(
    g: Ground, table: type[Capability] | type[Need], what: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = ranked(g)
    text_hash = damage(g, table, DAMAGED[what])
    with caplog.at_level(logging.WARNING, damaged.__name__):
        found = ranked(g)
        assert np.isfinite([score for _, score in found]).all()
        assert {partner for partner, _ in found} == {partner for partner, _ in before}
        assert len([each for each in caplog.messages if each.startswith("1 stored vectors of")]) == 1
        g.looked = ("", embeddings.ALL)  # as after an hour
        sum(refresh.embed_all(g))
        assert is_there(g, text_hash)
        assert ranked(g) == before
    assert len(caplog.messages) == 1


def test_the_doctor_says_what_is_damaged_and_a_refresh_by_hand_makes_it_anew(
    g: Ground, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [each.said for each in doctor_machine.of_index(settings, now=NOW)]
    assert not [each for each in said if "damaged" in each]
    text_hash = damage(g, Capability, DAMAGED["no number"])
    found = [each for each in doctor_machine.of_index(settings, now=NOW) if "damaged" in each.said]
    assert [(each.level, each.said) for each in found] == [
        ("warning", "1 stored vector is damaged: no numbers a text can have.")
    ]
    monkeypatch.setattr(refresh, "ground", lambda: g)
    ran = CliRunner().invoke(refresh.main)
    assert "Damaged vectors to be made anew: 1" in ran.output
    assert is_there(g, text_hash)
    with Session(g.engine) as session:
        assert damaged.listed(session, model=EMBEDDER.model) == []


@pytest.mark.parametrize(
    ("vectors", "bad"),
    [([], set()), ([b"", b""], {0, 1}), ([b"\0" * 8, b"\0" * 8, b"\0" * 4], {2}), ([b"\0\0\xc0\x7f"], {0})],
)
def test_what_is_damaged_is_told_from_what_most_are_like(vectors: Sequence[bytes], bad: set[int]) -> None:
    assert damaged.among(vectors) == bad
