"""A text becomes who pays whom, and what the work is worth in euros."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from matcher.posting.rates import days_of_work, is_day_rate, is_other_rate
from matcher.posting.sentences import clauses

# Fixed rates, good enough to sort work by size; a reading that used one says so.
EUR_PER = {
    "EUR": 1.0,
    "GBP": 1.15,
    "USD": 0.9,
    "CHF": 1.05,
    "SEK": 0.09,
    "NOK": 0.085,
    "DKK": 0.134,
    "PLN": 0.235,
    "CZK": 0.04,
    "CAD": 0.65,
    "AUD": 0.58,
    "NZD": 0.52,
}
SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "$": "USD",
    "US$": "USD",
    "EURO": "EUR",
    "EUROS": "EUR",
    "POUNDS": "GBP",
    "DOLLARS": "USD",
    "CANADIAN": "CAD",
    "ZŁ": "PLN",
    "KČ": "CZK",
}
CURRENCY = r"€|£|US\$|\$|EUROS?|EUR|GBP|USD|CHF|SEK|NOK|DKK|PLN|CZK|CAD|AUD|NZD|zł|Kč|Canadian|pounds|dollars"
GROUPED = r"\d{1,3}(?:[.,'’ ]\d{3})+"
NO_CENTS = r"(?:[.,]-{1,2})?"  # "15.000,- DKK"
FIGURE = rf"{GROUPED}(?:[.,]\d{{1,2}})?(?!\d)|\d{{1,9}}(?:[.,]\d{{1,2}})?(?!\d)"
SCALE = (
    r"(?:k|K|thousand|tausend|tusen|tusind|duizend|T(?=€)|tsd\.?|tys\.?|tis\.?|mil|mille|m|M"
    r"|million(?:s|en)?|Mio\.?|mn)"
)
THOUSANDS = (
    "k", "t", "thousand", "tausend", "tusen", "tusind", "duizend", "tsd", "tsd.", "tys", "tys.", "tis", "tis.", "mil",
    "mille",
)  # fmt: skip
AMOUNT = re.compile(
    rf"(?:(?<![\w])(?P<before>{CURRENCY})\s?(?P<low>{FIGURE})(?:\s?(?P<scale>{SCALE})\b)?(?:\s?(?:-|–|to|bis"
    rf"|à)\s?(?:{CURRENCY})?\s?(?P<high>{FIGURE})(?:\s?(?P<scale2>{SCALE})\b)?)?"
    rf"|(?<![\w.,])(?P<low3>{FIGURE})(?:\s?(?P<scale3>{SCALE}))?(?:\s?(?:-|–|to|bis"
    rf"|à)\s?(?P<high3>{FIGURE})(?:\s?(?P<scale4>{SCALE}))?)?{NO_CENTS}\s?(?P<behind>{CURRENCY})(?!\w)"
    rf"|(?<![\w.,])(?P<low5>\d{{1,4}}(?:[.,]\d)?)\s?(?P<scale5>k|K)\b(?!\s?(?:users|seats|mailboxes|people|rows"
    rf"|records|devices|employees|euro)))",
    re.IGNORECASE,
)
WORTH = re.compile(
    r"\b(?:budget|worth|value[d]?|volume|fixed price|total|about|around|up to|wert|festpreis|volumen|enveloppe"
    r"|presupuesto|forfait|order|project|pays?|price)\b[^.;\n]{0,30}$",
    re.IGNORECASE,
)
WORTH_BEHIND = re.compile(
    r"^\s?(?:fixed|budget|in total|total|flat|all in|pauschal|festpreis|forfait)\b", re.IGNORECASE
)
NOT_WORTH = re.compile(
    r"\b(?:turnover|revenue|turning over|umsatz|fine of|insured|chiffre d'affaires)\b[^.;\n]{0,30}$", re.IGNORECASE
)
# "Budget 28.000, paid by the family": no currency, but it stands alone and can be nothing else.
BARE_BUDGET = re.compile(
    r"\b(?:budget|budżet|presupuesto|bilancio|orçamento|rozpočet)\w*\W{1,3}"
    r"(?:(?:is|of|von|de|van|about|around|ca\.?|circa|rond|rund|etwa|environ|około|up to|bis)\W{1,3}){0,3}"
    rf"({GROUPED}(?:[.,]\d\d)?){NO_CENTS}(?=\s*(?:[.,](?![\d-])|[;:)\n]|$))",
    re.IGNORECASE,
)
MAX_PAYS = 200

PAYS = re.compile(
    r"\b(?:(?:customer|client|we|you|they|who|us|hospital|bank)(?:'ll| will| would| can"
    r"| could)? (?:\w+ )?pays?\b|pays? (?:us|you|directly|per|by|on|the|after|for|within|well|a|through"
    r"|everything)\b"
    r"|payment (?:through|by|from|per|on|within|after|in|monthly)\b|paid (?:by|directly|through|per|for"
    r"|monthly|on)\b|fixed[- ]price|fixed fee|flat (?:fee|rate)|day[- ]?rates?|daily rate|hourly rate"
    r"|rate card|per day\b|an? day\b(?= (?:and|plus|all))|(?:your|our|my|a|the|%) margin|margin (?:of|for|on"
    r"|split|\d)|referral fee|finder'?s fee"
    r"|commission|kick-?back|sub-?contract\w*|invoices? (?:us|you|the customer|the client|directly|goes?|to)"
    r"|invoiced (?:to|by) |quotes? us|bill(?:s|ed|ing)? (?:us|you|them|him|the customer|direct\w*|through|to)|T&M"
    r"|time (?:and|&) materials?|revenue share|white[- ]label|under (?:our|your) contract|sign(?:s|ed)? with you"
    r"|zapłaci|płac\w+"
    r"|per hour|split the|share of the|prime contractor|Tagess(?:atz|ätze)|Stundens(?:atz|ätze)|Festpreis"
    r"|Provision|zahlt|zahlen|bezahlt|Rechnung|Abrechnung|Unterauftrag|Subunternehmer|forfait|TJM"
    r"|taux journalier|paie(?:nt|ra)?\b|payé|commission|facture|sous-traitance|régie"
    r"|precio fijo|precio cerrado|tarifa|paga\b|pagamos|comisión|factura|subcontrata\w*|vaste prijs|dagtarief"
    r"|betaalt|betalen|provisie|onderaanneming|factureert|betaler|betalar|faktur(?:erar|erer|ujemy|ujecie|ujeme"
    r"|ujete)|timepris|fastpris|fast pris"
    r"|dagspris"
    r"|paghiamo|pagano|pagherà|paga-nos|fattur(?:iamo|ate|ano|erete)|fatura(?:mos|m|-nos)|platíme|platí (?:nám|vám)"
    r"|zaplatí\w*)",
    re.IGNORECASE,
)
A_DAY = re.compile(
    rf"\d\s?(?:{CURRENCY}|kr|k)?\s?(?:/|an? |per |p[./]? ?|pro |am |par |por |al |za |i )\s?"
    r"(?:day|d\b|man-?day|MD\b|PT\b|hour|hr\b|h\b|month|mo\b|tag|stunde|jour|heure|día|hora|dag|uur|giorn|ora\b|tim\w*"
    r"|dzień|dziennie|godz\w*|hodin\w*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Value:
    """What the work is worth; `note` says how it was converted, empty if it was in euros."""

    eur: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Amount:
    eur: float
    words: str
    currency: str
    rank: int


def find_pays(text: str) -> str:
    """Return the words that say who pays whom, empty if nobody says it."""
    said = [_about_pay(one.text) for one in clauses(text) if says_pay(one.text)]
    return _cut("; ".join(dict.fromkeys(said)))


def says_pay(text: str) -> bool:
    """Say whether a sentence is about who pays whom."""
    return PAYS.search(text) is not None or A_DAY.search(text) is not None


def _about_pay(clause: str) -> str:
    """Of 'end of March, remote, customer pays us' only the last part is about pay."""
    parts = re.split(r"(?<!\d),\s+", clause)
    about = [at for at, part in enumerate(parts) if says_pay(part) or AMOUNT.search(part)]
    return ", ".join(parts[about[0] : about[-1] + 1]).strip(" .;,") if about else clause.strip(" .;,")


def find_value(text: str) -> Value:
    """Read what the work is worth: a stated budget first, else the largest sum, else day rate times days.

    A budget that stands there without a currency comes last and is taken for euros.
    """
    amounts = list(_amounts(text))
    whole = [one for one in amounts if one.rank < 2]
    if whole:
        best = max(whole, key=lambda one: (-one.rank, one.eur))
        return _value(best.eur, best)
    days = days_of_work(text)
    rates = [one for one in amounts if one.rank == 2]
    if days and rates:
        return _value(rates[0].eur * days, rates[0])
    bare = BARE_BUDGET.search(text)
    return Value(round(_figure(bare[1]))) if bare else Value()


def find_sums(text: str) -> tuple[str, ...]:
    """Return the words of every sum of money, in order."""
    return tuple(found.group().strip() for found in AMOUNT.finditer(text) if not found["low5"])


def read_value(words: str) -> Value:
    """Read what somebody wrote when asked for the value; a bare number is euros."""
    said = find_value(f"budget {words}")
    return said if said.eur is not None else find_value(f"budget {words} EUR")


def _value(eur: float, amount: _Amount) -> Value:
    if amount.currency == "EUR":
        return Value(round(eur))
    rate = f"1 {amount.currency} = {EUR_PER[amount.currency]:g} EUR"
    return Value(round(eur), f"{amount.words} counted as {round(eur):,} EUR ({rate}, a fixed rate)")


def _amounts(text: str) -> Iterator[_Amount]:
    """Sums with a rank: 0 called a budget, 1 a sum, 2 a rate per day. Other rates are left out."""
    for found in AMOUNT.finditer(text):
        before, behind = text[max(0, found.start() - 45) : found.start()], text[found.end() : found.end() + 30]
        if NOT_WORTH.search(before) or (found["low5"] and not _called_a_price(before, behind)):
            continue
        if is_day_rate(before, behind):
            yield _amount(found, 2)
        elif not is_other_rate(before, behind):
            yield _amount(found, 0 if _called_a_price(before, behind) else 1)


def _called_a_price(before: str, behind: str) -> bool:
    return WORTH.search(before) is not None or WORTH_BEHIND.match(behind) is not None


def _amount(found: re.Match[str], rank: int) -> _Amount:
    sign = (found["before"] or found["behind"] or "EUR").upper()
    currency = SIGNS.get(sign, sign)
    low = found["low"] or found["low3"] or found["low5"]
    high = found["high"] or found["high3"]
    high_scale = found["scale2"] or found["scale4"] or ""
    low_scale = found["scale"] or found["scale3"] or found["scale5"] or high_scale
    figures = [_figure(low) * _scale(low_scale)]
    if high:
        highest = _figure(high) * _scale(high_scale or low_scale)
        # "30 to 35.000": the thousands are said once.
        figures = [figures[0] * (1000 if figures[0] * 100 < highest else 1), highest]
    return _Amount(sum(figures) / len(figures) * EUR_PER[currency], found.group().strip(), currency, rank)


def _figure(digits: str) -> float:
    """Read "15,000" and "15.000,00": behind groups of three stand cents."""
    grouped = re.fullmatch(rf"({GROUPED})(?:[.,](\d{{1,2}}))?", digits)
    if grouped is None:
        return float(digits.replace(",", "."))
    whole = re.sub(r"\D", "", grouped[1])
    return float(f"{whole}.{grouped[2] or 0}")


def _scale(word: str) -> int:
    if not word:
        return 1
    return 1_000 if word.casefold() in THOUSANDS else 1_000_000


def _cut(text: str) -> str:
    return text if len(text) <= MAX_PAYS else text[: MAX_PAYS - 1].rsplit(" ", 1)[0] + "…"
