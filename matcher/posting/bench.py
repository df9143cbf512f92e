"""A firm's words about its people become people to lend: how many, of what level, for what, free from when."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date

from matcher.posting.date_words import NUMBERS
from matcher.posting.dates import read_due
from matcher.posting.exams import EXAM, in_words
from matcher.posting.headcount import PEOPLE_NOUN
from matcher.posting.levels import ARCHITECT, JUNIOR, SENIOR

Keys = Callable[[str], tuple[str, ...]]

MOST_AT_ONCE = 20
DAYS_A_MONTH = 10  # of somebody who is free and of whom no days are said
FULL_TIME_DAYS = 20
MORE = (
    r"(?:more|additional|further|other|new|extra|weiterer?n?|zusätzlicher?n?|neuer?n?|autres?|nouveaux|más|nuevos|meer"
    r"|andere|nieuwe|altri|nuovi|mais|fler|flere|kolejnych)"
)
HAVE = (
    r"(?:have|(?:we|i)(?:['’]ve|(?: can| could| also| now| just| have| got| hired| employ| offer| lend| gained"
    r"| added)+)"
    r"(?: also| now| just| got| hired| gained)*"
    r"|(?:wir|ich) (?:haben?|können)(?: jetzt| auch| noch| nun)*|nous avons(?: aussi| maintenant)*"
    r"|tenemos(?: también| ahora)*|(?:we|wij) hebben(?: nu| ook| nog)*|abbiamo(?: anche| ora)*|temos(?: também)*"
    r"|vi har(?: också| også| nu| nå)*|mamy(?: też| teraz)*)"
)
COUNT = rf"(?P<n>\d{{1,3}}|another|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
OPENS = re.compile(rf"^\W*(?:(?:and|und|et|y|en|e|og|och|i)\s+)?(?:{HAVE}\s+)?{COUNT}\b\s+(?P<rest>.+)$", re.I | re.S)
IS_MORE = re.compile(rf"^{MORE}\s+(?:of (?:our|us) )?|^another\s+", re.I)
PEOPLE_NOUN_ONE = (
    r"(?:engineer|consultant|developer|specialist|technician|analyst|tester|employee|colleague|Berater|Entwickler)"
)
NOUN = re.compile(
    rf"\b(?:{PEOPLE_NOUN}|{PEOPLE_NOUN_ONE}|[\w-]*admin(?:istrator\w*|s)?|experts?|experten|{ARCHITECT}|{SENIOR}|{JUNIOR})\b",
    re.I,
)
LINK = re.compile(
    r"\W*(?:(?:engineers?|consultants?|developers?|people|level)\s+)?\(?(?:with|for|in|on|who (?:do|does|knows?|can do)"
    r"|who works? (?:in|on|with)|(?:are )?certified(?: (?:in|for|on))?|trained (?:in|on|for)|doing|holding|mit|für"
    r"|avec|pour|en|con|para|met|voor|per|com|med|för|na|dla|pro)\b",
    re.I,
)
OF_OTHERS = re.compile(r"\b(?:customers?|clients?|projects?|users?|kunden|projekte?|clientes?|klanten)\b|\d", re.I)
FREE = re.compile(
    r"\b(?:free|available|frei|verfügbar|disponibles?|libres?|vrij|beschikbaar|liber[oi]|disponibil[ei]|livres?"
    r"|lediga?|ledige?|tilgjengelig|dostępn\w+|wolny|wolni)\b",
    re.I,
)
NOT_FREE = re.compile(
    r"\b(?:not|nicht|pas|no|niet|non|não|inte|ikke|nie)\s+(?:\w+\s+)?(?:free|available|frei|verfügbar|disponibles?"
    r"|libres?|vrij|beschikbaar|liberi?|livres?|lediga?|dostępn\w+)\b"
    r"|\b(?:busy|booked|ausgebucht|verplant|occupée?s?|ocupad[oa]s?|bezet|occupati?|upptagna?)\b",
    re.I,
)
NOW = re.compile(
    r"\b(?:now|at once|immediately|from today|right away|today|jetzt|sofort|ab sofort|heute|maintenant|tout de suite"
    r"|ahora|nu|vanaf nu|subito|ora|agora|nå|teraz|od zaraz)\b",
    re.I,
)
DAYS = re.compile(
    r"\b(?P<days>\d{1,2})\s+(?:days?|Tage?n?|jours?|días?|dagen|giorni|dias|dagar|dager|dni)\s+"
    r"(?:(?:a|per|each|every|im|pro|par|al|por|per|i|om|w)\s+)?(?:months?|Monat|mois|mes|maand|mese|mês|månad\w*"
    r"|måned\w*|miesiąc\w*)\b",
    re.I,
)
FULL_TIME = re.compile(
    r"\b(?:full[- ]time|Vollzeit|(?:à )?temps plein|a tiempo completo|voltijds|a tempo pieno)\b", re.I
)
WEEKDAY = re.compile(r"\bfrom (?=(?:mon|tues|wednes|thurs|fri|satur|sun)day\b)", re.I)
STAYS = re.compile(
    r"\b(?:(?:does|do|will|can) ?n[o'’]t|doesn['’]t|don['’]t|won['’]t|no longer|never) (?:travel|work on[- ]site)"
    r"|\b(?:remote(?:ly)? only|only remote(?:ly)?|no travel|reist nicht|nur remote)\b",
    re.I,
)
TRAVELS = re.compile(
    r"\b(?:on[- ]?site|travels?|travelling|vor Ort|reist|sur (?:site|place)|op locatie|in sede|en sitio|in loco"
    r"|på plats|på stedet|na miejscu)\b",
    re.I,
)
GONE = re.compile(
    r"\b(?:has )?left\b|\b(?:no longer|not any ?more|nicht mehr|ne \w+ plus|ya no|niet meer)\b(?! free)|\bis gone\b"
    r"|\b(?:hat|haben) uns verlassen\b|\ba quitté\b|\bse ha ido\b|\bis weg\b",
    re.I,
)
SAID_OF = r"(?:['’]s|,|\s+(?:is|are|was|will|can|works?|travels?|does|has|left|no|ist|hat|reist|est|a|es|ha)\b)"
NEWCOMER = re.compile(
    r"^(?P<name>(?-i:[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ]\.?)?))(?: is| ist| est| es|,)? (?:an? |eine? |une? |un[oa]? |een )?"
    r"(?:new )?(?P<what>.+)$",
    re.I | re.S,
)
LEVELS = tuple(
    (level, re.compile(rf"\b{words}\b", re.I))
    for level, words in (("architect", ARCHITECT), ("junior", JUNIOR), ("senior", SENIOR))
)


@dataclass(frozen=True, slots=True)
class Traits:
    """What is said of somebody besides what they can do; None and empty: nothing."""

    level: str = ""
    free_from: date | None = None
    free_days: int | None = None  # a month
    on_site: bool | None = None
    may_be_free: bool = False  # "free", without days or day


@dataclass(frozen=True, slots=True)
class Lent:
    """Some people for some competencies; `is_more`: besides those known, else all of them together."""

    n: int
    keys: tuple[str, ...]
    traits: Traits
    is_more: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """Something new of one person who is known by name."""

    name: str
    traits: Traits
    is_gone: bool = False


class Unclear(Exception):
    """Words that are about people, but do not tell enough; the message asks for it."""


def lent(clause: str, *, linker_keys: Keys, today: date) -> Lent | None:
    """Read "we have 3 people with AZ-104, free now"; None when it says nothing of the kind. Raises `Unclear`."""
    opened = OPENS.match(clause)
    if opened is None:
        return _newcomer(clause, linker_keys, today)
    n, rest = _number(opened["n"]), opened["rest"]
    more = IS_MORE.match(rest)
    rest = rest[more.end() :] if more else rest
    keys = _keys_of(rest, linker_keys)
    if not keys:
        return None
    if not 0 < n <= MOST_AT_ONCE:
        raise Unclear(f"“{clause}”: name between 1 and {MOST_AT_ONCE} people whom you would lend.")
    is_more = more is not None or opened["n"].casefold() == "another"
    return Lent(n, keys, traits(clause, today), is_more)


def moved(clause: str, *, names: Collection[str], today: date) -> Moved | None:
    """Read what is new of one person: "Beth is free from 5 January", "Beth has left". Raises `Unclear`."""
    called = [name for name in names if _speaks_of(name, clause)]
    if not called:
        called = [name for name in names if _speaks_of(name.split()[0], clause)]
    if not called:
        return None
    if len(called) > 1:
        raise Unclear(f"“{clause}”: {' or '.join(called)}? Write the name as it stands on your page.")
    said = traits(clause, today)
    is_gone = GONE.search(clause) is not None and said == Traits()
    return Moved(called[0], said, is_gone) if is_gone or said != Traits() else None


def traits(said: str, today: date) -> Traits:
    """Read level, free days, the day from which somebody is free, and whether they travel."""
    days, on = _days(said), _free_from(said, today)
    busy = NOT_FREE.search(said) is not None
    is_free = on is not None or FREE.search(said) is not None and not busy
    if busy and on is None:
        days = 0
    return Traits(level_of(said), on, days, _on_site(said), is_free)


def level_of(said: str) -> str:
    """Return the level that words give somebody, empty where they give none."""
    return next((level for level, words in LEVELS if words.search(said)), "")


def with_traits(old: Traits, new: Traits) -> Traits:
    """Lay newer words over older ones: what they do not speak of stays."""
    return Traits(
        new.level or old.level,
        new.free_from or (None if new.may_be_free or new.free_days == 0 else old.free_from),
        old.free_days if new.free_days is None else new.free_days,
        old.on_site if new.on_site is None else new.on_site,
        new.may_be_free or old.may_be_free,
    )


def _newcomer(clause: str, linker_keys: Keys, today: date) -> Lent | None:
    found = NEWCOMER.match(clause)
    if found is None or not NOUN.search(found["what"]) or GONE.search(clause):
        return None
    keys, is_leveled = _keys_of(found["what"], linker_keys), level_of(found["what"])
    return Lent(1, keys, traits(clause, today), is_more=True, name=found["name"]) if keys and is_leveled else None


def _keys_of(rest: str, linker_keys: Keys) -> tuple[str, ...]:
    """Return what the people counted can do: named before them ("SAP admins"), or behind ("people with AZ-104")."""
    noun = NOUN.search(rest)
    if noun is None or len(rest[: noun.start()].split()) > MOST_BEFORE or OF_OTHERS.search(rest[: noun.start()]):
        return ()
    before = linker_keys(in_words(f"{rest[: noun.start()]} {_stem(noun.group())}"))
    behind = rest[noun.end() :]
    if before and not LINK.match(behind):
        return before
    if not LINK.match(behind):
        return ()
    named = dict.fromkeys((*before, *linker_keys(in_words(behind))))
    unknown = EXAM.search(behind)
    if not named and unknown:
        raise Unclear(
            f"We do not know what “{unknown.group()}” is for. Write what they do, for example: 3 people for Azure."
        )
    return tuple(named)


MOST_BEFORE = 6  # words between a number and who is counted


def _stem(noun: str) -> str:
    """Of "Azure-Administratoren" the part that names what they do."""
    return noun.rpartition("-")[0]


def _number(said: str) -> int:
    return int(said) if said.isdigit() else NUMBERS.get(said.casefold(), 1)


def _days(said: str) -> int | None:
    found = DAYS.search(said)
    return min(int(found["days"]), 31) if found else FULL_TIME_DAYS if FULL_TIME.search(said) else None


def _free_from(said: str, today: date) -> date | None:
    """Return the day from which somebody is free; "busy until 5 January" is free from then on."""
    cue = FREE.search(said) or NOT_FREE.search(said)
    if cue is None:
        return None
    behind = said[cue.end() :]
    on = read_due(WEEKDAY.sub("on ", DAYS.sub(" ", behind)), today).on
    return on or (today if NOW.search(said) and not NOT_FREE.search(said) else None)


def _on_site(said: str) -> bool | None:
    if STAYS.search(said):
        return False
    return True if TRAVELS.search(said) else None


def _speaks_of(name: str, clause: str) -> bool:
    return re.match(rf"\W*(?:our \w+ )?{re.escape(name)}{SAID_OF}", clause, re.I) is not None


def same(one: Traits, other: Traits) -> bool:
    """Tell whether two say the same of somebody."""
    return replace(one, may_be_free=False) == replace(other, may_be_free=False)
