"""A text becomes the conditions a partner must meet: where data stays, clearances; and the industry."""

import re
from collections import Counter
from collections.abc import Mapping

from matcher.posting.gazetteer import COUNTRY_CODES
from matcher.terms.clearances import clearances_that_do

AREAS = (
    ("CH", r"Swiss|Switzerland|Schweiz(?:er)?|Suisse|Swiss-hosted|Zurich|Geneva"),
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
    r"(?i:[^.;\n]{0,20}\b(?:bleiben|bleibt|liegen|gespeichert|verarbeitet|gehostet|blijven|blijft|rester|stay|remain)\b)"
    r"|\b(?:%s)(?i:,? (?:and )?(?:the |all |test |customer |personal )*data (?:too|as well|also)\b)"
)
AREA_FIRST = (
    r"\b(?:%s)(?i:[- ](?:data residency|data protection|data|residency|only|based only|soil|sovereign"
    r"|data ?cent(?:re|er)s?|hosted|hosting only"
    r"|(?:citizens|nationals|admins?|administrators|operators|regions) only))\b"
)
# "in the UK or the EU": a second place that will do.
OR_ELSE = r"^[ ]?(?:or|oder|ou|o|of)(?: in| inside| within)?(?: the| der| de| la)? (?:%s)(?!\w)"

RESIDENCY = tuple(
    (code, re.compile(f"{STAYS % ((names,) * 5)}|{AREA_FIRST % names}"))
    for code, names in AREAS + tuple((code, names) for code, names in OTHERS.items() if code not in SAID)
)
ALTERNATIVE = tuple((code, re.compile(OR_ELSE % names)) for code, names in AREAS)
GDPR = re.compile(r"\b(?:GDPR|DSGVO|RGPD|AVG-)")

CLEARANCES = (
    ("DV-UK", r"\bDV[- ]?(?:cleared|clearance)|\b[Dd]eveloped [Vv]etting|\bDV\b(?= clear)"),
    (
        "SC-UK",
        r"\bSC[- ]?(?i:cleared|clearances?|level)|(?i:\bsecurity check \(SC\))|\bSC\b(?=[^.\n]{0,20}clear)"
        r"|(?i:hold|need|require)\w* (?:an? )?SC\b",
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
    found = [(one.end(), code) for code, pattern in RESIDENCY for one in pattern.finditer(text)]
    if found:
        end, first = min(found)
        return "|".join((first, *_or_else(text, end, first)))
    law = GDPR.search(text)
    if law is None:
        return ""
    return "UK" if text[: law.start()].rstrip().endswith("UK") else "EU"


def _or_else(text: str, end: int, first: str) -> list[str]:
    return [code for code, pattern in ALTERNATIVE if code != first and pattern.search(text[end : end + 40])]


def find_clearances(text: str) -> tuple[str, ...]:
    """Return the clearances asked for as tokens with their country, such as SC-UK; of "SC or DV" the lower one."""
    found = {token: one for token, pattern in CLEARANCE if (one := pattern.search(text))}
    return tuple(token for token in found if not any(_will_do(text, found, one, token) for one in found))


def _will_do(text: str, found: Mapping[str, re.Match[str]], one: str, higher: str) -> bool:
    """Tell whether a text names two clearances with "or" between them, of which the second includes the first."""
    if one == higher or higher not in clearances_that_do(one):
        return False
    first, second = sorted((found[one].span(), found[higher].span()))
    return EITHER.fullmatch(text[first[1] : second[0]]) is not None


def find_industries(text: str) -> tuple[str, ...]:
    """Return the industries named, most mentioned first, then by position."""
    counts = Counter({name: len(pattern.findall(text)) for name, pattern in INDUSTRY.items()})
    named = [name for name in INDUSTRY if counts[name]]
    return tuple(sorted(named, key=lambda name: (-counts[name], _first(INDUSTRY[name], text), name)))


def _first(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return found.start() if found else len(text)
