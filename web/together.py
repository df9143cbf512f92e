"""An opportunity's matches → the firms that cover it only together, and the needs that nobody covers."""

from collections.abc import Sequence
from dataclasses import dataclass

from matcher import wording
from matcher.models import Match, Opportunity

N_WORDS = 24  # of a need, where it is only named


@dataclass(frozen=True, slots=True)
class Share:
    """What one firm of a team would do, as the poster reads it: its number in the list, no name, its needs."""

    number: int
    who: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """The shares of a team, none where one firm is enough, and what nobody covers."""

    shares: tuple[Share, ...] = ()
    uncovered: tuple[str, ...] = ()


def together(row: Opportunity, listed: Sequence[Match]) -> Together:
    """Say which of the firms listed cover an opportunity together; nothing where no team was looked for."""
    found = [each for each in listed if each.team_needs is not None]
    if not found:
        return Together()
    named = [wording.shorten(each.text.strip().rstrip("."), N_WORDS) for each in row.needs]
    shares = [_share(number, each, named) for number, each in enumerate(listed, start=1) if each.team_needs]
    covered = {need for each in found for need in each.team_needs or ()}
    uncovered = tuple(words for position, words in enumerate(named) if position not in covered)
    return Together(tuple(shares) if len(shares) > 1 else (), uncovered)


def _share(number: int, match: Match, named: Sequence[str]) -> Share:
    needs = tuple(named[position] for position in match.team_needs or () if position < len(named))
    return Share(number, wording.who(match.partner), needs)
