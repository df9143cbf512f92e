"""A text becomes the private names in it: customers, people, addresses, telephone numbers."""

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping

from matcher.posting.addresses import EMAIL, find_addresses, find_phones
from matcher.posting.gazetteer import is_place_word
from matcher.posting.names import (
    ALSO_WORDS,
    FIRST_NAMES,
    FREE_MAIL,
    LEGAL_FORMS,
    ORDINARY,
    ORGANISATIONS_BEFORE,
    ORGANISATIONS_BEHIND,
    PRODUCTS,
)
from matcher.posting.sentences import Letter
from matcher.terms import Masked

Keys = Callable[[str], tuple[str, ...]]
SHOWN_WORDS = frozenset(["a", "customer", "someone", "web", "address", "number", "removed", "our", "firm"])

CAP = r"[A-ZÀ-ÞŁŚŻŠŽČ0-9](?:[\w'’&+]|[./-](?=\w))*"
NAME = rf"{CAP}(?:[ \t]+(?:(?:&|of|de|der|den|van|von|du|la|di|y|and|und|et)[ \t]+)?{CAP}){{0,4}}"
GIVEN = r"[A-ZÀ-ÞŁŚŻŠŽČ][a-zà-ÿąćęłńóśźżščž'’]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?"
PERSON = rf"{GIVEN}(?:[ \t]+(?:(?:van|von|de|der|den|da|di|le|la)[ \t]+){{0,2}}{GIVEN}){{0,2}}"

WORD = r"[A-ZÀ-ÞŁŚŻŠŽČ](?:\.(?=[ \t])|[\w'’&-]*)"
CAPITALISED = re.compile(rf"(?<![\w@./-]){WORD}(?:[ \t]+(?:(?:&|of|de|do|da|du|della|van|von|la)[ \t]+)?{WORD}){{0,5}}")
GERMAN = re.compile(r"\b(?:und|oder|wir|nicht|mit|eine|einen|dem|ist|gesucht)\b|[äöüßÄÖÜ]")
INTRODUCED = re.compile(
    rf"(?:^|\n)[ \t]*(?P<who>{GIVEN})(?: here)?,? (?:from|of|at|with) (?P<firm>{CAP}(?:[ \t]+{CAP}){{0,3}})"
)

TITLED = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Mister|Dr|Prof|Herrn?|Frau|Monsieur|Madame|Mme|Mlle|Señora?|Dra|Sra?|Ing|Dott|Eng"
    rf"|M(?=\.)|Dhr|Mevr|Mevrouw|Signora?|Pan|Pani|Sir)\b\.?[ \t]+"
    rf"(?:(?:Dr|Prof)\.?[ \t]+){{0,2}}(?P<name>{PERSON})"
)
ROLE = (
    r"(?:colleagues?|contact(?: person)?|boss|manager|project (?:manager|lead)|account manager|director|CIO"
    r"|CEO|CTO|CFO|CISO|owner|admin"
    r"|engineer|consultant|architect|head of IT|IT manager|partner|friend|Kollegin|Kollege|Kollegen"
    r"|Ansprechpartner(?:in)?|Chefin|Chef|Projektleiter(?:in)?"
    r"|collègue|responsable|colega|compañer[oa]|jefe|collega)"
)
ROLED = re.compile(rf"\b{ROLE}(?:[ \t]+(?:is|ist|est|es))?[,:]?[ \t]+(?P<name>{PERSON})")
SAID = re.compile(
    rf"\b(?:[Mm]y name is|I am|I'm|I’m|[Tt]his is|[Aa]sk for|[Cc]all|[Rr]ing|[Bb]el|[Rr]uf|[Aa]ppelez"
    rf"|[Cc]ontact|[Aa]ttn\.?:?|[Ss]peak to|[Tt]alk to|[Mm]ein Name ist|[Ii]ch bin|[Ii]ch heiße"
    rf"|[Jj]e m'appelle|[Mm]e llamo|[Mm]ijn naam is|[Rr]egards|[Cc]heers|[Tt]hanks),?[ \t]+(?P<name>{PERSON})"
)
INITIALED = re.compile(r"(?<![\w.])(?:[A-ZÀ-Þ]\.[ \t]?){1,2}[A-ZÀ-Þ][a-zà-ÿ]{3,}(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?(?![\w.])")
PAIR = re.compile(rf"\b(?P<name>{GIVEN}[ \t]+(?:(?:van|von|de|der|den|da|di)[ \t]+){{0,2}}{GIVEN})")

MIN_WORDS = {PAIR: 2}

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


def find_private(letter: Letter, *, sender_domain: str, subject: str, linker_keys: Keys) -> tuple[Masked, ...]:
    """Return what must not be shown, longest words first; words that name a competency are nobody's name."""
    text = f"{subject}\n{letter.greeting}\n{letter.body}\n{letter.signature}"
    named = f"{subject}\n{letter.body}\n{letter.signature}"
    found: dict[str, Masked] = {}
    sources = (
        find_addresses(text),
        find_phones(text),
        _own(sender_domain, text),
        _people(text, letter),
        _behind_addresses(text),
        _customers(named),
    )
    for one in itertools.chain(*sources, _proper_names(named, found)):
        words = one.words.strip(" \t\n,;:")
        is_name = one.kind in ("customer", "person")
        if len(words) > 1 and _hideable(words) and not (is_name and linker_keys(words)):
            found.setdefault(words, Masked(one.kind, words, one.shown_as))
    return tuple(sorted(found.values(), key=lambda one: (-len(one.words), one.words)))


def _hideable(words: str) -> bool:
    """A name made of the words shown instead would come back with them."""
    return not set(re.findall(r"\w+", words.casefold())) <= SHOWN_WORDS


def _own(sender_domain: str, text: str) -> Iterator[Masked]:
    """The poster's own firm: by its domain, and as it introduces itself."""
    stem = sender_domain.casefold().removeprefix("www.").partition(".")[0]
    if len(stem) >= 4 and stem not in FREE_MAIL | PRODUCTS | ORDINARY:
        yield Masked("domain", stem, "our firm")
        for words in _spelt(stem, text):
            yield Masked("domain", words, "our firm")
    for found in INTRODUCED.finditer(text):
        firm = _proper_part(found["firm"])
        if not _public(found["who"]) and firm and not all(_public(word) for word in firm.split()):
            yield Masked("person", found["who"], "someone")
            yield Masked("domain", firm, "our firm")


def _spelt(stem: str, text: str) -> Iterator[str]:
    """Names in the text whose letters, run together, begin as a domain does: 'Hadleigh Timber' for hadleightimber."""
    for found in CAPITALISED.finditer(text):
        words = found.group().split()
        for start, end in itertools.combinations(range(len(words) + 1), 2):
            letters = _letters("".join(words[start:end]))
            most = len(letters) >= max(4, 0.65 * len(stem))
            if most and stem.startswith(letters) and not _public(words[start]):
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
                yield from _proper_name(_trimmed(name.group().split()), found)


def _proper_name(words: list[str], found: Mapping[str, Masked]) -> Iterator[Masked]:
    if sum(not _public(word) for word in words) < 2 or any(word.casefold() in PRODUCTS for word in words):
        return
    is_person = any(
        word.casefold() in FIRST_NAMES or (word in found and found[word].kind == "person") for word in words
    )
    yield Masked("person" if is_person else "customer", " ".join(words), "someone" if is_person else "a customer")


def _trimmed(words: list[str]) -> list[str]:
    while words and _is_everyday(words[0]):
        words = words[1:]
    while words and _public(words[-1]) and not re.fullmatch(ORGANISATIONS_BEHIND, words[-1]):
        words = words[:-1]
    return words


def _customers(text: str) -> Iterator[Masked]:
    for found in LEGAL.finditer(text):
        yield from _customer(_without_lead(found.group("name")), text)
    for found in BEHIND.finditer(text):
        yield from _organisation(found.group("name").split())
    for pattern in (NAMED, BEHIND, WON):
        for found in pattern.finditer(text):
            yield from _customer(_proper_part(found.group("name")), text)
    for found in BEFORE.finditer(text):
        if found.group("name").split()[-1].casefold() not in ORDINARY | PRODUCTS:
            yield Masked("customer", found.group("name"), "a customer")


def _organisation(words: list[str]) -> Iterator[Masked]:
    """'Leeds Hospital' names one customer, though its two words are public."""
    if is_place_word(words[-2]):
        yield Masked("customer", " ".join(words[-2:]), "a customer")


def _customer(name: str, text: str) -> Iterator[Masked]:
    words = name.split()
    if not words or all(_public(word) for word in words):
        return
    yield Masked("customer", name, "a customer")
    core = re.sub(rf"[ \t]+(?:{LEGAL_FORMS})$", "", name)
    yield Masked("customer", core, "a customer")
    first = core.split()[0].rstrip("'’&.")
    if len(first) >= 3 and not _public(first) and not _also_small(first, text):
        yield Masked("customer", first, "a customer")


def _without_lead(name: str) -> str:
    """Drop the words before a firm's name that are capitalised for another reason."""
    words = name.split()
    while len(words) > 2 and _public(words[0]):
        words = words[1:]
    return " ".join(words)


def _proper_part(name: str) -> str:
    """Keep the words of a name: up to the first product, without everyday words at its end."""
    kept = list(
        itertools.takewhile(lambda word: word.casefold().strip("().,") not in PRODUCTS, name.rstrip(".,-/").split())
    )
    if not kept or _is_everyday(kept[0]):
        return ""
    while kept and (kept[-1][0].islower() or (_public(kept[-1]) and not re.fullmatch(ORGANISATIONS_BEHIND, kept[-1]))):
        kept.pop()
    return re.sub(r"['’]s$", "", " ".join(kept)).rstrip(".,-/")


def _is_everyday(word: str) -> bool:
    """Public and no place: 'Leeds' may begin a firm's name, 'The' may not."""
    return word.casefold() in ORDINARY or (_public(word) and not is_place_word(word))


def _public(word: str) -> bool:
    plain = re.sub(r"['’]s?$", "", word.casefold().strip(".,:;()&"))
    known = plain in PRODUCTS or plain in ORDINARY or is_place_word(plain)
    return known or not any(letter.isalpha() for letter in plain) or plain.partition("-")[0] in PRODUCTS


def _people(text: str, letter: Letter) -> Iterator[Masked]:
    for pattern in (TITLED, ROLED, SAID, PAIR):
        for found in pattern.finditer(text):
            words = _proper_part(found.group("name")).split()
            if pattern is TITLED or (_is_given(words) and len(words) >= MIN_WORDS.get(pattern, 1)):
                yield from _person(words, text)
    for name in _signed(letter):
        yield from _person(name.split(), text)
    for found in INITIALED.finditer(text):
        yield Masked("person", found.group(), "someone")
    for found in re.finditer(rf"(?<![\w.@-]){GIVEN}(?![\w@-])", text):
        if found.group().casefold() in FIRST_NAMES - ALSO_WORDS:
            yield Masked("person", found.group(), "someone")


def _is_given(words: list[str]) -> bool:
    return bool(words) and words[0].casefold().partition("-")[0] in FIRST_NAMES


def _signed(letter: Letter) -> Iterable[str]:
    """The name below the closing, the first names in the greeting."""
    lines = [line.strip(" ,.-") for line in letter.signature.splitlines() if line.strip()]
    for line in lines[:2]:
        if re.fullmatch(PERSON, line) and not all(_public(word) for word in line.split()):
            yield line
            break
    for found in re.finditer(GIVEN, letter.greeting):
        if found.group().casefold() in FIRST_NAMES:
            yield found.group()


def _person(words: list[str], text: str) -> Iterator[Masked]:
    yield Masked("person", " ".join(words), "someone")
    for part in words:
        if len(part) >= 3 and part[0].isupper() and not _public(part) and not _also_small(part, text):
            yield Masked("person", part, "someone")


def _also_small(word: str, text: str) -> bool:
    """A name that the text also writes small, as Will and Mark, is an everyday word there."""
    return re.search(rf"\b{re.escape(word.lower())}\b", text) is not None
