"""A text becomes the telephone numbers in it, as people of many countries write them; dates, sums and versions stay."""

import re
from collections.abc import Iterator

from matcher.terms import Masked

SAME_LENGTH = str.maketrans("‐‑‒–—−⁃   \u2009⁄∕", "-------    //")
GAP = r"[ ./()-]{0,3}"
INTERNATIONAL = re.compile(
    rf"(?<![\w+.,:-])\(?(?:\+|00(?=[ (]?[1-9]))[ ]?\(?[1-9](?:(?:{GAP}|{GAP}\n(?=\d\d))[\dOo]){{6,14}}(?!\w)\)?"
)
PAIRS = re.compile(r"(?<![\w.,:+-])0\d([ .-])\d\d(?:\1\d\d){3}(?![\w])")
NATIONAL = re.compile(r"(?<![\w.,:/+-])\(?0\d{1,5}\)?(?:[ ./()-]{0,2}\d){5,11}(?!\w)(?![.,]\d)")
AMERICAN = re.compile(r"(?<![\w.,/-])(?:1[ .-])?(?:\(\d{3}\)[ ]?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])(?![.,]\d)")
# Groups as in Spain, Poland, Denmark, Norway, Switzerland, Italy, India, China, Singapore; without a leading 0.
GROUPED = re.compile(
    r"(?<![\w.,:/+€$£-])(?:\d{3}([ -])\d{3}\1\d{3}|\d{3} \d{2} \d{2} \d{2}|\d{2} \d{2} \d{2} \d{2}|\d{2} \d{3} \d{2}"
    r" \d{2}"
    r"|\d{3} \d{3} \d{2} \d{2}|\d{3}[ -]\d{3}-\d{2}-\d{2}|\d{3} \d{4} \d{4}|[2-9]\d{4} \d{5}|3\d{2} \d{6,7}|\d{4}"
    r" \d{4}|\d{2}-\d{7}|\d{4}-\d{6,7})"
    r"(?![\w-])(?![.,]\d)"
)
LONG = re.compile(r"(?<![\w.,/+-])\d{9,15}(?!\w)(?![.,]\d)")
NUMBER_WORD = (
    r"(?:plus|double|triple|zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|null|eins|zwei|zwo|drei|vier"
    r"|fünf|fuenf|sechs|sieben|acht|neun|zéro|un|deux|trois|quatre|cinq|sept|huit|neuf|cero|uno|dos|tres|cuatro|cinco"
    r"|seis|siete|ocho|nueve)"
)
SPELT = re.compile(rf"\b(?:{NUMBER_WORD}[ ,.-]{{1,3}}){{6,20}}{NUMBER_WORD}\b", re.IGNORECASE)
EXTENSION = re.compile(
    r"[ ,;/-]{0,3}(?:\(?(?:ext(?:ension)?|x|durchwahl|dw|nst|poste|interno|anexo|toestel)\.?[ :]{0,2}-?|-)\d{1,6}\)?"
    r"(?!\w)",
    re.IGNORECASE,
)
SAID = re.compile(
    r"(?:\b(?:tel|telephone|telefon|téléphone|teléfono|telefono|telefoon|telefone|phone|landline|mobile|mobil|móvil|mob"
    r"|fon|cell|fax|call|ring|text|sms|handy|whatsapp|signal|direct|dial|number is|nummer|numéro|número|hotline"
    r"|switchboard|zentrale|ruf\w*|appel\w*|llám\w*|bel|dw|durchwahl)\b|(?<!\w)[TMPF](?=[:.])|[☎☏✆📞📱📲])"
    r"[.:]?(?:[ \t]*(?:me|us|him|her|mich|uns|an|moi|nous|number|no|nr|is|ist|on|at|under|unter|au|to|at|:|\.|#)"
    r"[.:]?){0,4}"
    r"[ \t]*(?P<number>\(?\+?\d[\d ./()-]{3,20}\d)(?!\w)",
    re.IGNORECASE,
)
SAID_EXTENSION = re.compile(
    r"\b(?:ext\.|ext|(?<!file )extension|durchwahl|nebenstelle|nst\.|poste|toestel)[ :]{0,2}"
    r"-?(?P<number>\d{3,6})(?!\w)",
    re.IGNORECASE,
)
# A day, a month, an hour, or a range of them, whichever sign stands between.
DAY, MONTH, YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:(?:19|20)\d\d|\d\d)"
DATES = re.compile(
    rf"(?<!\d)(?:(?:19|20)\d\d[./-]{MONTH}[./-]{DAY}|{DAY}[./-]{MONTH}[./-]{YEAR}|{MONTH}[./-]{DAY}[./-]{YEAR}"
    rf"|{MONTH}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]{MONTH}|{DAY}\.{MONTH}\.|(?:19|20)\d\d|(?:[01]?\d"
    rf"|2[0-4])[.:][0-5]\d)(?!\d)"
)
SUM_BEHIND = re.compile(
    r"[ ]?(?:,-|,--|\.-|€|EUR|euros?|GBP|USD|£|\$|k\b|CHF|%|[GMTK]B\b|mailboxes|users|people|seats|devices|records"
    r"|rows|documents"
    r"|files|Postfächer|Benutzer|utilisateurs|usuarios|gebruikers|pages|hours|days)",
    re.IGNORECASE,
)
SUM_BEFORE = re.compile(
    r"(?:[€$£]|\b(?:EUR|USD|GBP|CHF|euros?|sum|budget|worth|version|v|build|ports?|sizes?|KB|ticket|INC|PO))["
    r" #.:]{0,2}$",
    re.I,
)
SUM = re.compile(r"\d{1,3}(?:[., ]\d{3})+|[1-9]0{5,}")
SHOWN = "[number removed]"


def find_phones(text: str) -> Iterator[Masked]:
    """Yield telephone numbers with their extensions."""
    plain = text.translate(SAME_LENGTH)
    for start, end in _places(plain):
        yield _phone(text, plain, start, end)
    for found in SAID_EXTENSION.finditer(plain):
        if not DATES.fullmatch(found["number"]):
            yield Masked("phone", text[found.start() : found.end()], SHOWN)


def _places(plain: str) -> Iterator[tuple[int, int]]:
    for pattern in (INTERNATIONAL, PAIRS, SPELT):
        yield from (found.span() for found in pattern.finditer(plain))
    for pattern in (NATIONAL, AMERICAN, GROUPED, LONG):
        yield from (found.span() for found in pattern.finditer(plain) if not _is_sum_or_date(plain, found))
    for found in SAID.finditer(plain):
        if _is_said(found["number"], plain[found.end() :]):
            yield found.span("number")


def _phone(text: str, plain: str, start: int, end: int) -> Masked:
    behind = EXTENSION.match(plain, end)
    words = text[start : behind.end() if behind else end].rstrip(" (-/.")
    return Masked("phone", words if "(" in words else words.rstrip(")"), SHOWN)


def _is_sum_or_date(plain: str, found: re.Match[str]) -> bool:
    if SUM_BEHIND.match(plain, found.end()) or SUM_BEFORE.search(plain[max(0, found.start() - 12) : found.start()]):
        return True
    return _is_round(found.group()) or not re.search(r"\d", DATES.sub("", found.group()))


def _is_round(number: str) -> bool:
    """Tell sizes and prices in a row: '100 200 300', '4096 2048', '3 000 000 000', '5000000'."""
    groups = [int(group) for group in re.findall(r"\d+", number)]
    if len(groups) == 1 or number[0] in "0(":
        return re.fullmatch(r"[1-9]0{5,}", number) is not None
    return all(group % 50 == 0 for group in groups) or all(group % 128 == 0 for group in groups)


def _is_said(number: str, behind: str) -> bool:
    """After "call" or "phone" five digits are a number, unless they count something."""
    n_digits = sum(letter.isdigit() for letter in number)
    if n_digits < 5 or SUM_BEHIND.match(behind) or not re.search(r"\d", DATES.sub("", number)):
        return False
    return (n_digits >= 7 and not SUM.fullmatch(number)) or not re.match(r"[ ]\w", behind)
