"""A built ranker is kept in a file, shared, and never believed blindly."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from matcher.ranking import snapshot
from matcher.ranking.rank import Ranker
from matcher.ranking.snapshot import Damaged, Missing, Snapshots, Unusable
from matcher.store import watermark
from tests.ranking.networks import EMBEDDER, TODAY, firm, network_of, posted, ranker_of, work

NAME = ("model", "mark")
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def ranker() -> Ranker:
    profiles = {firm(at): f"We move mailboxes for firm {at}" for at in range(1, 30)}
    return ranker_of(network_of(profiles, works=[work(2, at, "Moved 40 mailboxes") for at in range(3, 9)]))


@pytest.fixture
def kept(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path / "ranker", "a secret")


def written(kept: Snapshots, value: object, name: tuple[str, ...] = NAME) -> None:
    with kept.alone():
        kept.write(value, name)


def test_a_ranker_from_the_file_ranks_as_the_one_that_was_written(ranker: Ranker, kept: Snapshots) -> None:
    written(kept, ranker)
    asked = posted()
    vectors = EMBEDDER.encode([need.text for need in asked.needs])
    again = kept.read(NAME)
    assert again.rank(asked, vectors, today=TODAY) == ranker.rank(asked, vectors, today=TODAY)
    assert again.rank(asked, vectors, today=date(2027, 5, 1)) == ranker.rank(asked, vectors, today=date(2027, 5, 1))


def test_a_part_of_an_array_is_no_second_copy_in_the_file(kept: Snapshots) -> None:
    whole = np.arange(100_000, dtype=np.float32)
    written(kept, (whole, whole[1000:90_000], whole[:10], np.arange(3)))
    assert kept.path.stat().st_size < 410_000
    found = kept.read(NAME)
    assert [one.tolist() for one in found] == [whole.tolist(), whole[1000:90_000].tolist(), [*range(10)], [0, 1, 2]]
    assert np.shares_memory(found[0], found[1])
    assert not found[0].flags.writeable


@pytest.mark.parametrize("name", [("other", "mark"), ("model", "later"), ("modelmark", "")])
def test_the_file_of_another_network_or_model_is_not_used(kept: Snapshots, name: tuple[str, ...]) -> None:
    written(kept, [1, 2])
    with pytest.raises(Unusable, match="another network"):
        kept.read(name)


def test_a_file_signed_with_another_secret_is_not_opened(kept: Snapshots) -> None:
    written(Snapshots(kept.folder, "a stranger's"), [1, 2])
    with pytest.raises(Unusable, match="another"):
        kept.read(NAME)


def test_a_torn_file_is_noticed_wherever_it_is_torn(kept: Snapshots) -> None:
    written(kept, [np.arange(1000), "words"])
    whole = kept.path.read_bytes()
    for at in (3, 12, 40, 200, len(whole) // 2, len(whole) - 1):
        kept.path.write_bytes(whole[:at])
        with pytest.raises(Damaged if at > 8 else Unusable):
            kept.read(NAME)
        kept.path.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        with pytest.raises(Unusable):
            kept.read(NAME)


def test_a_damaged_file_is_told_from_one_that_belongs_to_somebody_else(kept: Snapshots) -> None:
    written(kept, [np.arange(1000), "words"])
    whole = kept.path.read_bytes()
    at = whole.index(b"words")
    kept.path.write_bytes(whole[:at] + b"W" + whole[at + 1 :])
    with pytest.raises(Damaged, match="its sum"):
        kept.read(NAME)
    with pytest.raises(Unusable, match="another") as other:
        Snapshots(kept.folder, "another secret").read(NAME)
    assert not isinstance(other.value, Damaged)
    with pytest.raises(Unusable, match="another") as other:
        kept.read(("model of another release", "mark"))
    assert not isinstance(other.value, Damaged)


MARK = watermark.Mark(1, None, "1:1:", None, datetime(2026, 11, 2, tzinfo=UTC))


def test_a_file_that_names_what_this_program_has_not_is_not_used(
    kept: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(kept, MARK)
    with monkeypatch.context() as renamed:
        renamed.delattr(watermark, "Mark")
        with pytest.raises(Unusable, match="Mark"):
            kept.read(NAME)
    monkeypatch.setitem(sys.modules, watermark.__name__, None)
    with pytest.raises(Unusable, match="watermark"):
        kept.read(NAME)


@pytest.mark.parametrize("changed", ["watermark.py", "shelving.py", "corpus.py", "market.py"])
def test_the_file_of_another_version_of_the_program_is_not_opened(
    kept: Snapshots, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changed: str
) -> None:
    written(kept, MARK)
    here = snapshot.files_of_program()
    other = tmp_path / changed
    [before, *_] = [one for one in here if one.name == changed]
    other.write_text(before.read_text() + "\n")
    monkeypatch.setattr(snapshot, "files_of_program", lambda: [other if one == before else one for one in here])
    snapshot._program.cache_clear()
    try:
        with pytest.raises(Unusable, match="program"):
            kept.read(NAME)
    finally:
        snapshot._program.cache_clear()


def test_the_file_of_another_version_of_what_the_arrays_are_made_with_is_not_opened(
    kept: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sys.version", "numpy.__version__", f"{snapshot.__name__}.FAISS", f"{snapshot.__name__}.NETWORKX"):
        written(kept, MARK)
        with monkeypatch.context() as later:
            later.setattr(name, "99.0")
            snapshot._program.cache_clear()
            with pytest.raises(Unusable, match="program"):
                kept.read(NAME)
            snapshot._program.cache_clear()


def test_a_file_that_others_may_write_is_not_opened(kept: Snapshots) -> None:
    written(kept, [1])
    kept.path.chmod(0o622)
    with pytest.raises(Unusable, match="others may write"):
        kept.read(NAME)


def test_without_a_file_that_is_said(kept: Snapshots) -> None:
    with pytest.raises(Missing):
        kept.read(NAME)


def test_a_failed_write_leaves_the_old_file_and_no_remains(kept: Snapshots, monkeypatch: pytest.MonkeyPatch) -> None:
    written(kept, [1])

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        written(kept, [2])
    monkeypatch.undo()
    assert kept.read(NAME) == [1]
    assert sorted(one.name for one in kept.folder.iterdir()) == ["ranker.lock", "ranker.snapshot"]


NO_ROOM = """
import resource, sys
from pathlib import Path
import numpy as np
from matcher.ranking.snapshot import Snapshots
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
kept = Snapshots(Path(sys.argv[1]), "a secret")
with kept.alone():
    try:
        kept.write(np.zeros(1_000_000), ("model", "mark"))
    except OSError as error:
        print(error.strerror)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no such limits")
def test_where_there_is_no_room_for_the_file_the_old_one_stays_and_no_remains(kept: Snapshots) -> None:
    written(kept, [1])
    done = subprocess.run([sys.executable, "-c", NO_ROOM, str(kept.folder)], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == ("File too large", 0), done.stderr
    assert kept.read(NAME) == [1]
    assert sorted(one.name for one in kept.folder.iterdir()) == ["ranker.lock", "ranker.snapshot"]


def test_what_a_builder_left_that_was_killed_is_cleared_by_the_next(kept: Snapshots) -> None:
    written(kept, np.arange(3))
    left = kept.folder / "ranker.4711.new"
    left.write_bytes(b"half a ranker")
    with kept.alone():
        assert not left.exists()
    assert kept.read(NAME).tolist() == [0, 1, 2]


def test_where_nothing_can_be_written_nobody_waits_for_a_lock(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with Snapshots(tmp_path / "file" / "ranker", "a secret").alone():
        pass
