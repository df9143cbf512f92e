"""How much of other projects' mail is read as their own authors expect; skipped where the collection is absent."""

import json
from pathlib import Path

import pytest

from matcher.inbound import read, reply_text

COLLECTION = Path(__file__).resolve().parents[3] / "shared" / "data" / "mail"
pytestmark = pytest.mark.skipif(not COLLECTION.is_dir(), reason="the third-party collection is not here")


def squashed(text: str) -> str:
    return "".join(text.replace("*", "").replace("_", "").split())


def is_as_expected(expected: dict[str, object], text: str) -> bool:
    if "expected" in expected:
        return squashed(str(expected["expected"])) == squashed(text)
    must, must_not = expected.get("must"), expected.get("must_not")
    assert isinstance(must, list)
    assert isinstance(must_not, list)
    return all(one in text for one in must) and not any(one in text for one in must_not)


def test_most_replies_are_cut_as_their_collectors_expect() -> None:
    files = sorted((COLLECTION / "reply").rglob("*.json"))
    right = [
        is_as_expected(json.loads(one.read_text()), reply_text(one.with_suffix(".eml").read_bytes())) for one in files
    ]
    assert sum(right) >= 0.9 * len(files)


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
