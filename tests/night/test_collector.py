"""No stage of a night lets the collector look through all that its worker holds."""

import gc

import pytest

from jobs import night as job
from jobs.ground import Ground
from matcher import matching, night
from matcher.store import nights
from tests.factories import NOW
from tests.fakes import HashEmbedder
from web.db import transaction


@pytest.mark.parametrize("stage", ["match", "explain", "write"])
def test_the_collector_rests_while_a_part_of_the_night_is_done(
    g: Ground, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    rested: list[bool] = []

    def nothing(*_: object, **__: object) -> tuple[int, int, int]:
        rested.append(not gc.isenabled())
        return 0, 0, 0

    monkeypatch.setattr(matching, "ranked_many", lambda *_, **__: iter(nothing() and ()))
    monkeypatch.setattr(matching, "explain", lambda *_, **__: iter(nothing() and ()))
    monkeypatch.setattr(night, "write_shard", nothing)
    monkeypatch.setattr(job, "to_rank", lambda *_: [])
    monkeypatch.setattr(g, "_embedder", HashEmbedder(8))
    with transaction(g.engine) as session:
        job._done(g, session, nights.Shard(1, 1, stage, 1, 1, 1, NOW, n_tries=1))
    assert rested == [True]
    assert gc.isenabled()
