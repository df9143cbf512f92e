"""A folder in which even a small network's ranker is kept, and a shelf that builds no next one."""

from pathlib import Path

import pytest

from matcher import shelving
from matcher.ranking.snapshot import Snapshots


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Snapshots:
    """Let a network of three be a large one."""
    monkeypatch.setattr(shelving, "KEPT_FROM", 1)
    return Snapshots(tmp_path / "ranker", "a secret")


@pytest.fixture
def unbuilt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no next ranker be built, however many of three partners changed and whoever left."""
    monkeypatch.setattr(shelving, "_holds_who_left", lambda *_: False)
    monkeypatch.setattr(shelving, "BUILT_FROM_SHARE", 9)
    monkeypatch.setattr(shelving, "LAID_UP_TO_SHARE", 9)
