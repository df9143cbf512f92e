"""A firm's words become how many people it has: not those of its customers, and not a part of them that is counted."""

import re

from matcher.posting.date_words import NUMBERS
from matcher.posting.exams import EXAM

PEOPLE_NOUN = (
    r"(?:people|persons?|employees|staff|engineers|consultants|developers|colleagues|of us|heads|specialists|folks?"
    r"|technicians|techs|devs|analysts|architects|scientists|testers|admins|man|woman"
    r"|Leuten?|Mitarbeiter\w*|Mitarbeitende[nr]?|Personen|Köpfe|Kolleg\w+|Entwickler\w*|Berater\w*|Techniker\w*"
    r"|Ingenieure?n?|Angestellten?|personnes|salariés|collaborateurs|développeurs|ingénieurs|consultantes?"
    r"|personas|empleados|consultores|ingenieros|técnicos|desarrolladores|medewerkers|mensen|collega['’]?s"
    r"|persone|dipendenti|consulenti|sviluppatori|pessoas|colaboradores|funcionários|ansatte|anställda|konsulenter"
    r"|henkilöä|konsulter"
    r"|medarbejdere|medarbetare|os[óo]b|osoby|pracownik\w+|specjalist\w+|programist\w+|lid[ií]|zaměstnanc\w+)"
)
N_PEOPLE = re.compile(
    rf"\b(?P<number>\d{{1,3}}(?:[,.]\d{{3}})?|\d{{4}}|{'|'.join(NUMBERS)})(?:\s+"
    rf"|-)(?:(?!\d)[\w-]+\s+)?{PEOPLE_NOUN}\b|\bteam (?:of|von|van|di|de) (?:about |some )?(?P<team>\d{{1,4}}"
    rf"|{'|'.join(NUMBERS)})\b"
    rf"|^[ \t]*(?:number of )?(?:people|employees|staff|headcount|team(?: size)?|mitarbeiter\w*|effectif|empleados"
    rf"|medewerkers|mitarbeitende|dipendenti|pracownicy|anställda|ansatte)[ \t:|=]+(?:about |ca\.? )?"
    rf"(?P<said>\d{{1,4}})\b"
    rf"|\b(?:zu|équipe de|équipo de|equipo de|we are|we're|we’re|sind) (?P<zu>\d{{1,4}}|zweit|dritt|viert|fünft"
    rf"|sechst)\b"
    rf"|\bmet z['’]?n (?P<met>tweeën|drieën|vieren|vijven|zessen)\b",
    re.IGNORECASE | re.MULTILINE,
)
# "for firms with 50 to 200 employees", "we look after 400 staff": people of those whom a firm works for.
OF_OTHERS = re.compile(
    r"\b(?:(?:customers|clients|firms|companies|businesses|enterprises|organi[sz]ations|SMEs?|schools|hospitals|offices"
    r"|Kunden|Firmen|Betrieben?|Mittelständler\w*|für \w+|entreprises|PME|clientes|empresas|pymes|klanten|bedrijven"
    r"|clienti|aziende|dla firm|för företag)(?:\s+[\w-]+){0,3}?"
    r"\s+(?:with|of|from|between|having|mit|von|ab|zwischen|de|avec|con|met|van|z|med)"
    r"|for|look(?:s|ing)? after|support(?:s|ing)?|serv(?:e|es|ing)|train(?:s|ed|ing)?|moved|migrated|betreuen|für)"
    r"\s+(?:(?:about|over|around|up to|(?:fewer|less|more) than|bis zu|über|jusqu'à|hasta|tot|\d+\s*(?:to|and|-|–|bis"
    r"|und"
    r"|à|a|et|y))\s*)*$",
    re.IGNORECASE,
)
NOT_SO_MANY = re.compile(
    r"\b(?:not|nicht|pas|niet|instead of|rather than|statt|au lieu de|no longer)\s+$", re.IGNORECASE
)
ALONE = re.compile(
    r"\b(?:one[- ](?:man|woman|person)|sole trader|freelanc\w+|just me|only me|I work alone|on my own"
    r"|self-employed|I am alone|I'm alone|I’m alone|Einzelunternehm\w+|Einmann\w*|Ein-Mann\w*|freiberuf\w+"
    r"|indépendante?|autónom[oa]|zzp\w*"
    r"|eenmanszaak|libero professionista|jednoosobow\w+|enkeltpersonforetak)\b",
    re.IGNORECASE,
)
TOGETHER = {
    "zweit": 2, "dritt": 3, "viert": 4, "fünft": 5, "sechst": 6,
    "tweeën": 2, "drieën": 3, "vieren": 4, "vijven": 5, "zessen": 6,
}  # fmt: skip
# "3 people with AZ-104", "two consultants speak German", "3 of us are free": a part of the firm is counted.
CERTIFICATE = (
    r"(?:CC(?:NA|NP|IE|DE|SP)|CISSP|CISM|CISA|CEH|OSCP|CKA|CKAD|CKS|VCP|VCAP|RHC[SEA]+|ITIL|PRINCE2|PMP|TOGAF"
    r"|(?-i:SC|DV|CTC|BPSS|Ü[123]) clear\w+|clearances?|certificat\w+|certifi\w+|zertifi\w+|gecertificeerd|certyfik\w+"
    r"|accredited|exams?|badges?)"
)
A_PART = re.compile(
    rf"(?:(?!\bISO\b)[^.;!?\n,])*?(?:(?-i:{EXAM.pattern})|\b{CERTIFICATE}\b"
    r"|\b(?:speaks?|free|available|cleared|trained|of (?:them|our|which)|who|whom|sprechen|davon|frei|verfügbar|parlent"
    r"|libres?|disponibles?|hablan|spreken|vrij|beschikbaar)\b)",
    re.IGNORECASE,
)
# "we are 5 people with AZ-104", "a boutique of 6 people who know Exchange": all of them.
ALL_OF_IT = re.compile(
    r"\b(?:(?:we|there) (?:are|were)|we['’]re|wir sind|sind wir|nous sommes|on est|somos|we zijn|wij zijn|siamo|vi är"
    r"|vi er|jesteśmy|jsme|firm|company|business|practice|consultancy|boutique|MSP|house|shop|partner|team|total|Firma"
    r"|Systemhaus|Unternehmen|Team|ESN|société|équipe|empresa|equipo|bedrijf|azienda|firma|företag)"
    r"(?:\s+(?:of|with|has|mit|von|de|con|met|van|di|z|med|a|an|small|only|just|now|about|around|nur|rund|etwa"
    r"|environ|unos))*\s+$",
    re.IGNORECASE,
)
BEFORE = 80  # characters before a number that tell whose people they are


def n_people(text: str) -> int | None:
    """Return how many people a firm says it has; those of its customers, or some of them, do not count."""
    for found in N_PEOPLE.finditer(text):
        before = text[max(0, found.start() - BEFORE) : found.start()]
        not_all = not ALL_OF_IT.search(before) and _is_a_part(text, found)
        if not not_all and not OF_OTHERS.search(before) and not NOT_SO_MANY.search(before):
            return _number(next(filter(None, found.groups())).casefold())
    return 1 if ALONE.search(text) else None


def _is_a_part(text: str, found: re.Match[str]) -> bool:
    """Tell "3 people with AZ-104" and "3 AZ-104 people"; "people: 3" and "team of 3" are all."""
    return bool(found["number"]) and bool(A_PART.match(text, found.start("number")))


def _number(said: str) -> int:
    digits = re.sub(r"[,.]", "", said)
    return int(digits) if digits.isdigit() else NUMBERS.get(said) or TOGETHER[said]
