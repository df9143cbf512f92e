"""How long a letter's offers are: a digest is read in a minute, however many it brings."""

import pytest

from matcher import wording
from tests import factories as make
from tests.exchange.conftest import Market

LONG = "We move mailboxes and calendars. " * 40


@pytest.mark.parametrize(("n", "most"), [(1, 60), (2, 60), (3, 40), (5, 24)])
def test_the_more_offers_a_letter_has_the_shorter_each(market: Market, n: int, most: int) -> None:
    rows = []
    for number in range(n):
        row = make.opportunity(market.session, make.firm(market.session, f"poster{number}"), blind_text=LONG)
        rows.append(make.asked(market.session, row, market.asked[0].contact))
    offers = wording.offers(rows)
    assert [each["number"] for each in offers] == list(range(1, n + 1))
    lengths = [len(each["text"].split()) for each in offers]
    assert most * 0.6 <= max(lengths) <= most
