"""After the calm the workers must rank as a ranker does that was built afresh, from a file that is whole."""

import os
import resource
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from matcher.ranking.snapshot import Snapshots, Unusable
from tests.chaos.afterwards import Afterwards, Ranked, wrong
from tests.chaos.building import Slow, _short
from tests.chaos.disk import FULL, SHORT_AT, Disk

ONE = Ranked(7, {1: 0.9, 2: 0.5}, {1: 0.9, 2: 0.50001}, left=frozenset({3}), came=frozenset({2}))
NAME = ("model",)


def good() -> Afterwards:
    return Afterwards([ONE], builders=Counter(written=4))


def said(after: Afterwards) -> str:
    (sentence,) = wrong(after)
    return sentence


def test_who_ranks_as_a_ranker_built_afresh_ranks_rightly() -> None:
    assert wrong(good()) == []


@pytest.mark.parametrize("got", [{1: 0.9, 2: 0.6}, {1: 0.9, 2: 0.5, 4: 0.1}, {2: 0.5}])
def test_another_score_one_too_many_and_one_too_few_are_seen(got: dict[int, float]) -> None:
    after = good()
    after.ranked.append(replace(ONE, opportunity_id=8, got=got))
    assert said(after) == "ranked otherwise than by a ranker built afresh: postings [8]"


def test_who_left_and_is_found_and_who_came_and_is_not_are_seen() -> None:
    after = good()
    after.ranked = [ONE, replace(ONE, left=frozenset({2}))]
    assert said(after) == "found though they had left: partners [2]"
    after.ranked = [ONE, replace(ONE, came=frozenset({2, 5}))]
    assert said(after) == "came before the postings and not found: partners [5]"
    after = Afterwards()
    assert said(after) == "no posting was ranked at the end"


def test_a_file_that_is_not_whole_at_the_end_is_seen() -> None:
    after = good()
    after.file = "it is torn"
    assert said(after) == "the ranker's file at the end: it is torn"


@pytest.mark.parametrize("why", FULL)
def test_a_disk_that_was_full_and_of_which_no_log_says_so_is_seen(why: str) -> None:
    after = good()
    after.builders[why], after.n_said_full = 3, 2
    assert said(after) == "3 builders had no room, and the log says so 2 times"
    after.n_said_full = 3
    assert wrong(after) == []
    after.n_said_full, after.builders["killed"] = 2, 1
    assert wrong(after) == []


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    there = Disk(tmp_path)
    there.folder.mkdir()
    return there


def written(disk: Disk, value: object) -> None:
    kept = Snapshots(disk.folder, "a secret")
    with kept.alone(), _short(disk.is_short):
        kept.write(value, NAME)


def test_a_disk_that_is_no_disk_of_its_own_stops_the_builder_while_it_is_full(disk: Disk) -> None:
    written(disk, np.arange(3))
    disk.fill(Random(1))
    with pytest.raises(OSError, match=FULL[1]):
        written(disk, np.zeros(SHORT_AT))
    disk.empty()
    assert Snapshots(disk.folder, "a secret").read(NAME).tolist() == [0, 1, 2]
    written(disk, np.zeros(SHORT_AT))
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_disk_of_its_own_is_really_full_until_it_is_emptied(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    if not disk.mount():
        pytest.skip("nobody may mount a disk here")
    try:
        written(disk, np.arange(3))
        for seed in range(4):
            disk.fill(Random(seed))
            assert not disk.is_short
            with pytest.raises(OSError, match=FULL[0]):
                written(disk, np.zeros(SHORT_AT))
        assert Snapshots(disk.folder, "a secret").read(NAME).tolist() == [0, 1, 2]
        disk.empty()
        written(disk, np.zeros(SHORT_AT))
    finally:
        disk.unmount()
    assert not os.path.ismount(disk.folder)


def test_a_torn_file_is_torn_and_whoever_mapped_the_whole_one_keeps_it(disk: Disk) -> None:
    assert not disk.tear(Random(1))
    kept = Snapshots(disk.folder, "a secret")
    for seed in range(6):
        written(disk, np.arange(10_000))
        mapped = kept.read(NAME)
        assert disk.tear(Random(seed))
        with pytest.raises(Unusable):
            kept.read(NAME)
        assert mapped.tolist() == [*range(10_000)]


def test_a_file_that_is_written_slowly_is_the_same_file(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    from matcher.ranking import snapshot

    real, rests = snapshot._write, []
    monkeypatch.setattr(snapshot, "_write", lambda file, *rest: real(Slow(file, Random(1)), *rest))
    monkeypatch.setattr("tests.chaos.building.time.sleep", rests.append)
    written(disk, [np.arange(n) for n in range(40)])
    monkeypatch.undo()
    assert [each.tolist() for each in Snapshots(disk.folder, "a secret").read(NAME)] == [[*range(n)] for n in range(40)]
    assert len(rests) == 1


def test_what_came_of_builders_is_noted(disk: Disk) -> None:
    assert disk.noted() == []
    for each in ("written", FULL[0]):
        disk.note(each)
    assert disk.noted() == ["written", "No space left on device"]
