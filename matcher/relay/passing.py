"""A text and what is private in it → what is passed on, and a sentence that says what was taken out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matcher.relay.known import Known, find_known, leaks
from matcher.relay.spans import SHOWN_RE, Span, without
from matcher.relay.traces import find_traces
from matcher.terms import Masked

TOOK_OUT = "We took out"
KINDS = {"customer": "name", "person": "name"}
NAMED = {
    "name": ("name", "names"),
    "address": ("e-mail address", "e-mail addresses"),
    "domain": ("web address", "web addresses"),
    "phone": ("phone number", "phone numbers"),
    "account": ("account name", "account names"),
    "number": ("official number", "official numbers"),
    "street": ("postal address", "postal addresses"),
    "code": ("coded word", "coded words"),
}
# What is said around contact data: a text of nothing else asks and answers nothing.
ABOUT_CONTACT = re.compile(
    r"\b(?:tel|telephone|phone|mobile|mob|cell|fax|direct|office|e-?mail|mail|web|website|skype|teams|whatsapp"
    r"|telegram|signal|linkedin"
    r"|call|ring|text|write|reach|contact|send|message|drop|give|speak|talk|me|us|you|to|on|at|by|via|or|and|my|our"
    r"|your|the|a|an|it|is|are"
    r"|number|address|here|please|just|directly|i|am|i'm|can|could|would|be|best|regards|kind|thanks|thank|cheers|hi"
    r"|hello|dear|from|for"
    r"|bitte|ruf\w*|mich|uns|an|unter|oder|und|meine?|unsere?|nummer|adresse|mobil|telefon|appelez|moi|au|mon|ma"
    r"|numéro|llám\w*|al|mi|line)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Passed:
    """What the other side reads, and how many things of each kind were taken out of it."""

    text: str
    removed: tuple[tuple[str, int], ...] = ()

    @property
    def says_something(self) -> bool:
        """Tell a text from one that was contact data and nothing else."""
        left = ABOUT_CONTACT.sub(" ", SHOWN_RE.sub(" ", self.text))
        return re.search(r"\w", left) is not None

    @property
    def sentence(self) -> str:
        """Say what was taken out; empty for nothing."""
        counted = [f"{n} {NAMED[kind][n > 1]}" for kind, n in self.removed]
        if not counted:
            return ""
        listed = counted[0] if len(counted) == 1 else f"{', '.join(counted[:-1])} and {counted[-1]}"
        return f"{TOOK_OUT} {listed}: both sides learn those once they agree."


def pass_on(text: str, known: Known, private: Iterable[Masked] = ()) -> Passed:
    """Take everything out of a text that tells who one of the two sides is; `private` are words found in it."""
    spans = [*_private(text, private), *find_known(text, known), *find_traces(text)]
    shown, removed = without(text, spans)
    if leaks(shown, known):
        shown, removed = _without_lines(shown, known), (*removed, ("code", 1))
    return Passed(shown.strip(), removed)


def _private(text: str, private: Iterable[Masked]) -> Iterator[Span]:
    for one in private:
        flags = re.IGNORECASE if one.kind in ("customer", "domain") and len(one.words) >= 4 else 0
        for found in re.finditer(rf"(?<!\w){re.escape(one.words)}(?!\w)", text, flags):
            yield Span(found.start(), found.end(), KINDS.get(one.kind, one.kind))


def _without_lines(text: str, known: Known) -> str:
    """Drop the lines that hide something known in a spelling that no pattern foresaw; else everything."""
    lines = [line for line in text.split("\n") if not leaks(line, known)]
    kept = "\n".join(lines)
    return "" if leaks(kept, known) else kept
