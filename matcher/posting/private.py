"""A text becomes the private names in it: customers, people, addresses, telephone numbers."""

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from matcher.posting.addresses import EMAIL, find_addresses
from matcher.posting.dated import without_days
from matcher.posting.gazetteer import is_place_word
from matcher.posting.given import is_given
from matcher.posting.nameless import is_nameless
from matcher.posting.names import (
    FREE_MAIL,
    LEGAL_FORMS,
    ORDINARY,
    ORGANISATIONS_BEFORE,
    ORGANISATIONS_BEHIND,
    PRODUCTS,
)
from matcher.posting.own import Own, find_own, of_short_domain
from matcher.posting.particulars import find_particulars
from matcher.posting.people import find_people
from matcher.posting.phones import find_phones
from matcher.posting.public import CAP, GIVEN, UPPER, also_small, is_everyday, is_public, proper_part
from matcher.posting.sentences import Letter
from matcher.terms import Masked

Keys = Callable[[str], tuple[str, ...]]
SHOWN_WORDS = frozenset(["a", "customer", "someone", "web", "address", "number", "removed", "our", "firm"])

NAME = rf"{CAP}(?:[ \t]+(?:(?:&|of|de|der|den|van|von|du|la|di|y|and|und|et)[ \t]+)?{CAP}){{0,4}}"

WORD = rf"[{UPPER}](?:\.(?=[ \t])|[\w'’&-]*)"
CAPITALISED = re.compile(rf"(?<![\w@./-]){WORD}(?:[ \t]+(?:(?:&|of|de|do|da|du|della|van|von|la)[ \t]+)?{WORD}){{0,5}}")
GERMAN = re.compile(r"\b(?:und|oder|wir|nicht|mit|eine|einen|dem|ist|gesucht)\b|[äöüßÄÖÜ]")
INTRODUCED = re.compile(
    rf"(?:^|\n)[ \t]*(?P<who>{GIVEN})(?: here)?,? (?:from|of|at|with) (?P<firm>{CAP}(?:[ \t]+{CAP}){{0,3}})"
)

CUSTOMER = (
    r"(?:[Cc]ustomers?|CUSTOMER|[Cc]lients?|[Ee]nd[ -](?:customer|client)|[Kk]unden?|[Ee]ndkunden?|[Cc]liente"
    r"|[Kk]lant|[Kk]lanten|[Ee]indklant)"
)
NAMED = re.compile(
    rf"\b{CUSTOMER}(?:[ \t]+(?:is called|is named|called|named|is|ist|heißt|est|es|namens|Firma|die Firma"
    rf"|heet))?[ \t]*[,:(–-]?[ \t]*(?P<name>{NAME})"
)
LEGAL = re.compile(
    rf"(?P<name>(?:{CAP}[ \t]+(?:(?:&|of|de|van|von|and|und|et|y)[ \t]+)?){{1,5}}(?:{LEGAL_FORMS}))(?![\w/&-])"
)
BEHIND = re.compile(rf"(?P<name>(?:{CAP}[ \t]+){{1,3}}(?:{ORGANISATIONS_BEHIND}))(?!\w)")
BEFORE = re.compile(
    rf"\b(?P<name>(?:{ORGANISATIONS_BEFORE})(?:[ \t]+(?:of|de|der|du|van|von|für|la|St\.?)){{0,2}}[ \t]+{CAP})"
)
WON = re.compile(
    rf"\b(?:(?:won|awarded|signed|landed|contract|deal|tender|project|rollout|roll-out|migration|order"
    rf"|framework|work|working|job|gewonnen|Auftrag|Projekt|contrat|projet|contrato|proyecto|opdracht|behalf)"
    rf"[ \t]+(?:at|with|from|for|by|of|bei|beim|von|chez|pour|con|para|bij|voor)|[Ff]irma)[ \t]+(?P<name>{NAME})"
)


def find_private(
    letter: Letter, *, sender_domain: str, own: Own, subject: str, linker_keys: Keys
) -> tuple[Masked, ...]:
    """Return what must not be shown, longest words first; words that name a competency are nobody's name."""
    text = f"{subject}\n{letter.greeting}\n{letter.body}\n{letter.signature}"
    names = without_days(text)
    named = without_days(f"{subject}\n{letter.body}\n{letter.signature}")
    found: dict[str, Masked] = {}
    sources = (
        find_addresses(text),
        find_phones(text),
        find_particulars(text),
        find_own(own, names, linker_keys),
        _own(sender_domain, names, linker_keys),
        find_people(names, letter),
        _behind_addresses(names),
        _customers(named),
    )
    for one in itertools.chain(*sources, _proper_names(named, found)):
        words = one.words.strip(" \t\n,;:")
        if words in found:
            continue
        is_name = one.kind in ("customer", "person")
        if len(words) > 1 and _hideable(words) and not (is_name and linker_keys(words)):
            found.setdefault(words, Masked(one.kind, words, one.shown_as))
    return tuple(sorted(found.values(), key=lambda one: (-len(one.words), one.words)))


def _hideable(words: str) -> bool:
    """A name made of the words shown instead would come back with them."""
    return not set(re.findall(r"\w+", words.casefold())) <= SHOWN_WORDS


def _own(sender_domain: str, text: str, linker_keys: Keys) -> Iterator[Masked]:
    """The poster's own firm: by its domain, and as it introduces itself."""
    stem = sender_domain.casefold().removeprefix("www.").partition(".")[0]
    if len(stem) >= 4 and stem not in FREE_MAIL | PRODUCTS | ORDINARY:
        yield Masked("domain", stem, "our firm")
        for words in _spelt(stem, text):
            yield Masked("domain", words, "our firm")
    yield from of_short_domain(stem, linker_keys)
    for found in INTRODUCED.finditer(text):
        firm = proper_part(found["firm"])
        if not is_public(found["who"]) and firm and not all(is_public(word) for word in firm.split()):
            yield Masked("person", found["who"], "someone")
            yield Masked("domain", firm, "our firm")


def _spelt(stem: str, text: str) -> Iterator[str]:
    """Names in the text whose letters, run together, begin as a domain does: 'Hadleigh Timber' for hadleightimber."""
    for found in CAPITALISED.finditer(text):
        words = found.group().split()
        for start, end in itertools.combinations(range(len(words) + 1), 2):
            letters = _letters("".join(words[start:end]))
            most = len(letters) >= max(4, 0.65 * len(stem))
            if most and stem.startswith(letters) and not is_public(words[start]):
                yield " ".join(words[start:end]).rstrip(" &")


def _letters(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in plain if letter.isalnum() and letter.isascii())


def _behind_addresses(text: str) -> Iterator[Masked]:
    """Names that an address in the text gives away: o.nkusi@passerellesante.example."""
    for address in EMAIL.finditer(text):
        local, _, domain = address.group().partition("@")
        for words in _spelt(_letters(domain.partition(".")[0]), text):
            yield Masked("customer", words, "a customer")
        for part in re.split(r"[._+-]|\d", local):
            yield from (Masked("person", words, "someone") for words in _spelt(part.casefold(), text))


def _proper_names(text: str, found: Mapping[str, Masked]) -> Iterator[Masked]:
    """Two or more capitalised words in a row that are no product or place: somebody's name, or a firm's.

    Not in German, where every noun is capitalised.
    """
    for line in text.splitlines():
        if not GERMAN.search(line):
            for name in CAPITALISED.finditer(line):
                if is_nameless(name.group().split(), line[: name.start()]):
                    continue
                yield from _proper_name(_trimmed(name.group().split()), found)


def _proper_name(words: list[str], found: Mapping[str, Masked]) -> Iterator[Masked]:
    if sum(not is_public(word) for word in words) < 2 or any(word.casefold() in PRODUCTS for word in words):
        return
    is_person = any(is_given(word) or (word in found and found[word].kind == "person") for word in words)
    yield Masked("person" if is_person else "customer", " ".join(words), "someone" if is_person else "a customer")


def _trimmed(words: list[str]) -> list[str]:
    while words and is_everyday(words[0]):
        words = words[1:]
    while words and is_public(words[-1]) and not re.fullmatch(ORGANISATIONS_BEHIND, words[-1]):
        words = words[:-1]
    return words


def _customers(text: str) -> Iterator[Masked]:
    for found in LEGAL.finditer(text):
        yield from _customer(_without_lead(found.group("name")), text)
    for found in BEHIND.finditer(text):
        yield from _organisation(found.group("name").split())
    for pattern in (NAMED, BEHIND, WON):
        for found in pattern.finditer(text):
            yield from _customer(proper_part(found.group("name")), text)
    for found in BEFORE.finditer(text):
        if found.group("name").split()[-1].casefold() not in ORDINARY | PRODUCTS:
            yield Masked("customer", found.group("name"), "a customer")


def _organisation(words: list[str]) -> Iterator[Masked]:
    """'Leeds Hospital' names one customer, though its two words are public."""
    if is_place_word(words[-2]):
        yield Masked("customer", " ".join(words[-2:]), "a customer")


def _customer(name: str, text: str) -> Iterator[Masked]:
    words = name.split()
    if not words or all(is_public(word) for word in words) or _is_edition(words):
        return
    yield Masked("customer", name, "a customer")
    core = re.sub(rf"[ \t]+(?:{LEGAL_FORMS})$", "", name)
    yield Masked("customer", core, "a customer")
    first = core.split()[0].rstrip("'’&.")
    if len(first) >= 3 and not is_public(first) and not also_small(first, text):
        yield Masked("customer", first, "a customer")


def _is_edition(words: list[str]) -> bool:
    """Tell "Java SE" and "SQL Server SE", which are products, from a firm with that legal form."""
    known = PRODUCTS | ORDINARY | {"server", "se", "and", "und", "et"}
    return words[-1] == "SE" and all(word.casefold() in known for word in words)


def _without_lead(name: str) -> str:
    """Drop the words before a firm's name that are capitalised for another reason."""
    words = name.split()
    while len(words) > 2 and is_public(words[0]):
        words = words[1:]
    return " ".join(words)
