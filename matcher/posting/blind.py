"""A text becomes its blind version: what others may read before both sides agreed."""

import re
from collections.abc import Callable, Iterable

from matcher.posting.blanks import squeezed
from matcher.posting.own import Own
from matcher.posting.private import find_private
from matcher.posting.sentences import Letter, letter
from matcher.terms import Masked

NOUN = (
    r"(?:customers?|clients?|end[ -]customer|end[ -]client|kunden?|endkunden?|cliente|klant|colleagues?"
    r"|contact(?: person)?|boss|manager"
    r"|project manager|project lead|account manager|director|CIO|CEO|CTO|CFO|CISO|owner|consultant|Kolleg(?:e"
    r"|in|en)|Ansprechpartner(?:in)?"
    r"|Projektleiter(?:in)?|collègue|colega|collega|firma)"
)
ARTICLE = r"(?:the|an?|our|their|this|that|its|my|der|die|das|dem|den|ein|eine|unser|le|la|les|el|de|het|un|une)"
FIT_TEXT = re.compile(r"[ \t]{2,}")
# "(Anna, 0171 555 0123)": what is left of a contact in brackets once it is hidden.
CONTACT = re.compile(r"[ \t]*\([^()\n]{0,160}\[(?:number|address|web address|account|street) removed\][^()\n]{0,80}\)")

Keys = Callable[[str], tuple[str, ...]]
NOBODY = Own()


def _knows_none(text: str) -> tuple[str, ...]:
    return ()


def mask(
    text: str, *, sender_domain: str = "", own: Own = NOBODY, subject: str = "", linker_keys: Keys = _knows_none
) -> tuple[str, tuple[Masked, ...]]:
    """Return the text without greeting, signature and private names, and what was hidden in it.

    `own` is who writes. What was found in subject, greeting or signature is listed as well; words that `linker_keys`
    knows stay.
    """
    parts, masked = find(text, sender_domain=sender_domain, own=own, subject=subject, linker_keys=linker_keys)
    return CONTACT.sub(" (contact removed)", cover(parts.body, masked)), masked


def find(
    text: str, *, sender_domain: str = "", own: Own = NOBODY, subject: str = "", linker_keys: Keys = _knows_none
) -> tuple[Letter, tuple[Masked, ...]]:
    """Return the parts of a text and what is private in any of them, with nothing hidden yet."""
    parts = letter(squeezed(text))
    masked = find_private(parts, sender_domain=sender_domain, own=own, subject=subject, linker_keys=linker_keys)
    present = f"{subject}\n{parts.greeting}\n{parts.body}\n{parts.signature}"
    return parts, tuple(one for one in masked if _whole(one).search(present))


def cover(text: str, masked: Iterable[Masked]) -> str:
    """Put what others see in place of every masked name."""
    masked = tuple(masked)
    for one in masked:
        text = _hide(text, one)
    return _cut_out(text, masked)


def _cut_out(text: str, masked: tuple[Masked, ...]) -> str:
    """Names that keep coming back are removed without a word in their place."""
    while hidden := next((one for one in masked if _whole(one).search(text)), None):
        text = _whole(hidden).sub("", text)
    return text


def _hide(text: str, one: Masked) -> str:
    if one.words not in text and one.words.casefold() not in text.casefold():
        return text
    words = _whole(one).pattern
    if one.kind in ("customer", "person"):
        text = re.sub(
            rf"(?i:\b(?P<noun>{NOUN}))(?:[ \t]*,[ \t]*{words}(?!\w)|[ \t]+(?:is called |called |named )?{words}"
            rf"|[ \t]*\({words}\))",
            r"\g<noun>",
            text,
        )
        text = re.sub(
            rf"(?i:\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herrn?|Frau|Monsieur|Madame|Mme|Señora?"
            rf"|Mevrouw))\.?[ \t]+(?={words})",
            "",
            text,
        )
    if one.kind == "customer":
        text = re.sub(rf"(?i:\b(?P<article>{ARTICLE})[ \t]+){words}", r"\g<article> customer", text)
    shown = one.shown_as[0].upper() + one.shown_as[1:]
    text = re.sub(rf"(?P<start>^|[.!?][ \t]+){words}", rf"\g<start>{shown}", text, flags=re.MULTILINE)
    return FIT_TEXT.sub(" ", _whole(one).sub(one.shown_as, text))


def _whole(one: Masked) -> re.Pattern[str]:
    """The words standing by themselves; customers and domains also in small or capital letters."""
    pattern = rf"(?<!\w){re.escape(one.words)}(?!\w)"
    small_too = one.kind in ("customer", "domain") and len(one.words) >= 4
    return re.compile(rf"(?i:{pattern})" if small_too else pattern)
