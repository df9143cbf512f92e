"""Rows → the plain values that letters and pages say, with nothing in them that the reader may not see."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from matcher.competencies import Linker
from matcher.models import Introduction, Opportunity
from matcher.posting.blind import find
from matcher.posting.given import is_also_word
from matcher.posting.public import is_public
from matcher.relay import Known, Passed, known_of, pass_on, plain
from matcher.terms import Competency, Inbound, names

MAX_WORDS = 60  # of one offer's text; DESIGN 1
MAX_WORDS_OF_ALL = 120  # of the texts of a letter, so that five offers are read in a minute too
LONG_WORD = 12  # characters that a word may have on average; Japanese, Chinese and Thai put no blanks between words
ENDS = (". ", "! ", "? ", "。", "！", "？")
NEW_FOR = timedelta(days=90)
EXACT_BELOW = 10
FEE = "Counterpart charges neither of you."
CUSTOMER_OF_POSTER = "The customer stays yours."
CUSTOMER_OF_PARTNER = "The customer stays the poster's."


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a wish, in words: shown on the page, or sent as the one answer to a mail.

    `tone` is done, unclear, closed or refused; `sent` is True when a letter of its own says it already.
    """

    heading: str
    lines: tuple[str, ...] = ()
    tone: str = "done"
    sent: bool = False


class Poster(Protocol):
    """What is said of whoever asks, whether it is read as an object or not."""

    @property
    def country(self) -> str: ...
    @property
    def n_people(self) -> int | None: ...


class Asked(Protocol):
    """What is said of an opportunity, whether it is read as an object or not."""

    @property
    def title(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def place_text(self) -> str: ...
    @property
    def on_site(self) -> bool: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def due_text(self) -> str: ...
    @property
    def pays(self) -> str: ...
    @property
    def value_eur(self) -> int | None: ...
    @property
    def languages(self) -> list[str]: ...
    @property
    def closes_on(self) -> date | None: ...
    @property
    def partner(self) -> Poster: ...


def who(partner: Poster) -> str:
    """Describe a firm without its name: "A 3-person firm in France", "A firm of about 30 people in Japan".

    Ten or more people are rounded: an exact head count and a country would name many a firm.
    """
    where = f" in {names.country_name(partner.country)}" if partner.country else ""
    n_people = partner.n_people or 0
    if n_people == 1:
        return f"A one-person firm{where}"
    if 1 < n_people < EXACT_BELOW:
        return f"{'An' if n_people == 8 else 'A'} {n_people}-person firm{where}"
    about = f" of about {_rounded(n_people):,} people" if n_people else ""
    return f"A firm{about}{where}"


def _rounded(n_people: int) -> int:
    """Keep one digit, and the half steps between: 34 is 30, 96 is 100, 160 is 150, 1,240 is 1,000."""
    step = int(10 ** (len(str(n_people)) - 1)) // (2 if n_people >= 100 else 1)
    return round(n_people / step) * step


def country_name(code: str) -> str:
    """Name a country as it stands in a list, without its article; an unknown code stays as it is."""
    return names.country_name(code).removeprefix("the ")


def euros(amount: int | None) -> str:
    """Write a sum as people read it; nothing for none."""
    return f"€{amount:,}" if amount else ""


def numbers(listed: Sequence[int]) -> str:
    """Name partners by their numbers, at the head of a sentence: "Number 4", "Numbers 4, 5 and 6"."""
    *first, last = map(str, listed)
    return f"Numbers {', '.join(first)} and {last}" if first else f"Number {last}"


def day(on: date | None) -> str:
    return f"{on.day} {on:%B %Y}" if on else ""


def languages(codes: list[str]) -> str:
    return ", ".join(map(names.language_name, codes))


def place(row: Asked) -> str:
    """Say where the work is, from what was written or what was read of it."""
    named = row.place_text or country_name(row.country)
    if row.on_site and "site" not in named.lower():
        return f"{named}, on site" if named else "On site"
    return _capital(named) or "Not said"


def due(row: Asked) -> str:
    return day(row.due_on) or row.due_text or "Not said"


def facts(row: Opportunity) -> list[list[str]]:
    """List an opportunity's facts as name and words, leaving out what was not said."""
    listed = [
        ["By when", day(row.due_on) or row.due_text],
        ["Where", place(row) if row.place_text or row.country or row.on_site else ""],
        ["Who pays whom", _capital(row.pays)],
        ["Worth", _about(row.value_eur)],
        ["Languages", languages(row.languages)],
        ["Data must stay in", _jurisdiction(row.jurisdiction)],
        ["Clearance", ", ".join(row.clearances)],
    ]
    return [each for each in listed if each[1]]


def hidden(row: Opportunity) -> list[dict[str, str]]:
    """List what others do not read and what they read instead; of "Anna Huber", "Anna" and "Huber" only the first."""
    said = [f" {words.casefold()} " for _, words, _ in row.masked]
    return [
        {"words": words, "shown_as": shown_as}
        for at, (_, words, shown_as) in enumerate(row.masked)
        if not any(said[at] in each for each in said if each != said[at])
    ]


def needs(row: Opportunity, competencies: dict[str, Competency]) -> list[dict[str, Any]]:
    """List what is asked for, each with the labels of its competencies; the title above is not repeated."""
    above = f"{row.title}. "
    return [
        {"text": each.text.removeprefix(above), "labels": labels(each.competency_keys, competencies)}
        for each in row.needs
    ]


def labels(keys: list[str], competencies: dict[str, Competency]) -> list[str]:
    return [competencies[key].label for key in keys if key in competencies]


def offer(row: Introduction, number: int, *, n_words: int = MAX_WORDS) -> dict[str, Any]:
    """Say one opportunity to the partner that is asked: blind, its text cut to a number of words."""
    why = row.match.why_you if row.match else ""
    return {"number": number, "introduction_id": row.id, "why": why, **asked(row.opportunity, n_words=n_words)}


def asked(opportunity: Opportunity, *, n_words: int) -> dict[str, Any]:
    """Say of an opportunity what is the same for all who are asked: blind, its text cut to a number of words."""
    return {"text": shorten(opportunity.blind_text, n_words), **asked_but_text(opportunity)}


def asked_but_text(opportunity: Asked) -> dict[str, Any]:
    """Say of an opportunity all that is the same for all who are asked, but its text."""
    return {
        "title": opportunity.title,
        "place": place(opportunity),
        "due": due(opportunity),
        "pays": _capital(opportunity.pays) or "Not said",
        "value": _about(opportunity.value_eur),
        "languages": languages(opportunity.languages),
        "poster": who(opportunity.partner),
        "closes": day(opportunity.closes_on),
    }


def words_each(n_offers: int) -> int:
    """Say how many words of its text each offer of a letter may have; the more there are, the shorter each."""
    return min(MAX_WORDS, MAX_WORDS_OF_ALL // max(n_offers, 1))


def offers(rows: Sequence[Introduction]) -> list[dict[str, Any]]:
    """Say the opportunities of one letter, numbered from 1; the more there are, the shorter each."""
    return [offer(row, number, n_words=words_each(len(rows))) for number, row in enumerate(rows, start=1)]


def interested(row: Introduction, *, now: datetime) -> dict[str, Any]:
    """Say one interested partner to the poster, without its name."""
    said = next((step.words for step in reversed(row.steps) if step.what == "accepted"), "")
    return {
        "number": row.number,
        "who": who(row.partner),
        "why": row.match.why_them if row.match else "",
        "languages": languages(row.partner.languages),
        "said": said,
        "new": now - row.partner.created_at < NEW_FOR,
    }


def terms(row: Opportunity, *, side: str) -> dict[str, str]:
    """State who pays, whose customer it is and the fee, to one side."""
    customer = CUSTOMER_OF_POSTER if side == "poster" else CUSTOMER_OF_PARTNER
    return {"pays": _capital(row.pays) or "To be agreed between you", "customer": customer, "fee": FEE}


def known(row: Introduction, mail: Inbound | None, people: Iterable[str]) -> Known:
    """Gather what tells who the two sides of an introduction are; `people` are further names of both firms."""
    firms = (row.opportunity.partner, row.partner)
    contacts = [each for firm in firms for each in firm.contacts]
    named = {*(each.name for each in contacts), *people, mail.sender_name if mail else ""}
    hidden = [words for kind, words, _ in row.opportunity.masked if kind in ("customer", "person", "domain")]
    return known_of(
        addresses={*(each.email for each in contacts), mail.sender if mail else ""},
        firms=[firm.name for firm in firms],
        people=sorted(named - {""}),
        private=[words for words in hidden if "@" not in words],
        is_word=_is_word,
    )


def scrub(text: str, told: Known, linker_keys: Callable[[str], tuple[str, ...]]) -> Passed:
    """Take names, addresses and numbers out of a text that the other side will read; words of the trade stay."""
    seen = plain(text)
    parts, private = find(seen, linker_keys=linker_keys)
    return pass_on(parts.body or seen, told, private)


def _is_word(word: str) -> bool:
    return is_public(word) or is_also_word(word)


def shorten(text: str, n_words: int = MAX_WORDS) -> str:
    """Cut a text after a number of words, at the end of a sentence where one is near."""
    words, n_chars = text.split(), n_words * LONG_WORD
    whole = " ".join(words)
    if len(words) <= n_words and len(whole) <= n_chars:
        return whole
    cut = " ".join(words[: n_words - 1])[:n_chars]
    end = max(cut.rfind(mark) for mark in ENDS)
    return cut[: end + 1] if end > len(cut) * 0.6 else f"{cut.rstrip(',;:')} …"


def work_size(least: int, most: int) -> str:
    """Say how large the work of a firm may be, empty where it may have any size."""
    if least and most:
        return f"€{least:,} to €{most:,}"
    return f"up to €{most:,}" if most else f"from €{least:,}" if least else ""


def linker_of(competencies: list[Competency]) -> Linker:
    """Return the linker of a list of competencies; building one takes a while, so the last one is kept."""
    return _linker(tuple(competencies))


@lru_cache(maxsize=2)
def _linker(competencies: tuple[Competency, ...]) -> Linker:
    return Linker(competencies)


def _about(amount: int | None) -> str:
    return f"about {euros(amount)}" if amount else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _jurisdiction(codes: str) -> str:
    named = {"EU": "the EU", "UK": "the UK", "US": "the US"}
    return " or ".join(named.get(code) or country_name(code) for code in codes.split("|"))
