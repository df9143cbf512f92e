"""A reading and the poster's answer in plain words become the corrected reading."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from matcher.posting.blind import cover, mask
from matcher.posting.conditions import find_clearances, find_jurisdiction, find_languages, languages_named
from matcher.posting.cues import n_telling_letters, role
from matcher.posting.dates import find_due, read_due
from matcher.posting.money import find_pays, find_value, read_value
from matcher.posting.needs import MAX_NEEDS, find_needs, is_vague
from matcher.posting.places import find_place, read_place
from matcher.posting.title import UNTITLED, make_title
from matcher.terms import Need, Reading

Keys = Callable[[str], tuple[str, ...]]
NAMES = {
    "due": "due|by when|when|deadline|until|date|bis wann|termin|frist|échéance|pour quand|quand|plazo|cuándo|para"
    " cuándo|wanneer",
    "place": "where|place|location|site|wo|ort|lieu|où|lugar|dónde|waar|plaats",
    "pays": "who pays whom|who pays|pays|payment|pay|wer zahlt|zahlung|bezahlung|qui paie|paiement|quién paga|pago"
    "|wie betaalt|betaling",
    "value": "budget|value|worth|wert|valeur|valor|waarde",
    "what": "what|need|needs|we need|was|bedarf|quoi|besoin|qué|wat",
    "title": "title|subject|titel|betreff|titre|título",
    "languages": "languages?|sprachen?|langues?|idiomas?|talen|taal",
    "jurisdiction": "data|data location|residency|jurisdiction",
    "clearances": "clearances?",
}
FACT_OF = {name: fact for fact, names in NAMES.items() for name in names.split("|")}
ANY_NAME = "|".join(sorted(FACT_OF, key=len, reverse=True))
NAMED = re.compile(
    rf"(?:^"
    rf"|(?<=[.;\n,]))[ \t]*(?:[-*•][ \t]*)?(?P<name>{ANY_NAME})[ \t]*[:=?][ \t]*",
    re.IGNORECASE,
)
MIN_TELLING = 4


@dataclass(frozen=True, slots=True)
class _Answer:
    """A stretch of the answer; `fact` names what it replaces, empty if it names nothing."""

    fact: str
    words: str


def apply_correction(reading: Reading, correction_text: str, *, linker_keys: Keys, today: date) -> Reading:
    """Fill in what was missing, replace what the answer names ('due: 1 March'), add needs it asks for."""
    blind, masked = mask(correction_text, linker_keys=linker_keys)
    known = {one.words for one in reading.masked}
    masked = (*reading.masked, *(one for one in masked if one.words not in known))
    reading = replace(reading, masked=masked)
    for answer in _answers(cover(blind, masked)):
        reading = _apply(reading, answer, linker_keys=linker_keys, today=today)
    return replace(_covered(reading), missing=_still_missing(reading))


def _answers(text: str) -> Iterator[_Answer]:
    named = list(NAMED.finditer(text))
    start = named[0].start() if named else len(text)
    if text[:start].strip(" ,;\n"):
        yield _Answer("", text[:start].strip(" ,;\n"))
    for at, found in enumerate(named):
        end = named[at + 1].start() if at + 1 < len(named) else len(text)
        words, _, rest = text[found.end() : end].strip(" ,;\n").partition("\n")
        if words:
            yield _Answer(_fact(found["name"]), words.rstrip(" ,;."))
        if rest.strip():
            yield _Answer("", rest.strip())


def _fact(name: str) -> str:
    return next(fact for names, fact in FACT_OF.items() if re.fullmatch(names, name, re.IGNORECASE))


def _apply(reading: Reading, answer: _Answer, *, linker_keys: Keys, today: date) -> Reading:
    if not answer.fact:
        return _fill(reading, answer.words, linker_keys=linker_keys, today=today)
    if answer.fact == "what":
        return _with_need(reading, answer.words, linker_keys)
    return _replace(reading, answer, today)


def _replace(reading: Reading, answer: _Answer, today: date) -> Reading:
    if answer.fact == "due":
        due = read_due(answer.words, today)
        return replace(reading, due_text=due.text, due_on=due.on)
    if answer.fact == "place":
        return _placed(reading, answer.words)
    if answer.fact in ("pays", "value"):
        return _paid(reading, answer)
    return _with_condition(reading, answer)


def _placed(reading: Reading, words: str) -> Reading:
    place = read_place(words)
    return replace(reading, place_text=place.text, country=place.country, on_site=place.on_site)


def _paid(reading: Reading, answer: _Answer) -> Reading:
    value = read_value(answer.words) if answer.fact == "value" else find_value(answer.words)
    if answer.fact == "pays":
        reading = replace(reading, pays=answer.words)
    return reading if value.eur is None else replace(reading, value_eur=value.eur, value_note=value.note)


def _with_condition(reading: Reading, answer: _Answer) -> Reading:
    words = answer.words
    if answer.fact == "title":
        return replace(reading, title=make_title(words, reading.needs, lambda _: ()))
    if answer.fact == "languages":
        return replace(reading, languages=languages_named(words))
    if answer.fact == "clearances":
        return replace(reading, clearances=find_clearances(words))
    return replace(reading, jurisdiction=find_jurisdiction(f"data stays in {words}"))


def _fill(reading: Reading, text: str, *, linker_keys: Keys, today: date) -> Reading:
    reading = _fill_facts(reading, text, today)
    reading = replace(
        reading,
        languages=reading.languages or find_languages(text),
        jurisdiction=reading.jurisdiction or find_jurisdiction(text),
        clearances=reading.clearances or find_clearances(text),
    )
    asks = linker_keys(text) or any(role(one) == "need" for one in text.splitlines())
    if asks or ("what" in reading.missing and n_telling_letters(text) >= MIN_TELLING and not _only_facts(text, today)):
        return _with_need(reading, text, linker_keys)
    return reading


def _fill_facts(reading: Reading, text: str, today: date) -> Reading:
    due, place, pays, value = find_due(text, today), find_place(text), find_pays(text), find_value(text)
    if "due" in reading.missing and due.text:
        reading = replace(reading, due_text=due.text, due_on=due.on)
    if "place" in reading.missing and place.text:
        reading = replace(reading, place_text=place.text, country=place.country, on_site=place.on_site)
    if "pays" in reading.missing and pays:
        reading = replace(reading, pays=pays)
    if reading.value_eur is None and value.eur is not None:
        reading = replace(reading, value_eur=value.eur, value_note=value.note)
    return reading


def _only_facts(text: str, today: date) -> bool:
    return bool(find_due(text, today).text or find_place(text).text or find_pays(text))


def _with_need(reading: Reading, text: str, linker_keys: Keys) -> Reading:
    """Add to needs and blind text; a need that was too vague to read is replaced."""
    new = find_needs(text, linker_keys=linker_keys, own_keys=frozenset())
    old = () if "what" in reading.missing else reading.needs
    needs = _joined(old, new)
    blind = f"{reading.blind_text}\n\n{text}".strip()
    title = reading.title if old and reading.title != UNTITLED else make_title("", needs, linker_keys)
    return replace(reading, needs=needs, blind_text=blind, title=title)


def _joined(old: tuple[Need, ...], new: tuple[Need, ...]) -> tuple[Need, ...]:
    """A new need about competencies already asked for becomes a sentence of that need."""
    needs = list(old)
    for need in new:
        same = [at for at, one in enumerate(needs) if set(need.competency_keys) & set(one.competency_keys)]
        at = (
            same[0]
            if same
            else len(needs) - 1
            if len(needs) >= MAX_NEEDS or (needs and not need.competency_keys)
            else None
        )
        if at is None:
            needs.append(need)
        else:
            keys = tuple(dict.fromkeys((*needs[at].competency_keys, *need.competency_keys)))
            needs[at] = Need(f"{needs[at].text} {need.text}", keys)
    return tuple(needs)


def _covered(reading: Reading) -> Reading:
    """Names learned from the answer are hidden in what was read before as well."""
    hidden = reading.masked
    return replace(
        reading,
        title=cover(reading.title, hidden),
        blind_text=cover(reading.blind_text, hidden),
        needs=tuple(Need(cover(need.text, hidden), need.competency_keys) for need in reading.needs),
        due_text=cover(reading.due_text, hidden),
        place_text=cover(reading.place_text, hidden),
        pays=cover(reading.pays, hidden),
    )


def _still_missing(reading: Reading) -> tuple[str, ...]:
    known = {
        "what": not is_vague(reading.blind_text, reading.needs),
        "due": bool(reading.due_text),
        "place": bool(reading.place_text),
        "pays": bool(reading.pays),
    }
    return tuple(fact for fact in reading.missing if not known[fact])
