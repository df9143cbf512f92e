"""A firm's words become trades and clearances that it names as our lists have them, besides those it describes."""

import re

from matcher.posting.conditions import CLEARANCES, INDUSTRIES, find_clearances, find_industries

KNOWN = re.compile(
    r"\b(?:trades?|industr(?:y|ies)|sectors?|know|branchen?|kennen|secteurs?|connaissons|sectores?|conocemos|sectoren"
    r"|kennen|settori?|conosciamo|setores?|conhecemos|branscher?|brancher?|branże|znamy)\b",
    re.I,
)
CLEARED = re.compile(r"\b(?:clear(?:ed|ances?)|hold|holds|überprüf\w+|habilit\w+)\b", re.I)


def industries_named(text: str) -> tuple[str, ...]:
    """Return the trades that words describe, and where they speak of trades those that they name."""
    named = [one for one in INDUSTRIES if KNOWN.search(text) and _stands_in(one, text)]
    return tuple(dict.fromkeys((*find_industries(text), *named)))


def clearances_named(text: str) -> tuple[str, ...]:
    """Return the clearances that words ask for or name, "SC-UK" and "SC cleared" alike."""
    named = [token for token, _ in CLEARANCES if CLEARED.search(text) and _stands_in(token, text)]
    return tuple(dict.fromkeys((*find_clearances(text), *named)))


def _stands_in(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None
