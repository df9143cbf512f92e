"""A state and a wish → the introduction's next state, or the sentence that says why not."""

from dataclasses import dataclass

MOVES: dict[tuple[str, str], str] = {
    ("asked", "accept"): "accepted",
    ("asked", "decline"): "declined",
    ("asked", "lapse"): "lapsed",
    ("declined", "accept"): "accepted",
    ("lapsed", "accept"): "accepted",
    ("accepted", "decline"): "declined",
    ("waitlisted", "decline"): "declined",
    ("accepted", "choose"): "introduced",
    ("waitlisted", "choose"): "introduced",
    ("accepted", "wait"): "waitlisted",
    ("accepted", "lapse"): "lapsed",
    ("waitlisted", "lapse"): "lapsed",
    ("introduced", "close"): "closed",
    ("closed", "reopen"): "introduced",
}
SAYS: dict[str, str] = {
    "asked": "still waits for an answer",
    "accepted": "has the partner's yes and waits for the poster's choice",
    "declined": "was declined",
    "waitlisted": "is on the waiting list of the poster, who did not choose it so far",
    "lapsed": "lapsed, because the opportunity was closed first",
    "introduced": "has been made",
    "closed": "is finished",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a move is not possible, as a sentence."""

    sentence: str


def move(state: str, wish: str) -> str | Refusal:
    """Return the state that a wish leads to from `state`."""
    after = MOVES.get((state, wish))
    if after is None:
        return Refusal(f"That is not possible any more: this introduction {SAYS[state]}.")
    return after


def states_before(wish: str) -> tuple[str, ...]:
    """List the states from which a wish may be granted."""
    return tuple(state for state, each in MOVES if each == wish)
