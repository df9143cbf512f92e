"""Two texts become the product names and codes that stand in both."""

import re
from collections.abc import Iterable

from matcher.ranking.lexical import tokens, words_of
from matcher.terms import Competency

WORD = re.compile(r"[^\s,;:!?()\[\]\"“”„«»…]+")
CODE = re.compile(
    r"\w*[A-Z]\w*[A-Z]\w*|\.[A-Z]+\w*|\w*[A-Za-z]\w*[/\-]?\d\S*|[A-Z]\w*[#+]+|\w+/\d\w+|\w+\d[/\w]*[A-Za-z]\w*"
)
# Titles, places, money, units, laws that bind everybody, and words for whole trades: to share them says nothing.
NEVER = words_of("""
    CEO CIO COO CTO IT UK US USA EU EUR CHF GBP USD ASAP FYI PS CRM ERP PDF API VAT SLA GDPR DSGVO RGPD LGPD
""")
SHORTEST_CODE = 3


def vocabulary(competencies: Iterable[Competency]) -> frozenset[str]:
    """Collect the capitalised one-word names of products from what competencies are called."""
    names = (name for one in competencies for name in (*one.synonyms, *one.old_names))
    return frozenset(name for name in names if " " not in name and name[:1].isupper())


def shared_names(asked: str, said: str, known: frozenset[str]) -> tuple[str, ...]:
    """Return the names in the need that the partner's words have too, as the need writes them, in its order."""
    there = set(tokens(said))
    found: dict[str, str] = {}
    for raw in WORD.findall(asked):
        word = raw.strip("'’").rstrip(".-–/")
        forms = tokens(word)
        if forms and forms[0] in there and _is_name(word, known):
            found.setdefault(forms[0], word)
    return tuple(found.values())


def _is_name(word: str, known: frozenset[str]) -> bool:
    if word in NEVER:
        return False
    return word in known or (len(word) >= SHORTEST_CODE and CODE.fullmatch(word) is not None) or word.endswith("#")
