"""A text becomes the conditions a partner must meet: where data stays, clearances; and the industry."""

import re
from collections import Counter
from collections.abc import Mapping

from matcher.posting.gazetteer import COUNTRY_CODES
from matcher.terms.clearances import clearances_that_do

AREAS = (
    ("CH", r"Swiss|Switzerland|Schweiz(?:er)?|CH|Suisse|Swiss-hosted|Zurich|Geneva"),
    ("UK", r"UK|United Kingdom|British|Britain"),
    (
        "EU",
        r"EU|EEA|Union|Unii|European Union|Europe|European|EWR|Europa|UE|Europäischen Union|[Uu]nion [Ee]uropéenne"
        r"|Unión Europea",
    ),
    ("US", r"US|USA|United States|American|U\.S\."),
    ("DE", r"Germany|German|Deutschland|deutschen?|Allemagne"),
    ("FR", r"France|French|français\w*|Frankreich"),
    ("CA", r"Canada|Canadian"),
    ("AU", r"Australia|Australian"),
    ("IN", r"India|Indian"),
    ("BR", r"Brazil|Brasil|Brazilian"),
    ("NZ", r"NZ|New Zealand"),
    ("AE", r"UAE|Emirates|United Arab Emirates"),
)
SAID = frozenset(code for code, _ in AREAS) | {"GB"}
OTHERS = {
    code: "|".join(re.escape(name) for name, one in COUNTRY_CODES.items() if one == code)
    for code in COUNTRY_CODES.values()
}
STAYS = (
    r"(?i:\b(?:data|patients?|letters|systems|logs|papers|nothing|Daten|données|datos|gegevens|Dane|dane|records"
    r"|backups?|servers?|everything|hosted|stored|kept|residency|resident|sovereign)\b[^.;\n]{0,60}?"
    r"\b(?:stay|stays|remain|remains|leave|leaves|leaving|left|worked on|processed|seen|sit|reside|resides"
    r"|kept|hosted|stored|held|inside|within|dans|only in|only from|exclusively in|out of|bleiben|bleibt|verlassen"
    r"|gespeichert|rester|restent|quitter|hébergées|permanecer|quedarse|blijven|blijft|zostają|pozostają)\b)"
    r"[^.;\n]{0,25}?\b(?:%s)(?!\w)"
    r"|\b(?i:(?:stays?|remains?|bleib(?:t|en)|reste(?:nt)?|blijven|blijft) (?:in|inside|within|innerhalb|dans"
    r"|en) (?:the |der |de |l'|la )?)(?:%s)(?!\w)"
    r"|\b(?i:(?:patients?|names|personal data|data)\b[^.;\n]{0,60}, (?:so|therefore|hence|daher|also|donc|dus)"
    r" (?:the |only )*)(?:%s)(?=[,.;\n]|$)"
    r"|\b(?i:(?:Daten|gegevens|données|datos|data)\b[^.;\n]{0,40}?\b(?:in|innerhalb|binnen|en|dans)"
    r" (?:der |de |la )?)(?:%s)"
    r"(?i:[^.;\n]{0,20}\b(?:bleiben|bleibt|liegen|gespeichert|verarbeitet|gehostet|blijven|blijft|rester|stay"
    r"|remain)\b)"
    r"|\b(?i:(?:Daten|gegevens|Dane|nichts|niets)\b[^.;\n]{0,40}?)\b(?:%s)(?i: (?:nicht |niet )?(?:verlassen|verlaten"
    r"|uit\b|opuszcz\w+))"
    r"|\b(?:%s)(?i:,? (?:and )?(?:the |all |test |customer |personal )*data (?:too|as well|also)\b)"
)
AREA_FIRST = (
    r"\b(?:%s)(?i:[- ](?:data residency|data protection|data|residency|only|based only|soil|sovereign"
    r"|data ?cent(?:re|er)s?|hosted|hosting only"
    r"|(?:citizens|nationals|persons|admins?|administrators|operators|regions) only))\b"
)
# "in the UK or the EU": a second place that will do.
OR_ELSE = r"^[ ]?(?:or|oder|ou|o|of)(?: in| inside| within)?(?: the| der| de| la)? (?:%s)(?!\w)"

RESIDENCY = tuple(
    (code, re.compile(f"{STAYS % ((names,) * 6)}|{AREA_FIRST % names}"))
    for code, names in AREAS + tuple((code, names) for code, names in OTHERS.items() if code not in SAID)
)
# "UK or EU data only": a first place that will do as well.
OR_BEFORE = r"\b(?:%s)(?: or(?: the)?| oder(?: der)?| ou| of| ?/) ?$"
ALTERNATIVE = tuple((code, re.compile(OR_ELSE % names)) for code, names in AREAS)
ALTERNATIVE_BEFORE = tuple((code, re.compile(OR_BEFORE % names)) for code, names in AREAS)
# "need not stay in the EU", "may leave the UK"
FREE_TO_GO = re.compile(
    r"\b(?:(?:does|do|did)(?: not|n['’]t) (?:have|need) to|need(?: not|n['’]t)|not necessarily)"
    r" (?:be |go |stay|remain|live|sit|reside)|\b(?:muss|müssen) nicht\b|\bno (?:GDPR|DSGVO|restrictions?)\b"
    r"|\bhoeven? niet\b|\bne doi(?:t|vent) pas forcément\b"
    r"|\A(?![\s\S]*\b(?:no|nothing|none|never|nichts|niemals|keine)\b)"
    r"[\s\S]*\b(?:(?:may|can|could|(?:is|are) free to) leave\b|(?:darf|dürfen) [^.;\n]{0,30}(?<!nicht )verlassen)",
    re.IGNORECASE,
)
# "The servers are hosted in Ireland today": so it is, and not so it must be.
AS_IT_IS = re.compile(
    r"[^.;\n]{0,12}\b(?:today|now|currently|at (?:present|the moment)|heute|derzeit|momentan|aktuell|actuellement"
    r"|aujourd['’]hui|hoy|nu|(?:and|but) (?:must|should|will|shall|needs? to|has to|have to|is to|are to"
    r"|moves?) (?:be )?"
    r"(?:mov\w+|migrat\w+|go|com\w+|to))\b",
    re.IGNORECASE,
)
GDPR = re.compile(r"\b(?:GDPR|DSGVO|RGPD|AVG-)")

CLEARANCES = (
    (
        "DV-UK",
        r"\bDV[- ]?(?:cleared|clearance)|\b[Dd]eveloped [Vv]etting|\bDV\b(?= clear)|(?i:\bcleared\b)[^.\n]{0,25}\bDV\b"
        r"|(?i:\bclearances?(?: level| required| needed)?[ ]?[:=])[^.\n]{0,20}\bDV\b",
    ),
    (
        "SC-UK",
        r"\bSC[- ]?(?i:cleared|clearances?|level)|(?i:\bsecurity check \(SC\))|\bSC\b(?=[^.\n]{0,20}clear)"
        r"|(?i:hold|need|require)\w* (?:an? )?SC\b|(?i:\bcleared\b)[^.\n]{0,25}\bSC\b"
        r"|(?i:\bclearances?(?: level| required| needed)?[ ]?[:=])[^.\n]{0,20}\bSC\b",
    ),
    ("BPSS-UK", r"\bBPSS\b"),
    ("NPPV3-UK", r"\bNPPV ?3?\b"),
    ("Ü3-DE", r"\b(?:Ü|Ue)3\b"),
    ("Ü2-DE", r"\b(?:Ü|Ue)2\b"),
    ("Ü1-DE", r"\b(?:Ü|Ue)1\b"),
    (
        "TS-US",
        r"\bTS/SCI\b|\bTS[- ](?i:cleared|clearance)|(?i:\btop[- ]secret\b)|(?i:clearance)[^.\n]{0,12}\bTS\b"
        r"|(?i:need|require|hold|have)\w* (?:an? )?TS\b",
    ),
    ("S-US", r"(?i:(?<!top )(?<!top-)(?<!nato )\bsecret clearance\b)"),
    ("NATO-SECRET", r"(?i:\bnato secret\b)"),
    ("NV1-AU", r"\bNV1\b"),
    ("SD-FR", r"(?i:\bsecret[- ]défense\b|\bhabilitation (?:de )?défense\b)"),
)
EITHER = re.compile(r"[ -]*(?:clear\w*)?[ ,]*(?:/|or|and/or|oder|bzw\.|ou)[ ]*(?:an? )?", re.IGNORECASE)
CLEARANCE = tuple((token, re.compile(pattern)) for token, pattern in CLEARANCES)

# "We have no SC cleared people" asks for them.
NO_MUST_BEFORE = re.compile(
    r"(?:(?<!have )(?<!has )(?<!got )\bno|\bwithout|(?<!haben )(?<!hat )\bkein\w*|\bohne|\bpas de|\bsans|\bgeen"
    r"|\bideally"
    r"|\bpreferably)\b[^.,;:\n]{0,20}$"
    r"|\b(?:do|does|did)(?: not|n['’]t)(?: need| require| ask for| want)?\s+(?:an? |any )?$",
    re.IGNORECASE,
)
NO_MUST_BEHIND = re.compile(
    r"[^.,;\n]{0,25}?\b(?:(?:is |are |be )?(?:not|n['’]t) (?:required|needed|necessary|a must)|nicht (?:nötig"
    r"|erforderlich)"
    r"|desirable|preferred|preferable|an? (?:plus|advantage|bonus)|nice to have|welcome|optional|helpful|von Vorteil"
    r"|wünschenswert)\b",
    re.IGNORECASE,
)

INDUSTRIES = {
    "Agriculture": (
        r"agricultur\w*|farm(?:s|ing|ers?)|dairy|landwirt\w*|agricole|agrícola|vineyards?|winery|fish(?:ery|eries"
        r"| farm\w*)|greenhouses?|landbouw"
    ),
    "Communications & Media": (
        r"telecoms?|telco|broadcast\w*|tv station|newspapers?|publishers?|publishing|media (?:house|group|company)"
        r"|radio station|verlag|mobile operator"
    ),
    "Education": (
        r"universit\w+|schools?|college|education|pupils|students|hochschule|schul\w*|écoles?|lycée|escuela"
        r"|onderwijs|kindergarten"
    ),
    "Financial Services": (
        r"banks?|banking|insur(?:er|ers|ance)|fintech|asset manage(?:r|ment)|pension fund|hedge fund"
        r"|versicherung\w*|sparkasse|banque|assurance|assureur|banco|aseguradora|verzekeraar|credit union"
        r"|broker(?:age)?"
    ),
    "Government": (
        r"government|municipalit(?:y|ies)|ministry|city (?:council|hall)|council|public (?:sector|authority"
        r"|administration)|federal|behörde\w*|kommune\w*|landkreis|stadtverwaltung|mairie|collectivités?"
        r"|ayuntamiento|gemeente|county|town hall|tax office|verwaltung"
    ),
    "Healthcare": (
        r"hospitals?|clinics?|health(?: ?care| co-?op\w*| trusts?| service)?|patients?|medical|doctors?"
        r"|nursing homes?|pharma\w*|klinik\w*|krankenh\w+|hôpital|hôpitaux|hospitales|ziekenhuis\w*|surger(?:y"
        r"|ies)|dental|dentists?|care homes?"
    ),
    "Hospitality": r"hotels?|restaurants?|hospitality|resorts?|catering|gastronomie|hôtel\w*|hostelería|horeca",
    "Manufacturing": (
        r"manufactur\w*|factor(?:y|ies)|plants?(?! trees)|machine (?:builder|maker)s?|maschinenbau\w*"
        r"|production lines?|assembly|usines?|industriel\w*|fábricas?|fabriek\w*|fertigung\w*|foundry|automotive"
        r"|car parts|steel ?works|shop ?floor|brewer(?:y|ies)|hersteller"
    ),
    "Power & Utilities": (
        r"utilit(?:y|ies)|power (?:company|grid|plant)|energy (?:supplier|company|firm)|electricity|water company"
        r"|wind ?farms?|stadtwerke|energieversorger|gas supplier|solar|waterworks|grid operator"
    ),
    "Public Safety": (
        r"police|fire (?:brigade|department|service)|ambulances?|emergency services|polizei|feuerwehr|pompiers"
        r"|policía|bomberos|rescue service|brandweer"
    ),
    "Retail": (
        r"retail\w*|shops?(?! ?floor)|stores|supermarkets?|einzelhandel|filialen|commerces|magasins|tiendas"
        r"|winkels?|fashion chain|pharmac(?:y|ies)|tills|checkout"
    ),
    "Services": (
        r"law firms?|solicitors?|lawyers|accountants?|accountancy|tax advis\w+|steuerberater\w*|kanzlei\w*"
        r"|consultanc(?:y|ies)|staffing|recruit(?:er|ment)\w*|cabinet d'avocats|notar\w*|architects' office"
        r"|facility management|bufete"
    ),
    "Travel & Transportation": (
        r"airlines?|airports?|railways?|shipping (?:company|agent|line)|ports?(?= (?:authority|operator|of))"
        r"|logistics|freight|haulage|hauliers?|trucks?|ferr(?:y|ies)|travel agen\w+|spedition\w*|transporteur"
        r"|bus company|transportistas|forwarders?|couriers?"
    ),
    "Wholesale & Distribution": (
        r"wholesal\w*|distribut(?:or|ors|ion cent\w+)|großh(?:andel|ändler)\w*|grossiste|mayorista|groothandel"
        r"|warehous(?:e|es|ing) (?:company|operator)|importers?|distribution compan\w+|(?:timber|plumbing"
        r"|builders'?) merchants?"
    ),
}
INDUSTRY = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in INDUSTRIES.items()}


def find_jurisdiction(text: str) -> str:
    """Return where data must stay; the first place named wins, data protection law alone means the EU.

    Two places joined by "or" stand with a bar between them: UK|EU.
    """
    found = [
        (one.end(), code, one.start())
        for code, pattern in RESIDENCY
        for one in pattern.finditer(text)
        if not FREE_TO_GO.search(text[max(0, one.start() - 30) : one.end()]) and not AS_IT_IS.match(text[one.end() :])
    ]
    if found:
        end, first, start = min(found)
        return "|".join((*_or_before(text, start, first), first, *_or_else(text, end, first)))
    law = GDPR.search(text)
    if law is None or FREE_TO_GO.search(text[max(0, law.start() - 30) : law.end()]):
        return ""
    return "UK" if text[: law.start()].rstrip().endswith("UK") else "EU"


def _or_else(text: str, end: int, first: str) -> list[str]:
    return [code for code, pattern in ALTERNATIVE if code != first and pattern.search(text[end : end + 40])]


def _or_before(text: str, start: int, first: str) -> list[str]:
    before = text[max(0, start - 40) : start]
    return [code for code, pattern in ALTERNATIVE_BEFORE if code != first and pattern.search(before)]


def find_clearances(text: str) -> tuple[str, ...]:
    """Return the clearances asked for as tokens with their country, such as SC-UK; of "SC or DV" the lower one."""
    named = {token: [one for one in pattern.finditer(text) if _is_must(one, text)] for token, pattern in CLEARANCE}
    found = {token: musts[0] for token, musts in named.items() if musts}
    return tuple(token for token in found if not any(_will_do(text, found, one, token) for one in found))


def _will_do(text: str, found: Mapping[str, re.Match[str]], one: str, higher: str) -> bool:
    """Tell whether a text names two clearances with "or" between them, of which the second includes the first."""
    if one == higher or higher not in clearances_that_do(one):
        return False
    first, second = sorted(_named_at(found[token], token) for token in (one, higher))
    return EITHER.fullmatch(text[first[1] : second[0]]) is not None


def _named_at(found: re.Match[str], token: str) -> tuple[int, int]:
    """Return where the name itself stands, without the "cleared" before it that may belong to another one."""
    name = token.partition("-")[0]
    at = found.start() + found[0].find(name)
    return (at, at + len(name)) if name in found[0] else found.span()


def _is_must(found: re.Match[str], text: str) -> bool:
    """Tell a clearance that is asked for from one that is not, or that would only be welcome."""
    before, behind = text[max(0, found.start() - 40) : found.start()], text[found.end() : found.end() + 50]
    return not NO_MUST_BEFORE.search(before) and not NO_MUST_BEHIND.match(behind)


def find_industries(text: str) -> tuple[str, ...]:
    """Return the industries named, most mentioned first, then by position."""
    counts = Counter({name: len(pattern.findall(text)) for name, pattern in INDUSTRY.items()})
    named = [name for name in INDUSTRY if counts[name]]
    return tuple(sorted(named, key=lambda name: (-counts[name], _first(INDUSTRY[name], text), name)))


def _first(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return found.start() if found else len(text)
