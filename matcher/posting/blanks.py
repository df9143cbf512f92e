"""A text → the same text without endless gaps, which many patterns would read again from each blank of them."""

import re

GAP = re.compile(r"\s{9,}")


def squeezed(text: str) -> str:
    """Shorten every gap of more than eight blanks: to two, to a line's end, or to an empty line."""
    return GAP.sub(_shorter, text)


def _shorter(gap: re.Match[str]) -> str:
    return "\n" * min(2, gap.group().count("\n")) or "  "
