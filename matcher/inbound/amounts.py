"""Words about money to whole euros."""

import re

NUMBER = r"\d{1,3}(?:[.,' \u2009]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
# Those that are also words beside a number in some language (mad, try, cop, all) are left out.
CODES = (
    "usd|cad|aud|nzd|hkd|sgd|brl|mxn|clp|gbp|chf|sek|nok|dkk|isk|pln|czk|huf|ron|bgn|uah|rub|rsd|inr|pkr|cny|jpy|krw|twd"
    "|thb|vnd|idr|myr|aed|sar|qar|egp|ils|ngn|kes|ghs|zar|kr|kc|kč|zl|zł|lei"
)
NAMES = (
    "canadian|dollars?|pounds?|sterling|francs?|franken|kron(?:a|or|e|er|en)|korun[ay]?|zlotych|złotych|forints?|reais"
    "|rupees|rand|yen|yuan"
)
# "US$", "R$"; "US dollars", "Swiss francs"
CURRENCY = rf"€|eur(?:os?)?\b|[a-z]{{0,3}}\$|£|¥|(?:{CODES}|(?:[^\W\d]+\s)?(?:{NAMES}))\b"
AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<before>{CURRENCY})?\s*(?P<number>{NUMBER})\s*(?P<scale>k|m|mio|mln|million(?:s|en)?|thousand|tausend"
    r"|tsd|tds|mille|mila|mil|duizend|tusen|tys|t(?=\s?€|eur))?\.?(?:(?![\w])|(?=€|eur))(?:,?[-–]{1,2})?\s*"
    rf"(?P<after>{CURRENCY})?",
    re.I,
)
SCALES = {"k": 1_000, "thousand": 1_000, "tausend": 1_000, "mille": 1_000, "mil": 1_000, "tys": 1_000}
SCALES |= dict.fromkeys(("tsd", "tds", "mila", "duizend", "tusen", "t"), 1_000)
SCALES |= dict.fromkeys(("m", "mio", "mln", "million", "millions", "millionen"), 1_000_000)
SMALLEST_BARE_EUR = 100  # "won 12" may mean 12 euros or 12 thousand
MAX_EUR = 1_000_000_000


class ForeignCurrency(ValueError):
    """An amount is not in euros."""


def amounts_eur(text: str) -> list[int]:
    """List the amounts of money in a text; those with a sign of money win over bare numbers.

    Raises ForeignCurrency when one names another currency.
    """
    marked: list[int] = []
    plain: list[int] = []
    for found in AMOUNT.finditer(" ".join(text.split())):
        currency = (found["before"] or found["after"] or "").lower()
        if currency and not currency.startswith(("€", "eur")):
            raise ForeignCurrency(found[0].strip())
        euros = _euros(found["number"], (found["scale"] or "").lower())
        if currency or found["scale"]:
            marked.append(euros)
        elif euros >= SMALLEST_BARE_EUR:
            plain.append(euros)
    return list(dict.fromkeys(one for one in marked or plain if one <= MAX_EUR))


def _euros(number: str, scale: str) -> int:
    digits = re.sub(r"[' \u2009]", "", number)
    cents = re.search(r"[.,](\d{1,2})$", digits)
    whole = re.sub(r"[.,]", "", digits[: cents.start()] if cents else digits)[:15]
    fraction = float(f"0.{cents[1]}") if cents else 0.0
    return round((int(whole) + fraction) * SCALES.get(scale, 1))
