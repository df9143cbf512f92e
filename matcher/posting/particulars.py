"""A text becomes what else leads to a person or a firm: messenger names, streets, register, tax and bank numbers."""

import re
from collections.abc import Iterator

from matcher.posting.gazetteer import is_place_word
from matcher.terms import Masked

MESSENGER = r"(?:skype|telegram|signal|whats-?app|threema|we-?chat|weixin|viber|discord|icq|facetime|imessage|snapchat)"
SERVICE = (
    rf"(?:{MESSENGER}|teams|zoom|slack|matrix|linkedin|xing|twitter|facebook|instagram|insta|mastodon|github|gitlab)"
)
NOUN = r"(?:[ -]?(?:id|name|handle|user|username|account|contact|profile|benutzer|konto|usuario|pseudo))?"
ASSIGNED = r"(?:[ \t]*[:=][ \t]*|[ \t]+(?:is|ist|est|es|as|als|under|unter|-|–)[ \t]+|[ \t]+(?=@)|[ \t]*\([ \t]*)"
# "skype: anna.firm": a word with a sign in it, whatever the service.
ACCOUNT = re.compile(
    rf"\b{SERVICE}{NOUN}{ASSIGNED}@?(?P<name>(?=[\w.:#-]*[A-Za-z]{{2}})(?=[\w:-]*[.:_#\d]\w)[\w.:#-]{{3,40}}\w)",
    re.IGNORECASE,
)
# "my Telegram is annaberg", "Skype: annaberg" at the end of a line or a clause
PLAIN_ACCOUNT = re.compile(
    rf"(?:\b(?:my|our|mein|mon|mi)[ \t]+{SERVICE}{NOUN}{ASSIGNED}|\b{MESSENGER}{NOUN}[ \t]*[:=][ \t]*|\b(?:on|per|via"
    rf"|über|sur)[ \t]+"
    rf"{MESSENGER}[ \t]+(?:as|als|under|unter|at)[ \t]+)@?(?P<name>[A-Za-z][\w-]{{3,30}})(?=[ \t]*(?:$|[,.;|)\n]))",
    re.IGNORECASE | re.MULTILINE,
)
HANDLE = re.compile(
    r"(?<![\w@.])@[A-Za-z_](?:[\w.-]{1,40}\w)(?!@)|\blive:[\w.:-]{3,60}|(?<![\w/])(?:in|u|user|users"
    r"|people)/[\w-]*-[\w-]+"
)

NUMBERED = r"[ \t]?\d{1,4}[ ]?[a-zA-Z]?(?:[-/]\d{1,4}[a-z]?)?(?![\w%])"
STREETS = (
    # Hauptstraße 5, Kerkstraat 12, Storgatan 3, Musterweg 7a; also "Lange Str. 4"
    re.compile(
        r"\b(?:[A-ZÀ-Þ][\w.-]{1,40}[ \t]){0,3}(?:[A-ZÀ-Þ][\w-]{0,40}(?:straße|strasse|str\.|gasse|weg|(?<!Arbeits)platz"
        r"|allee|damm|ufer|chaussee|steig"
        r"|straat|laan|plein|gracht|kade|singel|dijk|gatan|gata|vägen|veien|vegen|vej|gade|katu|utca|ulica)"
        rf"|(?:Stra(?:ß|ss)e|Str\.|Allee|Platz|Straat|Laan)),?{NUMBERED}"
    ),
    # 12 High Street, 221B Baker Street, Unit 4, Park Lane 7
    re.compile(
        r"\b(?:(?:Unit|Suite|Floor|Flat|Apt\.?)[ ]\w{1,4},?[ ])?\d{1,5}[A-Za-z]?,?[ ](?!(?:Google|One|Hard|Test"
        r"|Shared|Team)\b)(?:[A-ZÀ-Þ][\w'’.-]+[ ]){1,4}"
        r"(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Drive|Dr|Close|Court|Ct|Way|Place|Pl|Square|Sq|Terrace|Crescent"
        r"|Boulevard|Blvd"
        r"|Parkway|Pkwy|Highway|Hwy|Quay|Wharf|Gardens|Mews|Hill|Row|Parade|Business Park)\b\.?"
    ),
    # 10 rue de la Paix, 10 bis avenue Foch; Calle Mayor 3, Via Roma 5, ul. Długa 5
    re.compile(
        r"\b\d{1,4}(?:[ ]?(?:bis|ter))?,?[ ](?:rue|avenue|av\.|boulevard|bd|place|chemin|route|quai|impasse|allée"
        r"|cours)[ ]"
        r"(?:(?:de|du|des|la|le|les|l['’]|d['’])[ ]?){0,3}[A-ZÀ-Þ][\w'’-]+(?:[ -][A-ZÀ-Þ][\w'’-]+){0,3}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:[Cc]alle|C/|[Aa]venida|[Aa]vda?\.|[Pp]laza|[Pp]aseo|[Rr]ua|[Aa]v\.|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso"
        r"|[Uu]l\.|[Uu]lica|[Aa]l\."
        r"|[Oo]s\.|[Bb]ulevardul|[Ss]tr\.|[Ss]trada)[ ]?(?:(?:de|del|la|los|las|da|do|dos|di|della|dei)[ ]){0,3}"
        rf"(?:[A-ZÀ-ÞŁŚŻ][\w'’.-]*[ ]?){{1,4}},?(?:[ ]?(?:n\.?[º°]|nr\.?|no\.?))?{NUMBERED}"
    ),
)
# Sandtorkai 5, Hafenring 3, at the end of a line or a clause; Firewall 2, Monitoring 24 and Spring 5 are none.
OTHER_STREET = re.compile(
    r"\b[A-ZÀ-Þ][\w-]{2,40}(?:kai|twiete|graben|promenade|gürtel|(?<![aeiour])(?<!st)(?<!sp)ring)"
    rf"{NUMBERED}(?=[ \t]*(?:$|[,.;|)\n]))"
)
# Am Sandtor 5, Unter den Linden 77; also Neuer Wall 50, where a postcode and its town follow.
BY_ITS_PLACE = re.compile(
    r"(?<![^\s,;(|])(?P<street>(?P<at>(?:Am|Im|Zum|Zur|Beim|(?:An|In|Auf|Unter|Hinter|Vor|Bei) (?:der|den|dem))[ ])?"
    r"(?P<name>[A-ZÀ-Þ][\w.'’-]{0,40})[ ](?:[A-ZÀ-Þ][\w.'’-]{0,40}[ ]){0,2}\d{1,3}[ ]?[a-z]?(?:[-/]\d{1,3}[a-z]?)?)"
    r"(?![\w%])(?=[ \t]*[,;|·\n]\s{0,9}(?:(?P<code>(?:[A-Z]-)?\d{4,5})[ ])?(?P<town>[A-ZÀ-Þ][\w-]{1,40}))?"
)
NO_STREET = re.compile(
    r"(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch|Januar|Februar|März|April|Mai|Ju[nl]i|August|\w+ber|Tag|Jahr|Monat"
    r"|Quartal|Woche|Phase|Schritt|Punkt|Projekt|Los|Team|Raum|Kapitel|Abschnitt|Version|Stufe|Level|Schnitt|Standort|Server|Werk|Lager|Haus"
    r"|Rechenzentrum|Gebäude|Büro"
)
POST_BOX = re.compile(
    r"\b(?:P\.? ?O\.? ?Box|Postfach|Postbus|Boîte postale|BP|Apartado|Skrytka|Casella postale)[ ]\d[\d ]{1,8}\d", re.I
)
POSTCODE = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]? \d(?![KMGT]B)[ABD-HJLNP-UW-Z]{2}\b|\b(?:D|A|CH|F|NL|B|DK|S|PL|CZ|SK|FIN|L|I|E|P)-\d{2}["
    r" -]?\d{2,3}\b"
)
CODE_AND_TOWN = re.compile(
    r"(?<![\w.,-])(?:\d{4,5}|\d{2}-\d{3}|\d{3} \d{2}|\d{4} [A-Z]{2})(?=[ ](?P<town>[A-ZÀ-Þ][\w-]+))"
)

IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,3})?\b")
TAX = re.compile(
    r"\b(?:ATU\d{8}|BE[ ]?[01]?\d{3}[ .]?\d{3}[ .]?\d{3}|CHE[ -]?\d{3}[ .]?\d{3}[ .]?\d{3}(?:[ ]?(?:MWST|TVA|IVA))?"
    r"|ES[ ]?[A-Z]\d{7}[A-Z0-9]"
    r"|FR[ ]?[A-Z0-9]{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}|IE[ ]?\d[A-Z0-9+*]\d{5}[A-Z]{1,2}|NL[ ]?\d{9}[ ]?B\d{2}|SE["
    r" ]?\d{6}-?\d{4,6}"
    r"|(?:BG|CY|CZ|DE|DK|EE|EL|FI|GB|HR|HU|IT|LT|LU|LV|MT|PL|PT|RO|SI|SK|XI)[ ]?\d{2,3}(?:[ .]?\d){6,9}[A-Z]?)\b"
)
REGISTER_WORD = (
    r"(?:HR[AB]|VAT|V\.A\.T\.|USt-?Id(?:Nr)?|UID|MwSt|TVA|IVA|BTW|NIP|REGON|KRS|SIREN|SIRET|RCS|KvK|CIF|NIF|DIC|DIČ"
    r"|IČO?|CUI|CVR|ABN|ACN|EIN"
    r"|GSTIN|PAN|D-?U-?N-?S|BIC|SWIFT|IBAN|P\.? ?IVA|Partita IVA|Steuernummer|St\.-?Nr|company (?:registration )?"
    r"(?:number|no)"
    r"|registered (?:number|no|in [\w ]{3,30} no)|registration (?:number|no)|reg(?:\.|istered)? ?no|org(?:\."
    r"|anisation)? ?(?:nr|no|number)"
    r"|Handelsregister|Registergericht)"
)
REGISTERED = re.compile(
    rf"\b{REGISTER_WORD}\b\.?[ \t]*(?:reg(?:istration)?[ ]?)?(?:(?:number|no|nr|is|ist)\b|n°|#)?\.?[ \t]*[:.]?[ \t]*"
    r"(?P<number>(?=[\w ./-]*\d{2})[A-Z0-9][\w./-]{3,24}(?:[ ][\d.-]{2,9}){0,4})",
    re.IGNORECASE,
)


def find_particulars(text: str) -> Iterator[Masked]:
    """Yield accounts, streets, postcodes and official numbers."""
    for pattern in (ACCOUNT, PLAIN_ACCOUNT):
        for found in pattern.finditer(text):
            yield Masked("account", found["name"], "[account removed]")
    for found in HANDLE.finditer(text):
        yield Masked("account", found.group(), "[account removed]")
    yield from _streets(text)
    for pattern in (IBAN, TAX):
        for found in pattern.finditer(text):
            yield Masked("number", found.group(), "[number removed]")
    for found in REGISTERED.finditer(text):
        yield Masked("number", found["number"].rstrip(" ./-"), "[number removed]")


def _streets(text: str) -> Iterator[Masked]:
    for pattern in (*STREETS, OTHER_STREET, POST_BOX, POSTCODE):
        for found in pattern.finditer(text):
            yield Masked("street", found.group().strip(), "[street removed]")
    for found in BY_ITS_PLACE.finditer(text):
        if _is_street(found, text):
            yield Masked("street", found["street"].strip(), "[street removed]")
    for found in CODE_AND_TOWN.finditer(text):
        if is_place_word(found["town"]) and not _is_year(found.group()):
            yield Masked("street", f"{found.group()} {found['town']}", found["town"])


def _is_street(found: re.Match[str], text: str) -> bool:
    """Believe words and a number before a town; without a postcode only after "Am …", or alone on their line."""
    if NO_STREET.fullmatch(found["name"]) or _is_year(found["code"] or ""):
        return False
    if found["town"] and is_place_word(found["town"]):
        return bool(found["code"] or found["at"])
    start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
    return bool(found["at"]) and text[start : end if end >= 0 else len(text)].strip() == found["street"].strip()


def _is_year(words: str) -> bool:
    return len(words) == 4 and words[:2] in ("19", "20")
