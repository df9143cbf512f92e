"""The words beside an amount tell what it pays for: a day, an hour or a licence, or the whole; and how many days."""

import re

PER = r"(?:/|an? |per |p[./]? ?|pro |am |par |por |al |le |la |za |each |every )"
TAX = (
    r"(?:\s?(?:(?:\+|plus|excl?\.?|excluding|zzgl\.?|ohne|hors) ?(?:VAT|expenses|USt|MwSt|TVA|BTW|IVA|tax(?:es)?)\.?"
    r"|HT|TTC|net(?:to)?|gross|brutto))?"
)
PEOPLE = r"(?:consultant|person|man|head|resource|engineer|developer|expert|specialist|berater|kopf|consultor|persona)"
WORKED = r"(?:(?:man|person|working|work|business|consulting|personen|mann|arbeits|berater)[- ]?)?"
DAY = (
    rf"(?:{WORKED}(?:day(?:s|rate)?|d|tag(?:essatz)?|jour(?:née)?|día|dia|dag|diem|giorno|dzień)|dziennie|TJM|daily)\b"
)
PER_DAY = re.compile(
    rf"{TAX}\s?(?:(?:{PER}\s?)?(?:{PEOPLE}(?:\s?/\s?|\s(?:and |und |et |y )?)(?:{PER})?)?{DAY}"
    r"|(?:/\s?|per |pro |par )(?:MD|PT|PD|MT|JH)\b|/\s?(?-i:T)\b)",
    re.IGNORECASE,
)
TIME = (
    r"(?:hour|hr|h|month|mo|week|wk|year|yr|quarter|stunde|monat|woche|jahr|heure|mois|semaine|hora|mes|semana|año"
    r"|uur|maand|jaar|ora|mese|mês|ano)"
)
THING = (
    r"(?:user|seat|mailbox|device|head|person|site|licen[cs]e|sprint|consultant|resource|engineer|server|ticket|call"
    r"|visit|session|piece|item|night|store|shop|branch|till|endpoint|room|platz|nutzer|standort|filiale|winkel"
    r"|magasin)"
)
# "€20,000/fixed" and "20.000 € por el proyecto" are sums.
NO_UNIT = (
    r"(?:(?:EUR|GBP|USD|CHF|fixed|flat|total|max|plus|incl|excl|net|or|and|oder|ou|the|our|your|i|il|gli|lo|un[aeo]?"
    r"|el|l[ao]s?|les?|o|a|os|as|todo|toda|tutt[oi]|su|nuestr[oa]|notre|nos|votre|client|virement|chèque|exemple"
    r"|facture|transferencia|adelantado|ejemplo|bonifico|bono|rata)\b|l['’])"
)
INFINITIVE = r"(?:por [^\W\d]+[aei]r\b|per [^\W\d]{2,}(?<!w)(?<!sh)[aei]re\b)"
PER_OTHER = re.compile(
    rf"{TAX}\s?(?:/\s?(?!{NO_UNIT})[^\W\d]|(?!{INFINITIVE})(?:per|pro|par|por)\s(?!{NO_UNIT})[^\W\d]"
    rf"|je (?-i:[A-ZÀ-Þ])|(?:an?|al|am|im|each|every|die|la|le) (?:{TIME}|{THING})\b|(?:à |de )?l['’]heure\b"
    rf"|p[./]? ?(?:a|h|m|w|y|u|{TIME}|{THING})\b|(?:each|apiece|hourly|weekly|monthly|yearly|annually)\b)",
    re.IGNORECASE,
)
DAY_RATE_BEFORE = re.compile(
    r"\b(?:day[- ]rates?|daily rates?|tagess[aä]tze?\w*|TJM|dagtarief|dagspris|rate|(?:by|per) (?:the )?day|pro tag"
    r"|par jour"
    r"|por d[ií]a|per dag)\b(?:[^.;\n]|\b(?:max|min|ca)\.){0,25}$"
    # "200 days at €500"
    r"|\d\s(?:man[- ]?)?(?:days|tage|jours|días|dagen)\s(?:at|@|à|zu(?: je)?|a|tegen)\s(?:about |around |max\.? "
    r"|ca\.? )?$",
    re.IGNORECASE,
)
OTHER_RATE_BEFORE = re.compile(
    r"\b(?:hourly|(?:weekly|monthly|yearly|annual) (?:rate|fee|price|charge)|stundens(?:atz|ätze)|monatssatz"
    r"|taux horaire|uurtarief|(?:per|pro|par|por) (?:hour|stunde|heure|hora|month|monat|mois|mes))\b(?:[^.,;\n]"
    r"|\b(?:max|min|ca)\.){0,25}$"
    # "per store, 350 euro"
    rf"|\b(?:per|pro|par|por|each) {THING}[,:]? \(?(?:about |around |max\.? |ca\.? )?$",
    re.IGNORECASE,
)
N_DAYS = re.compile(
    rf"\b(\d{{1,3}})\s?{WORKED}(?:days|tage|jours|días|dagen)\b"
    r"(?!['’]?\s?(?:/\s?[^\W\d]|(?:an?\b(?! ?[€£$\d])|(?:per|pro|par|por|each|every|weekly|notice|net|netto|after|from"
    r"|payment|of payment|terms|credit|end of month|fin de mois|zahlungsziel|(?:die|in der|la|a la|de la|in de)"
    r" (?:woche|semaine|semana|week))\b)))",
    re.IGNORECASE,
)
# "We pay within 30 days" and "payment terms: 30 days"; but "the customer pays 20 days", "payment for 20 days".
NOT_WORKED = re.compile(
    r"(?:\b(?:within|innerhalb(?: von)?|binnen|sous|net|netto) (?:the next )?"
    r"|\b(?:pay|pays|paid|payable|invoices?|invoiced|settled?)(?: \w+){0,3} (?:in|within|after|at) "
    r"|\b(?:payments?|terms|zahlung\w*|zahlbar|paiement|pago|betaling)\b[^.,;\d\n]{0,20}(?<!for ))$",
    re.IGNORECASE,
)


def is_day_rate(before: str, behind: str) -> bool:
    """Say whether the words around an amount make it the pay for one day."""
    return PER_DAY.match(behind) is not None or (
        DAY_RATE_BEFORE.search(before) is not None and not is_other_rate(before, behind)
    )


def is_other_rate(before: str, behind: str) -> bool:
    """Say whether the words around an amount make it the pay for an hour, a licence or anything but the whole."""
    return PER_OTHER.match(behind) is not None or OTHER_RATE_BEFORE.search(before) is not None


def days_of_work(text: str) -> int | None:
    """Read how many days the work takes; days of payment, of notice and of each week are none of it."""
    found = (
        one for one in N_DAYS.finditer(text) if not NOT_WORKED.search(text[max(0, one.start() - 45) : one.start()])
    )
    return next((int(one[1]) for one in found), None)
