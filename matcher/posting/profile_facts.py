"""A firm's words become facts about it: where it sits, how many people it has, which languages it works in."""

import re

from matcher.glossary import language_of, languages
from matcher.posting.gazetteer import CITY_CODES, COUNTRY_CODES, NATIONALITY_CODES
from matcher.posting.languages import languages_named
from matcher.posting.names import ORDINARY, PRODUCTS, words
from matcher.posting.places import NOT_THERE, PLACE
from matcher.posting.sentences import clauses
from matcher.posting.states import country_of, with_state

SPEAK = re.compile(
    r"\b(?:speak|speaks|speaking|spoken|languages?|fluent|native|in|sprechen|spricht|Sprachen?|parlons"
    r"|langues?|hablamos|idiomas?|spreken|talen|auf|en|parliamo|lingue|falamos|línguas|mówimy|języki|po|talar|språk"
    r"|snakker|taler|sprog|mluvíme|jazyky)\b",
    re.IGNORECASE,
)
# Of people "Irish" is where they are from.
IRISH = re.compile(
    r"\b(?:speaks?|spoken|fluent in|languages?(?: are|:)?)(?: \w+,?){0,4} Irish\b(?! (?:Gaelic|\w+s\b))", re.IGNORECASE
)
JOINING = words(
    "and und et y en or oder ou o a bit some fluent natively i e og och of little also auch aussi only just nur"
)
HOME = re.compile(
    r"\b(?:in|at|from|near|based|out of|aus|bei|à|en|te|uit|de|sitz\w*|office|located|headquarter\w*|a|w|z|i|em|no)\b",
    re.IGNORECASE,
)
SEATED = re.compile(
    r"\b(?:based|located|situated|headquarter\w*|offices?|seat|town|city|country|where|address|we are|we're|we’re|I am"
    r"|I'm|I’m|firm|company|business|practice|consultancy|boutique|MSP|shop|people|persons?|staff|employees|engineers"
    r"|consultants|developers|freelance\w*|freiberuf\w*|of us|man|woman|band|sitz\w*|ansässig|wohne|wir sind|ich bin"
    r"|Firma|Systemhaus|Unternehmen"
    r"|Büro|Leute|Mitarbeiter\w*|Ort|nous sommes|je suis|basée?s?|installée?s?|société|siège|personnes|indépendante?"
    r"|somos"
    r"|soy|estamos|sede|empresa|equipo|personas|wij zijn|we zijn|ik ben|bedrijf|gevestigd|mensen|siamo|sono|persone"
    r"|vi er"
    r"|vi är|jag är|jesteśmy|jestem|siedzib\w*|jsme|jsem)\b",
    re.IGNORECASE,
)
# "customers in France", "contracts across Germany": there is work, or was, and not the firm.
ELSEWHERE = re.compile(
    r"\b(?:(?:an? )?(?:satellite|branch|other|second|third) offices?|for|serv\w+|support(?:s|ing)?|look(?:s|ing)? after"
    r"|customers?|clients?|hospitals|schools|banks|projects?"
    r"|across|travel\w*|go to|come to|talk|met|contracts?|worked|work mostly|work(?:ing)? (?:in|across|throughout)"
    r"|active|on[- ]site|vor Ort|nur in|für|Kunden"
    r"|betreuen|pour|para|clientes|voor|klanten|per|dla|för|kunder|partners? in"
    r"|data (?:stays?|remains?|is|are|held|stored|kept|in|centres?|centers?)|Daten|données|datos|also|auch|aussi"
    r"|también|ook|anche|another|one|one more|plus"
    r"|(?:satellite|branch|other|second) offices?|branches)\b",
    re.IGNORECASE,
)
TOWN_SAID = re.compile(
    r"(?:(?i:\b(?:we are|we['’]re|I am|I['’]m|based|located|sit|office is|wir sind|wir sitzen|sitzen|Sitz|nous sommes"
    r"|estamos"
    r"|zitten|gevestigd|siamo|siedzimy)\s+(?:based |located |now )?(?:in|at|near|à|en|bei|te|a|w))"
    r"|(?i:\b(?:town|city|place|Stadt|Ort|ville|ciudad|stad|plaats)(?: is|:| ist| est| es|\s{2,}))|(?i:^\W*where\s*:?))"
    r"\s+(?P<town>[A-ZÀ-Þ][\w'’-]+(?:[ -][A-ZÀ-Þ][\w'’-]+){0,2})"
)
# "we may hold data in Switzerland", "customer data stays in Germany"
HOLDS = re.compile(
    r"\b(?:data|Daten|données|datos|gegevens|dati|dados|backups?)\b[^.;\n]{0,60}\b(?:in|stays?|remains?|held|stored"
    r"|kept|hosted"
    r"|bleib\w+|liegen|gespeichert|restent|quedan|blijven)\b"
    r"|\b(?:hold|store|keep|host|process|halten|speichern|hosten|hébergeons|stockons|guardamos|bewaren)\b[^.;\n]{0,40}"
    r"\b(?:data|Daten|données|datos|gegevens|dati|dados)\b",
    re.IGNORECASE,
)
AREA = re.compile(
    rf"(?<![\w@.-])(?:US|EU|EEA|European Union|EWR|UE|{'|'.join(re.escape(one) for one in COUNTRY_CODES)})(?![\w@-])"
)
BREAK = re.compile(r"[.;!?]\s|\n\s*\n|\n\s*[-*•·]\s")
PEOPLE_OF = re.compile(
    rf"\b(?:an?|the|eine?|un|una|een)\s+(?:small |young |old |family "
    rf"|family-owned )?({'|'.join(NATIONALITY_CODES)})\w{{0,2}}\b",
    re.IGNORECASE,
)
COUNTRY_ENDINGS = words(
    """
    at be bg ch cy cz de dk ee es fi fr gr hr hu ie it lt lu lv mt nl no pl pt ro rs se si sk tr ua
    ae ar au br ca cl cn eg gh hk il in jp ke kr ma mx my ng nz pe ph pk sa sg th tw us uy vn za
    """
)
AT_HOME = {
    "AT": "de", "BG": "bg", "BR": "pt", "CZ": "cs", "DE": "de", "DK": "da", "EE": "et", "ES": "es", "FI": "fi",
    "FR": "fr", "GR": "el", "HR": "hr", "HU": "hu", "IS": "is", "IT": "it", "JP": "ja", "LT": "lt", "LV": "lv",
    "NL": "nl", "NO": "no", "PL": "pl", "PT": "pt", "RO": "ro", "RS": "sr", "SE": "sv", "SI": "sl", "SK": "sk",
    "TR": "tr", "UA": "uk",
}  # fmt: skip
BEFORE = 80  # characters before a place that tell what is there
A_SEAT, SIGNED, NEAR, NAMED, OTHERS = range(5)


def home(body: str, *, signature: str, domain: str) -> tuple[str, str]:
    """Return country and city: where the firm says that it sits, then of its signature, then any; the domain last.

    A country that it only works for gives way to that of its domain.
    """
    found = sorted((*_places(body), *_signed(signature)), key=lambda each: each[0])
    ending = _country_of(domain)
    if found and not (found[0][0] == OTHERS and ending and ending != found[0][2]):
        country = found[0][2]
        cities = (name for at, name, code in found if name in CITY_CODES and code == country and at <= NAMED)
        return country, next(cities, "") or town_said(body)
    people = PEOPLE_OF.search(body)
    return (NATIONALITY_CODES[people[1].casefold()] if people and not found else ending), town_said(body)


def seat(said: str, *, is_asked: bool) -> tuple[str, str]:
    """Return country and city where words say that the firm sits there; `is_asked`: any place that is not another's."""
    surest = NAMED if is_asked else A_SEAT
    found = sorted((each for each in _places(said) if each[0] <= surest), key=lambda each: each[0])
    country = found[0][2] if found else ""
    return country, next((name for _, name, code in found if name in CITY_CODES and code == country), "")


def town_said(said: str) -> str:
    """Return the town that words say the firm is in, though no list may have it; empty if they say none."""
    found = TOWN_SAID.search(said)
    if found is None or found["town"] in COUNTRY_CODES:
        return ""
    is_name = any(word.casefold() in PRODUCTS | ORDINARY for word in found["town"].split())
    return "" if is_name else found["town"]


def data_places(text: str) -> tuple[str, ...]:
    """Return where a firm says that it holds data: EU, UK or a country's code."""
    told = [one.text for one in clauses(text) if HOLDS.search(one.text)]
    found = [place for one in told for place in AREA.finditer(one)]
    return tuple(dict.fromkeys(_area(each.group()) for each in found))


def _area(name: str) -> str:
    code = COUNTRY_CODES.get(name, "US" if name == "US" else "EU")
    return "UK" if code == "GB" else code


def _places(text: str) -> list[tuple[int, str, str]]:
    """List how surely a place is the firm's own (less is surer), its name and its country, as they stand."""
    listed = []
    for one in PLACE.finditer(text):
        before = text[max(0, one.start() - BEFORE) : one.start()]
        if NOT_THERE.search(before):
            continue
        listed.append((_rank(before), one.group(), country_of(with_state(one.group(), text, one.end()))))
    return listed


def _rank(before: str) -> int:
    """Of what is said of seats and of customers, what stands nearer to the place counts."""
    clause = BREAK.split(before)[-1]
    seated, other = (max((one.end() for one in cue.finditer(clause)), default=0) for cue in (SEATED, ELSEWHERE))
    if seated > other:
        return A_SEAT
    if other:
        return OTHERS
    return NEAR if HOME.search(before[-16:]) else NAMED


def _signed(signature: str) -> list[tuple[int, str, str]]:
    return [(SIGNED, name, code) for _, name, code in _places(signature)]


def _country_of(domain: str) -> str:
    ending = domain.casefold().rpartition(".")[2]
    return "GB" if ending in ("uk", "scot", "wales") else ending.upper() if ending in COUNTRY_ENDINGS else ""


def languages_of(text: str, country: str) -> tuple[str, ...]:
    """Return the languages that a firm works in; it works in that of its country when it writes so.

    One that says nothing of languages works in the one that it writes.

    Where its words could be of several languages, as Danish and Norwegian can, it is that of its country.
    """
    said, home_language = languages_said(text), AT_HOME.get(country, "en")
    written = language_of(text, otherwise=home_language)
    if written != "en" != home_language and home_language not in languages():
        written = home_language  # of a language that we have no list of, another one is guessed
    if not said or written == home_language != "en" and written not in said:
        return (written, *said)
    return said


def languages_said(text: str) -> tuple[str, ...]:
    """Return the languages that a text says are spoken."""
    told = [one.text for one in clauses(text) if SPEAK.search(one.text) or _only_languages(one.text)]
    return tuple(dict.fromkeys(code for one in told for code in languages_named(IRISH.sub(r"\g<0> Gaelic", one))))


def _only_languages(clause: str) -> bool:
    """A sentence such as "Français et anglais." says nothing but languages; of several, one may be unknown to us."""
    said = [word for word in re.findall(r"[^\W\d_]+", clause) if word.casefold() not in JOINING]
    known = [word for word in said if languages_named(word)]
    return bool(known) and len(said) - len(known) <= (len(known) > 1)
