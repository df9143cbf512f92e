"""Two texts become the product names and codes that stand in both."""

import re
from collections.abc import Iterable, Sequence

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


def named_aloud(found: Sequence[tuple[str, str]], said: str) -> tuple[str, ...]:
    """Return, as the need writes them, those of the names in the partner's words that are names there too.

    Who shouts "AGAIN" names nothing that others merely say.
    """
    if not any(_may_be_shouted(word) for _, word in found):
        return tuple([word for _, word in found])
    as_names = set(tokens(" ".join(word for word in WORD.findall(said) if word != word.lower())))
    return tuple(word for form, word in found if form in as_names or not _may_be_shouted(word))


def _may_be_shouted(word: str) -> bool:
    return word.isalpha() and word.isupper()


def names_in(asked: str, known: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return the names in a need, each as it is compared and as the need first writes it."""
    found: dict[str, str] = {}
    for raw in WORD.findall(asked):
        word = raw.strip("'’").rstrip(".-–/")
        forms = tokens(word) if _is_name(word, known) else ()
        if forms:
            found.setdefault(forms[0], word)
    return tuple(found.items())


def _is_name(word: str, known: frozenset[str]) -> bool:
    if word in NEVER:
        return False
    return word in known or (len(word) >= SHORTEST_CODE and CODE.fullmatch(word) is not None) or word.endswith("#")
