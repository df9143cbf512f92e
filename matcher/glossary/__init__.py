"""A text in another language becomes English, word by word, for an encoder and an index that know English only.

It is no translation: word order, negation and most endings are lost, and a reader would laugh. What a posting is about
is left. The lists beside this file hold one line a word; words with nothing behind them are a language's commonest, by
which it is told from others.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

GLOSSARY = "glossary-1"  # another name whenever the lists or their reading change: vectors are made anew
FOLDER = Path(__file__).parent
WORD = re.compile(r"(?<![^\W_])[^\W\d_]+(?![^\W_])")
OF_ENGLISH = frozenset(
    WORD.findall("""
        the and of to is in it you that for on are with as at this have from or by not but what all were we when your
        can there use an each which she do how their if will up about out many then them these some her would make him
        has our who they his been its be was us my any i a so no one two more most other into over after before between
        off than only also new where while must may should could does did had
    """)
)
COMPOUNDING = frozenset(("da", "de", "nl", "no", "sv"))
JOINTS = ("", "s", "es", "n", "en", "e")  # what stands between the parts of a compound
DECLINING = frozenset(("cs", "pl"))  # their endings are long, and the stems before them short
LONGEST_ENDING = 4
OWN_ENDING = 2  # letters at the end of a listed word that other forms of it may lack
SHORTEST_STEM = 4
SURE_STEM = 5  # of a shorter one, word and form together may lack two letters only
SHORTEST_PART = 3
LONGEST_WORD = 48  # what is longer is no word, and to cut it up would take as long as its writer likes
LEAST_SIGNS = 2  # function words of a language that a text must hold to be taken for it
SENTENCE = re.compile(r"(?<=[.!?:])\s+|\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Glossary:
    """The words of one language: their English, and stems by which other forms of them are known."""

    language: str
    words: Mapping[str, str]
    stems: Mapping[str, tuple[str, int]]  # with how many letters the listed word lost

    def english(self, word: str) -> str | None:
        """Return the English of a lower-case word, empty for one that says nothing; None for one that is unknown."""
        found = self._known(word)
        if found is None and self.language in COMPOUNDING and len(word) <= LONGEST_WORD:
            parts = self._parts(word)
            return " ".join(parts) if parts else None
        return found

    def _known(self, word: str) -> str | None:
        if word in self.words:
            return self.words[word]
        for n in range(LONGEST_ENDING + 1):
            stem = word[: len(word) - n]
            if len(stem) < SHORTEST_STEM:
                break
            english, n_own = self.stems.get(stem, ("", 0))
            if english and (len(stem) >= SURE_STEM or n + n_own <= OWN_ENDING or self.language in DECLINING):
                return english
        return None

    def _parts(self, word: str) -> tuple[str, ...]:
        """Cut a compound into known words, the first as long as may be; nothing where a part is unknown."""
        for end in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
            first = self.words.get(word[:end])
            if not first:
                continue
            for rest in _behind(word[end:]):
                last = self._known(rest)
                if last:
                    return first, last
                further = self._parts(rest)
                if further:
                    return first, *further
        return ()


def _behind(rest: str) -> Iterator[str]:
    for joint in JOINTS:
        if rest.startswith(joint) and len(rest) - len(joint) >= SHORTEST_PART:
            yield rest[len(joint) :]


def language_of(text: str, *, otherwise: str = "en") -> str:
    """Return the code of the language that a text is written in, `otherwise` where nobody can tell."""
    signs = _signs()
    seen = Counter(code for word in WORD.findall(text.lower()) for code in signs.get(word, ()))
    if not seen:
        return otherwise
    code, n = max(seen.items(), key=lambda each: (each[1], each[0] == otherwise, each[0] == "en", each[0]))
    return code if n >= LEAST_SIGNS else otherwise


@lru_cache(maxsize=512)
def in_english(text: str, code: str = "") -> str:
    """Return a text word by word in English; English itself, and what no list is for, stays as it is.

    `code` names the language of sentences that are too short to tell. Of the words that the list lacks, those are kept
    that may be names or are English words too.
    """
    if not code and _foreign_signs().isdisjoint(text.lower().split()):
        return text
    whole = code or language_of(text)
    parts = [(one, language_of(one, otherwise=whole)) for one in SENTENCE.split(text)]
    if all(glossary(each) is None for _, each in parts):
        return text
    return " ".join(word for one, each in parts for word in _sentence(one, glossary(each)).split())


def _sentence(text: str, known: Glossary | None) -> str:
    return WORD.sub(lambda found: _glossed(known, found[0]), text) if known else text


def _glossed(known: Glossary, word: str) -> str:
    if len(word) == 1:
        return ""
    found = known.english(word.lower())
    if found is not None:
        return found
    return word if word.lower() != word or word in _english_words() else ""


@cache
def _english_words() -> frozenset[str]:
    lists = filter(None, map(glossary, languages()))
    return frozenset(word for one in lists for english in one.words.values() for word in english.split())


@cache
def glossary(code: str) -> Glossary | None:
    """Read the list of a language; None where there is none."""
    if code not in languages():
        return None
    with (FOLDER / f"{code}.csv").open(encoding="utf-8", newline="") as lines:
        words = {row["word"]: row["english"] for row in csv.DictReader(lines)}
    return Glossary(code, words, _stems(words))


@cache
def languages() -> tuple[str, ...]:
    """List the codes of the languages that there is a list for."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.csv")))


def _stems(words: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """Map each word and what is left of it without an ending; where two words leave the same, the shorter has it."""
    found: dict[str, tuple[str, int]] = {}
    for n in range(OWN_ENDING + 1):
        for word in sorted(words, key=lambda each: (len(each), each)):
            stem = word[: len(word) - n]
            if words[word] and len(stem) >= SHORTEST_STEM:
                found.setdefault(stem, (words[word], n))
    return found


@cache
def _foreign_signs() -> frozenset[str]:
    return frozenset(word for word, codes in _signs().items() if codes != ("en",))


@cache
def _signs() -> dict[str, tuple[str, ...]]:
    """Map each function word to the languages that it is one of."""
    found: dict[str, list[str]] = {word: ["en"] for word in sorted(OF_ENGLISH)}
    for known in filter(None, map(glossary, languages())):
        for word in (word for word, english in known.words.items() if not english and word not in OF_ENGLISH):
            found.setdefault(word, []).append(known.language)
    return {word: tuple(codes) for word, codes in found.items()}
