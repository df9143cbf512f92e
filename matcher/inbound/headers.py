"""The lines of a mail to the blocks of them that repeat an earlier letter's From, Sent, To and Subject."""

import re
from functools import lru_cache

from matcher.inbound import phrases as say
from matcher.inbound.attributions import DATE, EMAIL, TIME

MAX_LINES = 16
MAX_WRAPPED = 3  # lines that a long value runs on for
_KEYS = "|".join(f"(?P<{name}>{keys})" for name, keys in say.HEADER_KEYS.items())
HEADER_LINE = re.compile(rf"^[\s>*_|#]*(?:{_KEYS}|(?P<other>{say.OTHER_HEADERS}))[\s*_]{{0,12}}[:：](?!//)", re.I)
FOREIGN_LINE = re.compile(r"^[^\W\d][^:：\n]{0,24}[:：]\s*\S")
KINDS = (*say.HEADER_KEYS, "other")


def header_block(lines: list[str], start: int) -> int:
    """Count the lines of a header block that opens at that line; 0 when none does."""
    if not kind_of(lines[start][:120]):
        return 0
    found: dict[str, str] = {}
    length = n_blank = 0
    for n, line in enumerate(lines[start : start + MAX_LINES]):
        kind = kind_of(line[:120])
        if kind:
            found.setdefault(kind, line[:300])
            length, n_blank = n + 1, 0
        n_blank += not line.strip()
        if n_blank > 1 or n + 1 - length > MAX_WRAPPED:
            break
    return length if _is_enough(found, lines[start : start + length]) else 0


def foreign_block(lines: list[str], start: int) -> int:
    """Count the lines of a header block in a language we do not know, where a rule announces one."""
    block: list[str] = []
    for line in lines[start : start + MAX_LINES]:
        if not FOREIGN_LINE.match(line[:200]):
            break
        block.append(line[:300])
    mailed, dated = any(map(EMAIL.search, block)), any(DATE.search(line) and TIME.search(line) for line in block)
    return len(block) if len(block) >= 3 and mailed and dated else 0


@lru_cache(maxsize=4096)
def kind_of(line: str) -> str:
    """Name what a line holds: from, sent, to, subject or other; empty when it is no header."""
    if ":" not in line and "：" not in line:
        return ""
    found = HEADER_LINE.match(line)
    return next((name for name in KINDS if found[name]), "") if found else ""


def _is_enough(found: dict[str, str], block: list[str]) -> bool:
    kinds = found.keys() - {"other"}
    if not kinds & {"from", "sent"} or len(kinds) < 2:
        return False
    mailed = any(EMAIL.search(line[:300]) for line in block)
    if len(kinds) == 2:
        return mailed and bool(kinds & {"from", "to"})
    sent = found.get("sent", "")
    return mailed or "subject" in kinds or bool(DATE.search(sent) and TIME.search(sent))
