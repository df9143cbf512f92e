"""Capitalised words in a row → whether their form says that they are a level, a town or a language, and no name.

Only what a rule of form tells is let through; whatever else stands in capitals may be a name and stays hidden.
"""

import re
from collections.abc import Sequence

from matcher.posting.gazetteer import is_place_word
from matcher.posting.languages import CODE_OF, NOT_A_MUST
from matcher.posting.names import words
from matcher.posting.public import is_public
from matcher.posting.states import COUNTRY_OF

# "CMMC L2", "L1 L2", "CEFR C1": an abbreviation in capitals with a grade; "Type II", "Tier 3".
ACRONYM = re.compile(r"[A-Z]{2,6}")
GRADE = re.compile(r"[A-Z]\d{1,2}|I{2,3}|IV")
GRADED = words("class level niveau nivel livello nível poziom stage stufe tier type typ")
STATES = tuple(tuple(each.split()) for each in COUNTRY_OF if len(each) > 2)
# Behind these a town stands and no firm: "in Sudbury Ontario", "Place: Sudbury Ontario".
AT = re.compile(r"(?:\b(?:in|near|around)|(?:[Pp]lace|[Ww]here|[Ll]ocation|[Ss]ite|[Tt]own|[Cc]ity)[ \t]*:)[ \t]+\Z")
MAX_TOWN = 2  # words


def is_nameless(run: Sequence[str], before: str) -> bool:
    """Tell capitalised words that name nobody; `before` is what stands before them in their line."""
    return _is_grade(run) or _is_town(run, before) or _is_language(run)


def _is_grade(run: Sequence[str]) -> bool:
    *first, last = run
    if not first or not GRADE.fullmatch(last):
        return False
    return all(_goes_with_grade(each) for each in first)


def _goes_with_grade(word: str) -> bool:
    return bool(ACRONYM.fullmatch(word) or GRADE.fullmatch(word)) or word.casefold() in GRADED or is_public(word)


def _is_town(run: Sequence[str], before: str) -> bool:
    """Tell a town with its state or province: a known one anywhere, any other where only a place can stand."""
    for state in STATES:
        town = run[: -len(state)]
        if town and tuple(run[-len(state) :]) == state:
            return all(map(is_place_word, town)) or (len(town) <= MAX_TOWN and AT.search(before) is not None)
    return False


def _is_language(run: Sequence[str]) -> bool:
    """Tell "Englisch von Vorteil": a language with words behind it that make it no must."""
    return run[0].casefold() in CODE_OF and NOT_A_MUST.fullmatch(" ".join(run[1:])) is not None
