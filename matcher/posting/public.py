"""A word becomes public or private: products, places and ordinary words are nobody's name."""

import itertools
import re

from matcher.posting.gazetteer import is_place_word
from matcher.posting.names import ORDINARY, ORGANISATIONS_BEHIND, PRODUCTS

# No word is longer: from each letter of ten thousand in one word all behind it would be read.
EXTENDED = "".join(map(chr, range(0x100, 0x180)))  # letters of Polish, Czech, Turkish, the Baltic languages …
UPPER = "A-ZÀ-ÖØ-Þ" + "".join(each for each in EXTENDED if each.isupper())
LOWER = "a-zß-öø-ÿ" + "".join(each for each in EXTENDED if each.islower())
CAP = rf"[{UPPER}0-9](?:[\w'’&+]|[./-](?=\w)){{0,60}}"
GIVEN = rf"[{UPPER}][{LOWER}'’]+(?:-[{UPPER}][{LOWER}]+)?"
PERSON = rf"{GIVEN}(?:[ \t]+(?:(?:van|von|de|der|den|da|di|le|la)[ \t]+){{0,2}}{GIVEN}){{0,2}}"


def is_public(word: str) -> bool:
    """Tell a product, a place or an ordinary word from one that may be a name."""
    plain = re.sub(r"['’]s?$", "", word.casefold().strip(".,:;()&"))
    known = plain in PRODUCTS or plain in ORDINARY or is_place_word(plain)
    return known or not any(letter.isalpha() for letter in plain) or plain.partition("-")[0] in PRODUCTS


def is_everyday(word: str) -> bool:
    """Public and no place: 'Leeds' may begin a firm's name, 'The' may not."""
    return word.casefold() in ORDINARY or (is_public(word) and not is_place_word(word))


def proper_part(name: str) -> str:
    """Keep the words of a name: up to the first product, without everyday words at its end."""
    kept = list(
        itertools.takewhile(lambda word: word.casefold().strip("().,") not in PRODUCTS, name.rstrip(".,-/").split())
    )
    if not kept or is_everyday(kept[0]):
        return ""
    while kept and (
        kept[-1][0].islower() or (is_public(kept[-1]) and not re.fullmatch(ORGANISATIONS_BEHIND, kept[-1]))
    ):
        kept.pop()
    return re.sub(r"['’]s$", "", " ".join(kept)).rstrip(".,-/")


def also_small(word: str, text: str) -> bool:
    """A name that the text also writes small, as Will and Mark, is an everyday word there."""
    return re.search(rf"\b{re.escape(word.lower())}\b", text) is not None
