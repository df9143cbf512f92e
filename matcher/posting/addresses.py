"""A text becomes the addresses in it: e-mail, web and telephone."""

import re
from collections.abc import Iterator

from matcher.terms import Masked

EMAIL = re.compile(r"[\w.+-]{1,64}(?:@|[ \t]?\((?:at|AT)\)[ \t]?|[ \t]?\[at\][ \t]?)[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
URL = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE)
DOMAIN = re.compile(
    r"(?<![\w@.-])(?:[A-Za-z0-9](?:[\w-]{0,61})\.){1,4}(?:com|net|org|eu|io|biz|info|cloud|tech|dev|app"
    r"|example|test|local|gov|edu"
    r"|co\.uk|de|at|ch|fr|be|nl|lu|es|pt|it|ie|uk|dk|se|no|fi|is|pl|cz|sk|hu|ro|bg|gr|si|hr|ee|lv|lt|us|ca|au"
    r"|nz|in|br|mx|jp|cn|sg|za)"
    r"(?:/[^\s<>\"')\]]*)?(?![\w-])",
)
PUBLIC_DOMAINS = frozenset(
    [
        "asp.net",
        "ado.net",
        "vb.net",
        "node.js",
        "salesforce.com",
        "office.com",
        "dynamics.com",
        "monday.com",
        "draw.io",
        "ml.net",
    ]
)
PHONE = re.compile(
    r"(?<![\w.,/+-])(?:(?:\+|00)[1-9]\d{0,2}[ .()/-]{0,3}(?:\(0\)[ ]?)?\d(?:[ ./()-]{0,2}\d){5,12}"
    r"|\(?0\d{1,5}\)?[ /.-]{1,2}\d(?:[ ./-]?\d){4,10}|\(\d{3}\)[ ]?\d{3}[ .-]\d{4}|\d{3}[.-]\d{3}[.-]\d{4}"
    r"|0\d{8,11})(?!\w)"
)
PHONE_SAID = re.compile(
    r"\b(?:tel|telephone|telefon|téléphone|teléfono|phone|mobile|mobil|mob|fon|cell|fax|call|handy"
    r"|whatsapp)\b[.:]?[ \t]*(\+?\d[\d ./()-]{4,18}\d)",
    re.IGNORECASE,
)
DATE_LIKE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})|\d{4}-\d{2}-\d{2}")
MONEY_BEHIND = re.compile(r"\s?(?:€|EUR|euros?|GBP|USD|£|\$|k\b|CHF)", re.IGNORECASE)


def find_addresses(text: str) -> Iterator[Masked]:
    """Yield e-mail addresses, links and bare domains."""
    for found in EMAIL.finditer(text):
        yield Masked("address", found.group(), "[address removed]")
    for found in URL.finditer(text):
        yield Masked("domain", found.group().rstrip(".,;:!?"), "[web address removed]")
    for found in DOMAIN.finditer(EMAIL.sub(" ", text)):
        if found.group().casefold() not in PUBLIC_DOMAINS and not found.group()[0].isdigit():
            yield Masked("domain", found.group().rstrip("."), "[web address removed]")


def find_phones(text: str) -> Iterator[Masked]:
    """Yield telephone numbers; dates, sums and versions are none."""
    for found in PHONE_SAID.finditer(text):
        if not DATE_LIKE.search(found.group(1)):
            yield Masked("phone", found.group(1), "[number removed]")
    for found in PHONE.finditer(text):
        if not DATE_LIKE.search(found.group()) and not MONEY_BEHIND.match(text, found.end()):
            yield Masked("phone", found.group(), "[number removed]")
