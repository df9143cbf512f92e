"""A join mail in plain words becomes a partner's profile."""

import itertools
import re
from collections.abc import Callable, Iterable
from datetime import date

from matcher.glossary import in_english, language_of
from matcher.posting.blanks import squeezed
from matcher.posting.conditions import find_clearances, find_industries
from matcher.posting.cues import n_telling_letters
from matcher.posting.gazetteer import CODES, NATIONALITY_CODES
from matcher.posting.headcount import n_people
from matcher.posting.names import FREE_MAIL, LEGAL_FORMS, ORDINARY, PRODUCTS, words
from matcher.posting.places import PLACE
from matcher.posting.profile_facts import data_places, home, languages_of
from matcher.posting.sentences import clauses, letter
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
    rf"(?:\b(?:[Ww]e are(?: called)?|[Ww]e're(?: called)?|[Ww]e’re|[Tt]his is|[Ww]ir sind(?: die)?|[Ww]ir heißen"
    rf"|[Nn]ous sommes|[Nn]ous nous appelons|[Ss]omos|[Ww](?:ij|e) zijn|[Ss]iamo|[Vv]i (?:er|är)|[Jj]esteśmy|[Jj]sme"
    rf"|[Oo]ur (?:firm|company)(?:'s|’s)?(?: name)? is(?: called)?|[Oo]ur name is"
    rf"|[Mm]y (?:firm|company|business) is(?: called)?|[Oo]n behalf of|[Uu]nsere Firma (?:ist|heißt)|(?:[Ff]irm"
    rf"|[Cc]ompany|[Nn]ame|[Ff]irma|[Ss]ociété|[Ee]mpresa|[Bb]edrijf|[Nn]aam|[Nn]om|[Nn]ombre):)[ \t]+(?:the firm "
    rf"|called |a |o |la )?){FIRM}"
)
# "Fjordpost IT is a small firm in Oslo."
IS_A = re.compile(rf"^{FIRM},?[ \t]+(?:is|are|was|has been|ist|est|es|offers|does|provides)\b", re.MULTILINE)
LEGAL = re.compile(rf"(?P<name>(?:{CAP}[ \t]+){{1,4}}(?:{LEGAL_FORMS}))(?![\w/&-])")
DONT = re.compile(
    r"^(?:not|no|nicht|kein\w*|pas|ni|geen)\b"
    r"|\b(?:we (?:do not|don't|don’t|never|no longer|can't|cannot) (?:do|sell|offer|touch|want|like|take|cover"
    r"|work|deliver|handle|have|know|make|support)?|not interested|nothing (?:to do )?(?:with|about)|nichts mit"
    r"|rien avec|nada de|niets met|no longer|we stopped"
    r"|we leave|please no|not (?:do|our|for us)|nicht|kein\w*"
    r"|we(?: are|'re|’re) (?:not|no longer) (?:doing|selling|offering|taking)|(?:is|are) not (?:ours|us|for us)"
    r"|vi \w+ (?:inte|ikke)|non (?:faccia|vendia|offria|trattia)mo|nie (?:robi|zajmuje|sprzedaje|oferuje|obsługuje)my"
    r"|não (?:faze|vende|trata)mos|neděláme|neprodáváme"
    r"|ne (?:faisons|vendons) (?:pas|plus)|pas de|no hacemos|no vendemos|doen (?:wij |we )?(?:geen|niet)|except"
    r"|but not?"
    r"|no (?=\w+,? (?:please|thanks)))\b",
    re.IGNORECASE,
)
DONT_FROM = re.compile(
    r"\b(?:but not|but no|except|without|not|no|aber (?:nicht|kein\w*)|mais pas|pero no|maar (?:geen|niet))\b",
    re.IGNORECASE,
)
# "We are Microsoft Gold Partner", "Azure Specialists": what a firm does or has earned, and not its name.
NAMES_NOBODY = (
    ORDINARY
    | PRODUCTS
    | words(
        """
    gold silver platinum certified solutions solution specialist specialists spezialisten expert experts experten
    consultants consulting reseller integrator integrators mvp msp msps csp isv systemhaus it-systemhaus
    it-dienstleister
    dienstleister freelancer freelancers award-winning independent proud developers engineers architects
    """
    )
)
# "We work for Siemens AG": the firm behind these is somebody else.
FOR_WHOM = re.compile(
    rf"\b(?:for|with|like|such as|including|für|mit|wie|pour|avec|comme|para|como|voor|zoals|per|dla)[ \t]+"
    rf"(?:{CAP}[ \t]+){{1,4}}(?:{LEGAL_FORMS})(?![\w/&-])"
)
INTRODUCED_AS = re.compile(r"^(?:Firma|Firm|Company|Name|Unternehmen|Société|Empresa|Bedrijf|The)[ \t]+(?=\S)")
DOTTED = re.compile(r"\w\.[ ]?\w\.$")  # "B.V.", "sp. z o.o."
JOB = re.compile(
    r"\b(?:directors?|managers?|owner|founder|partner|president|head|lead|sales|alliances|consultant|architect|engineer"
    r"|developer|officer|C[A-Z]O|VP|MD|Geschäftsführer(?:in)?|Inhaber(?:in)?|Leiter(?:in)?|\w*leiter(?:in)?|Vertrieb"
    r"|Berater(?:in)?|Prokurist(?:in)?|Direct(?:eur|rice)|Gérante?|Responsable|Gerente|Directora?|Socio|Direttore"
    r"|Titolare"
    r"|Eigenaar|Zaakvoerder|VD|Prezes|Dyrektor|Jednatel|Daglig leder)\b",
    re.IGNORECASE,
)
HEADING = re.compile(r"(?:what|was|ce que|lo que|wat|cosa|vad|hvad|hva|czego)\b[^.!?]*$", re.IGNORECASE)
# Where somebody else's words begin: a letter that is answered or passed on.
QUOTED = re.compile(
    r"^[ \t]*(?:>|[-_ ]*write above this line|(?:On|Am|Le|El|Op|Il|Den)\b.{0,120}\b(?:wrote|schrieb|écrit|escribió"
    r"|schreef"
    r"|ha scritto|skrev)\b|(?:From|Von|De|Van|Da|Från|Fra):|-{4,}[ \t]*\w)",
    re.IGNORECASE | re.MULTILINE,
)
MAX_SIGNED = 12  # lines
MIN_STEM = 4

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


def firm_of(address: str, person: str) -> str:
    """Name the firm of a sender that names none: its domain, or the person where many share a domain."""
    domain = address.rpartition("@")[2]
    return person if domain.partition(".")[0] in FREE_MAIL else domain


def profile_questions(missing: Iterable[str]) -> tuple[str, ...]:
    """Return one plain question per missing fact of a profile, in the order given."""
    return tuple(QUESTIONS[fact] for fact in missing)


def read_profile(
    text: str,
    *,
    subject: str,
    sender_name: str,
    sender_domain: str,
    signature: str = "",
    linker_keys: Keys,
    today: date,
) -> Profile:
    """Read who a firm is and what it does; what it says it does not do is left out.

    `signature` is what was cut off the end of the text before: who and where, never what a firm does.
    """
    parts = letter(squeezed(text))
    own = QUOTED.split(signature, maxsplit=1)[0]
    signed = "\n".join(f"{parts.signature}\n{own}".strip().splitlines()[:MAX_SIGNED])
    name = _name(parts.body, signed, subject=subject, sender_name=sender_name, domain=sender_domain)
    does = _done(parts.body)
    keys = _keys(does, linker_keys) or (linker_keys(subject) if not linker_keys(parts.body) else ())
    country, city = home(parts.body, signature=signed, domain=sender_domain)
    known = {"name": name, "what": keys or n_telling_letters(parts.body) >= MIN_TELLING, "country": country}
    return Profile(
        name=name,
        text=parts.body,
        competency_keys=keys,
        country=country,
        city=city,
        n_people=n_people(parts.body),
        languages=languages_of(parts.body, country),
        industries=find_industries(does),
        clearances=find_clearances(does),
        jurisdictions=data_places(does),
        missing=tuple(fact for fact, value in known.items() if not value),
    )


def competencies_of(text: str, linker_keys: Keys) -> tuple[str, ...]:
    """Return the competencies that a firm says it has; what it refuses is left out."""
    return _keys(_done(text), linker_keys)


def refuses(clause: str) -> bool:
    """Tell a clause that says what the firm does not do."""
    return DONT.search(clause) is not None


def _done(text: str) -> str:
    """Keep what a firm does; under a heading such as "What we don't do:" the whole list goes."""
    kept, refused = list[str](), False
    for one in clauses(text):
        refused = one.listed and refused or not one.listed and _heads_refusals(one.text)
        kept.append("" if refused else _does(one.text))
    return " ".join(kept)


def _heads_refusals(clause: str) -> bool:
    return refuses(clause) and (clause.endswith(":") or clause.isupper() or HEADING.match(clause) is not None)


def _keys(does: str, linker_keys: Keys) -> tuple[str, ...]:
    """What words name as they stand; where those name nothing, what their English names."""
    return linker_keys(does) or linker_keys(in_english(does, language_of(does)))


def _name(body: str, signature: str, *, subject: str, sender_name: str, domain: str) -> str:
    said = (
        _said(WE_ARE, body),
        _said(LEGAL, signature),
        _said(LEGAL, FOR_WHOM.sub(" ", body)),
        _spelt(body, domain),
        _said(IS_A, body),
        _signed(signature, sender_name),
    )
    return next((name for name in (*said, _said(WE_ARE, subject), _from_domain(domain)) if name), "")


def _said(pattern: re.Pattern[str], text: str) -> str:
    for found in pattern.finditer(text):
        name = INTRODUCED_AS.sub("", found["name"].strip()).rstrip(",;:-")
        name = name if DOTTED.search(name) else name.rstrip(".,;:-")
        if not _ordinary(name):
            return name
    return ""


def _ordinary(name: str) -> bool:
    words = [word.casefold().strip(".,") for word in name.split()]
    return (
        not words
        or all(word in NAMES_NOBODY or word in NATIONALITY_CODES or word.isdigit() for word in words)
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
            and not JOB.search(line)
            and not PLACE.search(line)
            and not re.search(r"\d{3}", line)
        ):
            return line
    return ""


def _spelt(body: str, domain: str) -> str:
    """Words whose letters, run together, are those of the domain: "Red Kite IT" for redkiteit."""
    stem = re.sub(r"\W", "", domain.casefold().removeprefix("www.").partition(".")[0])
    for found in re.finditer(FIRM, body) if len(stem) >= MIN_STEM and stem not in FREE_MAIL else ():
        said = found["name"].split()
        for start, end in itertools.combinations(range(len(said) + 1), 2):
            if re.sub(r"[\W_]", "", "".join(said[start:end])).casefold() == stem:
                return " ".join(said[start:end]).rstrip(".,;:-")
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
