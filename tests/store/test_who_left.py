"""What a firm said of itself leaves the ranker's file soon after the firm, whose words are erased everywhere else."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from matcher import exchange, shelving
from matcher.models import Contact
from matcher.ranking.snapshot import Snapshots
from matcher.shelving import Shelf, shelve
from tests import factories as make
from tests.store.shelf import EMBEDDER, changed, market


@pytest.mark.slow
def test_the_file_that_holds_words_of_a_firm_that_left_is_built_anew_at_once(
    session: Session, kept: Snapshots, monkeypatch: Any
) -> None:
    monkeypatch.setattr(shelving, "BUILT_FROM_SHARE", 9)
    monkeypatch.setattr(shelving, "LAID_UP_TO_SHARE", 9)
    ids = market(session)
    shelf = Shelf(kept=kept)
    shelve(session, shelf, model=EMBEDDER.model)
    first = shelf.builder
    changed(session, ids["holm"], city="Bonn")
    shelve(session, shelf, model=EMBEDDER.model)
    assert shelf.builder is first
    leaver = session.query(Contact).filter_by(partner_id=ids["quay"]).one()
    exchange.leave(session, leaver, how="a test", now=make.NOW)
    session.commit()
    shelve(session, shelf, model=EMBEDDER.model)
    assert shelf.builder is not first
    assert shelf.builder
    assert shelf.builder.wait(60) == 0
    shelve(session, shelf, model=EMBEDDER.model)
    assert b"We move mailboxes." not in kept.path.read_bytes()
    again = shelf.builder
    changed(session, ids["holm"], city="Graz")
    shelve(session, shelf, model=EMBEDDER.model)
    assert shelf.builder is again
