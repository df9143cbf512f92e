"""A letter becomes greeting, body and signature, and its body the clauses that each say one thing."""

import re
from dataclasses import dataclass

from matcher.posting.date_words import MONTH_OF
from matcher.posting.forwards import without_headers
from matcher.posting.names import words

GREETING = re.compile(
    r"(?:hi|hello|hey|dear|greetings|(?:good )?(?:morning|afternoon|evening)|good day|bore da|kia ora|gr(?:ü"
    r"|ue)(?:ß|ss) gott|hallo|guten (?:tag|morgen|abend)|sehr geehrter?n?|liebe[rs]?|moin"
    r"|servus|grüezi|bonjour|bonsoir|salut|chère?s?|hola|buenos días|buenas tardes|estimad[oa]s?|beste|geachte"
    r"|dag|goedemorgen|ciao"
    r"|buongiorno|olá|cześć|dzień dobry|hej|hei)\b(?P<whom>(?:[ \t]+[^\s,!.:;–]+){0,5})[ \t]*(?P<end>[,!:;–]"
    r"|\.(?=\s)|-(?=\s)|$)",
    re.IGNORECASE | re.MULTILINE,
)
CLOSING = re.compile(
    r"^[ \t]*(?:(?:with )?(?:(?:best|kind|kindest|warm|warmest|many) )?(?:regards|wishes)|all the best"
    r"|with friendly greetings(?: from \w+)?|best|cheers|thanks|many thanks|thank you|sincerely"
    r"|yours|yours (?:sincerely|faithfully|truly)|mit (?:freundlichen|besten|lieben|herzlichen) gr(?:ü|ue)(?:ß|ss)en"
    r"|(?:viele|beste|liebe|schöne|freundliche|herzliche) gr(?:ü|ue)(?:ß|ss)e|mfg|gru(?:ß|ss)(?: aus \w+)?"
    r"|gr(?:ü|ue)(?:ß|ss)e(?: aus \w+)?|thx|(?:vänliga |bästa )?hälsningar|lg|vg|danke|vielen dank"
    r"|bien cordialement|cordialement"
    r"|bien à vous|merci|merci d'avance|(?:un )?saludos?(?: cordial(?:es)?)?|gracias"
    r"|met vriendelijke groet(?:en)?|groet(?:en|jes)?"
    r"|mvg|alvast bedankt|bedankt|cordiali saluti|saluti|grazie|atenciosamente|obrigad[oa]|pozdrawiam"
    r"|z poważaniem|med vänlig hälsning"
    r"|mvh|vh|diolch|abraços?|cumprimentos|com os melhores cumprimentos|ngā mihi|un cordial saludo|le meas"
    r"|slán|bien à toi|hilsen|med venlig hilsen|vennlig hilsen|br|kr|rgds)"
    r"(?: (?:a lot|a bunch|in advance|and regards|and best regards|im voraus|so much|et salutations"
    r"|et bonne journée)| ?/ ?(?:best|saluti|regards"
    r"|thanks))?[ \t]*[,.!–-]*[ \t]*(?P<who>(?-i:(?:[A-ZÀ-Þ][\w'’.-]*[ \t]*){0,4}))(?:\([^()\n]{0,60}\))?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
# "…, on site in Kiel. Thanks, Tom" in one line.
CLOSING_IN_LINE = re.compile(
    r"(?<=[.!?])[ \t]+(?:(?:best|kind|warm) (?:regards|wishes)|regards|cheers|thx|thanks|thank you|many thanks"
    r"|best|viele grüße|beste grüße|mit freundlichen grüßen|danke|cordialement|merci|saludos|gracias"
    r"|groet(?:en)?|met vriendelijke groet|hilsen|saluti)(?: in advance"
    r"| a lot)?[,.!]?[ \t]*(?P<who>(?-i:(?:[A-ZÀ-Þ][\w'’.-]*[ \t]*){0,4}))$",
    re.IGNORECASE,
)
QUOTE_MARK = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
INNER_GREETING = re.compile(
    r"\n[ \t]*(?:hi|hello|dear|hallo|hoi|hej|bonjour|hola|ciao|olá|sehr geehrter?n?|liebe[rs]?|geachte|beste|chère?"
    r"|cher|estimad[oa]|caro|cara|szanown[ay])(?! gr)(?: [^\s,]+){1,3},[ \t]*",
    re.IGNORECASE,
)
POSTSCRIPT = re.compile(r"[ \t]*P\.? ?S\b")
# A last line that is only a name, with lines of addresses and numbers below it.
BARE_NAME = re.compile(
    r"\n\s*\n[ \t]*(?:[–—-] ?)?[A-ZÀ-Þ](?:\."
    r"|[\w'’-]+)(?: [A-ZÀ-Þ][\w'’.-]*){0,2}(?:,[^\n]{0,60})?(?:\n[^\n]{0,60}(?:@|\d{3}"
    r"|www\.)[^\n]{0,60}){0,3}$"
)
NAME_AND_CONTACT = re.compile(
    r"(?<=[.!?)])\n[ \t]*[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’.-]*){0,2}(?:\n[^\n]{0,60}(?:@|\d{3}|www\.)[^\n]{0,60}){1,3}$"
)
DELIMITER = re.compile(r"^(?:-- ?|_{5,}|-{5,})$", re.MULTILINE)
FACT_WORDS = words(
    """
    start starts starting by until due deadline needed remote remotely onsite budget price asap beginn ab bis frist
    termin début délai inicio plazo wanneer vanaf location place languages
    """
)
MAX_SIGNATURE_LINES = 9
MAX_SIGNATURE_LINE = 90

BULLET = re.compile(r"(?:[-*•–·▪]|\(?(?P<number>\d{1,2})[.)]|\(?[a-f]\))\s+(?=\S)")
LABEL = re.compile(r"[^\W\d][\w /-]{1,24}:(?:\s|$)")
SENTENCE = re.compile(
    r"(?<=[.;])[\"')\]]*\s+(?=[\"'(\[¿¡]?[\wÀ-ÿ€£$])|(?<=[!?])[\"')\]]*\s+(?=[\"'(\[¿¡]?[A-ZÀ-Þ0-9€£$])"
)
ABBREVIATION = re.compile(
    r"(?:\b(?:approx|ca|incl|excl|e\.g|i\.e|mr|mrs|ms|dr|prof|ltd|inc|co|no|nr|vs|etc|z\.b|bzw|inkl|usw|st|tel"
    r"|max|min|p\.ej|sr|sra"
    r"|bijv|o\.o|sp|z o|\d)|\b[A-Za-z])\.$",
    re.IGNORECASE,
)
SUBJECT = (
    r"(?:we|i|they|what|who|our|my|need|needs|looking|lack|cannot|can't|don't|someone|somebody|wir|ich|suchen"
    r"|brauchen|nicht|unser|uns"
    r"|nous|on|il|cherchons|notre|nos|necesitamos|buscamos|nos|no|nuestro|wij|we|zoeken|onze|niet)"
)
# A small "i" is English only before an English verb: in Polish, Czech and Croatian it means "and".
I_SAY = r"(?:(?-i:I)|i(?=\s(?:am|do|did|need|have|can|can't|cannot|would|will|want|look|know|don't|think|run|said)\b))"
TURN = re.compile(
    rf"(?:[,;]\s*|\s+[–—-]\s+|\s+)(?:but|however|aber|jedoch|mais|pero|maar)\s+"
    rf"|(?:[,;]|\s+[–—-])\s*(?:so|and|und|also|et|donc|y|en|dus|ma|e)\s+(?={SUBJECT}\b)"
    rf"|,\s+(?=(?:we|{I_SAY}|wir|nous|wij)\s)|\s+[–—]\s+|\s+-\s+"
    rf"|\s+and\s+(?=(?:we (?:need|look|lack|are looking|seek|do not|don't|cannot|can't)|need|are looking"
    rf"|now need|look for|seek)\b)"
    rf"|\s+(?:und)\s+(?=(?:suchen|brauchen|benötigen)\b)|\s+et\s+(?=(?:cherchons|recherchons)\b)"
    rf"|\s+y\s+(?=(?:necesitamos|buscamos)\b)|\s+en\s+(?=(?:zoeken)\b)",
    re.IGNORECASE,
)
MIN_CLAUSE = 12


@dataclass(frozen=True, slots=True)
class Letter:
    """The three parts of what somebody wrote."""

    greeting: str
    body: str
    signature: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of text that says one thing; `listed` if it is an item of a list, with its number if it has one."""

    text: str
    listed: bool = False
    number: int = 0


def letter(text: str) -> Letter:
    """Take greeting and signature off a text."""
    text, addressed = _unquoted(text)
    body, signature = _without_signature(text)
    greeting = GREETING.match(body)
    if greeting is None or _says_something(greeting, body):
        return Letter(addressed, body.strip(), signature)
    rest = body[greeting.end() :].strip()
    return Letter(f"{greeting.group()}\n{addressed}".strip(), rest[:1].upper() + rest[1:], signature)


def clauses(text: str) -> tuple[Clause, ...]:
    """Split a text into clauses: list items and labelled lines stay apart, wrapped lines are joined."""
    return tuple(
        Clause(piece, number >= 0, max(number, 0))
        for line, number in _lines(text)
        for sentence in _sentences(line)
        for piece in _turns(sentence)
    )


def _says_something(greeting: re.Match[str], body: str) -> bool:
    """A line such as 'Beste Lösung gesucht' only looks like a greeting."""
    return greeting.group("end") == "" and (greeting.end() == len(body) or len(greeting.group("whom").split()) > 3)


def _without_signature(text: str) -> tuple[str, str]:
    cut = DELIMITER.search(text)
    if cut and text[: cut.start()].strip() and _looks_like_signature(text[cut.end() :]):
        body, rest = _without_signature(text[: cut.start()].rstrip())
        return body, f"{rest}\n{text[cut.end() :]}".strip()
    text, inner = _without_inner_signatures(text)
    closing_in_line = CLOSING_IN_LINE.search(text)
    if closing_in_line:
        return text[: closing_in_line.start()].rstrip(), f"{closing_in_line['who'].strip()}\n{inner}".strip()
    bare = BARE_NAME.search(text) or NAME_AND_CONTACT.search(text)
    if bare and not _says_when_or_where(bare.group()):
        return text[: bare.start()].rstrip(), f"{bare.group().strip()}\n{inner}".strip()
    return text, inner


def _says_when_or_where(line: str) -> bool:
    """A last line such as 'Start January, the customer pays us' only looks like a name and a title."""
    first = re.findall(r"[^\W\d_]+", line.casefold())[:3]
    return any(word in MONTH_OF or word in FACT_WORDS for word in first)


def _without_inner_signatures(text: str) -> tuple[str, str]:
    """Cut each closing with the short lines below it; a forwarded chain has several."""
    cut: list[str] = []
    start = 0
    while closing := CLOSING.search(text, start):
        tail = text[closing.end() :]
        whole = _looks_like_signature(tail)
        block = len(tail) if whole else _block_length(tail)
        if not text[: closing.start()].strip() or not (whole or block or closing["who"]):
            start = closing.end()
            continue
        cut.append(f"{closing['who']}\n{tail[:block]}".strip())
        text, start = f"{text[: closing.start()].rstrip()}\n{tail[block:]}".rstrip(), closing.start()
    return text, "\n".join(cut)


def _block_length(tail: str) -> int:
    """The length of the short lines below a closing, up to an empty line, a postscript or a sentence."""
    length = len(tail) - len(tail.lstrip("\n"))
    for line in tail.lstrip("\n").splitlines(keepends=True)[:5]:
        if not line.strip() or len(line.split()) > 10 or POSTSCRIPT.match(line) or not _looks_like_signature(line):
            break
        length += len(line)
    return length


def _unquoted(text: str) -> tuple[str, str]:
    """A forwarded mail is read like the rest: quote marks go, and the lines that only greet or address somebody."""
    text = QUOTE_MARK.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    text, headers = without_headers(text)
    inner = [found.group() for found in INNER_GREETING.finditer(text)]
    return re.sub(r"\n{3,}", "\n\n", INNER_GREETING.sub("\n", text)).strip(), "\n".join((*inner, headers))


def _looks_like_signature(rest: str) -> bool:
    lines = [line for line in rest.splitlines() if line.strip()]
    short = len(lines) <= MAX_SIGNATURE_LINES and all(len(line) <= MAX_SIGNATURE_LINE for line in lines)
    return short and not any(len(line.split()) > 3 and line.rstrip().endswith((".", "?", "!")) for line in lines)


def _lines(text: str) -> list[tuple[str, int]]:
    """List the lines with the number of their item: 0 for an item without one, -1 outside of lists."""
    found: list[tuple[str, int]] = []
    open_length = 0
    for raw in text.splitlines():
        line = raw.strip()
        bullet = BULLET.match(line)
        if (
            open_length
            and line
            and not bullet
            and not LABEL.match(line)
            and _continues(found[-1][0], open_length, line)
        ):
            found[-1] = (f"{found[-1][0]} {line}", found[-1][1])
        elif line:
            found.append((line[bullet.end() :], int(bullet["number"] or 0)) if bullet else (line, -1))
        open_length = len(line)
    return found


def _continues(before: str, length: int, line: str) -> bool:
    return before[-1] not in ".!?:;" and (length >= 45 or line[0].islower())


def _sentences(line: str) -> list[str]:
    found, start = [], 0
    for gap in SENTENCE.finditer(line):
        piece = line[start : gap.start()]
        if ABBREVIATION.search(piece[-8:]) or piece.count("(") > piece.count(")"):
            continue
        found.append(line[start : gap.start()].strip())
        start = gap.end()
    return [sentence for sentence in (*found, line[start:].strip()) if sentence]


def _turns(sentence: str) -> list[str]:
    found, start = [], 0
    for turn in TURN.finditer(sentence):
        if turn.start() - start < MIN_CLAUSE or len(sentence) - turn.end() < MIN_CLAUSE:
            continue
        found.append(sentence[start : turn.start()].strip())
        start = turn.end()
    return [piece for piece in (*found, sentence[start:].strip()) if piece]


def ended(sentence: str) -> str:
    """Give a sentence the point at its end that it may lack."""
    sentence = sentence.rstrip(" ,;:–-")
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."
