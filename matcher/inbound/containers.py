"""An element of an HTML mail to what the mail program put it there for: a quote, a signature, the answered letter."""

import re

from lxml import html as parser  # type: ignore[import-untyped]

from matcher.inbound.headers import kind_of
from matcher.inbound.labels import is_forward

# From the first of these on, all that follows is the letter that was answered.
_TAILS = (
    "divRplyFwdMsg|appendonsend|stopSpelling|EC_stopSpelling|OutlookMessageHeader|zwchr|__DIVIDER__|__HEADERS__"
    "|OLK_SRC_BODY_SECTION|(?:ms-outlook-mobile|mail-editor)-reference-message(?:-container)?"
    "|reference-message-container|mail_quote_head|yQTDBase"
)
_QUOTES = (
    "gmail_attr|gmail_quote_attribution|moz-cite-prefix|airmail_on|reply-intro|quote-?header"
    "|yahoo_quoted|yahoo-quoted|ymail_android|yqt\\d+|protonmail_quote|tutanota_quote|zmail_extra"
    "|__QUOTED_TEXT__|quote"
    "|mail_quote_outer|mail-quote-collapse|mailru-blockquote|freebirdQuotedEmail|messageReplySection|isReplyContent"
    "|ntes-mailmaster-quote|missive_quote|front-blockquote|freshdesk_quote|hs_reply|quoted-?text"
    "|AOLMsgPart\\w*|fm_quote"
    "|replied-message|original-message|reply-quote|email_quote|edo-quote|sh-quoted-content|qmail_quote|kmail_quote"
)
_SIGNATURES = (
    "gmail_signature|gmail_signature_prefix|moz-signature|Signature|ms-outlook-mobile-signature|tutanota_signature"
    "|protonmail_signature_block|AppleMailSignature|yahoo_signature|ymail_signature|zmail_signature"
    "|__SIG_P(?:RE|OST)__"
    "|messageSignatureSection|bloop_sign\\w*|missive_signature|front-signature|hs_signature|sh-signature"
    "|signature-block"
    "|email-?signature|mail-signature|ntes-mailmaster-signature|edo-signature|fm_signature|x-signature"
)
NAMES = re.compile(
    rf"(?:^|\s)(?:x_)?(?:(?P<tail>{_TAILS})|(?P<quote>{_QUOTES})|(?P<signature>{_SIGNATURES}))(?=\s|_\d|$)", re.I
)
OWN_INDENT = re.compile(r"border\s*:\s*none|border-left-width\s*:\s*0|border-left\s*:\s*0", re.I)
OUTLOOK_RULE = re.compile(r"border-top(?:-style)?:\s*(?:[\d.]{1,6}p[tx]\s+)?solid", re.I)
HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.I)
UNSEEN = frozenset(["head", "style", "script", "title", "noscript", "template", "xml"])
UNMARKED = frozenset(["html", "body", "br", "img", "a", "b", "i", "td", "tr", "tbody", "ul", "ol", "li"])


def hides(element: parser.HtmlElement) -> bool:
    """Tell an element whose words its reader never sees."""
    return element.tag in UNSEEN or bool(HIDDEN.search(element.get("style", "")[:1000]))


def role_of(element: parser.HtmlElement) -> str:
    """Name what an element holds: quote, signature, forward, tail (the answered letter from here on), or nothing."""
    tag = element.tag
    if tag == "blockquote":
        return "" if _is_own_indent(element) else "forward" if _passes_on(element) else "quote"
    if tag in UNMARKED or not element.attrib:
        return ""
    if "data-signatureblock" in element.attrib:
        return "signature"
    style = element.get("style", "")[:1000]
    if OUTLOOK_RULE.search(style) and kind_of(_first_words(element)):
        return "tail"
    return _named(element)


def _is_own_indent(block: parser.HtmlElement) -> bool:
    return block.get("type") != "cite" and bool(OWN_INDENT.search(block.get("style", "")[:1000]))


def _named(element: parser.HtmlElement) -> str:
    names = " ".join(element.get(key, "")[:200] for key in ("class", "id", "name", "data-marker")).strip()
    found = NAMES.search(names) if names else None
    if found is None:
        return ""
    return "forward" if found["quote"] and _passes_on(element) else str(found.lastgroup)


def _first_words(element: parser.HtmlElement) -> str:
    """Give an element's text up to its first colon, as far as the name of a header reaches."""
    words: list[str] = []
    for part in element.itertext():
        words += part[:80].split()
        if len(words) > 6 or ":" in part or "：" in part:
            break
    return " ".join(words)[:100]


def _passes_on(element: parser.HtmlElement) -> bool:
    first = next((part for part in element.itertext() if part.strip()), "")
    return is_forward(" ".join(first[:200].split()))
