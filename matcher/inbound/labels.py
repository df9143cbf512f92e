"""The lines of a mail, each with a label: empty, quote, delimiter, signature, attribution, header, forward or text."""

import re
from enum import StrEnum
from itertools import accumulate

from matcher.inbound import endings
from matcher.inbound import phrases as say
from matcher.inbound.attributions import attributions, is_quoted, without_shared_lines
from matcher.inbound.headers import foreign_block, header_block

ARMOUR_OPENS = "-----BEGIN PGP SIGNED MESSAGE-----"
ARMOUR_ENDS, ARMOUR_OVER = "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"
SIGNED = "\ue0f6"  # of Unicode's private use: leads each line that HTML says to be of a signature
_DECOR = "-_=*~━─—–#"
_ABOVE = re.compile(say.ABOVE_THIS_LINE, re.I)


class Label(StrEnum):
    EMPTY = "empty"
    QUOTE = "quote"
    DELIMITER = "delimiter"
    SIGNATURE = "signature"
    ATTRIBUTION = "attribution"
    HEADER = "header"
    FORWARD = "forward"
    RULE = "rule"
    TEXT = "text"


INTRODUCTIONS = frozenset([Label.DELIMITER, Label.ATTRIBUTION, Label.HEADER])
LONGEST = 2 * endings.MAX_SIGNATURE
ENDS_SIGNATURE = INTRODUCTIONS | {Label.QUOTE, Label.FORWARD}


def labelled(given: list[str]) -> tuple[list[str], list[Label]]:
    """Label every line; a line that the sender shares with an attribution becomes two."""
    lines = without_shared_lines(given)
    labels = [_single(line) for line in lines]
    _label_armour(lines, labels)
    fenced = _fenced(lines)
    _label_introductions(lines, labels)
    for n in fenced:
        labels[n] = Label.TEXT if lines[n].strip() else Label.EMPTY
    _label_forwards(lines, labels)
    _label_quotes(lines, labels)
    _label_signatures(lines, labels)
    return lines, labels


def _label_armour(lines: list[str], labels: list[Label]) -> None:
    """Count what PGP puts around a text that it signs as signature, and take back its change of leading dashes."""
    bare = [line.strip() for line in lines]
    if ARMOUR_OPENS not in bare:
        return
    start = bare.index(ARMOUR_OPENS)
    body = bare.index("", start) if "" in bare[start:] else len(lines)
    ends = bare.index(ARMOUR_ENDS, start) if ARMOUR_ENDS in bare[start:] else len(lines)
    over = bare.index(ARMOUR_OVER, ends) + 1 if ARMOUR_OVER in bare[ends:] else len(lines)
    for n in range(body, ends):
        lines[n] = lines[n].removeprefix("- ")
        labels[n] = _single(lines[n])
    for n in (*range(start, body), *range(ends, over)):
        labels[n] = Label.SIGNATURE


def _single(line: str) -> Label:
    if not line.strip():
        return Label.EMPTY
    if line[0] == SIGNED:
        return Label.SIGNATURE
    if is_quoted(line):
        return Label.QUOTE
    if is_forward(line):
        return Label.FORWARD
    if _is_delimiter(line):
        return Label.DELIMITER
    if endings.is_device(line):
        return Label.SIGNATURE
    return Label.RULE if endings.is_rule(line) else Label.TEXT


def is_forward(line: str) -> bool:
    """Tell the line under which a mail program puts a letter that its user passes on."""
    ends = line.rstrip().endswith((":", "："))
    if len(line) > 160 or not (ends or _is_decorated(line)):
        return False
    core = line.strip(_DECOR + " \t>:：•")
    n_words = len(core.split())
    if n_words > 12 or not say.has(say.FORWARDS, core):
        return False
    if not say.has(say.MESSAGES, core):
        return core.lower().startswith("forwarded by")
    return _is_decorated(line) or n_words <= 2 or n_words <= 7 and say.has(say.BEGINNINGS, core)


def _is_decorated(line: str) -> bool:
    bare = line.strip(" \t>")
    return len(bare) > 4 and bare[0] in _DECOR and bare[1] in _DECOR and bare[-1] in _DECOR + ":"


def _is_delimiter(line: str) -> bool:
    if len(line) > 160 or not _is_decorated(line):
        return False
    core = line.strip(_DECOR + " \t>:：|")
    if _ABOVE.search(core):
        return True
    return 0 < len(core.split()) <= 7 and _is_original(core)


def _is_original(core: str) -> bool:
    short = core[:70]
    return short.casefold() == "original" or say.has(say.ORIGINALS, short) and say.has(say.MESSAGES, short)


def _label_introductions(lines: list[str], labels: list[Label]) -> None:
    for start, end in attributions(lines).items():
        labels[start:end] = [Label.ATTRIBUTION] * (end - start)
    n = 0
    while n < len(lines):
        length = 0
        if labels[n] in (Label.TEXT, Label.ATTRIBUTION, Label.SIGNATURE):
            ruled = n > 0 and labels[n - 1] in (Label.TEXT, Label.RULE) and _is_decorated(lines[n - 1])
            length = header_block(lines, n) or (foreign_block(lines, n) if ruled else 0)
            labels[n : n + length] = [Label.HEADER] * length
        if length:
            _label_above(lines, labels, n)
        n += max(length, 1)


def _label_above(lines: list[str], labels: list[Label], n: int) -> None:
    """Count the rule or the bare "Original message" right above a header block as part of it."""
    for at in range(n - 1, max(n - 5, -1), -1):
        if _announces(lines[at], labels[at]):
            labels[at] = Label.DELIMITER
        elif labels[at] != Label.EMPTY:
            return


def _announces(line: str, label: Label) -> bool:
    return label == Label.RULE or label == Label.TEXT and (_is_decorated(line) or _is_original(line.strip(" *_:")[:80]))


def _fenced(lines: list[str]) -> list[int]:
    """List the lines of code that the sender fenced in."""
    marks = [n for n, line in enumerate(lines) if line.startswith("```")]
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return [n for start, end in pairs for n in range(start, end + 1)]


def _label_forwards(lines: list[str], labels: list[Label]) -> None:
    """A quote that nothing introduces and that opens with a forward's own words is passed on, not answered."""
    before = Label.EMPTY
    for n, label in enumerate(labels):
        if label == Label.EMPTY:
            continue
        if label == Label.QUOTE and before not in INTRODUCTIONS | {Label.QUOTE} and is_forward(lines[n]):
            labels[n] = Label.FORWARD
        before = labels[n]


def _label_quotes(lines: list[str], labels: list[Label]) -> None:
    quoted = [n for n, label in enumerate(labels) if label == Label.QUOTE]
    for n in quoted:
        if n + 2 < len(labels) and labels[n + 2] == Label.QUOTE and _is_wrapped_link(lines, labels, n + 1):
            labels[n + 1] = Label.QUOTE
    introduced = any(label in INTRODUCTIONS for label in labels)
    if len(quoted) == 1 and not introduced and _stands_among_text(labels, quoted[0]):
        labels[quoted[0]] = Label.TEXT


def _is_wrapped_link(lines: list[str], labels: list[Label], n: int) -> bool:
    """Tell a quoted link that lost its `>` when it was wrapped from a line of the sender's own."""
    if labels[n] != Label.TEXT:
        return False
    above = lines[n - 1][-200:]
    return "://" in lines[n][:2000] or "://" in above and above.count("(") > above.count(")")


def _stands_among_text(labels: list[Label], n: int) -> bool:
    return 0 < n < len(labels) - 1 and labels[n - 1] == labels[n + 1] == Label.TEXT


def _label_signatures(lines: list[str], labels: list[Label]) -> None:
    n_written = list(accumulate((label != Label.EMPTY for label in labels), initial=0))
    end = len(lines)
    ends = [end] * (len(lines) + 1)
    for n in range(len(lines) - 1, -1, -1):
        ends[n] = end
        end = n if labels[n] in ENDS_SIGNATURE else end
    for n, label in enumerate(labels):
        if label not in (Label.TEXT, Label.RULE):
            continue
        length = n_written[ends[n]] - n_written[n + 1]
        if length <= LONGEST and length <= _limit(lines, labels, n, ends[n]):
            labels[n : ends[n]] = [Label.SIGNATURE] * (ends[n] - n)


def _limit(lines: list[str], labels: list[Label], n: int, end: int) -> int:
    limit = endings.signature_limit(lines, n)
    if limit:
        return limit
    stands_alone = n == 0 or labels[n - 1] == Label.EMPTY or lines[n].lstrip().startswith("_")
    if labels[n] == Label.RULE and stands_alone and endings.is_footer(lines[n : min(end, n + 40)]):
        return endings.MAX_FOOTER
    return -1
