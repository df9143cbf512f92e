"""What the killer writes down of whom it killed."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import SimpleNamespace

import psutil

from tests.chaos.killer import Killer
from tests.chaos.places import Places


@dataclass
class Program:
    """A program of the night that somebody kills."""

    kill: Callable[[], int]
    process: None = None

    def children(self) -> list[psutil.Process]:
        return []


def test_the_dead_were_where_they_died_not_where_they_had_been_seen(tmp_path: Path) -> None:
    there = Places(tmp_path)
    there.say("night", "201 explain 16 worked")

    def kill() -> int:
        there.say("night", "201 explain 17 claimed")  # in the last moment of its life
        return os.getpid()

    stage = SimpleNamespace(folder=tmp_path, programs={"night": Program(kill)})
    killer = Killer(stage, Random(1), job_s=1.0)  # type: ignore[arg-type]
    assert killer._kill("night", psutil.Process())
    assert killer.events[0].where == ("201 explain 17 claimed",)
    assert killer.tries == {"201 explain 17": 1}
