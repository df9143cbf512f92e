"""The lines of a mail to those of them that introduce a quote: "On … wrote", in whatever language and wrapping."""

import re
from collections.abc import Iterator
from itertools import islice

from matcher.inbound import phrases as say

MAX_CHARS = 400
MAX_TRIED = 80  # line ends; a mail that has more of them that could end an attribution is not a reply
REACH = 5  # lines, with text on them, over which mail programs wrap one attribution
MAX_BLANK = 2
MAX_WORDLESS = 240  # without a word for "wrote" in it, what is longer is a sentence
COLONS = (":", "：", "៖")
DASHES = ("--", "––", "==")
EDGE = " \t>*_-–—=~|"  # what programs put around an attribution

YEAR = r"(?:(?:19|20)\d\d|25[4-9]\d)"
INITIALS = re.compile(r"[A-Z]{1,2}>(?:[\s>]|$)")  # as The Bat! quotes
HAS_SIGN = re.compile(r"[\d@]")
DATE = re.compile(
    rf"(?<![\d.])(?:\d{{1,4}}\s?[-./]\s?\d{{1,2}}\s?[-./]\s?\d{{1,4}}|{YEAR}(?!\d)|\d{{1,2}}-\w{{3,9}}\.?-\d{{2,4}}"
    rf"|\d{{1,2}}月\s?\d{{1,2}}日|\d{{1,2}}월\s?\d{{1,2}}일"
    rf"|\d{{1,2}}\.?\s(?:{say.MONTHS})|(?<!\w)(?:{say.MONTHS})\w{{0,6}}\.?\s\d{{1,2}}(?!\d))",
    re.I,
)
TIME = re.compile(r"(?<![\d.,:/-])\d{1,2}(?:[:h.]\d{2}(?![\d.]|\s?[€$£%])|\s?[ap]\.?m\b|[시時点]\s?\d)", re.I)
EMAIL = re.compile(r"(?<![\w.+=&'*/-])[\w.+=&'*/-]{1,80}\s?@\s?[\w-]{1,80}")
IN_BRACKETS = re.compile(r"<\s?[^<>\s]{1,100}@[^<>\s]{1,100}\s?>\W{0,3}$")

_VERB = rf"(?:(?<!\w)(?:{say.WROTE})|(?:{say.JOINED_WROTE}))"
VERB_END = re.compile(
    rf"{_VERB}(?:\(a\)|/a)?(?: (?:the following|folgendes|følgende|el següent))?[\s:：.;*_>,–—-]*$", re.I
)
SINGLE_VERBS = frozenset(verb for verb in say.WROTE.split("|") if verb.isalpha())
OTHER_VERBS = "|".join(verb for verb in say.WROTE.split("|") if not verb.isalpha())
VERB_INSIDE = re.compile(rf"(?:(?<!\w)(?:{OTHER_VERBS})(?!\w)|(?:{say.JOINED_WROTE}))", re.I)
WORD = re.compile(r"[^\W\d_]+")
LOOSE_END = re.compile(rf"(?<!\w)(?:{say.LOOSE_WROTE})[\s:：.*_>-]*$", re.I)
PRONOUN = re.compile(
    r"(?<!\w)(?:i|we|you|he|she|they|who|it|ich|wir|sie|er|je|nous|vous|il|elle|ils|yo|ik|wij|jij|jag|vi|jeg|я|мы|вы)"
    r"\s+(?:have |had |also |just |once )?(?:wrote|sent|said|schrieb\w*|écri\w+|escrib\w+|schre\w+|skrev|написал\w*)",
    re.I,
)
OPENS = re.compile(rf"^(?:{say.OPENERS})(?=[\s,:.]|\d)", re.I)
STARTS_DATE = re.compile(
    rf"^(?:[^\W\d]{{1,14}}[.,،]*\s+){{0,2}}(?:\(?{DATE.pattern}|\d{{1,2}}[.,]?\s+[^\W\d]\S{{1,14}}\s+{YEAR}"
    rf"|\d{{1,2}}[:.]\d{{2}})",
    re.I,
)
DASHED = re.compile(rf"^[-–—=*\s]{{2,}}+.{{1,300}}?{_VERB}\s?[-–—=*:\s]{{2,}}$", re.I)
QUOTING = re.compile(rf"^(?:{say.QUOTING})(?!\w).{{2,200}}[:：]$", re.I)
LONE_WROTE = re.compile(rf"^>\s*{_VERB}\s*[:：]?\s*$", re.I)
MID_LINE = re.compile(rf"(?<=[\s.!?>)-])(?:{say.LONG_OPENERS})\s+(?=(?:{say.WEEKDAYS_AND_MONTHS})\w*[.,]?\s|\d)", re.I)


def attributions(lines: list[str]) -> dict[int, int]:
    """Map the first line of each attribution to the line after its last."""
    found: dict[int, int] = {}
    taken = -1
    for end in islice((n for n in range(len(lines)) if _may_end(lines, n)), MAX_TRIED):
        start = _start(lines, end, taken + 1)
        if start is not None:
            found[start], taken = end + 1, end
    return found


def without_shared_lines(lines: list[str]) -> list[str]:
    """Break each line on which a sentence of the sender and an attribution run together."""
    out = list(lines)
    for n in islice(_sharable(lines), MAX_TRIED // 4):
        at = _shared(lines, n)
        if at:
            out[n] = f"{lines[n][:at].rstrip(' -–—')}\n{lines[n][at:]}"
    return "\n".join(out).split("\n")


def quote_follows(lines: list[str], at: int) -> bool:
    """Tell whether the next line that is not blank is quoted."""
    for line in lines[at : at + 6]:
        if line.strip():
            return is_quoted(line) and not LONE_WROTE.match(line[:MAX_CHARS])
    return False


def is_quoted(line: str) -> bool:
    start = line[:80].lstrip(" \t|")
    return (start.startswith((">", "\uff1e")) or bool(INITIALS.match(start))) and "<<<" not in line


def _may_end(lines: list[str], n: int) -> bool:
    line = lines[n]
    bare = line.rstrip(EDGE)
    if not bare or len(line) > MAX_CHARS or is_quoted(line) and not LONE_WROTE.match(line):
        return False
    return _has_shape(line, bare) and (_is_evident(lines, n) or quote_follows(lines, n + 1))


def _has_shape(line: str, bare: str) -> bool:
    if bare.endswith(COLONS) or line.endswith(">") or bare[0] == ":" or line.lstrip()[:2] in DASHES:
        return True
    return (len(bare) < 40 or bool(HAS_SIGN.search(bare))) and bool(VERB_END.search(bare[-60:]))


def _is_evident(lines: list[str], n: int) -> bool:
    return any(HAS_SIGN.search(line) for line in lines[max(n - REACH, 0) : n + 1])


def _start(lines: list[str], end: int, floor: int) -> int | None:
    """Find the nearest line from which all down to the end reads as one attribution."""
    follows = quote_follows(lines, end + 1)
    nearest: int | None = None
    is_whole = False
    for start in _starts(lines, end, floor):
        joined = _joined(lines, start, end)
        strong = is_strong(joined)
        if strong and DATE.search(joined) and (not is_whole or _is_anchored(joined.strip(EDGE))):
            return _widened(lines, start, floor)
        if nearest is None and (strong or follows and _is_loose(joined) or follows and _is_weak(joined, end - start)):
            nearest, is_whole = start, strong or bool(EMAIL.search(joined))
    return nearest if nearest is None else _widened(lines, nearest, floor)


def _starts(lines: list[str], end: int, floor: int) -> list[int]:
    """List where an attribution that ends here may open, the nearest first."""
    starts, n_blank = [], 0
    for start in range(end, max(floor, end - REACH - MAX_BLANK) - 1, -1):
        line = lines[start]
        if not line.strip():
            n_blank += 1
        elif is_quoted(line) and start != end:
            break
        else:
            starts.append(start)
        if n_blank > MAX_BLANK or len(starts) > REACH:
            break
    return [start for start in starts if _reaches(lines, start, end)]


def _reaches(lines: list[str], start: int, end: int) -> bool:
    """Blank lines may lie inside only where the first line plainly opens an attribution."""
    if all(line.strip() for line in lines[start : end + 1]):
        return True
    first = lines[start].strip(EDGE)[:MAX_CHARS]
    return bool(OPENS.match(first) and DATE.search(first) and not first.endswith((":", ".", "!", "?")))


def _joined(lines: list[str], start: int, end: int) -> str:
    return " ".join(line.strip() for line in lines[start : end + 1] if line.strip())


def _widened(lines: list[str], start: int, floor: int) -> int:
    """Take in the line above where the attribution visibly began there."""
    above = lines[start - 1].strip(EDGE) if start > floor else ""
    if not above or len(above) > 120 or above.endswith((".", "!", "?", ":")) or is_quoted(lines[start - 1]):
        return start
    here = lines[start].strip(EDGE)
    began = OPENS.match(above) and (DATE.search(above) or MID_LINE.search(" " + above)) and not OPENS.match(here)
    return start - 1 if began or lines[start].lstrip(" *_").startswith(("<", "[mailto:", "(mailto:")) else start


def is_strong(joined: str) -> bool:
    """Tell an attribution by itself, whatever follows it."""
    bare = joined.strip(EDGE)
    if len(joined) > MAX_CHARS or not bare:
        return False
    if joined.lstrip()[:2] in DASHES and DASHED.match(joined):
        return True
    colon, mailed = bare.endswith(COLONS) or bare[0] == ":", bool(EMAIL.search(bare))
    if QUOTING.match(bare) and (mailed or len(bare) < 80):
        return True
    dated, timed = bool(DATE.search(bare)), bool(TIME.search(bare))
    if colon and mailed and dated and len(bare) < MAX_WORDLESS and (timed or _is_anchored(bare)):
        return True
    if not (dated or timed or mailed) or not _has_verb(bare, colon):
        return False
    return _told(bare, dated=dated, timed=timed, anchored=_is_anchored(bare))


def _is_anchored(bare: str) -> bool:
    return bool(OPENS.match(bare) or STARTS_DATE.match(bare))


def _told(bare: str, *, dated: bool, timed: bool, anchored: bool) -> bool:
    mailed = bool(EMAIL.search(bare))
    if PRONOUN.search(bare) or LOOSE_END.search(bare) and not (mailed or dated and timed):
        return False
    if dated and (anchored or mailed or timed) or timed and anchored and len(bare) < 160:
        return True
    return mailed and bool(re.search(rf"(?:{IN_BRACKETS.pattern[:-1]})\W{{0,3}}{_VERB}\W*$", bare, re.I))


def _has_verb(bare: str, colon: bool) -> bool:
    return bool(VERB_END.search(bare[-60:]) or colon and _tells(bare))


def _tells(bare: str) -> bool:
    return not SINGLE_VERBS.isdisjoint(WORD.findall(bare.lower())) or bool(VERB_INSIDE.search(bare))


def _is_loose(joined: str) -> bool:
    """Tell an attribution by the quote that follows right below and a verb, a date or an address."""
    bare = joined.strip(EDGE)
    if len(bare) > 240:
        return False
    opens = _is_anchored(bare)
    dated, mailed = bool(DATE.search(bare) or TIME.search(bare)), bool(EMAIL.search(bare))
    return opens and (dated or mailed) and (dated and mailed or bare.endswith(COLONS))


def _is_weak(joined: str, n_above: int) -> bool:
    bare = joined.strip(EDGE)
    if n_above > 1 or len(bare) > 160:
        return False
    colon = bare.endswith(COLONS)
    if DATE.search(bare) and EMAIL.search(bare) or IN_BRACKETS.search(bare.rstrip(":：")) and colon:
        return True
    return n_above == 0 and colon and bool(VERB_END.search(bare[-60:])) and len(bare.split()) <= 12


def _sharable(lines: list[str]) -> Iterator[int]:
    for n, line in enumerate(lines):
        if 8 < len(line) <= MAX_CHARS and HAS_SIGN.search(line) and not is_quoted(line) and MID_LINE.search(line):
            yield n


def _shared(lines: list[str], n: int) -> int:
    """Give the column at which an attribution begins inside this line; 0 when none does."""
    if _is_anchored(lines[n].strip(EDGE)):
        return 0
    for found in islice(MID_LINE.finditer(lines[n]), 2):
        for end in range(n, min(n + 3, len(lines))):
            if _may_end(lines, end) and is_strong(" ".join([lines[n][found.start() :], *lines[n + 1 : end + 1]])):
                return found.start()
    return 0
