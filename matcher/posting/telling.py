"""A firm's plain words become what it tells of people, badges and size of work, what is unclear, and the rest."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from matcher.posting import badges as badge_words
from matcher.posting import bench
from matcher.posting.badges import Held, UnknownBadge
from matcher.posting.bench import Lent, Moved, Traits, Unclear
from matcher.posting.sentences import clauses, letter
from matcher.posting.work_size import Size, work_size
from matcher.terms import Competency

Keys = Callable[[str], tuple[str, ...]]

# "profile: we also speak German", where a letter is about something else.
PREFIX = re.compile(
    r"^\W*(?:(?:my|our|unser|mein|notre|nuestro|ons|il nostro)\s+)?(?:profile?|perfil|profiel|profilo|profiili)"
    r"\s*[:–-]\s*(?P<told>.+)$",
    re.I | re.S,
)
RESUMES = re.compile(
    r"^\W*(?:please\s+|bitte\s+)?(?:resume|un-?pause|(?:take|put) (?:us|me|our profile|my profile) live(?: again)?"
    r"|(?:we|i)(?: are|['’]re| am|['’]m) back(?: again)?|fortsetzen|weitermachen|wir sind (?:wieder )?zurück"
    r"|reprendre|reprenez|reanudar|hervatten|riprendere|retomar|återuppta|genoptag|gjenoppta|wznów)"
    r"(?:\s+(?:please|bitte|now|again|digests?|s['’]il vous plaît))*\W*$",
    re.I,
)
AND_WE = re.compile(r",?\s+(?:and|und|et|y|en|e)\s+(?=(?:we|wir|nous|wij)\b)", re.I)
STILL_HOLDS = re.compile(
    r"^\W*(?:yes,?\s+|ja,?\s+|oui,?\s+)?(?:it |that |this |(?:our |my )?profile |(?:we have )?nothing (?:has )?changed"
    r"|(?:all|everything)(?: of it)? ?)*(?:(?:is |are )?still (?:holds?|right|correct|true|the same|up to date|fine"
    r"|accurate)|(?:is )?up to date|nothing (?:has |is )?(?:changed|new)|stimmt (?:alles )?noch|alles (?:stimmt noch"
    r"|aktuell)|tout est (?:toujours |encore )?(?:juste|à jour)|todo sigue igual|alles klopt nog)\W*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a firm's words tell besides what a profile says; `rest` is for the profile, word for word."""

    lent: tuple[Lent, ...] = ()
    moved: tuple[Moved, ...] = ()
    held: tuple[Held, ...] = ()
    size: Size | None = None
    still_holds: bool = False
    resumes: bool = False
    unclear: tuple[str, ...] = ()
    rest: str = ""

    @property
    def is_for_ok(self) -> bool:
        """Tell whether anything was read that holds only after an "ok"."""
        return bool(self.lent or self.moved or self.held or self.size)

    @property
    def says_something(self) -> bool:
        """Tell whether anything was read that is not for the profile."""
        return bool(self.is_for_ok or self.still_holds or self.resumes or self.unclear)


@dataclass(frozen=True, slots=True)
class Known:
    """What words are read with: the people known by name, the badges there are, what names a competency."""

    names: Collection[str]
    badges: Mapping[str, Competency]
    linker_keys: Keys
    today: date


def for_profile(text: str) -> str:
    """Return what stands behind "profile:", empty where a text does not begin so."""
    found = PREFIX.match(text)
    return found["told"].strip() if found else ""


def resumes(text: str) -> bool:
    """Tell whether a text says nothing but that its firm is back."""
    return RESUMES.match(text) is not None


def told(text: str, known: Known) -> Told:
    """Read what a firm tells of its people, badges and size of work; all other clauses are the rest."""
    found = Told()
    rest = list[str]()
    parts = (part for one in clauses(letter(text).body) for part in AND_WE.split(one.text))
    for said in (part.strip() for part in parts):
        read = _read(said.rstrip(".! "), known)
        if read is None:
            rest.append(said)
        else:
            found = _together(found, read)
    return replace(found, rest="\n".join(rest))


def traits_only(text: str, known: Known) -> Traits | None:
    """Read an answer that speaks of people it does not name: "they are juniors, free from 5 January"."""
    said = text.strip()
    read = bench.traits(said, known.today)
    return None if bench.same(read, Traits()) and not read.may_be_free or known.linker_keys(said) else read


def _read(said: str, known: Known) -> Told | None:
    if STILL_HOLDS.match(said):
        return Told(still_holds=True)
    if resumes(said):
        return Told(resumes=True)
    try:
        if person := bench.moved(said, names=known.names, today=known.today):
            return Told(moved=(person,))
        if held := badge_words.held(said, badges=known.badges, today=known.today):
            return Told(held=held)
        if people := bench.lent(said, linker_keys=known.linker_keys, today=known.today):
            return Told(lent=(people,))
    except (Unclear, UnknownBadge) as error:
        return Told(unclear=(str(error),))
    size = work_size(said)
    return Told(size=size) if size else None


def _together(one: Told, other: Told) -> Told:
    return Told(
        (*one.lent, *other.lent),
        (*one.moved, *other.moved),
        (*one.held, *other.held),
        other.size or one.size,
        one.still_holds or other.still_holds,
        one.resumes or other.resumes,
        (*one.unclear, *other.unclear),
    )
