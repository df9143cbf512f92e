"""The text of a mail to what its sender wrote: marker, quotes, header blocks and signatures cut away."""

from dataclasses import dataclass, field

from matcher.inbound import splitters as sp

MARKER = "write above this line"
MAX_LINES = 5_000  # no one writes more; the rest counts as quoted
REACH = 4  # lines over which mail programs wrap one attribution


@dataclass(slots=True)
class _Cut:
    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def drop(self, lines: list[str]) -> None:
        self.removed += lines

    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.kept).strip("\n").strip()


def trim(text: str) -> tuple[str, str]:
    """Split a text into (what the sender wrote, what was cut)."""
    lines, beyond = _limited(text)
    marks = [n for n, line in enumerate(lines) if MARKER in line.lower()]
    if marks:
        above = _cut(_without_lead(lines[: marks[0]]))
        if above.text():
            return above.text(), _joined([*above.removed, *lines[marks[0] :], *beyond])
        if not sp.is_quoted(lines[marks[0]]):  # our own letter would pass for the sender's words
            return "", _joined([*lines, *beyond])
    whole = _cut(lines)
    return whole.text(), _joined([*whole.removed, *beyond])


def _limited(text: str) -> tuple[list[str], list[str]]:
    lines = text.split("\n")
    return lines[:MAX_LINES], lines[MAX_LINES:]


def without_signature(text: str) -> tuple[str, str]:
    """Split a text into (all of it but the sender's signature, the signature); forwarded content stays."""
    lines, beyond = _limited(text)
    cut = _Cut()
    n = 0
    while n < len(lines):
        length = _signature(lines, n) if cut.kept else 0
        if length:
            cut.drop(lines[n : n + length])
        else:
            cut.kept.append(lines[n])
        n += max(length, 1)
    return cut.text(), _joined([*cut.removed, *beyond])


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n")


def _without_lead(lines: list[str]) -> list[str]:
    """Drop the mail program's own introduction of the quote, whatever its language, right above our marker."""
    end = len(lines)
    while end and not lines[end - 1].strip(" >"):
        end -= 1
    start = end
    while start and lines[start - 1].strip(" >") and end - start < REACH:
        start -= 1
    lead = " ".join(line.strip()[:300] for line in lines[start:end])
    if lead.endswith(":") and (sp.HAS_EMAIL.search(lead) or sp.HAS_DATE.search(lead)):
        for at in range(end - 1, start - 1, -1):
            if sp.opens_dated(lines[at]):
                return lines[:at]
        return lines[: end - 1]
    return lines[:end]


def _cut(lines: list[str]) -> _Cut:
    cut = _Cut()
    n = 0
    while n < len(lines):
        n = _step(cut, lines, n)
    return cut


def _step(cut: _Cut, lines: list[str], n: int) -> int:
    line = lines[n]
    if not line.strip():
        cut.kept.append(line)
        return n + 1
    if sp.FORWARDED.match(line):
        cut.kept += lines[n:]
        return len(lines)
    if sp.is_quoted(line) and (cut.removed or not _is_lone(lines, n)):
        return _drop_quote(cut, lines, n)
    if _rest_is_quoted(lines, n):
        cut.drop(lines[n:])
        return len(lines)
    shared = sp.MID_LINE.match(line[:600])
    if shared and not sp.opens_dated(line):
        cut.kept.append(shared["own"].rstrip(" -"))
        lines[n] = shared["quote"]
        return n
    return _step_own(cut, lines, n)


def _step_own(cut: _Cut, lines: list[str], n: int) -> int:
    length = _attribution(lines, n)
    if length:
        return _drop_attributed(cut, lines, n, length)
    length = _signature(lines, n)
    if length:
        cut.drop(lines[n : n + length])
        return n + length
    cut.kept.append(lines[n])
    return n + 1


def _is_lone(lines: list[str], n: int) -> bool:
    around = [lines[at] if 0 <= at < len(lines) else "" for at in (n - 1, n + 1)]
    return all(line.strip() and not sp.is_quoted(line) for line in around) and not _attribution(lines, max(n - 1, 0))


def _rest_is_quoted(lines: list[str], n: int) -> bool:
    if sp.ORIGINAL.match(lines[n]) or sp.header_block(lines[n : n + 14]):
        return True
    if not sp.RULE.match(lines[n]):
        return False
    after = n + 1
    while after < len(lines) and after < n + 4 and not lines[after].strip():
        after += 1
    return after < len(lines) and bool(sp.header_block(lines[after : after + 14]))


def _attribution(lines: list[str], n: int) -> int:
    """Count the lines, blank ones inside included, of an attribution that opens at line n."""
    taken: list[str] = []
    for at in range(n, min(n + REACH + 2, len(lines))):
        line = lines[at].strip()
        if taken and _breaks_attribution(line, lines[n], at - n):
            return 0
        taken += [line] if line else []
        if line and len(taken) <= REACH and sp.is_attribution(" ".join(taken), _quote_follows(lines, at + 1)):
            return 0 if at > n and _opens_later(lines, n, at) else at + 1 - n
    return 0


def _breaks_attribution(line: str, first: str, distance: int) -> bool:
    if not line:
        return distance > 2 or not sp.opens_dated(first)
    return line.startswith(">") and not sp.LONE_WROTE.match(line)


def _opens_later(lines: list[str], n: int, last: int) -> bool:
    """Tell whether line n is the sender's own and the attribution opens further down."""
    if sp.opens_dated(lines[n]) or "<" in lines[n] and sp.HAS_DATE.search(lines[n]):
        return False
    if any(sp.opens_dated(line) for line in lines[n + 1 : last + 1]):
        return True
    return not (sp.OPENS.match(lines[n]) or sp.HAS_DATE.search(lines[n]) or sp.HAS_EMAIL.search(lines[n]))


def _quote_follows(lines: list[str], at: int) -> bool:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at < len(lines) and sp.is_quoted(lines[at]) and not sp.LONE_WROTE.match(lines[at])


def _drop_attributed(cut: _Cut, lines: list[str], n: int, length: int) -> int:
    after = n + length
    if not _quote_follows(lines, after):
        cut.drop(lines[n:])
        return len(lines)
    cut.drop(lines[n:after])
    while not lines[after].strip():
        after += 1
    return _drop_quote(cut, lines, after)


def _drop_quote(cut: _Cut, lines: list[str], n: int) -> int:
    end = n
    while end < len(lines) and (sp.is_quoted(lines[end]) or _is_wrapped(lines, end)):
        end += 1
    cut.drop(lines[n:end])
    return end


def _is_wrapped(lines: list[str], at: int) -> bool:
    """Tell a quoted link that lost its `>` when it was wrapped from a line of the sender's own."""
    if at + 1 >= len(lines) or not lines[at].strip() or not sp.is_quoted(lines[at + 1]):
        return False
    return "://" in lines[at] or "://" in lines[at - 1][-120:] and lines[at - 1].count("(") > lines[at - 1].count(")")


def _signature(lines: list[str], n: int) -> int:
    """Count the lines of a signature that opens at line n: up to the next quote, forward or the end."""
    line = lines[n]
    if sp.MOBILE.match(line[:200]):
        return 1
    if sp.DASH_NAME.match(line) and (n == 0 or not lines[n - 1].strip()):
        return sp.nonblank(lines[n:]) if sp.nonblank(lines[n:]) <= 6 else 0
    if not (sp.SIGNATURE.match(line) or sp.FOOTER.match(line)):
        return 0
    end = n + 1
    while end < len(lines) and not _ends_signature(lines, end):
        end += 1
    return end - n


def _ends_signature(lines: list[str], n: int) -> bool:
    line = lines[n]
    if not line.strip():
        return False
    return bool(sp.FORWARDED.match(line) or sp.is_quoted(line) or _rest_is_quoted(lines, n) or _attribution(lines, n))
