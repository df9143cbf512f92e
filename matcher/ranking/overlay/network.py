"""A network and some partners told anew become the network as it is now, without a copy of what did not change."""

from collections.abc import Callable
from functools import cache, cached_property

import numpy as np

from matcher.ranking.arrays import IntArray
from matcher.ranking.grouped import Flags
from matcher.ranking.overlay.facts import OverlaidPartners
from matcher.ranking.overlay.tables import JoinedFigures, R, joined_tables
from matcher.ranking.tables import Badges, Capabilities, People, Works, as_table, by_id
from matcher.terms import Network

NOBODY, NOBODYS = -1, -2  # the id of a partner in an old row, and of whom its other old rows are


def overlaid_network(first: Network, told: Network, touched: frozenset[int]) -> Network:
    """Lay partners told anew over a network in columns; the old rows of those touched belong to nobody any more."""
    ids = np.array(sorted(touched), dtype=np.int64)
    partners = OverlaidPartners(by_id(first.partners), by_id(told.partners), touched)
    partners.table = _without(partners.table, ids, owners=("id",), nobody=NOBODY)
    return Network(
        partners,
        first.competencies,
        _laid(as_table(Capabilities, first.capabilities), as_table(Capabilities, told.capabilities), ids),
        _laid(as_table(People, first.people), as_table(People, told.people), ids),
        _laid(as_table(Badges, first.badges), as_table(Badges, told.badges), ids),
        _without(
            joined_tables(as_table(Works, first.collaborations), as_table(Works, told.collaborations)),
            ids,
            owners=("lead_id", "partner_id"),
            nobody=NOBODYS,
        ),
    )


def _laid(first: R, second: R, ids: IntArray) -> R:
    return _without(joined_tables(first, second), ids, owners=("partner_id",), nobody=NOBODYS)


def _without(table: R, ids: IntArray, *, owners: tuple[str, ...], nobody: int) -> R:
    """Take the rows of the first table from those of its owners who were told anew."""
    names = list(table.__slots__)  # type: ignore[attr-defined]
    columns = dict(zip(names, table.columns, strict=True))
    of_first = [columns[one].first.values for one in owners]

    @cache
    def are_old() -> Flags:
        return np.asarray(np.logical_or.reduce([np.isin(one, ids) for one in of_first]))

    for one in owners:
        columns[one] = _Owned(columns[one].first, columns[one].second, are_old, nobody)
    return type(table)(*columns.values())


class _Owned(JoinedFigures):
    """Ids of owners, of which old ones are nobody's."""

    def __init__(self, first: object, second: object, are_old: Callable[[], Flags], nobody: int) -> None:
        super().__init__(first, second)
        self._are_old, self._nobody = are_old, nobody

    @cached_property
    def values(self) -> IntArray:  # type: ignore[override]
        found = np.concatenate([self.first.values, self.second.values])
        found[np.flatnonzero(self._are_old())] = self._nobody
        return found
