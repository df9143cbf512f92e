"""Who posts becomes the names in a text that give the own firm and its people away."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from matcher.posting.given import is_also_word, is_given
from matcher.posting.names import LEGAL_FORMS, words
from matcher.posting.public import also_small, is_public
from matcher.terms import Masked

OUR_FIRM = "our firm"
LEGAL = re.compile(rf"[ \t,]+(?:{LEGAL_FORMS})\.?$")
# Words that firms of this trade put behind their names; alone they name none of them.
TRADE = words(
    """
    agency ag advisory beratung business computing comms communications consult consultants consulting datacenter
    development engineering enterprises experts hosting informatica informatics informatik information informatique
    infrastructure integration labs networking networks sistemas sistemi software solution solutions systeme systemhaus
    systems tech technik technologie technologies technology telecom
    """
)


@dataclass(frozen=True, slots=True)
class Own:
    """What is known of whoever posts: the firm's name, and its people's."""

    firm: str = ""
    people: tuple[str, ...] = ()
    also: str = ""  # another name of the firm


def find_own(own: Own, text: str, linker_keys: Callable[[str], tuple[str, ...]]) -> Iterator[Masked]:
    """Yield the own firm's name, with and without its legal form and trade, and its people's; no name of a product."""
    for name in dict.fromkeys((*_names_of_firm(own.firm), *_names_of_firm(own.also))):
        if " " in name:
            yield Masked("domain", name, OUR_FIRM)
        elif len(name) > 2 and not is_public(name) and not linker_keys(name):
            # In a text that has the word in small letters too, it is a name only where it is written like one.
            yield Masked("person" if also_small(name, text) else "domain", name, OUR_FIRM)
    for name in own.people:
        yield from _person(name.split(), text)


def of_short_domain(stem: str, linker_keys: Callable[[str], tuple[str, ...]]) -> Iterator[Masked]:
    """Yield a firm's name of three letters, as its domain has it, where it is written in capitals."""
    if len(stem) == 3 and stem.isalpha() and not is_public(stem) and not linker_keys(stem):
        yield Masked("domain", stem.upper(), OUR_FIRM)


def _names_of_firm(firm: str) -> list[str]:
    whole = " ".join(firm.split())
    if "." in whole and " " not in whole:
        return []  # the domain stands for a name that nobody has told; it is found as one
    plain = LEGAL.sub("", whole)
    core = plain.split()
    while len(core) > 1 and (is_public(core[-1]) or core[-1].casefold() in TRADE or core[-1] == "&"):
        core.pop()
    named = [each for each in (plain, " ".join(core)) if not all(map(is_public, each.split()))]
    return list(dict.fromkeys([whole, *named] if whole != plain else named))


def _person(name: list[str], text: str) -> Iterator[Masked]:
    if len(name) > 1:
        yield Masked("person", " ".join(name), "someone")
    if not name or not is_given(name[0]):
        return
    for part in name:
        is_word = is_public(part) or is_also_word(part) or also_small(part, text)
        if len(part) > 2 and part[0].isupper() and not is_word:
            yield Masked("person", part, "someone")
