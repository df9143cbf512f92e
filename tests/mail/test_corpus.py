"""Every message of this folder is read as its expectation says."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from matcher.inbound import read, reply_text, understand, unsigned
from matcher.terms import Act, Inbound

FOLDER = Path(__file__).parent
DOMAIN = "in.counterpart.example"
MESSAGES = sorted(FOLDER.glob("*.eml"))
ASKED_FOR = ("kind", "sender", "mailbox", "token", "in_reply_to", "hard")


def expected_of(message: Path) -> dict[str, Any]:
    return tomllib.loads(message.with_suffix(".toml").read_text(encoding="utf-8"))


def lines(text: str) -> list[str]:
    """Keep the lines that say something; how many blanks stand around them is the mail program's taste."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def is_text(text: str, expected: dict[str, Any]) -> bool:
    """Compare with the expected text; `also` may follow it: a signature that nothing sets apart."""
    wanted, more = lines(expected["text"]), lines(expected.get("also", ""))
    return lines(text) in (wanted, wanted + more)


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def is_act(act: Act, wanted: str) -> bool:
    """Compare with an act such as `no 2: too far`; without a colon its words are left open."""
    said, colon, text = wanted.partition(":")
    verb, _, number = said.partition(" ")
    given = act.amount_eur if verb == "won" else act.number
    return (act.verb, given) == (verb, int(number) if number else None) and (
        not colon or words(act.text) == words(text)
    )


def is_understood(text: str, expected: dict[str, Any]) -> bool:
    found = understand(text, letter_kind=expected["letter"], n_choices=expected.get("n_choices", 0))
    if found.unclear:
        return bool(expected.get("unclear") or expected.get("asked"))
    wanted = expected.get("acts", [])
    return len(found.acts) == len(wanted) and all(map(is_act, found.acts, wanted))


def differences(found: Inbound, raw: bytes, expected: dict[str, Any]) -> list[str]:
    """Say in a line each what was read otherwise than expected."""
    wrong = [
        f"{name}: {getattr(found, name)!r}, not {expected[name]!r}"
        for name in ASKED_FOR
        if name in expected and getattr(found, name) != expected[name]
    ]
    if "failed" in expected and set(found.failed) != set(expected["failed"]):
        wrong.append(f"failed: {found.failed!r}, not {expected['failed']!r}")
    if "text" in expected:
        texts = {found.text} | (set() if found.kind in ("posting", "join") else {reply_text(raw)})
        wrong += [f"text: {one!r}" for one in texts if not is_text(one, expected)]
    wrong += [f"text lacks {one!r}" for one in expected.get("has", ()) if one not in found.text]
    wrong += [f"text has {one!r}" for one in expected.get("lacks", ()) if one in found.text]
    if "letter" in expected and not is_understood(unsigned(found.text, (found.sender_name,)), expected):
        reply = understand(found.text, letter_kind=expected["letter"], n_choices=expected.get("n_choices", 0))
        wrong.append(f"understood: {reply.acts or reply.unclear!r}")
    return wrong


def case(message: Path) -> Any:
    wrong = expected_of(message).get("wrong")
    marks = [pytest.mark.xfail(reason=wrong, strict=True)] if wrong else []
    return pytest.param(message, id=message.stem, marks=marks)


@pytest.mark.parametrize("message", [case(one) for one in MESSAGES])
def test_a_message_is_read_as_a_thoughtful_person_would(message: Path) -> None:
    raw = message.read_bytes()
    assert differences(read(raw, domain=DOMAIN), raw, expected_of(message)) == []


def test_every_message_has_its_expectation_and_its_line_in_the_readme() -> None:
    named = re.findall(r"^- `([\w-]+)`: \S", (FOLDER / "README.md").read_text(encoding="utf-8"), re.M)
    stems = sorted(one.stem for one in MESSAGES)
    assert sorted(named) == stems
    assert sorted(one.stem for one in FOLDER.glob("*.toml")) == stems


def test_there_are_as_many_programs_as_people_use() -> None:
    assert len(MESSAGES) >= 90
