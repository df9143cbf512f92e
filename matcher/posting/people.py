"""A text becomes the names of people in it: titled, introduced, spoken of, signed."""

import re
from collections.abc import Iterable, Iterator, Sequence

from matcher.posting.gazetteer import is_place_word
from matcher.posting.given import is_also_word, is_given
from matcher.posting.names import PRODUCTS
from matcher.posting.public import GIVEN, PERSON, also_small, is_public, proper_part
from matcher.posting.sentences import Letter
from matcher.terms import Masked

TITLED = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Mister|Dr|Prof|Herrn?|Frau|Monsieur|Madame|Mme|Mlle|Señora?|Dra|Sra?|Ing|Dott|Eng"
    rf"|M(?=\.)|Dhr|Mevr|Mevrouw|Signora?|Pan|Pani|Sir)\b\.?[ \t]+"
    rf"(?:(?:Dr|Prof)\.?[ \t]+){{0,2}}(?P<name>{PERSON})"
)
ROLE = (
    r"(?:colleagues?|contact(?: person)?|boss|manager|project (?:manager|lead)|account manager|director|CIO"
    r"|CEO|CTO|CFO|CISO|owner|admin"
    r"|engineer|consultant|architect|head of IT|IT manager|partner|friend|Kollegin|Kollege|Kollegen"
    r"|Ansprechpartner(?:in)?|Chefin|Chef|Projektleiter(?:in)?"
    r"|collègue|responsable|colega|compañer[oa]|jefe|collega)"
)
ROLED = re.compile(rf"\b{ROLE}(?:[ \t]+(?:is|ist|est|es))?[,:]?[ \t]+(?P<name>{PERSON})")
SAID = re.compile(
    rf"\b(?:[Mm]y name is|I am|I'm|I’m|[Tt]his is|[Aa]sk for|[Cc]all|[Rr]ing|[Bb]el|[Rr]uf|[Aa]ppelez"
    rf"|[Cc]ontact|[Aa]ttn\.?:?|[Ss]peak to|[Tt]alk to|[Mm]ein Name ist|[Ii]ch bin|[Ii]ch heiße"
    rf"|[Jj]e m'appelle|[Mm]e llamo|[Mm]ijn naam is|[Rr]egards|[Cc]heers|[Tt]hanks),?[ \t]+(?P<name>{PERSON})"
)
INITIALED = re.compile(r"(?<![\w.])(?:[A-ZÀ-Þ]\.[ \t]?){1,2}[A-ZÀ-Þ][a-zà-ÿ]{3,}(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?(?![\w.])")
PAIR = re.compile(rf"\b(?P<name>{GIVEN}[ \t]+(?:(?:van|von|de|der|den|da|di)[ \t]+){{0,2}}{GIVEN})(?!\w)")
# Nobody but a person is talked to: here the name need not be one that we know, nor be written with a capital.
SPOKEN_TO = (
    r"(?:[Ss]peak|[Ss]poke|[Ss]peaking|[Tt]alk|[Tt]alked|[Tt]alking|[Cc]hat|[Cc]hatted)[ \t]+(?:to|with)|[Mm]y name is"
    r"|[Mm]y name's|[Mm]ein Name ist|[Ii]ch hei(?:ß|ss)e|[Jj]e m['’]appelle|[Mm]e llamo|[Mm]ijn naam is|[Mm]i chiamo"
    r"|[Rr]egards to|[Ss]ay (?:hello|hi) to|[Cc]c'd|[Ss]prechen Sie mit|[Ff]ragen Sie|[Pp]arlez à|[Hh]able con"
    r"|(?:[Cc]ontact|[Kk]ontakt|[Aa]nsprechpartner(?:in)?|[Nn]ame|[Aa]ttn\.?)[ \t]*:"
)
UNKNOWN = re.compile(rf"\b(?:{SPOKEN_TO})[ \t]+(?P<name>{PERSON})(?![\w-])")
SMALL = re.compile(
    rf"\b(?:{SPOKEN_TO}|[Aa]sk|[Cc]all|[Rr]ing|[Tt]ell|[Cc]ontact|[Tt]hanks|[Cc]heers|[Rr]egards|[Hh]i|[Hh]ello"
    rf"|[Dd]ear)"
    r",?[ \t]+(?P<name>[a-zà-ÿ]{3,})\b"
)
OPENING = re.compile(r"\A\s*(?P<name>[a-zà-ÿ]{3,})\b")
# What only people do, behind a name that is also a word: "Mark knows", "Will from our office", "Julia will call".
DEED = (
    r"(?=(?:['’]s (?:number|mobile|phone|team|colleague|mail|email|address|boss|office))"
    r"|[ \t]+(?:knows?|said|says|told|asks|asked|called|calls|wrote|writes|thinks|wants|agreed|suggested|mentioned"
    r"|confirmed|decide[sd]|leads|joined|left|from (?:our|the|my|their)|and I\b"
    r"|is (?:our|my|away|out|back|on holiday|free|available|in charge)"
    r"|will (?:call|be|join|send|come|help|lead|do|answer)|has (?:done|been|moved|worked|asked)"
    r"|can (?:do|call|help|join|lead|tell|answer|explain|show)"
    r"|weiß|sagt|ruft|kann|hilft|sait|peut|sabe|puede|weet|kan)\b)"
)
DOES = re.compile(rf"(?<![\w.@-])(?P<name>{GIVEN}){DEED}")
# "May Chen knows", "ask April Jones": a month that is a first name with a family name behind it.
BORN_IN = ("April", "May", "June", "August")
MONTH_DOES = re.compile(rf"(?<![\w.@-])(?P<name>(?:{'|'.join(BORN_IN)})[ \t]+{GIVEN}){DEED}")
MIN_WORDS = {PAIR: 2}


def find_people(text: str, letter: Letter) -> Iterator[Masked]:
    """Yield people's names in a letter; `text` is all that was written, subject included."""
    for words in dict.fromkeys((*_named(text), *(tuple(name.split()) for name in _signed(letter)))):
        yield from _person(words, text)
    for found in INITIALED.finditer(text):
        yield Masked("person", found.group(), "someone")
    yield from _spoken_of(text)


def _named(text: str) -> Iterator[tuple[str, ...]]:
    for pattern in (TITLED, ROLED, SAID, PAIR):
        for found in pattern.finditer(text):
            words = _name(found["name"]) if pattern is not PAIR else tuple(proper_part(found["name"]).split())
            if pattern is TITLED or (_opens_with_given(words) and len(words) >= MIN_WORDS.get(pattern, 1)):
                yield words
    for found in (*UNKNOWN.finditer(text), *MONTH_DOES.finditer(text)):
        yield _name(found["name"])


def _name(words: str) -> tuple[str, ...]:
    """Keep the words of a name; a month counts where a family name stands behind it."""
    first, *rest = words.split()
    family = proper_part(" ".join(rest))
    return (first, *family.split()) if first in BORN_IN and family else tuple(proper_part(words).split())


def _spoken_of(text: str) -> Iterator[Masked]:
    for found in re.finditer(rf"(?<![\w.@-]){GIVEN}(?![\w@-])", text):
        if _is_listed(found.group()):
            yield Masked("person", found.group(), "someone")
    for found in (*SMALL.finditer(text), *OPENING.finditer(text)):
        if _is_listed(found["name"]):
            yield Masked("person", found["name"], "someone")
    for found in DOES.finditer(text):
        name = found["name"].casefold()
        if is_given(name) and name not in PRODUCTS and not is_place_word(name):
            yield Masked("person", found["name"], "someone")


def _is_listed(word: str) -> bool:
    """A given name, or two with a hyphen, that means nothing else."""
    first = word.casefold().removesuffix("'s").removesuffix("’s").partition("-")[0]
    return is_given(first) and not is_also_word(first) and not is_public(word)


def _opens_with_given(words: Sequence[str]) -> bool:
    return bool(words) and (words[0] in BORN_IN or is_given(words[0].partition("-")[0]))


def _signed(letter: Letter) -> Iterable[str]:
    """The name below the closing, the first names in the greeting."""
    lines = [line.strip(" ,.-") for line in letter.signature.splitlines() if line.strip()]
    for line in lines[:2]:
        if re.fullmatch(PERSON, line) and not all(is_public(word) for word in line.split()):
            yield line
            break
    for found in re.finditer(GIVEN, letter.greeting):
        if is_given(found.group()):
            yield found.group()


def _person(words: Sequence[str], text: str) -> Iterator[Masked]:
    if not words:
        return
    yield Masked("person", " ".join(words), "someone")
    for part in words:
        if len(part) >= 3 and part[0].isupper() and not is_public(part) and not also_small(part, text):
            yield Masked("person", part, "someone")
