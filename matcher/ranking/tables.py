"""A network's parts become tables: rows in columns, of which one becomes a value when it is asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property, partial
from itertools import islice
from operator import attrgetter
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

import numpy as np

from matcher.ranking.arrays import IntArray
from matcher.ranking.columns import Column, Days, Figures, Hashes, Ids, Lists, Repeated, Words
from matcher.ranking.packing import (
    DaysPacker,
    FiguresPacker,
    HashesPacker,
    IdsPacker,
    ListsPacker,
    OncePacker,
    Packer,
    RepeatedPacker,
    WordsPacker,
)
from matcher.terms import Badge, BenchPerson, Capability, Collaboration, Network, Partner

T = TypeVar("T")
AT_ONCE = 16_384
FLAG, NUMBER, ID = (partial(FiguresPacker, kind) for kind in (np.bool_, np.int32, np.int64))
MONEY = ID


class Rows(Sequence[T], Generic[T]):
    """Rows of one kind of value; its columns are named like the value's fields and stand in their order."""

    of: ClassVar[type[Any]]
    packers: ClassVar[tuple[Callable[[], Packer], ...]]

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[T, ...]: ...
    def __getitem__(self, at: int | slice) -> T | tuple[T, ...]:
        if isinstance(at, slice):
            return tuple(self[row] for row in range(len(self))[at])
        row = at if 0 <= at < len(self) else range(len(self))[at]
        made: T = self.of(*[value_of(row) for value_of in self._values_of])
        return made

    def several(self, rows: Sequence[int]) -> list[T]:
        """Return some rows in the order given, column by column, which is quicker than one by one."""
        at = np.array(rows, dtype=np.int64)
        return list(map(self.of, *[column.several(at) for column in self.columns]))

    @cached_property
    def _values_of(self) -> tuple[Callable[[int], Any], ...]:
        return tuple(column.__getitem__ for column in self.columns)

    @cached_property
    def _n(self) -> int:
        return len(self.columns[0])

    def __iter__(self) -> Iterator[T]:
        return (self[row] for row in range(len(self)))

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        """Give the columns in the order of the fields."""
        raise NotImplementedError

    def taken(self, rows: IntArray) -> Self:
        """Return some rows as a table of their own."""
        return type(self)(*(column.taken(rows) for column in self.columns))


@dataclass(frozen=True, slots=True, eq=False)
class Partners(Rows[Partner]):
    """Partners, in columns."""

    of = Partner
    packers = (
        ID, OncePacker, OncePacker, WordsPacker, WordsPacker, NUMBER, ListsPacker, ListsPacker, ListsPacker,
        ListsPacker, ListsPacker, IdsPacker, MONEY, MONEY, DaysPacker, DaysPacker, WordsPacker,
    )  # fmt: skip

    id: Figures
    key: Repeated
    name: Repeated
    country: Words
    city: Words
    n_people: Figures
    languages: Lists[str]
    industries: Lists[str]
    jurisdictions: Lists[str]
    clearances: Lists[str]
    practices: Lists[str]
    conflict_ids: Ids
    min_eur: Figures
    max_eur: Figures
    profile_on: Days
    joined_on: Days
    state: Words

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        return _columns(self)


@dataclass(frozen=True, slots=True, eq=False)
class Capabilities(Rows[Capability]):
    """What partners can do, in columns."""

    of = Capability
    packers = (ID, RepeatedPacker, HashesPacker, WordsPacker, WordsPacker, WordsPacker)

    partner_id: Figures
    text: Repeated
    text_hash: Hashes
    competency_key: Words
    source: Words
    evidence: Words

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        return _columns(self)


@dataclass(frozen=True, slots=True, eq=False)
class People(Rows[BenchPerson]):
    """People on benches, in columns."""

    of = BenchPerson
    packers = (ID, OncePacker, ListsPacker, WordsPacker, ListsPacker, DaysPacker, NUMBER, FLAG)

    partner_id: Figures
    name: Repeated
    competency_keys: Lists[str]
    level: Words
    languages: Lists[str]
    free_from: Days
    free_days: Figures
    on_site: Figures

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        return _columns(self)


@dataclass(frozen=True, slots=True, eq=False)
class Badges(Rows[Badge]):
    """Badges, in columns."""

    of = Badge
    packers = (ID, WordsPacker, WordsPacker, DaysPacker, DaysPacker, WordsPacker)

    partner_id: Figures
    competency_key: Words
    level: Words
    awarded_on: Days
    expires_on: Days
    source: Words

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        return _columns(self)


@dataclass(frozen=True, slots=True, eq=False)
class Works(Rows[Collaboration]):
    """Past work, in columns."""

    of = Collaboration
    packers = (ID, ID, WordsPacker, DaysPacker, DaysPacker, WordsPacker, RepeatedPacker, WordsPacker, MONEY)

    lead_id: Figures
    partner_id: Figures
    competency_key: Words
    started_on: Days
    ended_on: Days
    outcome: Words
    summary: Repeated
    role: Words
    revenue_eur: Figures

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        return _columns(self)


class ById(Mapping[int, Partner]):
    """Partners under their ids; the table is in order of id."""

    def __init__(self, table: Partners) -> None:
        self.table = table

    def __getitem__(self, partner_id: int) -> Partner:
        row = self.row_of(partner_id)
        if row < 0:
            raise KeyError(partner_id)
        return self.table[row]

    def __contains__(self, partner_id: object) -> bool:
        return isinstance(partner_id, int) and self.row_of(partner_id) >= 0

    def __iter__(self) -> Iterator[int]:
        return iter(self.table.id.values.tolist())

    def __len__(self) -> int:
        return len(self.table)

    def row_of(self, partner_id: int) -> int:
        """Return where a partner stands, -1 for one that is not here."""
        row = int(self.table.id.values.searchsorted(partner_id))
        return row if row < len(self) and self.table.id.values[row] == partner_id else -1


R = TypeVar("R", bound=Rows[Any])


class TablePacker(Generic[R]):
    """Makes a table from batches of rows."""

    def __init__(self, kind: type[R]) -> None:
        self._kind = kind
        self._packers = [one() for one in kind.packers]

    def put(self, columns: Sequence[Sequence[Any]]) -> None:
        """Take a batch, one sequence a column."""
        for packer, values in zip(self._packers, columns, strict=True):
            packer.put(values)

    def made(self) -> R:
        """Return the table; nothing can be put in any more."""
        found = []
        while self._packers:
            found.append(self._packers.pop(0).made())
        return self._kind(*found)


def as_table(kind: type[R], values: Sequence[Any]) -> R:
    """Put values into columns; a table is returned as it is."""
    if isinstance(values, kind):
        return values
    packer, getters = TablePacker(kind), [attrgetter(one.name) for one in fields(kind.of)]
    ahead = iter(values)
    while batch := tuple(islice(ahead, AT_ONCE)):
        packer.put([[get(one) for one in batch] for get in getters])
    return packer.made()


def by_id(partners: Mapping[int, Partner]) -> ById:
    """Put partners into columns, in order of id."""
    if isinstance(partners, ById):
        return partners
    return ById(as_table(Partners, [partners[one] for one in sorted(partners)]))


def packed(network: Network) -> Network:
    """Return a network whose parts are all tables; what is one already is not touched."""
    return Network(
        by_id(network.partners),
        network.competencies,
        as_table(Capabilities, network.capabilities),
        as_table(People, network.people),
        as_table(Badges, network.badges),
        as_table(Works, network.collaborations),
    )


def only(network: Network, partner_ids: Iterable[int]) -> Network:
    """Return what a packed network knows of some partners alone; work counts on either side."""
    whole, ids = packed(network), np.array(sorted(partner_ids), dtype=np.int64)
    works = as_table(Works, whole.collaborations)
    worked = np.isin(works.lead_id.values, ids) | np.isin(works.partner_id.values, ids)
    told, people = as_table(Capabilities, whole.capabilities), as_table(People, whole.people)
    badges = as_table(Badges, whole.badges)
    return Network(
        {one: whole.partners[one] for one in ids.tolist() if one in whole.partners},
        whole.competencies,
        tuple(told.taken(np.flatnonzero(np.isin(told.partner_id.values, ids)))),
        tuple(people.taken(np.flatnonzero(np.isin(people.partner_id.values, ids)))),
        tuple(badges.taken(np.flatnonzero(np.isin(badges.partner_id.values, ids)))),
        tuple(works.taken(np.flatnonzero(worked))),
    )


def _columns(table: Any) -> tuple[Column[Any], ...]:
    return tuple(getattr(table, one) for one in table.__slots__)
