"""Offers → what each contact is told today: of most value in all, nobody twice, no opportunity spread too thin."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from matcher.digest.auction import BoolArray, FloatArray, IntArray, Wishes, assign
from matcher.terms import FLOOR, Digest, Offer

MAX_OFFERS = 5  # of one letter; DESIGN: at most five, read in a minute
MAX_PARTNERS = FLOOR.full_at  # asked about one opportunity, over its whole life
# New and small firms that were told of nothing for a while go first, the longest waiting first: as many of them as this
# share of the day's places (a fifth told newcomers of too little: `fairness_letters`). To each of them the first offer
# of the day counts so much more; a score is at most 1, so no two others are told instead, however good they are. What
# is offered at all must be good enough for anybody.
FLOOR_SHARE = 0.35
FIRST_OFFER = 2.0


def compose(
    offers: Iterable[Offer], *, already_asked: Mapping[int, int], waiting: Sequence[int] = ()
) -> tuple[Digest, ...]:
    """Give each contact its offers of the day, best first, ordered by contact; their scores add up to the most.

    Ties break by opportunity and contact. `already_asked` counts the partners that were asked about an opportunity on
    earlier days; those and today's never pass `MAX_PARTNERS`. `waiting` lists the contacts who are owed an offer, the
    longest waiting first.
    """
    listed = list(offers)
    opportunities = np.fromiter((each.opportunity_id for each in listed), np.int64, len(listed))
    contacts = np.fromiter((each.contact_id for each in listed), np.int64, len(listed))
    scores = np.fromiter((each.score for each in listed), np.float64, len(listed))
    best_first = np.lexsort((opportunities, -scores, contacts))
    opportunities, contacts, scores = opportunities[best_first], contacts[best_first], scores[best_first]
    made = choose(opportunities, contacts, scores=scores, already_asked=already_asked, waiting=waiting)
    told: dict[int, list[Offer]] = {}
    for at in best_first[made].tolist():
        told.setdefault(listed[at].contact_id, []).append(listed[at])
    return tuple(Digest(contact_id, tuple(chosen)) for contact_id, chosen in told.items())


def choose(
    opportunities: IntArray,
    contacts: IntArray,
    *,
    scores: FloatArray,
    already_asked: Mapping[int, int],
    waiting: Sequence[int] = (),
    floor_share: float = FLOOR_SHARE,
) -> BoolArray:
    """Mark the offers that are made, bool (n,): of all that keep both limits, those whose scores add up to the most.

    The three arrays are (n,), one row an offer to the one reader of its firm. First as many as can be of those who are
    owed an offer get one; then the sum is at most `STEP` an offer below the best one there is.
    """
    if len(scores) == 0:
        return np.zeros(0, np.bool_)
    each_opportunity, goods, n_wishes = np.unique(opportunities, return_inverse=True, return_counts=True)
    each_contact, buyers = np.unique(contacts, return_inverse=True)
    asked = np.array([already_asked.get(int(one), 0) for one in each_opportunity], np.int64)
    room = np.maximum(MAX_PARTNERS - asked, 0)
    wants = np.full(len(each_contact), MAX_OFFERS)
    n_owed = int(floor_share * np.minimum(room, n_wishes).sum())
    owed = _owed(each_contact, waiting)[:n_owed]
    first = np.where(np.isin(each_contact, owed), FIRST_OFFER, 0.0)
    return assign(Wishes(buyers, goods, scores), wants=wants, room=room, first=first)


def _owed(contacts: IntArray, waiting: Sequence[int]) -> IntArray:
    """List who waits and could be told of something, the longest waiting first."""
    there = np.array(waiting, np.int64)
    return there[np.isin(there, contacts)]
