"""What could not be told of an answer, to the sentence that asks for it, with an example that fits the letter."""

from matcher.inbound import doubts
from matcher.inbound.clauses import quote
from matcher.inbound.draft import Draft
from matcher.inbound.pieces import Piece


def held_back(draft: Draft, one: Piece) -> str:
    """Ask about an answer that hangs on something, is taken back or doubted."""
    said = f"{one.words}, {one.remark}" if one.remark and one.remark not in one.words else one.words
    if not doubts.is_conditional(said):
        return not_understood(draft, said)
    example = draft.adapted("ask 2: which region?")
    return f"You wrote {quote(said)}, which depends on something. Ask first, or leave that out. For example: {example}"


def not_understood(draft: Draft, said: str) -> str:
    """Ask about words that mean nothing here; a long question is shown how to ask."""
    example = draft.adapted("ask 2: which region?") if said.endswith("?") and len(said) > 12 else f"{draft.example}."
    return f"We could not tell what {quote(said)} means. For example: {example}"


def not_yet_a_yes(draft: Draft, numbers: tuple[int, ...], said: str) -> str:
    """Ask whether numbers were meant as a yes."""
    exact = [str(one) for one in numbers if one in draft.numbers]
    named, asked = " ".join(exact) or "all", exact[0] if exact else draft.numbers[0] if draft.numbers else 1
    ways = f"{named} yes. Or: {named} no. Or: ask {asked}: which region?"
    return f"You wrote {quote(said)}. Did you mean yes to {' and '.join(exact) or 'all'}? For example: {ways}"
