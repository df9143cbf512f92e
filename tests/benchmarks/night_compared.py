"""The same night done in several ways → a table side by side, and how many contacts were told otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from tests.benchmarks.night_processes import console


@dataclass(frozen=True, slots=True)
class Compared:
    """A night, what it told to whom, and how many shards each worker did."""

    name: str
    stages: Sequence[Any]  # of the night, each with its name, seconds and peak_mb
    told: dict[int, list[int]]
    shards: list[int]

    def differs_from(self, other: "Compared") -> int:
        """Count the contacts who were told otherwise."""
        return sum(self.told.get(key) != other.told.get(key) for key in self.told | other.told)


def show(nights: Sequence[Compared]) -> None:
    """Print nights side by side."""
    table = Table("stage", *(each.name for each in nights), title="seconds, and the most memory in MB")
    for rows in zip(*(each.stages for each in nights), strict=True):
        table.add_row(rows[0].name, *(f"{one.seconds:.1f} s, {one.peak_mb:,} MB" for one in rows))
    table.add_row("letters", *(f"{len(each.told):,}" for each in nights))
    table.add_row("readers told otherwise", *(str(each.differs_from(nights[0])) for each in nights))
    table.add_row("shards by worker", *(", ".join(map(str, each.shards)) for each in nights))
    console.print(table)
