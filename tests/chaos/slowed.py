"""A job of the chaos → the same in small shards with pauses in the middle of them, and a word of where it is."""

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from jobs import beside, deliver, sending
from matcher import night
from matcher.store import nights
from tests.chaos.building import share_early
from tests.chaos.places import Places

# A network of the chaos is small: as in a large one a stage must have many shards, and a sender several claims to make.
OPPORTUNITIES_AT_ONCE, CONTACTS_AT_ONCE, LETTERS_AT_ONCE = 2, 10, 10
PAUSE_S = (0.05, 0.3)  # of each kind in a shard, so that a kill falls before, in and behind its work
JOBS = ("jobs.night", "jobs.deliver", "jobs.worker")


def slow_down(folder: Path) -> None:
    """Arrange for small shards and claims, for pauses in them, and for helpers that are arranged like their caller."""
    there = Places(folder)
    share_early(folder)
    socket.getfqdn = lambda name="": f"pid{os.getpid()}.sender"  # who says this to the sink is found again by the judge
    night.OPPORTUNITIES_AT_ONCE, night.CONTACTS_AT_ONCE = OPPORTUNITIES_AT_ONCE, CONTACTS_AT_ONCE
    night.FEWEST_AT_ONCE = CONTACTS_AT_ONCE
    _wrap(nights, "claim", lambda real, *of, **more: _claimed(there, real, *of, **more))
    _wrap(nights, "hold", lambda real, *of, **more: _held(there, real, *of, **more))
    _wrap(nights, "finish", lambda real, *of, **more: (_rest(there, of[1], "worked"), real(*of, **more))[1])
    _wrap(nights, "keep_allotted", lambda real, *of, **more: _allotted(there, real, *of, **more))
    deliver.AT_ONCE = deliver.MOST_AT_ONCE = LETTERS_AT_ONCE
    _wrap(sending.Round, "send", lambda real, *of: _sent(there, real, *of))
    _wrap(beside, "beside", lambda real, n, *command, **more: real(n, "tests.chaos.shifted", *command, **more))


def _wrap(where: Any, name: str, around: Callable[..., Any]) -> None:
    real = getattr(where, name)
    setattr(where, name, lambda *of, **more: around(real, *of, **more))


def _claimed(there: Places, real: Callable[..., nights.Shard | None], *of: Any, **more: Any) -> nights.Shard | None:
    """Say which shard it is before the claim is committed: whoever is killed behind that has begun a try."""
    there.say("night", "")
    shard = real(*of, **more)
    if shard:
        _say(there, shard, "claimed")
    return shard


def _held(there: Places, real: Callable[..., bool], *of: Any, **more: Any) -> bool:
    _rest(there, of[1], "claimed")
    held = real(*of, **more)
    if held:
        _rest(there, of[1], "held")
    return held


def _say(there: Places, shard: nights.Shard, step: str) -> None:
    there.say("night", f"{shard.night_id} {shard.stage} {shard.number} {step}")


def _rest(there: Places, shard: nights.Shard, step: str) -> None:
    _say(there, shard, step)
    time.sleep(Random().uniform(*PAUSE_S))


def _allotted(there: Places, real: Callable[..., None], *of: Any, **more: Any) -> None:
    there.say("night", f"{of[1]} allot 1 begun")
    time.sleep(PAUSE_S[1])
    real(*of, **more)
    there.say("night", f"{of[1]} allot 1 written")
    time.sleep(PAUSE_S[1])


def _sent(there: Places, real: Callable[..., int], some: sending.Round) -> int:
    there.say("mail", f"{len(some.left)} letters")
    try:
        return real(some)
    finally:
        there.say("mail", "")
