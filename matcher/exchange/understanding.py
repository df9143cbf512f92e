"""A letter and the reply to it → what the reply asks for, by the kind of that letter."""

from matcher import inbound
from matcher.models import Letter
from matcher.terms import Act, Inbound, Reply
from matcher.wording import Said

READ_AS = {
    "confirm": "confirm",
    "welcome": "confirm",
    "live": "confirm",
    "colleague": "confirm",
    "digest": "digest",
    "reminder": "digest",
    "answered": "digest",
    "interested": "interested",
    "opened": "interested",
    "ending": "interested",
    "ended": "interested",
    "question": "question",
    "introduction": "introduction",
    "outcome": "outcome",
    "recorded": "outcome",
    "confirm_outcome": "confirm_outcome",
}
UNCLEAR, AWAY = "unclear", "away"
WHOLE_TEXTS = ("confirm", "question")  # whatever stands in an answer to these is a correction, or an answer
NO_MARKS = str.maketrans("“”", "''")  # by those around them a verdict tells what people wrote, and forgets it
AGREEING = ("ok", "yes", "choose")
ASKS_NOTHING = ("done", "closed")  # tones of our answers
NUMBERED = ("digest", "interested")  # letters whose answers name a number


def reading(letter: Letter, mail: Inbound) -> str:
    """Say in a few words how a reply is read: "2 yes, 4 no", "unclear"."""
    reply = understood(letter, mail)
    if "moves" in letter.values:
        return "another address"
    if reply is None:
        return "needs no answer"
    if only_away(letter, mail, reply):
        return AWAY
    if reply.unclear:
        return UNCLEAR
    return ", ".join(_said(act) for act in reply.acts)


def _said(act: Act) -> str:
    text = act.text[:60].translate(NO_MARKS)
    words = (str(act.number or ""), act.verb, str(act.amount_eur or ""), f"“{text}”" if text else "")
    return " ".join(" ".join(each for each in words if each).split())


def understood(letter: Letter, mail: Inbound) -> Reply | None:
    """Read what a reply to a letter asks for; None when that letter takes no reply."""
    kind = kind_of(letter)
    return _read(letter, mail, READ_AS[kind], numbers_of(letter)) if letter.contact and kind in READ_AS else None


def _read(letter: Letter, mail: Inbound, read_as: str, numbers: tuple[int, ...]) -> Reply:
    return inbound.understand(_unsigned(letter, mail), letter_kind=read_as, numbers=numbers)


def _unsigned(letter: Letter, mail: Inbound) -> str:
    names = (letter.contact.name, letter.contact.partner.name) if letter.contact else ()
    return inbound.unsigned(mail.text, (*names, mail.sender_name))


def only_away(letter: Letter, mail: Inbound, reply: Reply) -> bool:
    """Tell a reply that says that its sender is away and asks for nothing, or only by those words, as programs do."""
    rest = inbound.beside_absence(_unsigned(letter, mail))
    if not rest:
        return rest is not None
    read_as = READ_AS[kind_of(letter)]
    if read_as in WHOLE_TEXTS or not reply.acts:
        return False
    return not inbound.understand(rest, letter_kind=read_as, numbers=numbers_of(letter)).acts


def only_agrees(letter: Letter, mail: Inbound, reply: Reply) -> bool:
    """Tell a bare "ok" or "yes" to an answer of ours that asked nothing: it takes note of what was done.

    An answer that was not sure or refused something asks, and so does one that brings what the other side said.
    """
    if letter.kind != "answer" or letter.values.get("tone") not in ASKS_NOTHING or "about" in letter.values:
        return False
    read_as, numbers = READ_AS[kind_of(letter)], numbers_of(letter)
    if read_as == "question":
        return _read(letter, mail, "confirm", ()).acts == (Act("ok"),)
    if any(act.verb not in AGREEING or act.text for act in reply.acts):
        return False
    # One that names no number could not be told from among more offers.
    return read_as not in NUMBERED or bool(
        _read(letter, mail, read_as, (*numbers, max(numbers, default=0) + 1)).unclear
    )


def as_it_was(letter: Letter) -> Said:
    """Say to somebody who only agreed that nothing was changed by that, and how to change it."""
    number = letter.refs[0][0]
    how = {
        "digest": f"To change it, write the number too, for example: {number} yes. Or: {number} no.",
        "interested": f"To meet number {number}, reply: {number}.",
        "confirm_outcome": "If what was reported is right after all, reply “ok” to the letter that asked you.",
    }
    lines = [how[each] for each in (READ_AS[kind_of(letter)],) if each in how]
    return Said("All stands as it was: our letter asked nothing.", tuple(lines), tone="closed")


def kind_of(letter: Letter) -> str:
    """Name the kind of letter as which replies to it are read: an answer of ours is read as what it answered."""
    return str(letter.values.get("reply_as") or letter.kind)


def numbers_of(letter: Letter) -> tuple[int, ...]:
    """List the numbers of the choices as the letter shows them."""
    return () if kind_of(letter) == "opened" else tuple(each[0] for each in letter.refs)
