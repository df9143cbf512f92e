"""HTML of a mail to plain text in which quotes carry `>`, signatures a sign and answered letters a splitter."""

import re
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as parser

from matcher.inbound.containers import hides, role_of
from matcher.inbound.labels import SIGNED

SPLITTER = "-----Original Message-----"
MAX_ELEMENTS = 8_000  # a letter has hundreds; what lies beyond belongs to whatever was quoted
SPACES = re.compile(r"[ \t\r\n\f]+")
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
SPACED = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "blockquote"])
UNSPACED = re.compile(r"MsoNormal|MsoPlainText|margin(?:-top|-bottom)?:\s*0", re.I)


def html_to_text(markup: str) -> str:
    """Convert HTML to text; broken markup loses its tags and keeps its words."""
    markup = re.sub(r"^\s{0,100}<\?xml[^>]{0,200}\?>", "", markup.replace("\x00", "").replace(SIGNED, ""))
    try:
        tree = parser.document_fromstring(markup)
    except (etree.LxmlError, ValueError, RecursionError, TypeError, AssertionError, LookupError):
        return re.sub(r"<[^<>]*>", " ", markup)
    page = _Page()
    _render(tree, page)
    return page.text()


@dataclass(slots=True)
class _Page:
    lines: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    n_quotes: int = 0
    n_signatures: int = 0
    n_fixed: int = 0
    has_words: bool = False
    is_settled: bool = False  # what follows is all quoted or all passed on
    n_items: list[int] = field(default_factory=list)

    def write(self, text: str) -> None:
        if self.n_fixed:
            *whole, rest = text.split("\n")
            for line in whole:
                self.words.append(line)
                self.turn()
            self.words += [rest] if rest else []
        elif text:
            self.words.append(SPACES.sub(" ", text))

    def turn(self) -> None:
        """End the line, be it empty."""
        line = "".join(self.words)
        line = line.rstrip() if self.n_fixed else re.sub(" {2,}", " ", line).strip()
        sign = "> " if self.n_quotes else SIGNED if self.n_signatures and line else ""
        self.lines.append(sign + line)
        self.has_words = self.has_words or bool(line)
        self.words.clear()

    def turn_if_written(self) -> None:
        if "".join(self.words).strip(" "):
            self.turn()
        self.words.clear()

    def space(self) -> None:
        """Leave a blank line below what was written, but not two."""
        self.turn_if_written()
        if self.lines and self.lines[-1].strip("> "):
            self.turn()

    def text(self) -> str:
        self.turn_if_written()
        return "\n".join(self.lines)


@dataclass(slots=True, frozen=True)
class _End:
    element: parser.HtmlElement
    role: str
    is_spaced: bool


def _render(tree: parser.HtmlElement, page: _Page) -> None:
    waiting: list[parser.HtmlElement | _End | str] = [tree]
    n_seen = 0
    while waiting and n_seen < MAX_ELEMENTS:
        part = waiting.pop()
        if isinstance(part, str):
            page.write(part)
        elif isinstance(part, _End):
            _close(part, page)
        elif isinstance(part.tag, str) and not hides(part):
            n_seen += 1
            end = _open(part, page)
            waiting += [end, *(one for child in reversed(part) for one in (child.tail or "", child)), part.text or ""]


def _open(element: parser.HtmlElement, page: _Page) -> _End:
    tag = element.tag
    role = "" if page.n_quotes or page.is_settled else role_of(element)
    is_spaced = tag in SPACED and not UNSPACED.search(f"{element.get('class', '')} {element.get('style', '')[:300]}")
    if is_spaced:
        page.space()
    elif tag in BLOCKS or role:
        page.turn_if_written()
    _enter(role, page)
    page.n_fixed += tag == "pre"
    if tag == "br":
        page.turn()
    elif tag == "li":
        page.write(_bullet(page))
    elif tag in ("ul", "ol"):
        page.n_items.append(0 if tag == "ol" else -1)
    return _End(element, role, is_spaced)


def _enter(role: str, page: _Page) -> None:
    page.n_quotes += role == "quote"
    page.n_signatures += role == "signature"
    if role == "tail" and page.has_words:
        page.lines.append(SPLITTER)
    if role == "tail" and page.has_words or role == "forward":
        page.is_settled = True


def _close(end: _End, page: _Page) -> None:
    tag = end.element.tag
    if tag in ("td", "th"):
        page.write("  ")
    elif tag in ("ul", "ol"):
        page.n_items.pop()
    if tag in BLOCKS or end.role:
        page.turn_if_written()
    page.n_fixed -= tag == "pre"
    page.n_quotes -= end.role == "quote"
    page.n_signatures -= end.role == "signature"
    if end.is_spaced:
        page.space()


def _bullet(page: _Page) -> str:
    """Give the sign of the next item; n_items counts those of each numbered list around it, below 0 of the others."""
    if not page.n_items or page.n_items[-1] < 0:
        return "* "
    page.n_items[-1] += 1
    return f"{page.n_items[-1]}. "
