"""Where a process is can be read at any moment, also while it says so."""

import os
from pathlib import Path
from threading import Event, Thread

from tests.chaos.places import Places


def test_a_place_is_never_read_half_said(tmp_path: Path) -> None:
    there, over = Places(tmp_path), Event()
    there.say("night", "1 match 1 held")

    def go_on() -> None:
        for n in range(3000):
            there.say("night", f"1 match {n} claimed")
        over.set()

    walker = Thread(target=go_on)
    walker.start()
    read = set()
    while not over.is_set():
        read.add(there.of(os.getpid(), "night")[:8])
    walker.join()
    assert read == {"1 match "}
    assert there.all_at("night") == [os.getpid()]
