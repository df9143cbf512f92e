"""A text becomes one in which no day looks like a name: "Mon Jan 11" has two capitalised words in a row."""

import re

from matcher.posting.date_words import MONTH_OF
from matcher.posting.given import is_given

WEEKDAY = (
    r"(?:mon|tues?|weds?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|wednesday|(?:diens|donners|frei|sams|sonn|mon)tag"
    r"|mittwoch"
)
DAYS_NAME = re.compile(WEEKDAY, re.IGNORECASE)
WORD = rf"(?:{WEEKDAY}|{'|'.join(sorted(MONTH_OF, key=len, reverse=True))})\b\.?"
WORDS = rf"{WORD}(?:,?[ \t]+{WORD})*"
NUMBER = r"(?:[12]\d|3[01]|0?[1-9])"
DAY_FIRST = rf"(?<![\w.,]){NUMBER}(?:st|nd|rd|th|\.)?[ \t/-]+"
# Behind "Jan" stands a day or a year, not the number of a telephone.
DAY_BEHIND = rf"[ \t/-]+(?:{NUMBER}(?:st|nd|rd|th|\.)?(?!\w)|20\d\d\b)(?![ .-]\d\d[ .-]\d\d)"
DATED = re.compile(rf"\b(?-i:(?=[A-ZÀ-Þ]))(?P<words>{WORDS})(?P<behind>{DAY_BEHIND})?", re.IGNORECASE)
DAY_BEFORE = re.compile(rf"{DAY_FIRST}$", re.IGNORECASE)
NAME_BEHIND = re.compile(r"[ \t]+[A-ZÀ-Þ][\w'’-]")


def without_days(text: str) -> str:
    """Put a sign that belongs to no word in place of each letter of a day's names; all else stays where it is.

    A single word such as "Jan" or "May" is part of a day only with a number beside it, and not in "1. Jan Novak".
    """
    return DATED.sub(lambda found: _veiled(found) if _is_day(found) else found.group(), text)


def _veiled(found: re.Match[str]) -> str:
    return re.sub(r"[^\W\d_]", "~", found["words"]) + (found["behind"] or "")


def _is_day(found: re.Match[str]) -> bool:
    if found["behind"]:
        return True
    if NAME_BEHIND.match(found.string, found.end()):
        return False
    words = [word.strip(".,") for word in found["words"].split()]
    if len(words) > 1 and (any(DAYS_NAME.fullmatch(word) for word in words) or not any(map(is_given, words))):
        return True
    return DAY_BEFORE.search(found.string, max(0, found.start() - 8), found.start()) is not None
