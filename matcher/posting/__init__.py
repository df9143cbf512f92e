"""A posting's text becomes a reading: needs, conditions, what is missing, and the blind version."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

from matcher.glossary import in_english, language_of
from matcher.posting.blanks import squeezed
from matcher.posting.blind import NOBODY, cover, mask
from matcher.posting.conditions import find_clearances, find_industries, find_jurisdiction
from matcher.posting.correction import apply_correction
from matcher.posting.cues import role
from matcher.posting.dates import Due, find_due, is_past, read_due
from matcher.posting.hiding import sought_in_vain
from matcher.posting.languages import find_languages
from matcher.posting.money import Value, find_pays, find_value, read_value
from matcher.posting.needs import find_needs, is_vague
from matcher.posting.own import Own
from matcher.posting.places import Place, find_place, read_place
from matcher.posting.questions import questions
from matcher.posting.remote import is_remote
from matcher.posting.sentences import clauses
from matcher.posting.title import MAX_TITLE, NO_LABELS, make_title, without_prefix
from matcher.terms import Need, Reading

__all__ = [
    "MAX_POSTING",
    "Own",
    "PostingFacts",
    "apply_correction",
    "check_posting",
    "mask",
    "questions",
    "read_posting",
    "sought_in_vain",
]

MAX_POSTING = 20_000
Keys = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PostingFacts:
    """The facts as written in the form; empty: not answered, the text may still say it."""

    due: str = ""
    place: str = ""
    pays: str = ""
    value: str = ""


def check_posting(text: str) -> str:
    """Return the sentence that says why a posting cannot be taken, empty if it can."""
    if not text.strip():
        return "The posting is empty. Write in one or two sentences what you need and for when."
    if len(text) > MAX_POSTING:
        return (
            f"The posting has {len(text):,} characters; at most {MAX_POSTING:,} can be read. "
            "Nothing of it is lost: keep your text and send the short version, what you need and for when."
        )
    return ""


def read_posting(
    text: str,
    *,
    subject: str = "",
    facts: PostingFacts | None = None,
    linker_keys: Keys,
    label_of: Mapping[str, str] = NO_LABELS,
    own_keys: frozenset[str] = frozenset(),
    sender_domain: str = "",
    own: Own = NOBODY,
    today: date,
) -> Reading:
    """Read a posting; what the form says goes before what the text says, and nothing private is in any field."""
    facts, text, subject = _answered(facts or PostingFacts()), squeezed(text), squeezed(subject)
    beside = _all_words(subject, facts)
    body, masked = mask(text, sender_domain=sender_domain, own=own, subject=beside, linker_keys=linker_keys)
    title = cover(subject, masked)
    asked = body if linker_keys(body) else f"{title}. {body}".lstrip(". ")
    needs = _needs(asked, title, linker_keys, own_keys, language=language_of(f"{text}\n{subject}"))
    needs = tuple(_without_own(need, own_keys) for need in needs)
    town = _place(facts.place, f"{body}\n\n{title}").city
    named = make_title(title, needs, linker_keys, label_of=label_of, town=cover(town, masked))
    reading = Reading(named, body, _entitled(needs, without_prefix(title), linker_keys, own_keys), masked=masked)
    reading = _with_conditions(reading, f"{body}\n\n{title}", trade=f"{text}\n{subject}")
    reading = _with_facts(reading, facts, text=f"{body}\n\n{title}", today=today)
    return _with_missing(_covered(reading), asked, today)


def _answered(facts: PostingFacts) -> PostingFacts:
    """Take a mark such as "?" or "-" in a box that has to be filled, as some believe, for no answer."""
    said = {each.name: getattr(facts, each.name) for each in fields(facts)}
    return PostingFacts(**{name: words if re.search(r"\w", words) else "" for name, words in said.items()})


def _needs(asked: str, title: str, linker_keys: Keys, own_keys: frozenset[str], *, language: str) -> tuple[Need, ...]:
    """Find the needs by words as they stand; where those name nothing, by their English as well."""
    needs = _named_by(title, find_needs(asked, linker_keys=linker_keys, own_keys=own_keys), linker_keys, own_keys)
    if language == "en" or any(need.competency_keys for need in needs):
        return needs

    def keys(text: str) -> tuple[str, ...]:
        return linker_keys(text) or linker_keys(in_english(text, language))

    return _named_by(title, find_needs(asked, linker_keys=keys, own_keys=own_keys, language=language), keys, own_keys)


def _named_by(title: str, needs: tuple[Need, ...], linker_keys: Keys, own_keys: frozenset[str]) -> tuple[Need, ...]:
    """Where no need names a competency, the first is about what the subject names."""
    keys = tuple(key for key in linker_keys(title) if key not in own_keys)
    if not needs or not keys or any(need.competency_keys for need in needs):
        return needs
    return (Need(needs[0].text, keys), *needs[1:])


def _entitled(needs: tuple[Need, ...], subject: str, linker_keys: Keys, own_keys: frozenset[str]) -> tuple[Need, ...]:
    """Begin the only need with what stands above the text, and with what that names: nobody says shorter what is
    wanted."""
    above = ". ".join(one.text.strip(" .:;!–-") for one in clauses(subject) if role(one.text) != "have")
    if len(needs) != 1 or not above or above.casefold() in needs[0].text.casefold():
        return needs
    keys = [key for key in linker_keys(above) if key not in own_keys]
    return (Need(f"{above}. {needs[0].text}", tuple(dict.fromkeys((*keys, *needs[0].competency_keys)))),)


def _without_own(need: Need, own_keys: frozenset[str]) -> Need:
    """What the poster does itself is not what it misses, as long as a need names something else too."""
    return Need(need.text, tuple(key for key in need.competency_keys if key not in own_keys) or need.competency_keys)


def _all_words(subject: str, facts: PostingFacts) -> str:
    """Everything written outside the text, so that names in it are found as well."""
    return "\n".join(line for line in (subject, facts.due, facts.place, facts.pays, facts.value) if line)


def _with_conditions(reading: Reading, text: str, *, trade: str) -> Reading:
    """Read the trade from the open text: a hidden name such as 'Leeds Hospital' tells it and gives nobody away."""
    asked = "\n".join(one.text for one in clauses(text) if role(one.text) != "have")
    return replace(
        reading,
        languages=find_languages(asked),
        jurisdiction=find_jurisdiction(text),
        clearances=find_clearances(asked),
        industry=next(iter(find_industries(trade) or find_industries(in_english(trade))), ""),
    )


def _with_facts(reading: Reading, facts: PostingFacts, *, text: str, today: date) -> Reading:
    due = read_due(facts.due, today) if facts.due.strip() else find_due(text, today)
    place = _place(facts.place, text)
    value = read_value(facts.value) if facts.value.strip() else find_value(f"{facts.pays}\n{text}")
    pays = facts.pays.strip() or find_pays(text)
    return _filled(reading, due, place, value=value, pays=pays)


def _place(said: str, text: str) -> Place:
    """The form's answer; what it leaves open, the country and whether it is on site, may still come from the text."""
    in_text = find_place(text)
    if not said.strip():
        return in_text
    place = read_place(said)
    on_site = place.on_site or (in_text.on_site and not is_remote(said) and "remote" not in in_text.text)
    return replace(place, country=place.country or in_text.country, on_site=on_site)


def _filled(reading: Reading, due: Due, place: Place, *, value: Value, pays: str) -> Reading:
    return replace(
        reading,
        due_text=due.text,
        due_on=due.on,
        place_text=place.text,
        country=place.country,
        on_site=place.on_site,
        pays=pays,
        value_eur=value.eur,
    )


def _covered(reading: Reading) -> Reading:
    """Hide the private names wherever they still stand."""
    return replace(
        reading,
        title=cover(reading.title, reading.masked)[:MAX_TITLE],
        needs=tuple(Need(cover(need.text, reading.masked), need.competency_keys) for need in reading.needs),
        due_text=cover(reading.due_text, reading.masked),
        place_text=cover(reading.place_text, reading.masked),
        pays=cover(reading.pays, reading.masked),
    )


def _with_missing(reading: Reading, asked: str, today: date) -> Reading:
    known = {
        "what": not is_vague(asked, reading.needs),
        "due": bool(reading.due_text) and not is_past(reading.due_text, today),
        "place": bool(reading.place_text),
        "pays": bool(reading.pays),
    }
    return replace(reading, missing=tuple(fact for fact, is_known in known.items() if not is_known))
