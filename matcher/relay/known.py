"""What is known of both sides → where it stands in a text, however it is spelt."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from matcher.relay.plain import skeleton
from matcher.relay.spans import Span


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LONG = 6  # letters; a name so long is found inside other words and with signs between its letters
SHORT = 3
MIN_WHOLE = 8  # letters and digits; fewer may follow each other by chance
FREE_MAIL = _words(
    """
    aol arcor bluewin fastmail free freenet gmail gmx googlemail hey hotmail icloud laposte libero live mail mailbox
    me msn online orange outlook pm posteo proton protonmail qq rediffmail seznam t-online tutanota wanadoo web wp
    yahoo yandex zoho
    """
)
ROLES = _words(
    """
    accounts admin billing bonjour buero contact contacto desk hallo hello help helpdesk hi info kontakt mail
    marketing office partner partners post project projects projekt projekte sales service services support team
    tech vertrieb welcome
    """
)
SECOND_LEVEL = _words(
    """
    ac co com edu gov mail ne net office or org smtp www
    """
)
PARTICLES = _words(
    """
    al and bin da das de del della den der di dipl do dos dr du el et ibn ing jr la le les mac mag mba med msc phd
    prof sr ten ter the und van von zum zur
    """
)
# Words that firms of this trade put into their names; alone they name none of them.
TRADE = _words(
    """
    academy advisory agency analytics applied architects automation automatización bank beratung betrieb black blue
    bridge bureau business büro bürosysteme call care center centre cloud code comms communication communications
    company compute computer computing conseil consult consultancy consulting contact core corp creative customer
    data database datacenter datenschutz design desk desktops dev developers development digital direct dynamics
    east edge electronics engineering engineers enterprise enterprises expert experts factory field first force
    forge global gold green group gruppe handel handels haus holding holdings hosting house idea ideas informatica
    informatics informatik informatika information informatique infra innovation innovations institute integrated
    integratie integration intelligence interactive international invest it itech lab labs lane learning life light
    limited line link linked live logic logistics logistik main managed management market marketing media micro
    midrange migration mind mobile mobility mode modern name nearshore net networks netzwerk netzwerke new next nord
    north number office one online open operations park partner partners people phone pink platform plus point power
    practice prime pro process product products professional project projects prüfwerk quality red remote research
    resource rocket school science secure security service services servicezentrum servicios serviços shared
    sicherheit sicherheitsberatung silver sistemas sistemi smart soft software softworks solution solutions soluções
    source south space specialist spring stack staff star strategy stream studio summit support sure system systeme
    systemen systemhaus systems team teams tec tech technik technologie technologies technology telecom telephone
    test tools top trade training transfer trust turn unit united value ventures virtual vision voice wave web west
    white wire wireless work working works world zone
    """
)
LEGAL = _words(
    """
    ab ad ag aps as asa bv bvba co corp corporation cvba doo eood eu gbr gmbh inc kft kg kgaa lda limited llc llp
    ltd ltda mbh nv nyrt og ohg ood ou oy oyj plc pty pvt sa sagl sarl sas sasu se sia sl slu sp spa srl sro uab ug
    zoo zrt
    """
)
LEET = {"a": "a4@", "e": "e3", "i": "i1l!|", "l": "li1|", "o": "o0", "s": "s5$", "t": "t7"}
AT = r"[\W_]{0,4}(?:at|aet|arroba|arobase)?[\W_]{0,4}"
DOT = r"[\W_]{0,4}(?:dot|punkt|punt|point|punto|ponto)?[\W_]{0,4}"
SIGNS, SOME = r"[\W_]{1,3}", r"[\W_]{0,3}"  # between letters that belong together
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae"})


@dataclass(frozen=True, slots=True)
class Known:
    """Patterns of what tells who the two sides are, made for the skeleton of a text."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    capital: tuple[re.Pattern[str], ...]  # names that are also words: only with a capital letter
    whole: tuple[str, ...]  # letters and digits only: what must not be found in any spelling


def known_of(
    *,
    addresses: Iterable[str],
    firms: Iterable[str],
    people: Iterable[str],
    private: Iterable[str] = (),
    is_word: Callable[[str], bool],
) -> Known:
    """Gather what is known; a word that `is_word` knows as everyday is a name only with a capital letter."""
    mails = sorted({one.casefold() for one in addresses if "@" in one})
    domains = sorted({_domain(mail) for mail in mails if not _is_free(_domain(mail))})
    firms, people = tuple(firms), tuple(people)
    words = {*_words_of(people, _parts), *_words_of(mails, _local_parts), *_words_of(domains, _domain_words)}
    words |= {word for firm in firms for word in _firm_words(firm, is_word)}
    everyday = {word for word in words if is_word(word)}
    names = {name for name in (*firms, *map(_core, firms), *people, *private) if len(_compact(name)) >= SHORT}
    patterns = [("address", _address(mail)) for mail in mails] + [("domain", _dotted(domain)) for domain in domains]
    for name in sorted(names | words - everyday, key=_longest):
        patterns += [("name", pattern) for pattern in _spelt(name)]
    whole = {_compact(one) for one in (*mails, *domains, *firms, *people)}
    return Known(
        tuple(patterns),
        tuple(_exact(word) for word in sorted(everyday)),
        tuple(sorted(one for one in whole if len(one) >= MIN_WHOLE)),
    )


def find_known(text: str, known: Known) -> Iterator[Span]:
    """Yield where the two sides are named."""
    folded = skeleton(text)
    for kind, pattern in known.patterns:
        for found in pattern.finditer(folded):
            yield Span(*_whole_words(folded, *found.span()), kind)
    for pattern in known.capital:
        for found in pattern.finditer(folded):
            if text[found.start()].isupper() and not _opens_sentence(text, found.start(), found.end()):
                yield Span(found.start(), found.end(), "name")


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a stretch to the words that it stands in: 'NordlichtTeam', 'nordlicht-it'."""
    while start and (text[start - 1].isalnum() or text[start - 1] in "_-"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] in "_-"):
        end += 1
    return start, end


def leaks(text: str, known: Known) -> bool:
    """Tell whether anything known stands in a text, whatever was put between its letters, or backwards."""
    letters = _compact(text)
    return any(one in letters or one[::-1] in letters for one in known.whole)


def _opens_sentence(text: str, start: int, end: int) -> bool:
    """'Will you …' and 'Mark the …' open a sentence; 'Will, …' and 'Mark Berg' call somebody."""
    before = text[:start].rstrip(" \t\"'(")
    return (not before or before[-1] in ".!?:\n") and bool(re.match(r"[ \t]+[a-z]", text[end:]))


def _compact(words: str) -> str:
    return "".join(letter for letter in skeleton(words) if letter.isalnum())


def _longest(word: str) -> tuple[int, str]:
    return -len(word), word


def _domain(mail: str) -> str:
    return mail.rpartition("@")[2]


def _is_free(domain: str) -> bool:
    return domain.partition(".")[0] in FREE_MAIL


def _words_of(names: Iterable[str], parts_of: Callable[[str], Iterator[str]]) -> Iterator[str]:
    return (part for name in names for part in parts_of(name))


def _parts(name: str) -> Iterator[str]:
    for part in re.findall(r"[^\W\d_]+", name):
        if len(part) >= 2 and part.casefold() not in PARTICLES:
            yield part


def _local_parts(mail: str) -> Iterator[str]:
    local = mail.partition("@")[0].partition("+")[0]
    for part in (local, *re.split(r"[._+-]|\d+", local)):
        if len(part) >= SHORT and part not in ROLES:
            yield part


def _domain_words(domain: str) -> Iterator[str]:
    labels = [label for label in domain.split(".")[:-1] if label not in SECOND_LEVEL]
    for label in labels:
        yield from (part for part in (label, *label.split("-")) if len(_compact(part)) >= SHORT and not _is_trade(part))


def _is_trade(word: str) -> bool:
    return word.casefold() in TRADE or word.casefold() in LEGAL or word.isdigit()


def _core(firm: str) -> str:
    """A firm's name without its legal form and the trade at its end: 'Nordlicht IT GmbH' is 'Nordlicht'."""
    words = firm.replace("&", " & ").split()
    while len(words) > 1 and (_compact(words[-1]) in LEGAL or _is_trade(words[-1].strip(".,")) or words[-1] == "&"):
        words.pop()
    return " ".join(words)


def _firm_words(firm: str, is_word: Callable[[str], bool]) -> Iterator[str]:
    parts = [part for part in _parts(firm) if _compact(part) not in LEGAL]
    for part in parts:
        own = not _is_trade(part) and (len(part) > SHORT or len(parts) == 1)
        if own and (len(parts) == 1 or not is_word(part)):
            yield part


@lru_cache(maxsize=4_000)  # the same two sides write several times
def _spelt(words: str) -> tuple[re.Pattern[str], ...]:
    """A name as written, without accents, in German spelling, with signs between its letters."""
    return tuple(_spellings(words))


def _spellings(words: str) -> Iterator[re.Pattern[str]]:
    for written in sorted({words.casefold(), words.casefold().translate(GERMAN)}):
        letters = _compact(written)
        yield _exact(written)
        if len(letters) >= LONG:
            classes = [f"[{re.escape(LEET[one])}]" if one in LEET else one for one in letters]
            yield re.compile("".join(classes))
            yield re.compile(rf"(?<![^\W_]){SOME.join(classes)}(?![^\W_])")
        elif len(letters) > SHORT:
            yield re.compile(rf"(?<![^\W_]){SIGNS.join(letters)}(?![^\W_])")


def _exact(words: str) -> re.Pattern[str]:
    pieces = [re.escape(piece) for piece in re.findall(r"\w+", skeleton(words))]
    initial = r"(?:\b[a-z]\.[ ]?){0,2}"
    return re.compile(rf"{initial}(?<![^\W_]){SIGNS.join(pieces)}(?:['’]?s)?(?![^\W_])")


@lru_cache(maxsize=1_000)
def _address(mail: str) -> re.Pattern[str]:
    local, _, domain = mail.rpartition("@")
    return re.compile(rf"(?<![^\W_]){_loose(local)}{AT}{_loose(domain)}(?![^\W_])")


@lru_cache(maxsize=1_000)
def _dotted(domain: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:www{DOT})?{_loose(domain)}(?![^\W_])(?:/[^\s<>\"')\]]*[^\s<>\"')\].,;:!?])?")


def _loose(address: str) -> str:
    parts = (DOT if one == "." else re.escape(one) if one.isalnum() else "" for one in skeleton(address))
    return SOME.join(part for part in parts if part)
