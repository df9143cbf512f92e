"""Words in a text become the competencies they name, through labels, synonyms and old names."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field, replace

from matcher.terms import Competency, Mention, Named

WORD = re.compile(r"(?<!\w)\.net\b|[^\W\d_]+(?:[+#]{1,2}(?!\w))?|\d+", re.IGNORECASE)
JOINT = re.compile(r"\s?[-–/&+_.'’]\s?|[ \t]{1,3}|[ \t]*\r?\n[ \t]*|")
SENTENCE_END = re.compile(r"\.\s")
BADGE_BEFORE = ("gold", "silver", "solutions partner for", "solutions partner")
BADGE_AFTER = ("competency", "specialization", "specialisation", "designation")
# As bare words these say nothing about a badge; they count only beside "gold", "competency", "specialization" …
COMMON_LABELS = frozenset(
    [
        "business applications",
        "cloud platform",
        "data platform",
        "digital home",
        "modern work",
        "small business",
        "supply chain",
    ]
)
GATHERINGS = ("breakfast", "conference", "dinner", "event", "lunch", "meeting", "party", "webinar", "workshop")
# A longer name that must not be read as the competency inside it.
NOT_MEANT = (
    *("partner network", "social network", "professional network", "network of partners", "own network"),
    *("network of friends", "network of contacts", "network of roads", "azure blue", "backup singer", "maple sap"),
    *("partnernetzwerk", "unser netzwerk", "netzwerk von partnern", "annuaire des partenaires"),
    *(f"hosting {one} {what}" for one in ("a", "an", "the", "our") for what in GATHERINGS),
)
# Everyday words that name a product only in capitals.
CAPITALS_ONLY = frozenset(
    ["aip", "aix", "aps", "caf", "cal", "cds", "elo", "ewm", "fim", "ged", "ifs", "lto", "mem", "mes", "mim", "nac"]
    + ["nce", "noc", "pam", "pmi", "pmp", "rag", "sam", "sas", "sms", "sre", "var"]
)
# Things and trades that come up beside whatever is asked for: they stand behind every other name in the text.
PASSING = frozenset(["handset", "laptop", "notebook", "warenwirtschaft"])
# Ordinary words that are names too: whether they are meant so, the rest of the text has to say.
EVERYDAY = frozenset(
    ["archive", "azure", "backup", "clipper", "dashboard", "delphi", "fabric", "firewall", "flutter", "helm", "hosting"]
    + ["intune", "network", "oracle", "private cloud", "sage", "salesforce", "sap", "sentinel", "snowflake", "switch"]
    + ["tableau", "synapse"]
)
BELIEFS = ("name", "everyday", "passing", "denied")
# The shortest words in which a slip of the pen is still told from another word.
SHORTEST_SWAPPED = 5
SHORTEST_DOUBLED = 5
SHORTEST_LEFT_OUT = 6
# Words of their own that look like slips.
NOT_SLIPS = frozenset(["clint", "delhi", "greta", "novel", "plans", "price", "stdio", "treat"])
N_SYNONYMS_DESCRIBED = 6
N_OLD_NAMES_DESCRIBED = 3


@dataclass(slots=True)
class _Node:
    """One step of a phrase; `keys` is None where no phrase ends."""

    next: dict[str, "_Node"] = field(default_factory=dict)
    keys: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    forms: tuple[str, ...]


class Linker:
    """Finds practices in texts, whatever name they go by."""

    def __init__(self, competencies: Iterable[Competency]) -> None:
        self._by_key = {one.key: one for one in competencies}
        self._root = _Node()
        practices = [one for one in self._by_key.values() if one.kind == "practice"]
        practice_names = {_fold(name) for one in practices for name in _names(one)}
        phrases: dict[str, tuple[str, ...]] = {}
        for one in sorted(self._by_key.values(), key=lambda one: (one.kind != "practice", one.key)):
            taken = practice_names if one.kind != "practice" else frozenset()
            self._collect(one, phrases, taken)
        for phrase, keys in phrases.items():
            self._add(phrase, keys)
        for phrase in NOT_MEANT:
            self._add(phrase, ())
        self._slips = _slips({word for one in practices for name in _names(one) for word in WORD.findall(name)})

    def link(self, text: str) -> tuple[Mention, ...]:
        """Return every practice named in the text, in order of position; the longest name wins."""
        return tuple(Mention(key, text[start:end], start) for start, end, keys in self._spans(text) for key in keys)

    def keys(self, text: str) -> tuple[str, ...]:
        """Return the distinct practice keys, most mentioned first, then by position; those named in passing last."""
        return self.named(text).keys

    def named(self, text: str) -> Named:
        """Return the distinct practice keys as `keys` does, with how far the words that name them can be believed."""
        counted: Counter[str] = Counter()
        beliefs = set()
        for start, end, keys in self._spans(text):
            words = _fold(text[start:end])
            beliefs.add(_belief(words, text) if keys else "denied")
            counted.update({key: words not in PASSING for key in keys})
        belief = next((one for one in BELIEFS if one in beliefs), "")
        return Named(tuple(key for key, _ in counted.most_common()), belief)

    def _collect(self, one: Competency, phrases: dict[str, tuple[str, ...]], taken: Set[str]) -> None:
        targets = self._practices_of(one, frozenset())
        for phrase in {_fold(name): None for name in _names(one)}:
            if phrase not in taken:
                phrases[phrase] = tuple(dict.fromkeys((*phrases.get(phrase, ()), *targets)))

    def _practices_of(self, competency: Competency, seen: frozenset[str]) -> tuple[str, ...]:
        if competency.kind == "practice" and not competency.replaced_by:
            return (competency.key,)
        if competency.practices or competency.key in seen:
            return competency.practices
        successors = (self._by_key[key] for key in competency.replaced_by if key in self._by_key)
        found = [key for one in successors for key in self._practices_of(one, seen | {competency.key})]
        return tuple(dict.fromkeys(found))

    def _add(self, phrase: str, keys: tuple[str, ...]) -> None:
        node = self._root
        for word in phrase.split():
            node = node.next.setdefault(word, _Node())
        if node is not self._root and node.keys is None:
            node.keys = keys

    def _spans(self, text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        words = [self._mended(one) for one in _words(text)]
        joined = [_joined(text, one.end, two.start) for one, two in zip(words, words[1:], strict=False)]
        at = 0
        while at < len(words):
            length, keys = self._longest(self._root, words, joined, at)
            if keys is not None and length and not _needs_capitals(words[at], length):
                yield words[at].start, words[at + length - 1].end, keys
            at += max(length, 1)

    def _mended(self, word: _Word) -> _Word:
        """Read a slip of the pen as the word that it was to be, beside what it is."""
        meant = self._slips.get(word.forms[-1])
        return word if meant is None else replace(word, forms=(*word.forms, meant))

    def _longest(
        self, node: _Node, words: list[_Word], joined: list[bool], at: int
    ) -> tuple[int, tuple[str, ...] | None]:
        best: tuple[int, tuple[str, ...] | None] = (0, None)
        here: tuple[int, tuple[str, ...] | None]
        for form in words[at].forms:
            child = node.next.get(form)
            if child is None:
                continue
            here = (1, child.keys) if child.keys is not None else (0, None)
            if child.next and at + 1 < len(words) and joined[at]:
                length, keys = self._longest(child, words, joined, at + 1)
                here = (length + 1, keys) if length else here
            best = max(best, here, key=lambda found: found[0])
        return best


def describe(competency: Competency) -> str:
    """Say in one text what a competency is, for the encoder: label, definition, a few other names."""
    own = competency.label.casefold()
    others = [name for name in competency.synonyms if name.casefold() not in own][:N_SYNONYMS_DESCRIBED]
    parts = [f"{competency.label}: {competency.definition}".rstrip(": ")]
    if others:
        parts.append(f"Also: {', '.join(others)}.")
    if competency.old_names:
        parts.append(f"Formerly: {', '.join(competency.old_names[:N_OLD_NAMES_DESCRIBED])}.")
    return " ".join(parts)


def _belief(words: str, text: str) -> str:
    """Say how far one name can be believed; an everyday word that is the whole text is meant as a name."""
    if words in PASSING:
        return "passing"
    return "everyday" if words in EVERYDAY and words != _fold(text) else "name"


def _slips(words: Set[str]) -> dict[str, str]:
    """Return misspelt words with what they were to be: two letters swapped, one left out, one doubled.

    Only words written with a capital, mostly names of products, are taken; the first letter always stands.
    """
    known = {word.casefold() for word in words}
    names = sorted({word.casefold() for word in words if word[:1].isupper() and word.isascii() and word.isalpha()})
    slips = {slip: name for name in names for slip in _misspelt(name)}
    return {slip: name for slip, name in slips.items() if slip not in known | NOT_SLIPS}


def _misspelt(word: str) -> Iterator[str]:
    length = len(word)
    if length >= SHORTEST_SWAPPED:
        yield from (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, length - 1))
    if length >= SHORTEST_DOUBLED:
        yield from (word[:at] + word[at] + word[at:] for at in range(1, length - 1))
    if length >= SHORTEST_LEFT_OUT:
        yield from (word[:at] + word[at + 1 :] for at in range(1, length - 1))


def _names(competency: Competency) -> tuple[str, ...]:
    if competency.kind == "practice":
        return (competency.label, *competency.synonyms, *competency.old_names)
    label = competency.label.partition(" (")[0]
    badge = [f"{word} {label}" for word in BADGE_BEFORE] + [f"{label} {word}" for word in BADGE_AFTER]
    bare = () if " " not in label or label.casefold() in COMMON_LABELS else (label,)
    return (*bare, *badge, *competency.synonyms, *competency.old_names)


def _fold(phrase: str) -> str:
    """The words of a phrase in the form in which texts are compared with it."""
    return " ".join(word.forms[-1] for word in _words(phrase))


def _words(text: str) -> list[_Word]:
    return [_Word(one.group(), one.start(), one.end(), _forms(one.group())) for one in WORD.finditer(text)]


def _forms(word: str) -> tuple[str, ...]:
    """The word itself and, unless it is a short abbreviation such as ADFS, its singular."""
    plain = word.casefold()
    if len(word) < 4 or not plain.endswith("s") or plain.endswith("ss") or (word.isupper() and len(word) < 6):
        return (plain,)
    return (plain, f"{plain[:-3]}y" if plain.endswith("ies") else plain[:-1])


def _joined(text: str, end: int, start: int) -> bool:
    gap = text[end:start]
    return JOINT.fullmatch(gap) is not None and SENTENCE_END.match(gap) is None


def _needs_capitals(word: _Word, length: int) -> bool:
    return length == 1 and word.forms[0] in CAPITALS_ONLY and not word.text.isupper()
