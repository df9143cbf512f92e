"""HTML of a mail to plain text in which quotes carry `>`, replies' header blocks a splitter and signatures `-- `."""

import re

from inscriptis import Inscriptis
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from lxml import etree  # type: ignore[import-untyped]
from lxml import html as parser

SPLITTER = "-----Original Message-----"
# Everything from here on is the letter that was answered.
TAIL_NAMES = re.compile(
    r"divRplyFwdMsg|appendonsend|stopSpelling|OutlookMessageHeader|zwchr|yahoo_quoted|yahoo-quoted"
    r"|yQTDBase|ymail_android"
    r"|reference-message-container|ms-outlook-mobile-reference-message|mail_quote_outer|AOLMsgPart|EC_stopSpelling"
    r"|(?:^|\s)(?:OLK_SRC_BODY_SECTION|reply-intro|quoted-?header)",
    re.I,
)
QUOTE_NAMES = re.compile(
    r"gmail_attr|moz-cite-prefix|moz-email-headers|protonmail_quote|tutanota_quote|zmail_extra|freebirdQuotedEmail"
    r"|cite",
    re.I,
)
SIGNATURE_NAMES = re.compile(
    r"(?:^|\s|x_)(?:gmail_signature|moz-signature|Signature|ms-outlook-mobile-signature|protonmail_signature_block"
    r"|tutanota_signature|AppleMailSignature|yahoo_signature)",
    re.I,
)
BARE_BLOCK = re.compile(r"border\s*:\s*none|border-left-width\s*:\s*0", re.I)
OUTLOOK_RULE = re.compile(r"border:none;\s*border-top:\s*solid\s+(?:#?\w+\s+)?[\d.]+p[tx]", re.I)
STRICT = ParserConfig(css=CSS_PROFILES["strict"])  # the other profile indents every <div>
MAX_ELEMENTS = 20_000


def html_to_text(markup: str) -> str:
    """Convert HTML to text; broken markup loses its tags and keeps its words."""
    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup.replace("\x00", ""))
    try:
        tree = parser.document_fromstring(markup)
        _mark(tree)
        return str(Inscriptis(tree, STRICT).get_text())
    except (etree.LxmlError, ValueError, RecursionError, TypeError, AssertionError, LookupError, AttributeError):
        return _words_only(markup)


def _words_only(markup: str) -> str:
    text = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", " ", markup)
    return re.sub(r"<[^<>]*>", " ", re.sub(r"(?i)<(?:br|/p|/div|/tr)\b[^<>]*>", "\n", text))


def _mark(tree: parser.HtmlElement) -> None:
    waiting, n_seen = [tree], 0
    while waiting and n_seen < MAX_ELEMENTS:
        element, n_seen = waiting.pop(), n_seen + 1
        if not isinstance(element.tag, str):
            continue
        quoted = _quoted(element) if element.tag not in ("html", "head", "body") else ""
        if quoted:
            _swap(element, quoted)
        else:
            waiting += list(element)


def _quoted(element: parser.HtmlElement) -> str:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    style = element.get("style", "")
    if TAIL_NAMES.search(names) or OUTLOOK_RULE.match(style):
        element.addprevious(_block(SPLITTER))
        return ""
    if SIGNATURE_NAMES.search(names):
        return "-- \n" + re.sub(r"^\s*--\s*\n", "", _text_of(element))
    if QUOTE_NAMES.search(names) or _is_quote(element, style):
        return "".join(f"> {line}\n" for line in _text_of(element).strip("\n").split("\n"))
    return ""


def _is_quote(element: parser.HtmlElement, style: str) -> bool:
    return element.tag == "blockquote" and not (BARE_BLOCK.search(style) and element.get("type") != "cite")


def _text_of(element: parser.HtmlElement) -> str:
    copy = parser.Element("div")
    clone = parser.fromstring(etree.tostring(element, encoding="unicode", with_tail=False, method="html"))
    copy.append(clone)
    return str(Inscriptis(copy, STRICT).get_text())


def _block(text: str) -> parser.HtmlElement:
    block = parser.Element("pre")
    block.text = text
    return block


def _swap(element: parser.HtmlElement, text: str) -> None:
    block = _block(text)
    block.tail = element.tail
    element.getparent().replace(element, block)
