"""What a poster was told of, and how its partners stand after its choice."""

from datetime import timedelta

from matcher import exchange
from matcher.models import Letter
from matcher.terms import Act
from tests import factories as make
from tests.exchange.conftest import Market
from tests.factories import NOW

SOON = NOW + timedelta(minutes=30)


def states(market: Market) -> list[str]:
    return [each.state for each in market.asked]


def interested(market: Market, *rows: int) -> Letter:
    """Write the letter that puts these partners before the poster."""
    refs = [(market.asked[n].number or 0, market.asked[n].id) for n in rows]
    return make.letter(market.session, "interested", market.row.contact, refs)


def newest(market: Market) -> Letter:
    """Return the last letter that put partners before the poster."""
    return market.desk.letters("interested")[-1]


def shown(letter: Letter) -> list[int]:
    """List the numbers under which a letter shows partners."""
    return [each[0] for each in letter.refs]


def takes_back(market: Market, *rows: int) -> None:
    """Let these partners say no after their yes."""
    for each in rows:
        exchange.answer(market.session, market.asked[each], Act("no", 1), how="a test", now=NOW)
