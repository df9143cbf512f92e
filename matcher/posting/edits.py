"""Words that say what to change ("400, not 300", "remove the name Oakworth") → the change, and a text with it made."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from matcher.posting.date_words import NUMBERS

WORDS = r"[^,.;:!?\n]{1,80}?"
END = r"(?=\s*(?:[,.;!?\n]|$))"
PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:not|nicht|pas|niet)\s+(?P<old>{WORDS}),?\s+(?:but|sondern|mais|maar)\s+(?P<new>{WORDS}){END}",
        rf"(?:^|[.;:!?\n]\s*|,\s+)(?P<new>{WORDS}),?\s+(?:not|nicht|pas|niet|instead of|rather than|statt|anstatt"
        rf"|au lieu de|in plaats van)\s+(?P<old>{WORDS}){END}",
        rf"\b(?:replace|change|correct|ersetzen? Sie|ändern? Sie|remplacez|vervang)\s+(?P<old>{WORDS})\s+"
        rf"(?:with|by|to|into|for|durch|in|par|door)\s+(?P<new>{WORDS}){END}",
        rf"\b(?:remove|delete|drop|leave out|take out|strike|entfernen Sie|streichen Sie|supprimez|verwijder)\s+"
        rf"(?:(?:the )?(?:words?|names?|part|sentence|bit)\s+)?(?:about\s+)?(?P<old>{WORDS})(?P<new>){END}",
    )
)
HIDE = re.compile(
    r"\b(?:hide|mask|conceal|verbergen? Sie|verstecken? Sie|masquez|cachez|oculten?|verberg)\s+"
    r"(?:(?:also|too|please|the|das|den|die|le|la|les|el|het|de)\s+)*"
    r"(?:(?:words?|names?|Wort|Wörter|Namen?|mots?|noms?|palabras?|nombres?|woord(?:en)?|naam)\s+)?(?P<words>"
    rf"{WORDS}){END}",
    re.IGNORECASE,
)
LEAD = re.compile(
    r"^(?:no|yes|ok|sorry|actually|only|please|it'?s|it is|that'?s|there are|they are|they have|we have|we need|we do"
    r"|we are|we're|i am|i'm|is|are"
    r"|in|on|at|the|es ist|es sind|c'est|it should be|should be|it must be|must be|just|nein|non)[,:]?\s+",
    re.IGNORECASE,
)
POLITE = re.compile(
    r"[, ]+(?:please|thanks|thank you|bitte|danke|svp|s'il vous plaît|merci|alstublieft)$", re.IGNORECASE
)
NUMBER = re.compile(r"\d[\d.,'’ ]*\d|\d")
COUNTED = re.compile(rf"({NUMBER.pattern}) (?!days|weeks|months|hours|euros?\b|k\b)([^\W\d_]{{4,}})")
GAP = re.compile(r"[ \t]{2,}")
BEFORE_MARK = re.compile(r"[ \t]+(?=[,.;:!?])")


@dataclass(frozen=True, slots=True)
class Edit:
    """Words of a text and what stands there instead; empty: nothing."""

    old: str
    new: str


def find_edits(text: str) -> tuple[Edit, ...]:
    """Return the changes that a correction asks for in so many words, in order."""
    found = [each for pattern in PATTERNS for each in pattern.finditer(text)]
    taken: list[re.Match[str]] = []
    for one in found:
        if all(one.end() <= other.start() or other.end() <= one.start() for other in taken):
            taken.append(one)
    taken.sort(key=lambda one: one.start())
    return tuple(_edit(one["old"], one["new"]) for one in taken)


def words_to_hide(text: str) -> tuple[str, ...]:
    """Return what a correction asks to hide: of "hide the word Tram", Tram."""
    named = (_bare(found["words"]) for found in HIDE.finditer(text))
    return tuple(each for each in named if each.casefold() not in ("word", "words", "name", "names"))


def recounted(answer: str, text: str) -> tuple[Edit, ...]:
    """Return what "it is 900 mailboxes" changes in a text that speaks of one other number of mailboxes."""
    found = []
    for number, what in COUNTED.findall(answer):
        there = set(re.findall(rf"({NUMBER.pattern}) {re.escape(what)}(?!\w)", text, re.IGNORECASE))
        if len(there) == 1 and number not in there:
            found.append(Edit(f"{there.pop()} {what}", f"{number} {what}"))
    return tuple(found)


def _edit(old: str, new: str) -> Edit:
    """Of "400 mailboxes, not 300" and of "3, not 2 people" only the number changes."""
    old, new = _bare(old), _bare(new)
    number, counted = NUMBER.search(new), NUMBER.match(old)
    if NUMBER.fullmatch(old) and number:
        new = number.group()
    elif NUMBER.fullmatch(new) and counted:
        new += old[counted.end() :]
    elif old.casefold() in NUMBERS and new.casefold().split()[0] in NUMBERS:
        new = new.split()[0]
    return Edit(old, new)


def _bare(words: str) -> str:
    words = POLITE.sub("", words.strip(" \t\"'“”„‘’«»"))
    while (lead := LEAD.match(words)) and words[lead.end() :].strip():
        words = words[lead.end() :].strip(" \t\"'“”„‘’«»")
    return words


def changed(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with the changes made; words that do not stand in it change nothing."""
    for each in edits:
        if len(each.old) < 2 and not each.old.isdigit():
            continue
        pattern = re.compile(rf"(?<!\w)(?<!\d[.,]){re.escape(each.old)}(?!\w)(?![.,]\d)", re.IGNORECASE)
        text = pattern.sub(each.new.replace("\\", r"\\"), text)
    return BEFORE_MARK.sub("", GAP.sub(" ", text)).strip()
