"""A digest that is poured into a mould is, byte for byte, the digest that is printed by itself."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.models import Contact
from tests.web.sample_facts import MAEVE, NOTES, SBC
from tests.web.sample_letters import NOW, SETTINGS, letter
from web import mail, mould
from web.message import quoted_printable
from web.settings import Settings

NASTY = (
    "<b>\"bold\" & 'co'</b>", "a\xa0b &nbsp; &amp;amp; &#39;", "tab\there\r\nand\n\n  a line",
    "\u202eturned\u2069 \x07bell",
    "zqtitle1qz zqmailqz", "{{ letter }} {% raw %}", "]]> --> </td></table><!--", "😀 Ünïcödé ﷽ ﬀ", "“1 yes” or “stop”",
    "word " * 60, "x" * 300, "  led and trailed  ", "%s %(n)s \\1 \\n", ".\n.dot", "=3D=",
    "a\x0bb\x0cc\x85d\u2028e", "Not said", "",
)  # fmt: skip
TEXTS = ("title", "text", "why", "place", "due", "pays", "value", "languages", "poster", "closes")
words = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
offer = st.fixed_dictionaries({name: words for name in TEXTS})


def both(offers: list[dict[str, Any]], *, settings: Settings = SETTINGS, **habits: Any) -> tuple[bytes, bytes]:
    """Write a digest as it goes out, and as it is printed by itself."""
    one = letter("digest", values={"day": "2026-11-23", "offers": offers})
    one.contact = Contact(**{**MAEVE, "digest": "daily", "digest_hour": 7, **habits})
    poured = mail.compose(one, settings=settings, now=NOW).as_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mould, "KIND", "another")
        return poured, mail.compose(one, settings=settings, now=NOW).as_bytes()


def numbered(offers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "number": n, "introduction_id": n} for n, each in enumerate(offers, start=1)]


@pytest.mark.parametrize("digest", ["daily", "weekly"])
def test_a_letter_of_every_shape_reads_as_if_it_were_printed(digest: str) -> None:
    for n, lacks_value, lacks_why in product(range(1, 6), (False, True), (False, True)):
        offers = [dict((NOTES, SBC)[at % 2]) for at in range(n)]
        offers[-1] |= {"value": ""} if lacks_value else {"value": "about €9,000"}
        offers[-1] |= {"why": ""} if lacks_why else {}
        poured, printed = both(numbered(offers), digest=digest)
        assert poured == printed


@pytest.mark.parametrize("n", range(1, 6))
def test_titles_too_long_for_a_subject_are_cut_as_if_it_were_printed(n: int) -> None:
    long = "Session border controllers, a carrier change and 240 telephones in Lyon"
    poured, printed = both(numbered([{**NOTES, "title": f"{at} {long}"} for at in range(n)]))
    assert poured == printed


@given(st.lists(words, max_size=4), words)
def test_lines_written_by_themselves_are_all_lines_written_together(lines: list[str], last: str) -> None:
    lines = [each.rstrip("\r") for each in lines]  # else half a line end: those of a mould end with a tag
    assert b"".join(map(quoted_printable, [*lines, last])) == quoted_printable("\n".join([*lines, last]))


@given(st.lists(offer, min_size=1, max_size=3), words)
def test_whatever_strangers_write_reads_as_if_it_were_printed(offers: list[dict[str, Any]], zone: str) -> None:
    poured, printed = both(numbered(offers), timezone=zone, digest_hour=23)
    assert poured == printed


def test_an_address_of_the_service_with_signs_of_html_in_it_reads_as_if_it_were_printed() -> None:
    odd = replace(SETTINGS, base_url="https://counterpart.example/a&b")
    poured, printed = both(numbered([NOTES]), settings=odd)
    assert poured == printed


def test_most_digests_are_poured() -> None:
    one = letter("digest")
    words = mail._words(one, links := mail.Links(SETTINGS, NOW.date()))
    assert mould.pour(words, links)
    assert mould.pour({**words, "offers": [{**NOTES, "number": 2}]}, links) is None


def test_what_is_remembered_of_an_offer_is_written_under_any_number_and_for_any_reason() -> None:
    for offers in ([SBC, NOTES], [NOTES, SBC], [{**NOTES, "why": "Another reason."}], [{**NOTES, "due": "1 May 2031"}]):
        poured, printed = both(numbered([dict(each) for each in offers]))
        assert poured == printed
