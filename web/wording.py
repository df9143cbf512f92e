"""Words of strangers → words that are safe and pleasant in a letter: one line, cut short, listed, quoted, wrapped."""

import re
import textwrap
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from markupsafe import Markup

WIDTH = 76
NOT_SAID = "Not said"  # as the exchange writes it
QUOTED = re.compile("“(.+?)”")
SHORTEST_TITLE = 20
FEW = 3  # titles in a subject; the letter has the rest
ALONE, AMONG_OTHERS = 60, 44  # characters of a title in a subject
# Control characters, and those that reverse the words after them.
NOT_SAID_ALOUD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
ANSWER = re.compile("“[^”\n]{1,16}”")  # short enough to be typed back: not broken over two lines
NO_BREAK = "\xa0"
EMPTY_LINES = re.compile(r"\n{3,}")
REPLY_MARKS = re.compile(r"^(?:(?:re|aw|sv|antw|rv|fw|fwd|wg|tr) ?: ?)+", re.I)
LEAD = re.compile(r"^ *(?:> |- |\d+\. |[A-Z][\w ]{1,22}: {2,})?")


def cleaned(text: str) -> str:
    """Drop what no letter needs: control characters and those that turn the reading direction."""
    return text if text.isprintable() else NOT_SAID_ALOUD.sub("", text)


def one_line(text: str) -> str:
    """Put a text on one line, fit for a header."""
    return cleaned(" ".join(text.split()))


def short(text: str, n_chars: int = ALONE) -> str:
    """Cut a text between words, or inside one where little would be left, as of Japanese; the ellipsis counts."""
    line = one_line(text)
    if len(line) <= n_chars:
        return line
    head = line[: n_chars - 1]
    between = head.rfind(" ")
    return head[: between if between > n_chars // 2 else None].rstrip(" ,;:-–") + "…"


def short_title(text: str, n_chars: int = ALONE) -> str:
    """Cut a sentence inside the first “title” that it quotes, so that what it says of the title is still read."""
    line = one_line(text)
    found = QUOTED.search(line)
    if len(line) <= n_chars or not found:
        return short(line, n_chars)
    room = max(SHORTEST_TITLE, n_chars - len(line) + len(found[1]))
    return short(f"{line[: found.start(1)]}{short(found[1], room)}{line[found.end(1) :]}", n_chars)


def listed(words: Iterable[str]) -> str:
    """Write "a, b and c"."""
    *head, last = [one_line(each) for each in words] or [""]
    return f"{', '.join(head)} and {last}" if head else last


def titles(offers: list[dict[str, Any]]) -> str:
    """Name the first offers of a letter for its subject; titles have commas of their own."""
    names = [short(each["title"], AMONG_OTHERS) for each in offers]
    told = names if len(names) <= FEW else [*names[: FEW - 1], f"{len(names) - FEW + 1} more"]
    return " · ".join(one_line(each) for each in told)


def joined(parts: Iterable[str]) -> str:
    """Put facts side by side, leaving out the empty ones."""
    return " · ".join(one_line(each) for each in parts if each)


def offer_facts(offer: dict[str, Any]) -> str:
    """Say where, by when and who pays; place and day only when they are known."""
    where, due, pays = ("" if offer[name] == NOT_SAID else offer[name] for name in ("place", "due", "pays"))
    return joined([where, f"due {due}" if due else "", pays or "who pays is not said"])


def as_reply(subject: str) -> str:
    return f"Re: {short(REPLY_MARKS.sub('', one_line(subject)), 100)}"


def quoted(text: str) -> str:
    """Mark every line of a text as somebody's words."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


def in_lines(text: str) -> Markup:
    """Write a text's lines as lines of HTML: Outlook on Windows knows no white-space and would run them together."""
    return Markup("<br>").join(text.strip().splitlines())


def columns(facts: Iterable[tuple[str, str]]) -> str:
    """Line facts up under each other, leaving out the empty ones."""
    rows = [(f"{name}:", one_line(value)) for name, value in facts if value]
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)


def counted(n: int, one: str, many: str) -> str:
    """Write "1 firm", "118,000 firms"."""
    return f"{n:,} {one if n == 1 else many}"


def day(on: str | date) -> str:
    """Write "Monday 23 November"."""
    when = date.fromisoformat(on) if isinstance(on, str) else on
    return f"{when:%A} {when.day} {when:%B}"


def moment(at: datetime) -> str:
    """Write "Thursday 26 November 2026, 10:00 (Europe/Dublin)"."""
    return f"{day(at)} {at.year}, {at:%H:%M} ({at.tzinfo})"


def wrapped(text: str) -> str:
    """Wrap a letter's text; addresses of pages and mailboxes stay whole, and empty lines stay single."""
    return tidied(within_width(text))


def within_width(text: str) -> str:
    """Wrap some lines of a letter; `tidied` makes a letter of all."""
    together = ANSWER.sub(lambda found: found.group().replace(" ", NO_BREAK), cleaned(text))
    lines = [line.expandtabs(4).rstrip() for line in together.splitlines()]
    return "\n".join([line if len(line) <= WIDTH else _wrapped_line(line) for line in lines])


def tidied(text: str) -> str:
    """Leave one empty line where there are more, and none at the ends."""
    return EMPTY_LINES.sub("\n\n", text).strip().replace(NO_BREAK, " ") + "\n"


@lru_cache(maxsize=4096)  # many partners are sent the same offer
def _wrapped_line(line: str) -> str:
    found = LEAD.match(line)
    lead = found.group() if found else ""
    below = lead if lead.lstrip().startswith(">") else " " * len(lead)
    text = line[len(lead) :]
    if "  " not in text and not text.startswith(" "):
        return _filled(text, lead, below)
    filled = textwrap.fill(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=below,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return filled or lead.rstrip()


def _filled(text: str, lead: str, below: str) -> str:
    """Wrap words with one space between them as textwrap does, in a third of its time."""
    lines, line = [], lead
    for word in text.split(" "):
        if len(line) + len(word) > WIDTH and line not in (lead, below):
            lines.append(line[:-1])
            line = below
        line += word + " "
    return "\n".join([*lines, line[:-1]])


FILTERS: dict[str, Callable[..., str]] = {
    "one_line": one_line, "short": short, "short_title": short_title,
    "listed": listed, "titles": titles, "joined": joined, "quoted": quoted,
    "offer_facts": offer_facts, "as_reply": as_reply, "columns": columns, "in_lines": in_lines, "counted": counted,
    "day": day, "moment": moment,
}  # fmt: skip
