"""A reply in words → what it asks for, or what is asked back, as the tests of intent write it down."""

from matcher.inbound import understand


def said(text: str, kind: str = "digest", n_choices: int = 5) -> list[tuple[str, int | None, str]]:
    return [(act.verb, act.number, act.text) for act in understand(text, letter_kind=kind, n_choices=n_choices).acts]


def unclear(text: str, kind: str = "digest", n_choices: int = 5) -> str:
    found = understand(text, letter_kind=kind, n_choices=n_choices)
    assert found.acts == ()
    return found.unclear


def each(verb: str, *numbers: int) -> list[tuple[str, int | None, str]]:
    return [(verb, number, "") for number in numbers]
