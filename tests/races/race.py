"""Two acts that begin together, each with its own connection → who won, and what must hold and does not."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from threading import Barrier
from time import sleep
from typing import Any, Protocol

from sqlalchemy import Engine, text

from jobs.ground import Ground
from web.db import transaction

PATIENCE_S = 30
SWEPT = ("letter", "partner", "suppression", "inbound_message", "bounce", "procrastinate_jobs")  # the rest goes along

Act = Callable[[], Any]


class Broken(AssertionError):
    """Say what should have held, and what was found instead."""


class Race(Protocol):
    """One pair of acts. `head_start_s` is the longest pause that one of them gets, so that all orders come up."""

    name: str
    head_start_s: float

    def prepare(self, k: int) -> tuple[Act, Act]:
        """Make the rows of round `k` and return the two acts."""

    def judge(self, first: Any, second: Any) -> str:
        """Name the winner from what both acts returned. Raises `Broken`."""

    def close(self) -> None:
        """End what was started for all rounds."""


@dataclass(slots=True)
class Tally:
    """How one race went: rounds by winner, and what broke."""

    won: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    @property
    def n_rounds(self) -> int:
        return self.won.total() + len(self.broken)


def rounds(race: Race, engine: Engine, *, times: int, seed: int) -> Iterator[Tally]:
    """Run a race so many times; give the tally after each."""
    chance, tally = Random(f"{race.name} {seed}"), Tally()
    with ThreadPoolExecutor(2, race.name) as pool:
        for k in range(times):
            sweep(engine)
            try:
                tally.won[race.judge(*_together(pool, race.prepare(k), _pauses(chance, race.head_start_s)))] += 1
            except Exception as error:  # noqa: BLE001 - whatever one of the two stumbled over is what is looked for
                said, _, _ = str(error).partition("\n")
                tally.broken.append(f"round {k}: {type(error).__name__}: {said[:300]}")
            yield tally


def _pauses(chance: Random, longest_s: float) -> tuple[float, float]:
    """Let one of the two wait a little, or none."""
    pause = max(0.0, chance.uniform(-longest_s / 4, longest_s))
    return (pause, 0.0) if chance.random() < 0.5 else (0.0, pause)


def _together(pool: ThreadPoolExecutor, acts: tuple[Act, Act], pauses: tuple[float, float]) -> list[Any]:
    start = Barrier(2)

    def run(act: Act, pause: float) -> Any:
        start.wait(PATIENCE_S)
        sleep(pause)
        return act()

    running = [pool.submit(run, act, pause) for act, pause in zip(acts, pauses, strict=True)]
    return [each.result(PATIENCE_S) for each in running]


def sweep(engine: Engine) -> None:
    """Take the rows of the round before away; the competencies stay."""
    with engine.begin() as connection:
        for table in SWEPT:
            connection.execute(text(f"DELETE FROM {table}"))


def holds(what: bool, sentence: str) -> None:
    """Stop the round when something does not hold."""
    if not what:
        raise Broken(sentence)


def done(g: Ground, verb: Callable[..., Any]) -> Any:
    """Run a verb in a transaction of its own, as a page or a job does."""
    with transaction(g.engine) as session:
        return verb(session)
