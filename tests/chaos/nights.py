"""Days → one night after the other, each run as by hand with two processes, and begun again whenever it was killed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from tests.chaos.programs import Program
from tests.chaos.stage import Stage, post

WORKERS = 2


def working_days(after: date) -> Iterator[date]:
    """Yield the days after a day on which digests go out."""
    day = after
    while True:
        day += timedelta(days=1)
        if day.weekday() < 5:
            yield day


@dataclass(slots=True)
class Nights:
    """The nights of a stage; before each of them partners post so many opportunities."""

    stage: Stage
    chance: Random
    n_opportunities: int
    days: Iterator[date]
    done: list[date] = field(default_factory=list)
    day: date | None = None

    @property
    def program(self) -> Program:
        return self.stage.programs["night"]

    def care(self, *, go_on: bool = True) -> None:
        """Begin the next night when this one is over."""
        if self.day and self.program.is_over and self.day not in self.done:
            self.done.append(self.day)
        if go_on and (self.day is None or self.day in self.done) and self.stage.answers():
            self._begin()

    @property
    def is_over(self) -> bool:
        return self.day is None or self.day in self.done

    def join(self) -> None:
        """Work on what another's night has left open, as one would by hand."""
        self._run("--join", "--workers", str(WORKERS))

    def _begin(self) -> None:
        post(self.stage, self.n_opportunities, self.chance)
        self.day = next(self.days)
        self._run("--day", str(self.day), "--ahead", "--workers", str(WORKERS))

    def _run(self, *arguments: str) -> None:
        command = self.stage.job("jobs.night", *arguments)
        if "night" not in self.stage.programs:
            self.stage.add("night", command, again=bool, outlived=True)
        self.program.command = command
        self.program.start()
