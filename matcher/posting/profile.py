"""A join mail in plain words becomes a partner's profile."""

import re
from collections.abc import Callable, Iterable
from datetime import date

from matcher.posting.blanks import squeezed
from matcher.posting.conditions import find_industries
from matcher.posting.cues import n_telling_letters
from matcher.posting.date_words import NUMBERS
from matcher.posting.gazetteer import CITY_CODES, CODES, NATIONALITY_CODES
from matcher.posting.languages import languages_named
from matcher.posting.names import FREE_MAIL, LEGAL_FORMS, ORDINARY, words
from matcher.posting.places import PLACE
from matcher.posting.sentences import clauses, letter
from matcher.posting.states import country_of, with_state
from matcher.terms import Profile

QUESTIONS = {
    "name": "What is your firm called?",
    "what": "What do you do? Two sentences with the products and the kind of work you are hired for.",
    "country": "In which country, and which town, are you?",
}
MAX_PROFILE = 20_000
MIN_TELLING = 15
CAP = r"[A-ZÀ-ÞŁŚŻŠŽČ0-9][\w'’&+./-]{0,60}"
FIRM = rf"(?P<name>{CAP}(?:[ \t]+(?:(?:&|and|und|et|y|van|de)[ \t]+)?{CAP}){{0,4}})"
WE_ARE = re.compile(
    rf"(?:\b(?:[Ww]e are(?: called)?|[Ww]e're|[Ww]e’re|[Tt]his is|[Ww]ir sind(?: die)?|[Ww]ir heißen"
    rf"|[Nn]ous sommes|[Nn]ous nous appelons|[Ss]omos|[Ww]ij zijn|[Oo]ur (?:firm|company) is(?: called)?"
    rf"|[Mm]y (?:firm|company|business) is(?: called)?|[Oo]n behalf of|[Uu]nsere Firma (?:ist|heißt)|(?:[Ff]irm"
    rf"|[Cc]ompany|[Nn]ame|[Ff]irma|[Ss]ociété|[Ee]mpresa|[Bb]edrijf):)[ \t]+(?:the firm |called )?){FIRM}"
)
# "Fjordpost IT is a small firm in Oslo."
IS_A = re.compile(rf"^{FIRM},?[ \t]+(?:is|are|was|has been|ist|est|es|offers|does|provides)\b", re.MULTILINE)
LEGAL = re.compile(rf"(?P<name>(?:{CAP}[ \t]+){{1,4}}(?:{LEGAL_FORMS}))(?![\w/&-])")
DONT = re.compile(
    r"^(?:not|no|nicht|kein\w*|pas|ni|geen)\b"
    r"|\b(?:we (?:do not|don't|don’t|never|no longer|can't|cannot) (?:do|sell|offer|touch|want|like|take|cover"
    r"|work|deliver|handle|have|know|make|support)?|not interested|nothing to do with|no longer|we stopped"
    r"|we leave|please no|not (?:do|our|for us)|nicht|kein\w*"
    r"|ne (?:faisons|vendons) pas|pas de|no hacemos|no vendemos|doen (?:wij |we )?(?:geen|niet)|except|but not?"
    r"|no (?=\w+,? (?:please|thanks)))\b",
    re.IGNORECASE,
)
DONT_FROM = re.compile(
    r"\b(?:but not|but no|except|without|not|no|aber (?:nicht|kein\w*)|mais pas|pero no|maar (?:geen|niet))\b",
    re.IGNORECASE,
)
PEOPLE_NOUN = (
    r"(?:people|persons?|employees|staff|engineers|consultants|developers|colleagues|of us|heads|specialists"
    r"|technicians|Leuten?|Mitarbeiter\w*|Personen|Köpfe|Kolleg\w+|personnes|salariés|collaborateurs|personas"
    r"|empleados|medewerkers|mensen)"
)
N_PEOPLE = re.compile(
    rf"\b(?P<number>\d{{1,3}}(?:[,.]\d{{3}})?|\d{{4}}|{'|'.join(NUMBERS)})(?:\s+"
    rf"|-)(?:[\w-]+\s+)?{PEOPLE_NOUN}\b|\bteam of (?:about |some )?(?P<team>\d{{1,4}}|{'|'.join(NUMBERS)})\b"
    rf"|^[ \t]*(?:number of )?(?:people|employees|staff|headcount|team(?: size)?|mitarbeiter\w*|effectif|empleados"
    rf"|medewerkers)[ \t]*:[ \t]*(?:about |ca\.? )?(?P<said>\d{{1,4}})\b"
    rf"|\b(?:zu|équipe de|équipo de|equipo de|we are|sind) (?P<zu>\d{{1,4}}|zweit|dritt|viert)\b",
    re.IGNORECASE | re.MULTILINE,
)
ALONE = re.compile(
    r"\b(?:one[- ](?:man|woman|person)|sole trader|freelanc\w+|just me|only me|I work alone|on my own"
    r"|self-employed|Einzelunternehm\w+|Einmann\w*|Ein-Mann\w*|freiberuf\w+|indépendante?|autónom[oa]|zzp\w*"
    r"|eenmanszaak)\b",
    re.IGNORECASE,
)
TOGETHER = {"zweit": 2, "dritt": 3, "viert": 4}
SPEAK = re.compile(
    r"\b(?:speak|speaks|speaking|spoken|languages?|fluent|native|in|sprechen|spricht|Sprachen?|parlons"
    r"|langues?|hablamos|idiomas?|spreken|talen|auf|en)\b",
    re.IGNORECASE,
)
JOINING = words("and und et y en or oder ou o a bit some fluent natively")
HOME = re.compile(
    r"\b(?:in|at|from|near|based|out of|aus|bei|à|en|te|uit|de|sitz\w*|office|located|headquarter\w*)\b", re.IGNORECASE
)
PEOPLE_OF = re.compile(
    rf"\b(?:an?|the|eine?|un|una|een)\s+(?:small |young |old |family "
    rf"|family-owned )?({'|'.join(NATIONALITY_CODES)})\w{{0,2}}\b",
    re.IGNORECASE,
)
COUNTRY_ENDINGS = words(
    "at be bg ch cz de dk ee es fi fr gr hr hu ie it lt lu lv nl no pl pt ro se si sk br ca au in nz za"
)

Keys = Callable[[str], tuple[str, ...]]


def check_profile(text: str) -> str:
    """Return the sentence that says why a profile cannot be taken, empty if it can."""
    if not text.strip():
        return "The profile is empty. Write in two or three sentences who you are, where, and what you are hired for."
    if len(text) > MAX_PROFILE:
        return (
            f"The profile has {len(text):,} characters; at most {MAX_PROFILE:,} can be read. "
            "Nothing of it is lost: keep your text and send the short version, half a page is plenty."
        )
    return ""


def profile_questions(missing: Iterable[str]) -> tuple[str, ...]:
    """Return one plain question per missing fact of a profile, in the order given."""
    return tuple(QUESTIONS[fact] for fact in missing)


def read_profile(
    text: str, *, subject: str, sender_name: str, sender_domain: str, linker_keys: Keys, today: date
) -> Profile:
    """Read who a firm is and what it does; what it says it does not do is left out."""
    parts = letter(squeezed(text))
    name = _name(parts.body, parts.signature, subject=subject, sender_name=sender_name, domain=sender_domain)
    does = " ".join(_does(one.text) for one in clauses(parts.body))
    keys = linker_keys(does) or (linker_keys(subject) if not linker_keys(parts.body) else ())
    country, city = _home(f"{parts.body}\n{parts.signature}", sender_domain)
    known = {"name": name, "what": keys or n_telling_letters(parts.body) >= MIN_TELLING, "country": country}
    return Profile(
        name=name,
        text=parts.body,
        competency_keys=keys,
        country=country,
        city=city,
        n_people=_n_people(parts.body),
        languages=_languages(parts.body),
        industries=find_industries(does),
        missing=tuple(fact for fact, value in known.items() if not value),
    )


def _name(body: str, signature: str, *, subject: str, sender_name: str, domain: str) -> str:
    said = (
        _said(WE_ARE, body),
        _said(LEGAL, signature),
        _said(LEGAL, body),
        _said(IS_A, body),
        _signed(signature, sender_name),
    )
    return next((name for name in (*said, _said(WE_ARE, subject), _from_domain(domain)) if name), "")


def _said(pattern: re.Pattern[str], text: str) -> str:
    for found in pattern.finditer(text):
        name = re.sub(r"[.,;:-]+$", "", found["name"].strip())
        if not _ordinary(name):
            return name
    return ""


def _ordinary(name: str) -> bool:
    words = [word.casefold().strip(".,") for word in name.split()]
    return (
        not words
        or all(word in ORDINARY or word in NATIONALITY_CODES or word.isdigit() for word in words)
        or name in CODES
        or words[0].isdigit()
    )


def _signed(signature: str, sender_name: str) -> str:
    """The line below the person's name, where it reads like a firm and nothing else."""
    lines = [line.strip(" ,.-|") for line in signature.splitlines() if line.strip()]
    for line in lines[1:3]:
        if (
            re.fullmatch(FIRM, line)
            and line != sender_name
            and not PLACE.search(line)
            and not re.search(r"\d{3}", line)
        ):
            return line
    return ""


def _from_domain(domain: str) -> str:
    labels = domain.casefold().removeprefix("www.").split(".")
    stem = labels[0] if labels else ""
    if not stem or stem in FREE_MAIL:
        return ""
    return " ".join(word.upper() if word in ("it", "ict", "erp") else word.title() for word in stem.split("-"))


def _does(sentence: str) -> str:
    """Keep the part of a sentence that comes before 'but not'."""
    if DONT.search(sentence) is None:
        return sentence
    cut = DONT_FROM.search(sentence)
    return (
        sentence[: cut.start()]
        if cut and DONT.search(sentence[: cut.start()]) is None and _is_tail(sentence, cut)
        else ""
    )


def _is_tail(sentence: str, cut: re.Match[str]) -> bool:
    return re.search(r"\b(?:we|wir|nous)\s+(?:do|can|are|ne)?\s*$", sentence[: cut.start()], re.IGNORECASE) is None


def _home(text: str, domain: str) -> tuple[str, str]:
    """Country and city, those behind 'in', 'from', 'based' first; the country of the domain last."""
    found = list(PLACE.finditer(text))
    found.sort(key=lambda one: HOME.search(text[max(0, one.start() - 16) : one.start()]) is None)
    places = [(one.group(), country_of(with_state(one.group(), text, one.end()))) for one in found]
    city, of = next(((name, code) for name, code in places if name in CITY_CODES), ("", ""))
    if places:
        return places[0][1], city if of == places[0][1] else ""
    people = PEOPLE_OF.search(text)
    if people:
        return NATIONALITY_CODES[people[1].casefold()], ""
    ending = domain.casefold().rpartition(".")[2]
    return "GB" if ending == "uk" else ending.upper() if ending in COUNTRY_ENDINGS else "", ""


def _n_people(text: str) -> int | None:
    found = N_PEOPLE.search(text)
    if found:
        said = (found["number"] or found["team"] or found["said"] or found["zu"]).casefold()
        digits = re.sub(r"[,.]", "", said)
        return int(digits) if digits.isdigit() else NUMBERS.get(said) or TOGETHER[said]
    return 1 if ALONE.search(text) else None


def _languages(text: str) -> tuple[str, ...]:
    told = [one.text for one in clauses(text) if SPEAK.search(one.text) or _only_languages(one.text)]
    return tuple(dict.fromkeys(code for one in told for code in languages_named(one)))


def _only_languages(clause: str) -> bool:
    """A sentence such as "Français et anglais." says nothing but languages."""
    words_said = [word for word in re.findall(r"[^\W\d_]+", clause) if word.casefold() not in JOINING]
    return bool(words_said) and all(languages_named(word) for word in words_said)
