"""A text becomes the place of the work: remote or on site, cities, and the country as ISO alpha-2."""

import re
from dataclasses import dataclass

from matcher.posting.gazetteer import CITY_CODES, CODES, NATIONALITY_CODES
from matcher.posting.remote import REMOTE, is_remote
from matcher.posting.states import country_of, with_state


def _any_of(names: dict[str, str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


PLACE = re.compile(rf"(?<![\w@.-])(?:{_any_of(CODES)})(?![\w@-]|\.\w)")
OF_COUNTRY = re.compile(
    rf"\b({'|'.join(NATIONALITY_CODES)})(?:e[rnms]?)? (?:[\w-]+ )?(?:customer|client|company|bank|hospital|firm"
    rf"|site|office|subsidiary|group|manufacturer"
    r"|retailer|insurer|city|municipality|school|chain|maker|producer|kunde|unternehmen|firma)",
    re.IGNORECASE,
)
ON_SITE = re.compile(
    r"\bon[- ]?(?:site|premises? visits?)\b|\bvor[- ]ort\b|\bsur (?:place|site)\b|\ben (?:sitio"
    r"|las instalaciones)\b|\bpresencial\b|\bop locatie\b|\bin loco\b|\bin sede\b|\bpå (?:plats|stedet)\b"
    r"|\bna miejscu\b|\bna místě\b|\bter plaatse\b"
    r"|\bin person\b|\bphysically present\b|\bbeim Kunden\b|\bat the customer'?s (?:site|office|plant|premises)\b",
    re.IGNORECASE,
)
# "sur place à Annecy": a town that no list has.
TOWN = re.compile(
    r"(?i:\bon[- ]?site|\bvor[- ]ort|\bsur (?:place|site)|\bpresencial|\bop locatie|\bin loco)"
    r"(?i:[, ]+(?:in|at|à|en|em|te|a|near|bei))[ ]+(?P<town>[A-ZÀ-Þ][\w'’-]+(?:[ -][A-ZÀ-Þ][\w'’-]+){0,2})"
)
NOT_THERE = re.compile(r"\b(?:not|nicht|pas|niet|instead of|statt|au lieu de)\s+(?:in\s+|à\s+)?$", re.IGNORECASE)
# "Not remote: on site" and "no remote work, on site" deny what stands before, not what follows.
NOT_ON_SITE = re.compile(
    r"\b(?:no|not|nothing|never|without|nicht|kein\w*|sans|pas|sin|niet|geen)\b"
    rf"(?:(?!{REMOTE.pattern})[^.,:;\n]){{0,25}}$",
    re.IGNORECASE,
)
NO_TRAVEL = re.compile(
    r"^[^.;\n]{0,12}\b(?:not (?:needed|required|necessary)|nicht (?:nötig|erforderlich))", re.IGNORECASE
)
OWN_PLACE = re.compile(
    r"\b(?:we are|we're|we sit|we come|our (?:head )?(?:office|team|firm|company)|based in|headquartered"
    r"|wir sind|wir sitzen|nous sommes|somos|wij zijn|I am|I'm)\b",
    re.IGNORECASE,
)
DATA_STAYS = re.compile(r"\b(?:data|Daten|données|datos|gegevens|residency|hosted|stored|reside)\b", re.IGNORECASE)
IN_PLACE = re.compile(
    r"\b(?:in|at|near|around|from|for|to|bei|aus|à|en|au|chez|te|bij|w|i|nach|para|pour)\s+(?:the\s+)?$", re.IGNORECASE
)
MAX_PLACES = 3
FEW = 6  # words; in a sentence "nice" and "reading" are no towns


@dataclass(frozen=True, slots=True)
class Place:
    """Where the work is done. `text` reads as 'on site in Lyon', 'remote'; empty: not said."""

    text: str = ""
    country: str = ""
    on_site: bool = False
    city: str = ""


def find_place(text: str) -> Place:
    """Read where the work is; places of the writer and of the data do not count."""
    sentences = _sentences(text)
    about_work = _about_work(sentences)
    names = _places(". ".join(about_work))
    on_site = any(_is_on_site(one) for one in sentences)
    remote = any(is_remote(one) for one in sentences)
    country = _country(names, " ".join(about_work))
    return Place(_phrase(names, on_site=on_site, remote=remote), country, on_site, _city(names))


def find_city(text: str) -> str:
    """Read only the city of what `find_place` reads, which takes half as long."""
    return _city(_places(". ".join(_about_work(_sentences(text)))))


def _sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ])|\n", text) if not DATA_STAYS.search(one)]


def _about_work(sentences: list[str]) -> list[str]:
    return [one for one in sentences if not OWN_PLACE.search(one) or _is_on_site(one)]


def _places(text: str) -> list[str]:
    return _names(text) or _towns(text)[:1]


def _city(names: list[str]) -> str:
    return next((name for name in names if name.partition(", ")[0] in CITY_CODES), "")


def read_place(words: str) -> Place:
    """Read what somebody wrote when asked where; the words are kept as they are."""
    found = find_place(words)
    named = found if found.country else find_place(_with_capitals(words))
    code = words.strip().upper()
    country = named.country or (code if code in set(CODES.values()) else "")
    return Place(words.strip(), country, found.on_site, named.city)


def _with_capitals(words: str) -> str:
    """Write a few words as names are written: whoever is asked for a place on a phone types "leeds, uk" or "LEEDS"."""
    parts = words.split()
    if len(parts) > FEW:
        return ""
    return " ".join(each.upper() if each.strip(".,()").upper() in CODES else each.title() for each in parts)


def _names(text: str) -> list[str]:
    """The places named, those behind 'in', 'at', 'from' first."""
    found = [one for one in PLACE.finditer(text) if not NOT_THERE.search(text[max(0, one.start() - 16) : one.start()])]
    found.sort(key=lambda one: IN_PLACE.search(text[max(0, one.start() - 12) : one.start()]) is None)
    names = list(dict.fromkeys(with_state(one.group(), text, one.end()) for one in found))
    return [name for name in names if not any(other.endswith(f", {name}") for other in names)][:MAX_PLACES]


def _towns(text: str) -> list[str]:
    """Towns that no list has."""
    return [with_state(found["town"], text, found.end()) for found in TOWN.finditer(text)]


def _country(names: list[str], text: str) -> str:
    if names and country_of(names[0]):
        return country_of(names[0])
    people = OF_COUNTRY.search(text)
    return NATIONALITY_CODES[people.group(1).casefold()] if people else ""


def _is_on_site(sentence: str) -> bool:
    return any(
        not NOT_ON_SITE.search(sentence[max(0, found.start() - 60) : found.start()])
        and not NO_TRAVEL.match(sentence[found.end() :])
        for found in ON_SITE.finditer(sentence)
    )


def _phrase(names: list[str], *, on_site: bool, remote: bool) -> str:
    where = ", ".join(names)
    parts = ["remote"] if remote else []
    if on_site:
        parts.append(f"on site in {where}" if where else "on site")
    elif where:
        parts.append(where)
    return ", ".join(parts)
