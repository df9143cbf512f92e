"""A reading and the poster's answer in plain words become the corrected reading."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from matcher.posting.blanks import squeezed
from matcher.posting.blind import NOBODY, cover, mask
from matcher.posting.conditions import find_clearances, find_jurisdiction
from matcher.posting.cues import n_telling_letters, role
from matcher.posting.dates import find_due, is_past, read_due
from matcher.posting.edits import Edit, changed, find_edits, recounted
from matcher.posting.hiding import to_hide
from matcher.posting.languages import find_languages, languages_named
from matcher.posting.money import find_pays, find_sums, find_value, read_value
from matcher.posting.needs import MAX_NEEDS, find_needs, is_vague
from matcher.posting.own import Own
from matcher.posting.places import Place, find_place, read_place
from matcher.posting.remote import is_remote
from matcher.posting.title import UNTITLED, make_title
from matcher.posting.unneeded import without_unneeded
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


def apply_correction(
    reading: Reading, answer: str, *, linker_keys: Keys, sender_domain: str = "", own: Own = NOBODY, today: date
) -> Reading:
    """Fill in what was missing, replace what the answer names ('due: 1 March'), add needs it asks for."""
    answer = squeezed(answer)
    blind, masked = mask(answer, sender_domain=sender_domain, own=own, linker_keys=linker_keys)
    known = {one.words for one in reading.masked}
    masked = (
        *reading.masked,
        *(one for one in (*to_hide(reading, answer), *masked) if one.words not in known),
    )
    before = replace(reading, masked=masked)
    answer_text = cover(blind, masked)
    said = find_edits(answer_text) or recounted(answer_text, before.blind_text)
    edits = tuple(each for each in said if not _is_day(each.old, today))
    after = _edited(before, edits, linker_keys)
    if after == before:
        after, answer_text = without_unneeded(before, answer_text, linker_keys=linker_keys)
        for each in _answers(answer_text):
            after = _apply(after, each, linker_keys=linker_keys, today=today)
    else:
        after = _fill_facts(after, answer_text, today, anew=True)
    after = _said_alike(before, after, answer_text)
    return replace(_covered(after), missing=_still_missing(after, today))


def _is_day(words: str, today: date) -> bool:
    """A day is read as one: "until 1 May, not March" changes more than the word March."""
    return find_due(f"by {words}", today).on is not None


def _edited(reading: Reading, edits: tuple[Edit, ...], linker_keys: Keys) -> Reading:
    """Change the very words that the answer names, wherever they stand."""
    needs = tuple(_edited_need(each, edits, linker_keys) for each in reading.needs)
    return replace(
        reading,
        needs=tuple(each for each in needs if each.text),
        title=changed(reading.title, edits) or reading.title,
        blind_text=changed(reading.blind_text, edits) or reading.blind_text,
        pays=changed(reading.pays, edits),
        place_text=changed(reading.place_text, edits),
    )


def _edited_need(need: Need, edits: tuple[Edit, ...], linker_keys: Keys) -> Need:
    text = changed(need.text, edits)
    return need if text == need.text else Need(text, linker_keys(text))


def _said_alike(before: Reading, after: Reading, answer: str) -> Reading:
    """Let the text that partners read say the new day, town and sum too, where it says the old one."""
    pairs = [(before.due_text, after.due_text), (before.place_text, after.place_text)]
    pairs.append((find_place(before.place_text).city, find_place(after.place_text).city))
    sums = find_sums(before.pays), find_sums(answer)
    if before.value_eur != after.value_eur and [len(each) for each in sums] == [1, 1]:
        pairs.append((sums[0][0], sums[1][0]))
    pairs.append((before.pays, _cased_as(before.pays, after.pays)))
    edits = tuple(Edit(old, new) for old, new in pairs if old and new and old != new)
    return replace(
        after,
        blind_text=changed(after.blind_text, edits),
        title=changed(after.title, edits),
        pays=changed(after.pays, edits),
        needs=tuple(Need(changed(each.text, edits), each.competency_keys) for each in after.needs),
    )


def _cased_as(old: str, new: str) -> str:
    """In the middle of a sentence the new words begin small, as the old ones did."""
    return new[:1].lower() + new[1:] if old[:1].islower() and new[1:2].islower() else new


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
    place = _still_on_site(reading, read_place(words))
    country = place.country or ("" if is_remote(place.text) else reading.country)  # a town may be on no list
    return replace(reading, place_text=place.text, country=country, on_site=place.on_site)


def _paid(reading: Reading, answer: _Answer) -> Reading:
    value = read_value(answer.words) if answer.fact == "value" else find_value(answer.words)
    if answer.fact == "pays":
        reading = replace(reading, pays=answer.words)
    return reading if value.eur is None else replace(reading, value_eur=value.eur)


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
    reading = _fill_facts(reading, text, today, anew="?" not in text and not linker_keys(text))
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


def _fill_facts(reading: Reading, text: str, today: date, *, anew: bool) -> Reading:
    """Fill in missing facts; `anew`, in an answer that is about nothing else, what was known is replaced too."""
    due, place, pays, value = find_due(text, today), find_place(text), find_pays(text), find_value(text)
    open_facts = ("due", "place", "pays") if anew else reading.missing
    if "due" in open_facts and due.text:
        reading = replace(reading, due_text=due.text, due_on=due.on)
    if "place" in open_facts and place.text:
        reading = _moved(reading, place)
    if "pays" in open_facts and pays:
        reading = replace(reading, pays=pays)
    if (anew or reading.value_eur is None) and value.eur is not None:
        reading = replace(reading, value_eur=value.eur)
    return reading


def _moved(reading: Reading, place: Place) -> Reading:
    """Put the work elsewhere."""
    place = _still_on_site(reading, place)
    return replace(reading, place_text=place.text, country=place.country, on_site=place.on_site)


def _still_on_site(reading: Reading, place: Place) -> Place:
    """Another town or country alone does not say that the work is no longer on site."""
    if not reading.on_site or place.on_site or is_remote(place.text):
        return place
    return replace(place, text=f"on site in {place.text}", on_site=True)


def _only_facts(text: str, today: date) -> bool:
    return bool(find_due(text, today).text or find_place(text).text or find_pays(text))


def _with_need(reading: Reading, text: str, linker_keys: Keys) -> Reading:
    """Add to needs and blind text; a need that was too vague to read is replaced."""
    old = () if "what" in reading.missing else reading.needs
    needs = _joined(old, find_needs(text, linker_keys=linker_keys, own_keys=frozenset()))
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


def _still_missing(reading: Reading, today: date) -> tuple[str, ...]:
    known = {
        "what": not is_vague(reading.blind_text, reading.needs),
        "due": bool(reading.due_text) and not is_past(reading.due_text, today),
        "place": bool(reading.place_text),
        "pays": bool(reading.pays),
    }
    return tuple(fact for fact in reading.missing if not known[fact])
