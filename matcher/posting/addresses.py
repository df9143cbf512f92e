"""A text becomes the addresses in it: e-mail and web, also those that are spelt so that no program finds them."""

import re
from collections.abc import Iterator

from matcher.posting.names import words
from matcher.posting.toplevel import TLD
from matcher.terms import Masked

EMAIL = re.compile(r"[\w.+'-]{1,64}(?:@|[ \t]?\((?:at|AT)\)[ \t]?|[ \t]?\[at\][ \t]?)[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")

OPEN, CLOSE = r"[ \t]{0,2}[(\[{<*_]{1,2}[ \t]{0,2}", r"[ \t]{0,2}[)\]}>*_]{1,2}[ \t]{0,2}"
AT_WORD = r"(?:at|ät|arroba|arobase|chiocciola|ma[łl]pa|apenstaartje|snabel-?a|kukac|zavin[aá][čc])"
DOT_WORD = r"(?:dot|punkt|punt|point|punto|ponto|kropka|te[čc]ka|prikk|pont)"
AT = rf"(?:[ \t]{{0,2}}@[ \t]{{0,2}}|{OPEN}(?:{AT_WORD}|@){CLOSE})"
DOT = rf"(?:\.|[ \t]\.[ \t]?|{OPEN}(?:{DOT_WORD}|d|\.){CLOSE}|[ \t]{DOT_WORD}[ \t])"
NAME, LABEL = r"[\w+'-]{1,64}", r"[\w-]{1,63}"

# With the at or a dot in brackets, words or spaces, or without an end.
HIDDEN_EMAIL = re.compile(
    rf"(?<![\w@]){NAME}(?:{DOT}{NAME}){{0,4}}{AT}\[?{LABEL}(?:{DOT}{LABEL}){{0,5}}", re.IGNORECASE
)
# "anna at firm dot example": "at" and "point" are also words of English, so the one that is none must be there.
SAID_EMAIL = re.compile(
    rf"(?<![\w@]){NAME}(?:(?:\.|[ \t]{DOT_WORD}[ \t]){NAME}){{0,3}}"
    rf"(?:[ \t](?:at|ät)[ \t]{LABEL}(?:[ \t](?:dot|punkt)[ \t]{LABEL}|\.{LABEL}(?=[ \t](?:dot|punkt)[ \t])){{1,4}}"
    rf"|[ \t](?!at\b|ät\b){AT_WORD}[ \t]{LABEL}(?:(?:[ \t]{DOT_WORD}[ \t]|\.){LABEL}){{1,4}})",
    re.IGNORECASE,
)
# With a bare "at", after a word that says an address comes.
CUED_EMAIL = re.compile(
    rf"\b(?:e-?mail|mail|write|reach|address|schreib\w*|adresse|correo|courriel)\b[^\n@]{{0,25}}?"
    rf"(?P<email>(?<![\w@])[\w.+'-]{{2,64}}[ \t](?:at|ät)[ \t](?:{LABEL}\.){{1,4}}(?:{TLD}))(?![\w-])",
    re.IGNORECASE,
)
# With "(a)" for the at, or all of it with hyphens.
JOINED_EMAIL = re.compile(
    rf"(?<![\w@]){NAME}(?:\(a\)(?:{LABEL}\.){{1,4}}(?:{TLD})|-(?:at|ät)-[\w-]+-(?:dot|punkt)-\w+)(?!\w)", re.IGNORECASE
)
# "a n n a @ f i r m . d e"
SPACED_EMAIL = re.compile(r"(?:(?<!\S)\S[ ]){2,40}@(?:[ ]\S(?!\S)){2,60}")
EMAILS = (EMAIL, SPACED_EMAIL, HIDDEN_EMAIL, SAID_EMAIL, JOINED_EMAIL)
RATE = re.compile(r"[ \t]?(?:[€$£]|(?:EUR|USD|GBP|CHF)\b|\d)")

URL = re.compile(
    r"(?:\b(?:h(?:tt|xx)ps?|ftps?|sips?|xmpp|msteams|teams|webcal)[ ]?:[ ]?//[ ]?|\bwww\d?\.|\bwww dot |\b(?:tel|sip"
    r"|sips|callto"
    r"|skype|xmpp|mailto|facetime|whatsapp):(?=\S*[@+\d.]))[^\s<>\"')\]]+",
    re.IGNORECASE,
)
DOMAIN = re.compile(
    rf"(?<![\w@.-])(?:(?:[^\W_](?:[\w-]{{0,61}})\.){{1,5}}(?:{TLD})|(?:[A-Z0-9][A-Z0-9-]{{2,61}}\.){{1,3}}"
    rf"(?:{TLD.upper()}))"
    rf"(?::\d{{2,5}})?(?:/[^\s<>\"')\]]*)?(?![\w-]|\.\w)"
)
SAID_DOT = rf"(?:{OPEN}(?:{DOT_WORD}|\.){CLOSE}|[ \t](?:dot|punkt)[ \t])"
SAID_DOMAIN = re.compile(rf"(?<![\w@.-])(?:{LABEL}{SAID_DOT}){{1,3}}(?:{LABEL}\.)?(?:{TLD})(?![\w-])", re.IGNORECASE)
DOT_NET = re.compile(r"\bdot (?:net|com)", re.IGNORECASE)  # the framework, the boom
PUBLIC_DOMAINS = words(
    """
    asp.net ado.net vb.net ml.net sap.net node.js salesforce.com office.com dynamics.com monday.com draw.io socket.io
    diagrams.net booking.com paint.net json.net power.bi log4j.net log4net.net microsoft.net force.com
    """
)
FRAMEWORK = re.compile(r"[\w#]+\.NET")  # ASP.NET, SAP.NET: Microsoft's, not a domain


def find_addresses(text: str) -> Iterator[Masked]:
    """Yield e-mail addresses, links and bare domains."""
    yield from _emails(text)
    for found in URL.finditer(text):
        yield Masked("domain", found.group().rstrip(".,;:!?"), "[web address removed]")
    rest = EMAIL.sub(" ", text)
    for found in (*DOMAIN.finditer(rest), *SAID_DOMAIN.finditer(rest)):
        if _is_private(found.group()):
            yield Masked("domain", found.group().rstrip("."), "[web address removed]")


def _emails(text: str) -> Iterator[Masked]:
    for pattern in EMAILS:
        for found in pattern.finditer(text):
            if pattern is EMAIL or not RATE.match(text, found.start() + found.group().rfind("@") + 1):
                yield Masked("address", found.group(), "[address removed]")
    for found in CUED_EMAIL.finditer(text):
        yield Masked("address", found["email"], "[address removed]")


def _is_private(domain: str) -> bool:
    if domain.casefold() in PUBLIC_DOMAINS or FRAMEWORK.fullmatch(domain) or DOT_NET.search(domain):
        return False
    return any(letter.isalpha() for letter in domain.partition(".")[0])
