"""The templates of a digest → moulds, each printed once per shape of letter, into which the words of many are poured.

A night's letters differ in their words and hardly in their shape: how many offers, and which of those name a value and
a reason. Of each shape one letter is printed with a mark in place of every word that differs, and cut at the marks.
What comes out is, byte for byte, what printing each letter by itself makes.
"""

import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from jinja2.filters import do_indent

from web import printing, wording
from web.links import Links, quoted
from web.message import quoted_printable

KIND = "digest"
DIGITS, LETTERS = string.digits, string.ascii_lowercase
MARK = re.compile("zq([a-z]+[0-9]*)qz")
INDENT = 3  # of an offer's text, as its template has it
FIELDS = frozenset(("number", "title", "text", "why", "place", "due", "pays", "value", "languages", "poster", "closes"))
# What letters say alike of an offer, whoever reads them, by what is known of it: not its number, its links or why.
ALIKE = frozenset(("facts", "details", "text", "value"))
KNOWN = ("text", "place", "due", "pays", "value", "languages", "poster", "closes")
N_KNOWN = 16_384  # offers remembered, of some 4 kB each: a night tells of each 25 times, with all others in between
_known = itemgetter(*KNOWN)
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
class Alike:
    """Lines of a mould, their marks without a number, that any letter with the offer of this place says like this."""

    mould: Mould
    place: int


Parts = tuple[bytes | Mould | Alike, ...]  # what was printed: lines that are quoted-printable already, and moulds


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


def pour(words: Mapping[str, Any], links: Links) -> tuple[bytes, bytes] | None:
    """Return text and HTML of a digest, both as quoted-printable; None for one that must be printed by itself."""
    offers, contact = words.get("offers"), words["contact"]
    if not offers or contact is None or not words["replies"] or not _fits(offers):
        return None
    shape = Shape(links.home, words["day"], contact.digest == "weekly", tuple(map(_flags, offers)))
    text_parts, html_parts = _moulds(shape)
    same = {
        "subject": words["subject"], "hour": str(contact.digest_hour), "zone": contact.timezone,
        "mail": words["by_mail"](""), "digest": links.digest(words["letter"].contact_id),
    }  # fmt: skip
    in_text, in_html = dict(same), dict(same)
    for each in offers:
        n, title = each["number"], each["title"]
        own = {f"link{n}": links.offer(words["letter"].id, n), f"why{n}": each["why"]}
        in_text |= own | {f"title{n}": wording.one_line(title)}
        in_html |= own | {f"title{n}": title}
    known = list(map(_known, offers))
    text = _poured(text_parts, in_text, known, _text_lines, _in_text)
    return _tidied(text), _poured(html_parts, _all_escaped(in_html), known, quoted_printable, _in_html)


def _poured(
    parts: Parts,
    words: Mapping[str, str],
    known: Sequence[tuple[str, ...]],
    written: Callable[[str], bytes],
    alike: Callable[[Mould, tuple[str, ...]], bytes],
) -> bytes:
    """Put a letter's words, and what is known of each offer, in place of the marks."""
    return b"".join([
        part if isinstance(part, bytes)
        else written(part.poured(words)) if isinstance(part, Mould)
        else alike(part.mould, known[part.place])
        for part in parts
    ])  # fmt: skip


def _tidied(text: bytes) -> bytes:
    """Leave one empty line where there are more."""
    while b"\r\n\r\n\r\n" in text:
        text = text.replace(b"\r\n\r\n\r\n", b"\r\n\r\n")
    return text


@lru_cache(maxsize=N_KNOWN)
def _in_html(mould: Mould, known: tuple[str, ...]) -> bytes:
    return quoted_printable(mould.poured(_all_escaped(_said(known))))


@lru_cache(maxsize=2 * N_KNOWN)  # its facts, and its text
def _in_text(mould: Mould, known: tuple[str, ...]) -> bytes:
    said = _said(known)
    for name in ("facts", "value"):
        said[name] = wording.one_line(said[name])
    return _text_lines(mould.poured(said | {"text": do_indent(said["text"], INDENT)}))


def _said(known: tuple[str, ...]) -> dict[str, str]:
    """Name what is said of an offer as its marks are named; each filter that a template has for it stands here too."""
    each = dict(zip(KNOWN, known, strict=True))
    closes = f"answer by {each['closes']}" if each["closes"] else ""
    details = wording.joined([each["poster"], each["languages"], closes])
    return {
        "facts": wording.offer_facts(each), "details": details, "text": each["text"].strip(), "value": each["value"],
    }  # fmt: skip


def _all_escaped(words: Mapping[str, str]) -> dict[str, str]:
    return {name: _escaped(wording.cleaned(value)) for name, value in words.items()}


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
def _moulds(shape: Shape) -> tuple[Parts, Parts]:
    words = {
        "letter": _Letter(), "contact": _Contact("weekly" if shape.weekly else "daily"), "links": _Links(shape.home),
        "kind": _Listed(), "replies": True, "subject": "zqsubjectqz", "by_mail": lambda body: "zqmailqz" + quoted(body),
        "day": shape.day, "offers": _marked(shape.offers),
    }  # fmt: skip
    text, html = printing.text_of(KIND, words).strip(), printing.html_of(KIND, words).rstrip("\r\n")
    return _parts(text, _text_lines), _parts(html, quoted_printable)


def _parts(printed: str, write: Callable[[str], bytes]) -> Parts:
    """Cut what was printed into lines without a mark, which are written now, and lines with marks of either kind."""
    groups = groupby(printed.split("\n"), _place)
    return tuple(_part("\n".join(lines), place, write) for place, lines in groups)


def _place(line: str) -> int | None:
    """Return which offer a line speaks of as every letter does, -1 for another line with marks, None without."""
    names = MARK.findall(line)
    alike = all(each.rstrip(DIGITS) in ALIKE for each in names)
    return None if not names else int(names[0].lstrip(LETTERS)) - 1 if alike else -1


def _part(lines: str, place: int | None, write: Callable[[str], bytes]) -> bytes | Mould | Alike:
    if place is None:
        return write(lines)
    pieces = MARK.split(lines)
    if place < 0:
        return Mould(tuple(pieces))
    pieces[1::2] = [each.rstrip(DIGITS) for each in pieces[1::2]]
    return Alike(Mould(tuple(pieces)), place)


def _text_lines(lines: str) -> bytes:
    """Wrap lines of which the last may be empty: it counts, another part follows."""
    if len(lines) <= wording.WIDTH and lines.isprintable() and "“" not in lines:
        return quoted_printable(lines.rstrip())  # one line, as most are: a title, a reason, a link
    wrapped = wording.within_width(f"{lines}\n|").removesuffix("\n|")
    return quoted_printable(wrapped.replace(wording.NO_BREAK, " "))


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
