"""Places in a text that must not be passed on → the text with a word in brackets at each, and how many there were."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# From the most telling to the least: where two overlap, the first says what was taken out.
SHOWN = {
    "address": "[address removed]",
    "domain": "[web address removed]",
    "number": "[number removed]",
    "phone": "[phone removed]",
    "account": "[account removed]",
    "street": "[street removed]",
    "code": "[code removed]",
    "name": "[name removed]",
}
RANK = {kind: place for place, kind in enumerate(SHOWN)}
SHOWN_RE = re.compile("|".join(map(re.escape, SHOWN.values())))
REPEATED = re.compile(rf"({SHOWN_RE.pattern})(?:[ \t,;/|&+-]+\1)+")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text that tells who somebody is, and how."""

    start: int
    end: int
    kind: str


def without(text: str, spans: Iterable[Span]) -> tuple[str, tuple[tuple[str, int], ...]]:
    """Put a word in brackets for each stretch; count them by kind, the same words once."""
    pieces: list[str] = []
    taken: dict[str, set[str]] = {}
    at = 0
    for span in _merged(text, spans):
        pieces += [text[at : span.start], SHOWN[span.kind]]
        taken.setdefault(span.kind, set()).add(text[span.start : span.end].casefold())
        at = span.end
    shown = REPEATED.sub(r"\1", "".join((*pieces, text[at:])))
    return shown, tuple((kind, len(taken[kind])) for kind in SHOWN if kind in taken)


def _merged(text: str, spans: Iterable[Span]) -> list[Span]:
    """Join stretches that overlap, and neighbours of one kind with nothing but signs between."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end, RANK[one.kind])):
        last = merged[-1] if merged else None
        if last and (span.start < last.end or _adjoins(text, last, span)):
            kind = min(last.kind, span.kind, key=RANK.__getitem__)
            merged[-1] = Span(last.start, max(last.end, span.end), kind)
        elif span.end > span.start:
            merged.append(span)
    return merged


def _adjoins(text: str, last: Span, span: Span) -> bool:
    between = text[last.end : span.start]
    signs = r"[ \t.,'’-]*" if span.kind == "street" else r"[ \t.'’-]*"
    return last.kind == span.kind and re.fullmatch(signs, between) is not None
