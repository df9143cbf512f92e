"""What is missing from a posting becomes the plain question that asks for it."""

from collections.abc import Iterable

QUESTIONS = {
    "what": "What exactly do you need? Name the product or the kind of work, for example “move 200 mailboxes from"
    " Notes to Microsoft 365”.",
    "due": "By when? A date, a month or “as soon as possible” will do.",
    "place": "Where is the work: remote, or on site in which town?",
    "pays": "Who pays whom? For example “you invoice us 600 euros a day” or “the customer pays you, we get 5 %”.",
}


def questions(missing: Iterable[str]) -> tuple[str, ...]:
    """Return one plain question per missing fact of a posting, in the order given."""
    return tuple(QUESTIONS[fact] for fact in missing)
