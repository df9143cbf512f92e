"""A text → where it gives somebody away by its form: a sign-off, a greeting, a coded word, a message's id."""

import base64
import binascii
import re
from collections.abc import Iterator

from matcher.relay.spans import Span

NOBODY = (
    r"(?!(?:all|again|everybody|everyone|team|there|you|both|folks|guys|colleagues?|partners?|sir|madam|together|zusammen"
    r"|beide|alle|allen|tous|todos|tutti|a|an|as|at|for|from|if|in|it|of|on|or|so|the|that|this|to|very|much|anyway|ahead"
    r"|and|but|we|i|is|are|lot|lots|und|für|im|voraus|vielmals|schon|sehr|pour|por|beaucoup|mil|veel|alvast|mucho"
    r"|moltissimo|ok|okay|yes|no|ja|nein|oui|our|your|practice|way|option|solution)\b)"
)
WHO = rf"(?P<who>{NOBODY}[^\W\d_][\w'’.-]*(?-i:[ \t]+[A-ZÀ-Þ][\w'’.-]*){{0,3}})"
CLOSING = (
    r"(?:(?:(?:with )?(?:best|kind|kindest|warm|warmest|many) )?(?:regards|wishes)|all the best|best|cheers|ta|thx"
    r"|thanks(?: again)?|many thanks|thank you|sincerely|yours(?: \w+)?|regards|rgds|br|kr|signed|over and out"
    r"|mit (?:freundlichen|besten|lieben|herzlichen) gr(?:ü|ue)(?:ß|ss)en|gru(?:ß|ss)|mfg|lg|vg|bg|danke|vielen dank"
    r"|(?:(?:viele|beste|liebe|schöne|freundliche|herzliche) )?gr(?:ü|ue)(?:ß|ss)e?"
    r"|(?:bien )?cordialement|bien à (?:vous|toi)|merci|saludos|un saludo|gracias"
    r"|(?:met vriendelijke )?groet(?:en|jes)?|mvg|bedankt|(?:cordiali )?saluti|grazie|abraços?|cumprimentos|obrigad[oa]"
    r"|pozdrawiam|dzięki|mvh|hälsningar|(?:med )?(?:venlig |vennlig )?hilsen|s pozdravem|üdvözlettel|cu stimă)"
)
BEFORE_NAME = r"(?:[ \t]*[,.!–-]+[ \t]*|[ \t]+|[ \t]*[,.!–-]*\n[ \t]*(?:\n[ \t]*)?)[–—-]*"
SIGN_OFF = re.compile(
    rf"(?:^|[.!?,;–-])[ \t]*{CLOSING}{BEFORE_NAME}{WHO}[ \t]*[.,]?[ \t]*$", re.IGNORECASE | re.MULTILINE
)
LAST_LINE = re.compile(rf"\n[ \t]*(?:[–—~/^*]|--|//)[ \t]*{WHO}[ \t]*$")
GREETING = re.compile(
    r"(?:^|[.!?][ \t]+)(?:hi|hello|hey|dear|hallo|hoi|hej|hei|ciao|hola|olá|bonjour|moin|servus|lieber?|beste|geachte"
    r"|cher|chère|estimad[oa]|car[oa]|ahoj|cześć|dag|salut|bună|good (?:morning|afternoon|evening)"
    rf"|guten (?:tag|morgen|abend)|sehr geehrte[rs]?(?: herr| frau)?)[ \t]+{WHO}(?=[ \t]*[,!:–\n-])",
    re.IGNORECASE | re.MULTILINE,
)
HERE = re.compile(
    rf"(?:^|[.!?,;:][ \t]+|\b(?:it['’]s|this is)[ \t]+){WHO}[ \t]+(?:here|speaking|hier|ici)\b", re.MULTILINE
)
MESSAGE_ID = re.compile(r"<[^<>\n]{0,200}@[^<>\n]{1,200}>")
GUID = re.compile(r"\{?\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b\}?", re.IGNORECASE)
TOKEN = re.compile(
    r"(?<![\w@])(?=[a-z2-7]*\d)[a-z2-7]{26,40}(?!\w)|(?<!\w)(?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{24,}"
    r"(?!\w)"
)
CODED = re.compile(r"(?<![\w/+=-])[A-Za-z0-9+/_-]{12,}={0,2}(?![\w+/=])")
MIN_CODED, MIXED = 16, 0.35  # of neighbours in coded text belong to different classes; in words and paths far fewer


def find_traces(text: str) -> Iterator[Span]:
    """Yield names in sign-offs and greetings, ids, tokens and coded text."""
    for pattern in (SIGN_OFF, LAST_LINE, GREETING, HERE):
        for found in pattern.finditer(text):
            yield Span(found.start("who"), found.end("who"), "name")
    for found in MESSAGE_ID.finditer(text):
        yield Span(found.start(), found.end(), "address")
    for pattern in (GUID, TOKEN):
        for found in pattern.finditer(text):
            yield Span(found.start(), found.end(), "code")
    for found in CODED.finditer(text):
        if _is_coded(found.group()):
            yield Span(found.start(), found.end(), "code")


def _is_coded(word: str) -> bool:
    if _hides_address(word) or (word.endswith("=") and len(word) >= MIN_CODED):
        return True
    classes = [(one.isdigit(), one.isupper()) for one in word if one.isalnum()]
    n_mixed = sum(a != b for a, b in zip(classes, classes[1:], strict=False))
    return len(word) >= MIN_CODED and n_mixed >= MIXED * len(classes)


def _hides_address(word: str) -> bool:
    try:
        said = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_" if set("-_") & set(word) else None)
        return said.isascii() and said.decode("ascii").isprintable() and (b"@" in said or b"." in said)
    except (binascii.Error, ValueError):
        return False
