"""Offers → what each contact is told today: the best few, nobody twice, no opportunity spread too thin."""

from collections import Counter
from collections.abc import Iterable

from matcher.terms import Digest, Offer

MAX_OFFERS = 5  # of one letter; DESIGN: at most five, read in a minute
MAX_PARTNERS = 25  # asked about one opportunity, over its whole life


def compose(offers: Iterable[Offer], *, already_asked: dict[int, int]) -> tuple[Digest, ...]:
    """Give each contact its best offers of the day, ordered by contact.

    Every offer goes in the order of its score; ties break by opportunity and contact. `already_asked` counts the
    partners that were asked about an opportunity on earlier days; those and today's never pass `MAX_PARTNERS`.
    """
    chosen: dict[int, list[Offer]] = {}
    asked: dict[int, set[int]] = {}
    n_taken: Counter[int] = Counter()
    for offer in sorted(offers, key=lambda each: (-each.score, each.opportunity_id, each.contact_id)):
        partners = asked.setdefault(offer.opportunity_id, set())
        full = len(partners | {offer.partner_id}) + already_asked.get(offer.opportunity_id, 0) > MAX_PARTNERS
        if full or n_taken[offer.contact_id] >= MAX_OFFERS:
            continue
        partners.add(offer.partner_id)
        n_taken[offer.contact_id] += 1
        chosen.setdefault(offer.contact_id, []).append(offer)
    return tuple(Digest(contact_id, tuple(chosen[contact_id])) for contact_id in sorted(chosen))
