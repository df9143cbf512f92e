"""A firm's words about its badges become which ones it holds, until when, and which it holds no longer."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from matcher.posting.dates import read_due
from matcher.posting.profile import refuses
from matcher.terms import Competency

# Words that speak of a badge; without one "security" or "infrastructure" is only work.
# Words that claim one; what else speaks of badges is left to the profile.
CLAIM = re.compile(
    r"\bsolutions? partner for\b|\b(?:earned|hold|holds|awarded|got|have)\b.{0,60}\b(?:designation|speciali[sz]ation)",
    re.I,
)
CUE = re.compile(
    r"\b(?:solutions? partner|designations?|speciali[sz]ations?|badges?|awarded|earned|Auszeichnung\w*"
    r"|Spezialisierung\w*|spécialisations?|especializaci\w+|specialisaties?|specializzazion\w+)\b",
    re.I,
)
NOT_HELD = re.compile(
    r"\b(?:lost|expired|ran out|gave up|returned|verloren|abgelaufen|perdu|expirée?|verlopen)\b", re.I
)
UNTIL = re.compile(
    r"\b(?:until|till|through|valid to|expires?(?: on)?|bis|gültig bis|jusqu['’]au|hasta(?: el)?|tot|fino al?)\b", re.I
)
KINDS = {"designation": re.compile(r"designation", re.I), "specialization": re.compile(r"speciali[sz]", re.I)}
JOINED = r"(?:(?:and|for|also|in|und|et|y|en|e|\0|pour|für|para|voor) )"
BY_NAME = ("solutions partner for", "solution partner for", "solutions partner")


@dataclass(frozen=True, slots=True)
class Held:
    """A badge that a firm says it holds; `until` is None where it does not say; `is_over`: it holds it no longer."""

    key: str
    until: date | None = None
    is_over: bool = False


class UnknownBadge(Exception):
    """Words that speak of a badge which nobody here knows; the message asks which one it is."""


def level_of(competency: Competency) -> str:
    """Return the level under which a badge of our list is held today."""
    return competency.kind if competency.kind in ("designation", "specialization") else "gold"


def earned_now(competencies: Iterable[Competency], today: date) -> dict[str, Competency]:
    """Map the badges that can be held today by key; those that became others, or ended, are history."""
    return {
        one.key: one
        for one in competencies
        if one.kind != "practice" and not one.replaced_by and not (one.valid_until and one.valid_until < today)
    }


def held(clause: str, *, badges: Mapping[str, Competency], today: date) -> tuple[Held, ...]:
    """Read "we are Solutions Partner for Security"; empty where no badge is spoken of. Raises `UnknownBadge`."""
    if not CUE.search(clause):
        return ()
    found = _named(clause, badges)
    if not found and not CLAIM.search(clause):
        return ()
    if not found:
        raise UnknownBadge(
            f"“{clause}”: we know no badge of that name. Write its whole name, for example: we are Solutions Partner "
            "for Modern Work."
        )
    is_over = refuses(clause) or NOT_HELD.search(clause) is not None
    return tuple(Held(key, None if is_over else _until(clause, today), is_over) for key in found)


def _until(clause: str, today: date) -> date | None:
    cue = UNTIL.search(clause)
    return read_due(f"until {clause[cue.end() :].strip()}", today).on if cue else None


def _named(clause: str, badges: Mapping[str, Competency]) -> list[str]:
    """Find the badges named, the longest names first; a part of a longer name names nothing."""
    said, found = _folded(clause), list[str]()
    names = {name: one for one in badges.values() for name in _names(one, clause)}
    for name in sorted(names, key=lambda each: (-len(each), each)):
        pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        if pattern.search(said):
            found.append(names[name].key)
            said = " ".join(pattern.sub(" \0 ", said).split())
    return list(dict.fromkeys((*found, *_named_behind(said, badges))))


def _named_behind(said: str, badges: Mapping[str, Competency]) -> Iterator[str]:
    """Yield what stands behind the first one: "Solutions Partner for Infrastructure, Security and Modern Work"."""
    labels = {
        each: one.key
        for one in badges.values()
        if one.kind == "designation"
        for each in (_folded(one.label), _folded(one.label.partition(" (")[0]))
    }
    pattern = re.compile(rf"\0 {JOINED}*(?P<label>{'|'.join(sorted(labels, key=lambda one: -len(one)))})(?!\w)")
    while labels and (found := pattern.search(said)):
        yield labels[found["label"]]
        said = said[: found.start()] + "\0" + said[found.end() :]


def _names(one: Competency, clause: str) -> set[str]:
    """List what a badge is called; its bare label stands for it where it has several words, or is quoted."""
    label, short = _folded(one.label), _folded(one.label.partition(" (")[0])
    names = {_folded(each) for each in (*one.synonyms, *one.old_names)}
    if one.kind == "designation":
        names |= {f"{begins} {each}" for begins in BY_NAME for each in (label, short)}
    kind = level_of(one)
    names |= {f"{each} {kind}" for each in (label, short)} | {f"{kind} {each}" for each in (label, short)}
    if KINDS.get(kind, CUE).search(clause) and (
        " " in short or f"“{one.label}”" in clause or f'"{one.label}"' in clause
    ):
        names |= {label, short}
    return {name for name in names if name}


def _folded(words: str) -> str:
    plain = re.sub(r"speciali[sz]ations?", "specialization", words.casefold()).replace("designations", "designation")
    return " ".join(re.sub(r"[^\w+#&]+", " ", re.sub(r"\s&\s", " and ", plain)).split())
