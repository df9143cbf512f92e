"""The words of a posting become where somebody has to come from: the town, how far around it, for how short a job."""

import re
from dataclasses import replace
from functools import cache

from matcher import towns
from matcher.posting.gazetteer import CITY_CODES, COUNTRY_CODES
from matcher.posting.places import find_city
from matcher.posting.sentences import clauses
from matcher.terms import Opportunity

KM_PER_MILE = 1.609
AROUND = (
    r"(?:within|no (?:more|further|farther) than|(?:im )?Umkreis(?: von)?"
    r"|innerhalb von|dans un rayon de|rayon de|à moins de|en un radio de|radio de|binnen|straal van|entro"
    r"|nel raggio di|raggio di|num raio de|raio de|inom|indenfor|innenfor|w promieniu|v okruhu)"
)
WITHIN = re.compile(
    rf"\b{AROUND}\s+(?:about |around |ca\.? |circa |etwa |~ ?)?(?P<n>\d{{1,3}})\s?(?P<unit>km|kilomet\w+|miles?)\b"
    r"|\b(?P<far>\d{1,3})\s?(?P<away>km|kilomet\w+|miles?) (?:away|entfernt) (?:at most|max|höchstens)"
    r"|\b(?P<m>\d{1,3})[ -]?(?P<other>km|kilomet\w+|miles?)[ -](?:radius|around|umkreis|im umkreis|rund um|radie)",
    re.IGNORECASE,
)
FEW = (
    r"(?:an?|one|two|three|1|2|3|half an?|eine?n?|zwei|drei|une?|deux|trois|un[oa]?|dos|due|tre|dois|duas|een|één|twee"
    r"|drie|en|ett|et|två|to|jeden|dwa|dva)"
)
SHORT = re.compile(
    r"\b(?<!no )(?<!every )(?<!each )(?<!kein )(?:week-?end|wochenende|fin de semana|fine settimana|fim de semana"
    r"|helg(?:en|a)?|víkend\w*)\b"
    rf"|\b(?<!within )(?<!in )(?<!after )(?<!every )(?<!last )(?<!next )(?<!innerhalb von )(?!an? (?:day|night)){FEW}"
    r" (?:single |full |whole )?"
    r"(?:days?|nights?|afternoons?|mornings?|evenings?|tage?|nächte?|nachmittage?|jours?|journées?|nuits?|días?|tardes?"
    r"|giorn[oi]|nott[ei]|dias?|dagen|dag|nacht|dagar|dage|dni|dny)\b"
    r"(?!['’]? (?:notice|ago|later|before|earlier|response))",
    re.IGNORECASE,
)
# What goes on for longer, or comes again, is no short job, whatever day it begins on.
LONG = re.compile(
    r"\b(?:days?|nights?|weekends?|tage?|jours?|días?|giorni|dias|dagen|dagar|dage|dni)"
    r" (?:an?|per|each|every|the|/|pro|die|in der|par|por|la|alla|a|i|om|w) ?(?:week|month|woche|monat|semaine|mois"
    r"|semana|mes|settimana|maand|vecka\w*|uge\w*|uke\w*|tygodniu)\b"
    r"|(?<!in )(?<!within )(?<!dans )(?<!innerhalb von )\b(?:\d+|an?|two|three|four|five|six|seven|eight|nine|ten"
    r"|twelve|several|many|zwei|drei|vier|sechs|neun|zwölf|deux|trois|six|tres|seis|twee|drie|zes)[ -]"
    r"(?:weeks?|months?|years?|wochen|monate?|jahre?|semaines|mois|ans|semanas|meses|años|weken|maanden|jaar)\b"
    r"|\b(?:every|each|all|most) (?:weekend|day|night|morning)s?\b|\b(?:ongoing|permanent|long[- ]term)\b",
    re.IGNORECASE,
)
EU = ("EU", "E.U.", "EEA", "European Union", "EWR", "UE", "Union européenne", "Europäischen Union")
AREAS = {**COUNTRY_CODES, **dict.fromkeys(EU, "EU"), "U.K.": "GB", "US": "US"}
FIRM = (
    r"(?:partners?|firms?|compan(?:y|ies)|providers?|suppliers?|vendors?|consultants?|engineers?|contractors?|teams?"
    r"|somebody|someone|resellers?|integrators?|houses?|you|Partner|Firmen|Firma|Dienstleister|Anbieter|Unternehmen"
    r"|partenaires?|prestataires?|entreprises?|sociétés?|socios?|empresas?|proveedores?|aziende?|fornitori"
    r"|leveranciers?|bedrijven|bedrijf)"
)
MUST = r"(?:must|has to|have to|needs? to|should|shall|muss|müssen|doit|doivent|debe[n]?|deve|devono|moet(?:en)?)"
ONLY = r"(?:only|exclusively|nur|ausschließlich|uniquement|seulement|solo|sólo|alleen|soltanto)"
SITS = r"(?:be|sit|live|operate)(?: (?:based|located|established|registered|resident|at home))?"
MAYBE = re.compile(
    r"\b(?:ideally|prefer\w*|nice to have|gern|bevorzugt|idéalement|de préférence|preferiblemente)\b", re.IGNORECASE
)
NO = re.compile(r"(?:\b(?:not|nicht|pas|no)|n['’]t)\b[^.;]{0,30}$", re.IGNORECASE)


# Without one of these nobody is told where to sit, which is found out many times faster.
SAYS_WHO = re.compile(rf"\b(?:{ONLY}|{MUST})\b".replace(" ", r"\s+"), re.IGNORECASE)


def placed(opportunity: Opportunity, place_text: str) -> Opportunity:
    """Add to an opportunity what its words say of where whoever does it must be; nothing of it is stored."""
    words = f"{place_text}\n{opportunity.title}\n{opportunity.text}"
    town, country = _town(opportunity, place_text)
    return replace(
        opportunity,
        town=town,
        country=opportunity.country or country,
        within_km=within_km(words),
        based_in=based_in(words),
        short=is_short(words),
    )


def within_km(text: str) -> int:
    """Return the kilometres around the place from which somebody may come, 0 where no limit is said."""
    found = WITHIN.search(text)
    if found is None:
        return 0
    number, unit = int(found["n"] or found["m"] or found["far"]), found["unit"] or found["other"] or found["away"]
    return round(number * KM_PER_MILE) if unit.lower().startswith("mile") else number


def is_short(text: str) -> bool:
    """Tell whether the work is over after at most three days."""
    return SHORT.search(text) is not None and LONG.search(text) is None


def based_in(text: str) -> tuple[str, ...]:
    """Return the countries (ISO alpha-2, or EU) in one of which whoever does the work must sit; mostly none."""
    if not SAYS_WHO.search(text):
        return ()
    for each in clauses(text):
        found = _based().search(each.text) if SAYS_WHO.search(each.text) else None
        if found and not MAYBE.search(each.text):
            named = found[found.lastindex or 0]
            if NO.search(each.text[: found.start(found.lastindex or 0)]):
                continue
            return tuple(dict.fromkeys(AREAS[one] for one in _area().findall(named)))
    return ()


def _town(opportunity: Opportunity, place_text: str) -> tuple[str, str]:
    """Find the town of the work and its country: as a list has it, or in the words about the place, then in others."""
    for text in (place_text, opportunity.text):
        city = find_city(text)
        if city and CITY_CODES.get(city, opportunity.country) == opportunity.country:
            return city, opportunity.country
    names = re.findall(r"[A-ZÀ-Þ][\w'’-]+(?: (?:[a-z]{2,3} )?[A-ZÀ-Þ][\w'’-]+){0,3}", place_text)
    for name in sorted(names, key=len, reverse=True):
        country = opportunity.country or towns.only_country_with(name)
        if towns.spot_of(country, name):
            return name, country
    return "", ""


@cache
def _area() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_names()})(?!\w)")


@cache
def _based() -> re.Pattern[str]:
    one = rf"(?:the )?(?:{_names()})"
    areas = rf"({one}(?:(?:,| or| and|/| oder| und| ou| et| o| of| en) ?{one}){{0,4}})(?!\w)"
    from_there = r"(?:based in|located in|in|from|aus|mit Sitz in|basés? en|basée?s? au|en|de|con sede in|uit|in)"
    return re.compile(
        rf"(?i:\b{FIRM}\b[^.;\n]{{0,40}}\b{MUST} {SITS} in |(?:^|\b(?:but|and|you) ){MUST} {SITS} in ){areas}"
        rf"|(?i:\b{ONLY} (?:\w+ )?{FIRM} {from_there} ){areas}"
        rf"|(?i:\b{FIRM} {from_there} ){areas}(?i:,? {ONLY}\b)"
        rf"|{areas}(?i:[- ]based (?:\w+ )?{FIRM} {ONLY}\b)"
        rf"|(?i:\b(?:{ONLY}|{MUST} be|only (?:an?|the)) (?:an? )?){areas}(?i:[- ]based\b)"
        rf"|(?i:\b{FIRM} {MUST} (?:ihren |seinen )?(?:Sitz )?in ){areas}(?i: (?:sitzen|haben|sein)\b)"
    )


def _names() -> str:
    return "|".join(re.escape(name) for name in sorted(AREAS, key=len, reverse=True))
