"""The law of the desk: a person's message is answered with exactly one letter, a machine's with none."""

import itertools
from dataclasses import dataclass
from datetime import date

import pytest

from matcher.exchange import keeping, receiving
from matcher.exchange.receiving import Post
from matcher.models import Letter
from matcher.tokens import seal
from tests import factories as make
from tests.exchange.conftest import Market
from tests.factories import DOMAIN, NOW, SECRET

ANNA, EVE, SERVER = "anna@quay.example", "eve@home.example", "mx.counterpart.example"
POSTING = (
    "We need somebody who moves 380 mailboxes to Exchange Online by 31 January 2027 in Leeds. The customer pays us."
)
PROFILE = "We are a firm of 12 people in Leeds and move mailboxes to Exchange Online."
TO = {
    "reply": "the digest", "expired": "reply+…", "forged": "reply+…", "bare": f"reply@{DOMAIN}", "u": "u+…",
    "broken u": f"u+abcdefgh@{DOMAIN}",
} | {each: f"{each}@{DOMAIN}" for each in ("post", "join", "help", "postmaster", "abuse", "nobody")}  # fmt: skip
TEXTS = {
    "yes": "1 yes", "unclear": "perhaps", "question": "ask 1: which region?", "many": "1 yes\n7 yes", "empty": " ",
    "posting": POSTING, "profile": PROFILE, "stop": "stop", "long": "word " * 5_000, "odd": "\0\ud83d <b>{{ x }}</b>",
}  # fmt: skip
BY_BUTTON = ("u", "broken u")
MACHINES = {
    "automatic": b"Auto-Submitted: auto-replied\n",
    "looping": b"X-Counterpart-Letter: digest\nAuto-Submitted: auto-generated\n",
    "nameless": b"",
}


@dataclass(frozen=True)
class Case:
    """One message: to which address of ours, from whom, saying what, vouched for or not."""

    to: str
    sender: str
    text: str
    vouched: bool = True


def address(case_to: str, letter: Letter) -> str:
    if case_to == "reply":
        return make.reply_address(letter)
    if case_to == "expired":
        return make.reply_address(letter, expires_on=date(2026, 1, 1))
    if case_to == "forged":
        return f"reply+{seal('another', 'reply', letter.id, expires_on=date(2027, 1, 1))}@{DOMAIN}"
    if case_to == "u":
        return f"u+{seal(SECRET, 'unsubscribe', letter.contact_id or 0, expires_on=date(2027, 1, 1))}@{DOMAIN}"
    return TO[case_to]


def raw_of(case: Case, to: str) -> bytes:
    made = make.mail(case.sender, to, case.text.encode("utf-8", "replace").decode())
    if not case.vouched:
        return made
    return f"Authentication-Results: {SERVER}; dmarc=pass header.from={case.sender.partition('@')[2]}\n".encode() + made


def letters_after(market: Market, raw: bytes, to: str) -> list[tuple[str, str]]:
    """Let one message arrive and undo it; return the letters that followed, as (kind, to), without those to others."""
    known = {each.id for each in market.desk.letters()}
    point = market.session.begin_nested()
    market.desk.arrives(raw, to)
    new = [each for each in market.desk.letters() if each.id not in known]
    found = sorted((each.kind, each.to_address) for each in new if each.to_address in (ANNA, EVE))
    assert market.desk.messages()[-1].state != "new"
    point.rollback()
    return found


@pytest.fixture
def letter(market: Market) -> Letter:
    market.desk.post = Post(SECRET, DOMAIN, authserv_id=SERVER)
    return make.digest(market.session, market.asked[0].contact, market.asked[0])


@pytest.mark.parametrize("to", TO)
@pytest.mark.parametrize("sender", [ANNA, EVE])
def test_a_persons_message_is_answered_with_one_letter(market: Market, letter: Letter, to: str, sender: str) -> None:
    reached = address(to, letter)
    found = {
        name: letters_after(market, raw_of(Case(to, sender, text), reached), reached) for name, text in TEXTS.items()
    }
    if (to, sender) == ("reply", EVE):
        assert found.pop("stop") == [("answer", ANNA)]
        assert {tuple(each) for each in found.values()} == {(("answer", EVE), ("held", ANNA))}  # the owner is asked too
    else:
        assert [name for name, some in found.items() if len(some) != 1] == []


@pytest.mark.parametrize("to", TO)
def test_a_message_in_somebodys_name_is_answered_to_that_person_only(market: Market, letter: Letter, to: str) -> None:
    reached = address(to, letter)
    for text in TEXTS.values():
        found = letters_after(market, raw_of(Case(to, ANNA, text, vouched=False), reached), reached)
        assert [who for _, who in found] == [ANNA]


@pytest.mark.parametrize("to", TO)
def test_a_machines_message_is_never_answered(market: Market, letter: Letter, to: str) -> None:
    reached = address(to, letter)
    for machine, (name, text) in itertools.product(MACHINES, TEXTS.items()):
        if machine != "nameless" and (to in BY_BUTTON or name == "stop"):
            continue  # mail programs mark the unsubscribe that a person pressed a button for as automatic
        raw = MACHINES[machine] + raw_of(Case(to, ANNA, text), reached)
        if machine == "nameless":
            raw = raw.replace(b"From: anna@quay.example", b"From: <>")
        told = [who for _, who in letters_after(market, raw, reached) if who != ANNA or machine != "nameless"]
        assert (machine, name, told) == (machine, name, [])


@pytest.mark.parametrize("to", TO)
def test_a_message_that_is_too_large_is_answered_once_when_a_person_sent_it(
    market: Market, letter: Letter, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = address(to, letter)
    for module in (keeping, receiving):
        monkeypatch.setattr(module, "MAX_BYTES", 5_000)
    for machine in ("", *MACHINES):
        raw = MACHINES.get(machine, b"") + raw_of(Case(to, EVE, "Hello"), reached) + b"x" * 5_000
        if machine == "nameless":
            raw = raw.replace(b"From: eve@home.example", b"From: <>")
        is_person = not machine or (to in BY_BUTTON and machine != "nameless")
        assert (machine, len(letters_after(market, raw, reached))) == (machine, is_person)


@pytest.mark.parametrize("to", TO)
def test_a_message_that_makes_us_stumble_is_answered_once_when_a_person_sent_it(
    market: Market, letter: Letter, to: str
) -> None:
    reached = address(to, letter)
    for machine in ("automatic", "looping", ""):
        raw = MACHINES.get(machine, b"") + raw_of(Case(to, EVE, "Hello"), reached)
        kept = receiving.keep(market.session, raw, envelope_from="", envelope_to=reached, now=NOW)
        for _ in range(2):
            receiving.apologise(market.session, kept or 0, cause="KeyError", post=market.desk.post, now=NOW)
        told = [each.to_address for each in market.desk.letters() if each.id != letter.id]
        assert (machine, told) == (machine, [EVE] if not machine or to in BY_BUTTON else [])
