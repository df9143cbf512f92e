"""The text of a mail to what its sender wrote: marker, quotes, header blocks and signatures cut away."""

import re
from collections.abc import Callable

from matcher.inbound.attributions import DATE, EMAIL, OPENS, STARTS_DATE, is_quoted
from matcher.inbound.labels import INTRODUCTIONS, SIGNED, Label, labelled

MARKER = "write above this line"
MAX_LINES = 1_500  # no one writes more; the rest counts as quoted
REACH = 4  # lines over which mail programs wrap one attribution
OUR_MARK_LINE = re.compile(rf"^[\W_]{{0,80}}{MARKER}", re.I)
OUR_NAME = re.compile(r"\s*counterpart(?:\s*[(<\[]?https?://\S{1,300})?\s*", re.I)
Kept = Callable[[list[Label]], list[bool]]


def trim(text: str) -> tuple[str, str]:
    """Split a text into (what the sender wrote, what was cut); a text that is nothing but quotes stays whole."""
    lines, beyond = _limited(text)
    mark = _mark(lines)
    if mark is None:
        kept, removed = _split(lines, _answers)
        return (kept, _joined([removed, *beyond])) if kept else (_tidied(lines), _joined(beyond))
    kept, removed = _split(_without_lead(lines[:mark]), _answers)
    if kept:
        return kept, _joined([removed, *lines[mark:], *beyond])
    if is_quoted(lines[mark]):
        kept, removed = _split(lines, _answers)
        return kept, _joined([removed, *beyond])
    end = _end_of_our_letter(lines, mark)  # what is above it would pass for the sender's words
    kept, removed = _split(lines[end:], _answers)
    return kept, _joined([*lines[:end], removed, *beyond])


def without_signature(text: str) -> tuple[str, str]:
    """Split a text into (all of it but the sender's signature and our letters, what was cut); a forward stays."""
    lines, beyond = _limited(text)
    if _mark(lines) is not None:
        return trim(text)
    kept, removed = _split(lines, _unsigned)
    return kept, _joined([removed, *beyond])


def _limited(text: str) -> tuple[list[str], list[str]]:
    lines = [part for line in text.split("\n") for part in _apart(line)]
    return lines[:MAX_LINES], lines[MAX_LINES:]


def _apart(line: str) -> list[str]:
    """Break a line on which words and our marker run together."""
    at = line[:2000].lower().find("-- " + MARKER)
    return [line[:at], line[at:]] if at > 0 and line[:at].strip(" >*_|") and not is_quoted(line) else [line]


def _mark(lines: list[str]) -> int | None:
    """Find our marker on a line of its own; in the middle of a sentence it is the sender's."""
    return next((n for n, line in enumerate(lines) if OUR_MARK_LINE.match(line)), None)


def _end_of_our_letter(lines: list[str], mark: int) -> int:
    """Find the line after our letter's last, which is our name or the address under it."""
    for n in range(len(lines) - 1, mark, -1):
        if OUR_NAME.fullmatch(lines[n]):
            following = next((at for at in range(n + 1, len(lines)) if lines[at].strip()), n)
            return following + 1 if lines[following].lstrip(" <").startswith("http") else n + 1
    return len(lines)


def _split(lines: list[str], choose: Kept) -> tuple[str, str]:
    shown, labels = labelled(lines)
    keeps = choose(labels)
    kept = [line for line, keep in zip(_ruleless(shown, labels, keeps), keeps, strict=True) if keep]
    return _tidied(kept), _joined([line for line, keep in zip(shown, keeps, strict=True) if not keep])


def _ruleless(lines: list[str], labels: list[Label], keeps: list[bool]) -> list[str]:
    """Blank the rules that are left at either end, with nothing of the sender's to set apart."""
    out = list(lines)
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        for n in order:
            if keeps[n] and labels[n] not in (Label.RULE, Label.EMPTY):
                break
            out[n] = "" if keeps[n] else out[n]
    return out


def _tidied(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).replace(SIGNED, "").strip("\n").strip()


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).replace(SIGNED, "").strip("\n")


def _answers(labels: list[Label]) -> list[bool]:
    """Keep what stands above, below and between the quotes, and everything that is passed on."""
    keeps = [label in (Label.TEXT, Label.EMPTY, Label.RULE) for label in labels]
    n = 0
    while n < len(labels):
        if labels[n] == Label.FORWARD:
            return keeps[:n] + [True] * (len(labels) - n)
        if labels[n] in INTRODUCTIONS:
            n = _end_of_introduction(labels, n)
            if _rest_is_quoted(labels, n, keeps):
                return keeps[:n] + [False] * (len(labels) - n)
        else:
            n += 1
    return keeps


def _end_of_introduction(labels: list[Label], n: int) -> int:
    while n < len(labels) and labels[n] in INTRODUCTIONS | {Label.EMPTY}:
        n += 1
    return n


def _rest_is_quoted(labels: list[Label], n: int, keeps: list[bool]) -> bool:
    """Without `>` below it, an introduction opens the answered letter, unless the sender has yet written nothing."""
    if n < len(labels) and labels[n] == Label.QUOTE:
        return False
    above = any(keep and label == Label.TEXT for keep, label in zip(keeps[:n], labels[:n], strict=True))
    return above or Label.QUOTE not in labels[n:]


def _unsigned(labels: list[Label]) -> list[bool]:
    first = next((n for n, label in enumerate(labels) if label not in (Label.EMPTY, Label.SIGNATURE)), len(labels))
    return [label != Label.SIGNATURE or n < first for n, label in enumerate(labels)]


def _without_lead(lines: list[str]) -> list[str]:
    """Drop the mail program's own introduction of the quote, whatever its language, right above our marker."""
    end = len(lines)
    while end and not lines[end - 1].strip(" >"):
        end -= 1
    start = end
    while start and lines[start - 1].strip(" >") and end - start < REACH:
        start -= 1
    lead = " ".join(line.strip()[:300] for line in lines[start:end])
    if lead.endswith(":") and (EMAIL.search(lead) or DATE.search(lead)):
        for at in range(end - 1, start - 1, -1):
            if _opens_dated(lines[at][:300].strip()):
                return lines[:at]
        return lines[: end - 1]
    return lines[:end]


def _opens_dated(line: str) -> bool:
    return bool(STARTS_DATE.match(line) or OPENS.match(line) and DATE.search(line))
