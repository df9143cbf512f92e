"""A line of a reply to its clauses: greetings dropped, questions told apart, remarks joined."""

import re
from collections.abc import Iterator
from dataclasses import replace

from matcher.inbound import words
from matcher.inbound.pieces import NTH_WORD, VERBS, Piece, piece, tokens

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
ASK = re.compile(
    rf"(?:^|[,;.!]\s*|\b(?:and|und|et|y|en|e|och|i)\s+)\W*(?:please\s+|bitte\s+)?(?:{words.phrases('ask')})\b(?!\s+(?:me"
    rf"|us)\b)"
    r"(?:\s+(?:them|the poster|about|on|for|number|no\.|nr\.?|zu|sur|sobre|over|su|om|o))*\s*#?(?P<n>\d{1,2})?(?![\d.])"
    r"\s*(?:[:,=-]+\s*)?(?P<text>\S.*)$"
)
NUMBER_ASK = re.compile(
    rf"^\W*(?:number\s+|nr\.?\s*|#\s*)?(?P<n>\d{{1,2}})\s*[:,.)-]*\s*(?:{words.phrases('ask')})\b\s*[:,=-]*\s*(?P<text>\S.*)$"
)
NUMBER_QUESTION = re.compile(r"^\W*(?:number\s+|nr\.?\s*)?#?(?P<n>\d{1,2})\s*\?\s*[:,-]*\s*(?P<text>[^\W\d].*)$")
NUMBER_COLON_QUESTION = re.compile(r"^\W*#?(?P<n>\d{1,2})\s*[:)]\s*(?P<text>[^\W\d].{6,}\?)\s*$")
REFER = re.compile(rf"\b(?:{words.phrases('refer')})\b")
# A full stop ends a clause except in "no. 2", "nr. 2" and inside numbers and addresses.
CLAUSE = re.compile(
    r"(?<![Nn][oOrR]\.)(?<=[.!])\s+|[;,]\s*|(?<=\?)\s+|(?<!\ball)(?<!\bnone)\s+(?=(?:but|and|aber|mais|pero|maar|ma|mas|men|ale|und|et)\s)"
    r"(?!(?:but|aber|mais|pero|maar|ma|mas|men|ale)\s+(?:not\s+)?(?:(?:#|no\.?|nr\.?|number|the)\s*)?\d{1,2}\s*(?:[.,;!]|$|and\b|und\b|&|\+))"
)
BULLET = re.compile(r"^[\s\u00a0]*[•·‣▪▫●○◦■–—►→]+[\s\u00a0]*")
_SHORT_VERB = "yes|no|ja|nein|nee|nej|oui|non|si|sim|nao|tak|nie|ok|later"
GLUED = re.compile(
    rf"(?<![\w.,])(?:(?P<n>#?\d{{1,2}})(?P<v>{_SHORT_VERB})|(?P<m>{_SHORT_VERB})(?P<w>#?\d{{1,2}}))(?![\w@]|[.,]\d)",
    re.I,
)
NTH_AT_END = re.compile(rf"\b{NTH_WORD}$")
NTH_AT_START = re.compile(rf"\s*(?:and|und|et|y|e|en)?\s*(?:the|die|la|le|el|de)?\s*{NTH_WORD}\b")
NUMBER_AT_END = re.compile(r"\d\.?\s*$")
NUMBER_AT_START = re.compile(r"\s*(?:(?:and|und|et)\s+)?#?\d{1,2}(?!\d)")
MARKS = re.compile('["“”„]')  # would end a quote, or begin another one
LEADING_BUT = re.compile(r"^\W*(?:but|and|aber|mais|pero|maar|ma|mas|men|ale|und|et)\b[\s,]*", re.I)
BUT_ALONE = re.compile(r"^\W*(?:(?:but|aber|mais|pero|maar|ma|mas|men|ale)\b[\s,]*)?", re.I)


def without_courtesy(line: str) -> str:
    """Drop a greeting and thanks from the start of a line."""
    line = GLUED.sub(r"\g<n>\g<m> \g<v>\g<w>", BULLET.sub("", line))
    for pattern in (words.GREETING, words.THANKS, words.GREETING):
        found = pattern.match(words.fold(line))
        line = BULLET.sub("", line[found.end() :]) if found else line
    return line.strip()


def quote(text: str) -> str:
    """Quote a text in at most 80 characters."""
    short = " ".join(MARKS.sub("'", text).split())
    return f"“{short}”" if len(short) <= 80 else f"“{short[:79].rstrip()}…”"


def pieces(line: str) -> list[Piece]:
    """Cut a line into clauses; one that is no answer by itself joins the answer before it as a remark."""
    found: list[Piece] = []
    remark_at = aside_at = 0
    for start, clause in _clauses(line):
        said = LEADING_BUT.sub("", clause)
        one = piece(said)
        previous = found[-1] if found else None
        if previous and previous.is_act and words.SIGN_OFF.match(words.fold(clause)):
            break
        if previous and previous.is_act and not (one.is_act and one.is_clear) and not is_doubt(one):
            remark_at = remark_at if previous.remark else start + len(clause) - len(BUT_ALONE.sub("", clause))
            aside_at = aside_at if previous.aside else start
            joined = _joined(previous, line[remark_at : start + len(clause)]) if one.remark else previous
            found[-1] = replace(joined, aside=line[aside_at : start + len(clause)].strip())
        else:
            found.append(one)
            remark_at = line.find(one.remark, start) if one.remark else 0
    return found


def _joined(previous: Piece, remark: str) -> Piece:
    return replace(previous, remark=remark.strip(" ,;.!"))


def is_doubt(one: Piece) -> bool:
    return not one.is_clear and bool(re.search(rf"\?|\b(?:{words.phrases('hedge')})\b", words.fold(one.words)))


def _clauses(line: str) -> Iterator[tuple[int, str]]:
    """Cut at commas, full stops and "and", but not inside a list of numbers."""
    start = 0
    for cut in CLAUSE.finditer(line):
        before, after = line[start : cut.start()], line[cut.end() :]
        if cut[0][:1] != ";" and NUMBER_AT_END.search(before) and _continues(before, after):
            continue
        if NTH_AT_END.search(words.fold(before)) and NTH_AT_START.match(words.fold(after)):
            continue
        if before.strip():
            yield start, before
        start = cut.end()
    if line[start:].strip():
        yield start, line[start:]


def _continues(before: str, after: str) -> bool:
    """Tell whether "2," goes on with another number, or "2." is the point of a list before its answer."""
    if before.rstrip().endswith("."):
        following = tokens(after[:60])
        return bool(following) and following[0].kind in VERBS
    return bool(NUMBER_AT_START.match(after))
