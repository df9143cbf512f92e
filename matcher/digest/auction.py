"""Who could have what, at which value → who gets what, by an auction in which buyers outbid each other until all rest.

Each buyer bids for the goods that leave it most, so much that it would as soon have the best one it leaves out, and a
step more; each good keeps its best bids, and once it is full its price is the lowest of them. At the end nobody would
rather have something else at these prices, but for a step; so the sum of values is at most a step for each assignment
below the best there is, which a linear program would find. Some buyers are owed something: to such a one the first good
it gets is worth so much more that it goes before whoever has others, and it bids that much when all else is lost.
Source: Bertsekas, Auction algorithms for network flow problems, Computational Optimization and Applications 1, 1992,
pp. 7-66; Demange, Gale and Sotomayor, Multi-item auctions, Journal of Political Economy 94, 1986, pp. 863-872.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# Of a score in [0, 1]. On a day on which a million wishes compete, a tenth of it gains 0.2 % more and takes far longer.
STEP = 0.02
SPREAD = 16.0  # more than any two values of a group can lie apart
MAX_ROUNDS = 20_000  # 400 were the most seen; what is left then is still within both limits


@dataclass(frozen=True, slots=True)
class Wishes:
    """Buyer, good and value of each wish, (n,); buyers and goods are numbered from 0, a pair stands at most once."""

    buyers: IntArray
    goods: IntArray
    values: FloatArray

    def sorted(self, order: IntArray) -> "Wishes":
        """Put the wishes in another order."""
        return Wishes(self.buyers[order], self.goods[order], self.values[order])


def assign(
    wishes: Wishes, *, wants: IntArray, room: IntArray, first: FloatArray | None = None, step: float = STEP
) -> BoolArray:
    """Mark the wishes that come true, bool (n,): at most `wants` of each buyer and `room` of each good.

    `first` says for each buyer how much more its first good is worth, whichever it is; None: nothing to anybody. Ties
    break by good, then buyer. Wishes of no value come true for nobody.
    """
    order = np.lexsort((wishes.goods, wishes.buyers))
    sale = _Sale(wishes.sorted(order), wants, room, np.zeros(len(wants)) if first is None else first, step)
    bidders = np.unique(wishes.buyers)
    for _ in range(MAX_ROUNDS):
        bidders = sale.keep_best(sale.bid(bidders))
        if len(bidders) == 0:
            break
    given = np.zeros(len(order), np.bool_)
    given[order] = sale.held
    return given


class _Sale:
    """The state of an auction: what each wish was bid, which are held, and the price of each good."""

    def __init__(self, wishes: Wishes, wants: IntArray, room: IntArray, first: FloatArray, step: float) -> None:
        self.wishes, self.wants, self.room, self.first, self.step = wishes, wants, room, first, step
        self.lacks = wants.astype(np.int64)  # how many goods each buyer may still get
        self.prices = np.where(room > 0, 0.0, np.inf)
        self.bids = np.zeros(len(wishes.values))
        self.held = np.zeros(len(wishes.values), np.bool_)
        self._of_buyer = np.searchsorted(wishes.buyers, np.arange(len(wants) + 1))
        self._by_good = np.lexsort((wishes.buyers, wishes.goods))
        self._of_good = np.searchsorted(wishes.goods[self._by_good], np.arange(len(room) + 1))

    def bid(self, bidders: IntArray) -> IntArray:
        """Let these buyers bid for as many goods as they lack; return the goods that were bid for."""
        at = _within(self._of_buyer, bidders)
        who = np.repeat(np.arange(len(bidders)), self._of_buyer[bidders + 1] - self._of_buyer[bidders])
        gains = self.wishes.values[at] - self.prices[self.wishes.goods[at]]
        lacks = self.lacks[bidders]
        owed = np.where(lacks == self.wants[bidders], self.first[bidders], 0.0)  # to those who have nothing yet
        worth = (gains > -owed[who]) & ~self.held[at]
        at, who, gains = at[worth], who[worth], gains[worth]
        best = _best_first(who, gains)
        at, who, gains = at[best], who[best], gains[best]
        places = _places(who)
        made = (places < lacks[who]) & ((gains > 0) | (places == 0))
        new, goods, by = at[made], self.wishes.goods[at[made]], who[made]
        left_out = self._left_out(who, gains, made, owed)
        self.bids[new] = self.prices[goods] + gains[made] - left_out[by] + self.step
        self.held[new] = True
        self.lacks[bidders] -= np.bincount(by, minlength=len(bidders))
        return _each_once(goods)

    @staticmethod
    def _left_out(buyers: IntArray, gains: FloatArray, made: BoolArray, owed: FloatArray) -> FloatArray:
        """Return what the best good that a buyer leaves out would leave it; who bids for one only may lose all."""
        least = np.where(np.bincount(buyers[made], minlength=len(owed)) == 1, -owed, 0.0)
        first_left = ~made & np.append(True, (buyers[1:] != buyers[:-1]) | made[:-1])
        left_out = least.copy()
        left_out[buyers[first_left]] = np.maximum(gains[first_left], least[buyers[first_left]])
        return left_out

    def keep_best(self, goods: IntArray) -> IntArray:
        """Let these goods keep their best bids; return the buyers who were outbid."""
        at = self._by_good[_within(self._of_good, goods)]
        at = at[self.held[at]]
        at = at[_best_first(self.wishes.goods[at], self.bids[at])]
        places, room = _places(self.wishes.goods[at]), self.room[self.wishes.goods[at]]
        last = at[places == room - 1]
        self.prices[self.wishes.goods[last]] = self.bids[last]
        lost = at[places >= room]
        self.held[lost] = False
        np.add.at(self.lacks, self.wishes.buyers[lost], 1)
        return _each_once(self.wishes.buyers[lost])


def _best_first(groups: IntArray, values: FloatArray) -> IntArray:
    """Put rows, whose groups stand together, in order of value within each group, the greatest first; ties stay."""
    return np.argsort(groups * SPREAD - values, kind="stable")


def _each_once(numbers: IntArray) -> IntArray:
    """Return the different ones of some numbers from 0 on, in order."""
    return np.flatnonzero(np.bincount(numbers))


def _within(begins: IntArray, chosen: IntArray) -> IntArray:
    """List the rows of some groups, one group after the other; group i holds rows begins[i] to begins[i + 1]."""
    counts = begins[chosen + 1] - begins[chosen]
    ends = np.cumsum(counts)
    found: IntArray = np.arange(counts.sum()) + np.repeat(begins[chosen] - (ends - counts), counts)
    return found


def _places(groups: IntArray) -> IntArray:
    """Number the rows of each group from 0; rows of a group stand together."""
    if len(groups) == 0:
        return np.zeros(0, np.int64)
    firsts = np.flatnonzero(np.append(True, groups[1:] != groups[:-1]))
    return np.arange(len(groups)) - np.repeat(firsts, np.diff(np.append(firsts, len(groups))))
