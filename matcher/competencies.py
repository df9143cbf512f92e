"""Words in a text become the competencies they name, through labels, synonyms and old names."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from matcher.terms import Competency, Mention

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
# A longer name that must not be read as the competency inside it.
NOT_MEANT = ("partner network", "social network", "professional network", "network of partners", "own network")
# Everyday words that name a product only in capitals.
CAPITALS_ONLY = frozenset(["aip", "caf", "cds", "fim", "ged", "mem", "mim", "pam", "rag", "sas", "sms"])
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
        self._outdated: set[str] = set()
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

    def link(self, text: str) -> tuple[Mention, ...]:
        """Return every practice named in the text, in order of position; the longest name wins."""
        return tuple(Mention(key, text[start:end], start) for start, end, keys in self._spans(text) for key in keys)

    def keys(self, text: str) -> tuple[str, ...]:
        """Return the distinct practice keys, most mentioned first, then by position."""
        counted = Counter(mention.competency_key for mention in self.link(text))
        return tuple(key for key, _ in counted.most_common())

    def expand(self, text: str) -> str:
        """Put today's label in brackets behind the first mention of each abbreviation or old name.

        A label that the text already contains is not repeated.
        """
        pieces, done, seen = [], 0, text.casefold()
        for start, end, keys in self._spans(text):
            label = self._label_for(text[start:end], keys)
            if not label or label.casefold() in seen:
                continue
            pieces.append(f"{text[done:end]} ({label})")
            done, seen = end, f"{seen} {label.casefold()}"
        return "".join(pieces) + text[done:]

    def _collect(self, one: Competency, phrases: dict[str, tuple[str, ...]], taken: Set[str]) -> None:
        targets = self._practices_of(one, frozenset())
        for phrase in {_fold(name): None for name in _names(one)}:
            if phrase not in taken:
                phrases[phrase] = tuple(dict.fromkeys((*phrases.get(phrase, ()), *targets)))
        self._outdated.update(_fold(name) for name in one.old_names)

    def _practices_of(self, competency: Competency, seen: frozenset[str]) -> tuple[str, ...]:
        if competency.kind == "practice":
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
        words = _words(text)
        joined = [_joined(text, one.end, two.start) for one, two in zip(words, words[1:], strict=False)]
        at = 0
        while at < len(words):
            length, keys = self._longest(self._root, words, joined, at)
            if keys and not _needs_capitals(words[at], length):
                yield words[at].start, words[at + length - 1].end, keys
            at += max(length, 1)

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

    def _label_for(self, words: str, keys: tuple[str, ...]) -> str:
        if len(keys) != 1 or not (_fold(words) in self._outdated or _is_abbreviation(words)):
            return ""
        return self._by_key[keys[0]].label if keys[0] in self._by_key else ""


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


def _is_abbreviation(words: str) -> bool:
    return words.isalnum() and len(words) <= 6 and sum(letter.isupper() for letter in words) >= 2
