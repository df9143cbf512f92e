"""A firm's words about how large its work may be become the least and the most that it takes, in euros."""

import re
from dataclasses import dataclass

from matcher.posting.money import find_sums, read_value

WORK = re.compile(
    r"\b(?:work|jobs?|projects?|orders?|budgets?|Aufträgen?|Projekten?|Arbeit(?:en)?|projets?|travaux|proyectos?"
    r"|trabajos?|projecten|opdrachten|progetti|lavori|projetos?|trabalhos?|projekt\w*|uppdrag|opgaver|zlecenia)\b",
    re.I,
)
TAKES = re.compile(
    r"^\W*(?:(?:we|i|our|the|wir|nous|on|wij|vi)\b[^\d€]{0,40})?\b(?:take|accept|do|want|like|smallest|largest|minimum"
    r"|maximum|least|nehmen|übernehmen|prenons|acceptons|aceptamos|tomamos|nemen|accettiamo|aceitamos|tar|bierzemy)\b",
    re.I,
)
LEAST = re.compile(
    r"\b(?:from|at least|over|above|more than|minimum|smallest|no(?:thing)? (?:less|smaller) than"
    r"|not (?:below|under|less than)|ab|mindestens|von|à partir de|au moins|desde|vanaf|minstens|da|från|fra|od)\b",
    re.I,
)
MOST = re.compile(
    r"\b(?:up to|at most|under|below|less than|maximum|largest|no(?:thing)? (?:more|larger) than|bis(?: zu)?"
    r"|höchstens|jusqu['’]à|au plus|hasta|tot|hoogstens|fino a|até|upp till|op til|do)\b",
    re.I,
)
FIGURE = r"\d[\d.,'’]*(?: ?k\b)?"
EUROS = r"(?:€|EUR|euros?)"
RANGE = re.compile(
    rf"(?P<least>{FIGURE}) ?{EUROS}? ?(?:to|and|bis|und|-|–|à|et|a|y|tot|en|do|til|till) ?{EUROS}? ?(?P<most>{FIGURE})"
    rf"(?= ?{EUROS})|{EUROS} ?(?P<least2>{FIGURE}) ?(?:to|and|bis|und|-|–) ?{EUROS}? ?(?P<most2>{FIGURE})",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Size:
    """The least and the most, in whole EUR; None: not said. `includes` is a size that lies between them."""

    least: int | None = None
    most: int | None = None
    includes: int | None = None


def work_size(clause: str) -> Size | None:
    """Read "we take work from 5,000 to 80,000 EUR"; None where nothing of the kind is said."""
    if not (WORK.search(clause) and TAKES.match(clause)):
        return None
    if found := RANGE.search(clause):
        both = [read_value(f"{each} EUR").eur or 0 for each in found.groups() if each]
        return Size(min(both), max(both))
    sums = [(each, eur) for each in find_sums(clause) if (eur := read_value(each).eur)]
    if len(sums) != 1:
        return None
    words, eur = sums[0]
    before = clause[: clause.find(words)]
    if MOST.search(before):
        return Size(most=eur)
    return Size(least=eur) if LEAST.search(before) else Size(includes=eur)


def limits(least: int, most: int, said: Size) -> tuple[int, int]:
    """Return the new limits from the old ones; 0 is no limit, and one that contradicts what is said goes."""
    if said.includes is not None:
        return min(least, said.includes), max(most, said.includes) if most else 0
    least = least if said.least is None else said.least
    most = most if said.most is None else said.most
    if most and least > most:
        return (least, 0) if said.most is None else (0, most)
    return least, most
