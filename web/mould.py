"""The templates of a digest → moulds, each printed once per shape of letter, into which the words of many are poured.

A night's letters differ in their words and hardly in their shape: how many offers, and which of those name a value and
a reason. Of each shape one letter is printed with a mark in place of every word that differs, and cut at the marks.
What comes out is, byte for byte, what printing each letter by itself makes.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeVar

from jinja2.filters import do_indent

from web import printing, wording
from web.links import Links, quoted
from web.message import quoted_printable

Written = TypeVar("Written", str, bytes)
KIND = "digest"
MARK = re.compile("zq([a-z]+[0-9]*)qz")
INDENT = 3  # of an offer's text, as its template has it
FIELDS = frozenset(("number", "title", "text", "why", "place", "due", "pays", "value", "languages", "poster", "closes"))
ESCAPED = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\xa0", "&nbsp;"))


@dataclass(frozen=True, slots=True)
class Shape:
    """What letters of one mould have in common; `offers` tells of each whether it names a value, and a reason."""

    home: str
    day: str
    weekly: bool
    offers: tuple[tuple[bool, bool], ...]


@dataclass(frozen=True, slots=True)
class Mould:
    """A printed letter cut at its marks: every second piece is the name of a mark."""

    pieces: tuple[str, ...]

    def poured(self, words: Mapping[str, str]) -> str:
        """Put words in place of the marks."""
        filled = list(self.pieces)
        filled[1::2] = [words[name] for name in self.pieces[1::2]]
        return "".join(filled)


@dataclass(frozen=True, slots=True)
class Text:
    """A printed text: by turns lines that are wrapped already, and a mould of lines with marks."""

    parts: tuple[str | Mould, ...]

    def poured(self, words: Mapping[str, str]) -> str:
        """Put words in place of the marks and wrap what they make longer."""
        parts = [part if isinstance(part, str) else _within_width(part.poured(words)) for part in self.parts]
        return wording.tidied("\n".join(parts))


@dataclass(frozen=True, slots=True)
class Html:
    """Printed HTML: by turns lines that are quoted-printable already, and a mould of lines with marks."""

    parts: tuple[bytes | Mould, ...]

    def poured(self, words: Mapping[str, str]) -> bytes:
        """Put words in place of the marks and write them as quoted-printable too."""
        parts = [part if isinstance(part, bytes) else quoted_printable(part.poured(words)) for part in self.parts]
        return b"".join(parts)


@dataclass(frozen=True, slots=True)
class _Contact:
    digest: str
    digest_hour: str = "zqhourqz"
    timezone: str = "zqzoneqz"


@dataclass(frozen=True, slots=True)
class _Letter:
    id: int = 0
    contact_id: int = 0


@dataclass(frozen=True, slots=True)
class _Links:
    home: str

    def offer(self, _: int, number: int) -> str:
        return f"zqlink{number}qz"

    def digest(self, _: int) -> str:
        return "zqdigestqz"


def pour(words: Mapping[str, Any], links: Links) -> tuple[str, bytes] | None:
    """Return the text and the HTML, as quoted-printable, of a digest; None for one that must be printed by itself."""
    offers, contact = words.get("offers"), words["contact"]
    if not offers or contact is None or not words["replies"] or not _fits(offers):
        return None
    shape = Shape(links.home, words["day"], contact.digest == "weekly", tuple(map(_flags, offers)))
    text_mould, html_mould = _moulds(shape)
    same = {
        "subject": words["subject"], "hour": str(contact.digest_hour), "zone": contact.timezone,
        "mail": words["by_mail"](""), "digest": links.digest(words["letter"].contact_id),
    }  # fmt: skip
    in_text, in_html = dict(same), dict(same)
    for each in offers:
        _add(each, links.offer(words["letter"].id, each["number"]), in_text, in_html)
    escaped = {name: _escaped(wording.cleaned(value)) for name, value in in_html.items()}
    return text_mould.poured(in_text), html_mould.poured(escaped)


def _add(each: Mapping[str, Any], link: str, in_text: dict[str, str], in_html: dict[str, str]) -> None:
    """Name the words of an offer as its marks are named; each filter that a template has for one stands here too."""
    n, text, facts = each["number"], each["text"].strip(), wording.offer_facts(each)
    closes = f"answer by {each['closes']}" if each["closes"] else ""
    same = {
        f"link{n}": link, f"facts{n}": facts, f"why{n}": each["why"],
        f"details{n}": wording.joined([each["poster"], each["languages"], closes]),
    }  # fmt: skip
    in_html |= same | {f"title{n}": each["title"], f"text{n}": text, f"value{n}": each["value"]}
    in_text |= same | {
        f"title{n}": wording.one_line(each["title"]),
        f"facts{n}": wording.one_line(facts),
        f"text{n}": do_indent(text, INDENT),
        f"value{n}": wording.one_line(each["value"]),
    }


def _escaped(text: str) -> str:
    """Write a text as the printer of HTML writes it, in a tag or between two."""
    for sign, name in ESCAPED:
        if sign in text:
            text = text.replace(sign, name)
    return text


def _fits(offers: Sequence[Mapping[str, Any]]) -> bool:
    return all(
        each.keys() >= FIELDS and each["number"] == at and not _has_blank(each)
        for at, each in enumerate(offers, start=1)
    )


def _has_blank(each: Mapping[str, Any]) -> bool:
    """Tell whether a template would find something here of which a filter leaves nothing."""
    odd = [value for value in each.values() if isinstance(value, str) and value and not value[0].isalnum()]
    return bool(odd) and not all(map(wording.one_line, odd))


def _flags(each: Mapping[str, Any]) -> tuple[bool, bool]:
    return bool(each["value"]), bool(each["why"])


def subject(words: Mapping[str, Any]) -> str | None:
    """Return the subject of a digest; None for one that must be printed by itself."""
    titles = [each.get("title") for each in words.get("offers") or ()]
    if not titles or not all(isinstance(each, str) for each in titles):
        return None
    n_chars = wording.ALONE if len(titles) == 1 else wording.AMONG_OTHERS
    named = {f"title{n}": wording.short(each, n_chars) for n, each in enumerate(titles[: wording.FEW], start=1)}
    return wording.one_line(_subject_mould(len(titles)).poured(named))


@lru_cache(maxsize=16)
def _subject_mould(n_offers: int) -> Mould:
    offers = [{"title": f"zqtitle{n}qz"} for n in range(1, n_offers + 1)]
    return Mould(tuple(MARK.split(printing.subject_of(KIND, {"offers": offers}))))


@lru_cache(maxsize=256)  # of some 30 kB each
def _moulds(shape: Shape) -> tuple[Text, Html]:
    words = {
        "letter": _Letter(), "contact": _Contact("weekly" if shape.weekly else "daily"), "links": _Links(shape.home),
        "kind": _Listed(), "replies": True, "subject": "zqsubjectqz", "by_mail": lambda body: "zqmailqz" + quoted(body),
        "day": shape.day, "offers": _marked(shape.offers),
    }  # fmt: skip
    text, html = printing.text_of(KIND, words), printing.html_of(KIND, words).rstrip("\r\n")
    return Text(_parts(text, _all_within_width)), Html(_parts(html, quoted_printable))


def _parts(printed: str, write: Callable[[str], Written]) -> tuple[Written | Mould, ...]:
    """Cut what was printed into lines without a mark, which are written now, and lines with marks."""
    groups = groupby(printed.split("\n"), lambda line: MARK.search(line) is not None)
    joined = [(marked, "\n".join(lines)) for marked, lines in groups]
    return tuple(Mould(tuple(MARK.split(lines))) if marked else write(lines) for marked, lines in joined)


def _all_within_width(lines: str) -> str:
    return "\n".join(map(wording.within_width, lines.split("\n")))


def _within_width(lines: str) -> str:
    """Wrap lines of which the last may be empty: it counts, another part follows."""
    return wording.within_width(f"{lines}\n|").removesuffix("\n|")


@dataclass(frozen=True, slots=True)
class _Listed:
    personal: bool = False


def _marked(offers: Sequence[tuple[bool, bool]]) -> list[dict[str, Any]]:
    return [
        {
            "number": n, "title": f"zqtitle{n}qz", "text": f"zqtext{n}qz", "why": f"zqwhy{n}qz" * has_why,
            "value": f"zqvalue{n}qz" * has_value, "place": wording.NOT_SAID, "due": wording.NOT_SAID,
            "pays": f"zqfacts{n}qz", "poster": f"zqdetails{n}qz", "languages": "", "closes": "",
        }
        for n, (has_value, has_why) in enumerate(offers, start=1)
    ]  # fmt: skip
