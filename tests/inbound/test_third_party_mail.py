"""How much of other projects' mail is read as their own authors expect; skipped where the collection is absent."""

import json
from pathlib import Path
from typing import Any

import pytest

from matcher.inbound import read, reply_text

COLLECTION = Path(__file__).resolve().parents[3] / "shared" / "data" / "mail"
pytestmark = pytest.mark.skipif(not COLLECTION.is_dir(), reason="the third-party collection is not here")


def squashed(text: str) -> str:
    return "".join(text.replace("*", "").replace("_", "").split())


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def is_as_expected(expected: dict[str, Any], text: str) -> bool:
    if "expected" in expected:
        return squashed(expected["expected"]) == squashed(text)
    return all(one in text for one in expected["must"]) and not any(one in text for one in expected["must_not"])


def keeps_all(expected: dict[str, Any], text: str) -> bool:
    if "expected" not in expected:
        return all(one in text for one in expected["must"])
    return squashed(expected["expected"]) in squashed(text) or set(lines(expected["expected"])) <= set(lines(text))


def replies() -> list[tuple[dict[str, Any], str]]:
    files = sorted((COLLECTION / "reply").rglob("*.json"))
    return [(json.loads(one.read_text()), reply_text(one.with_suffix(".eml").read_bytes())) for one in files]


def test_nearly_all_replies_are_cut_as_their_collectors_expect() -> None:
    read_so = [is_as_expected(expected, text) for expected, text in replies()]
    assert sum(read_so) >= 0.96 * len(read_so)


def test_hardly_a_reply_loses_a_line_that_its_sender_wrote() -> None:
    kept = [keeps_all(expected, text) for expected, text in replies()]
    assert sum(kept) >= 0.97 * len(kept)


def test_nearly_all_bounces_name_the_failed_addresses() -> None:
    files = sorted((COLLECTION / "bounce").rglob("*.json"))
    right = 0
    for one in files:
        expected = json.loads(one.read_text())
        found = read(one.with_suffix(".eml").read_bytes())
        right += set(found.failed) == {address.lower() for address in expected["permanent"] + expected["temporary"]}
    assert right >= 0.97 * len(files)


def test_no_person_is_taken_for_a_machine() -> None:
    for one in sorted((COLLECTION / "auto" / "human_reply").glob("*.eml")):
        assert read(one.read_bytes()).kind not in ("auto", "bounce", "complaint", "loop", "unsubscribe"), one.name


def test_every_vacation_note_is_found() -> None:
    for one in sorted((COLLECTION / "auto" / "sisimai_vacation").glob("*.eml")):
        assert read(one.read_bytes()).kind == "auto", one.name
