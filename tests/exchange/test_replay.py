"""Messages read again after a mistake was mended: what was not acted on is, what was acted on never is twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from matcher import exchange, inbound
from matcher.exchange import replaying, understanding
from matcher.exchange.replaying import Replayed
from matcher.models import InboundMessage, Letter
from matcher.store import messages
from matcher.terms import Inbound, Refused, Reply
from tests import factories as make
from tests.exchange.conftest import Desk, Market
from tests.factories import DOMAIN, NOW

ANNA = "anna@quay.example"
HELP, POST = f"help@{DOMAIN}", f"post@{DOMAIN}"
TEXT = "We need somebody who moves 380 mailboxes to Exchange Online by 31 January 2027 in Leeds. The customer pays us."
LATER = NOW + timedelta(days=1)


@pytest.fixture
def letter(market: Market) -> Letter:
    return make.digest(market.session, market.asked[0].contact, market.asked[0])


def again(desk: Desk, message: InboundMessage) -> Replayed:
    return replaying.replay(desk.session, message.id, post=desk.post, now=LATER)


def stumble(desk: Desk, raw: bytes, to: str) -> InboundMessage:
    """Let a message make us stumble, as the job reports it."""
    kept = exchange.keep(desk.session, raw, envelope_from="", envelope_to=to, now=NOW)
    assert kept
    exchange.apologise(desk.session, kept, cause="KeyError: 'x'", post=desk.post, now=NOW)
    return desk.session.get_one(InboundMessage, kept)


def misread(monkeypatch: pytest.MonkeyPatch, **mistakes: str) -> Callable[[], None]:
    """Let every message be read wrongly until the returned function mends it."""
    patched = monkeypatch.context()
    true = inbound.read

    def wrong(raw: bytes, **more: object) -> Inbound:
        found = true(raw, **more)  # type: ignore[arg-type]
        return Inbound(**{name: getattr(found, name) for name in Inbound.__slots__} | mistakes)

    patched.__enter__().setattr(inbound, "read", wrong)
    return lambda: patched.__exit__(None, None, None)


def test_who_made_us_stumble_is_told_once_a_day_that_a_person_will_look(desk: Desk) -> None:
    for _ in range(2):
        message = stumble(desk, make.mail("ann@firm.example", POST, TEXT), POST)
    assert (message.state, message.sender) == ("refused", "ann@firm.example")
    assert message.verdict == "not dealt with, kept to be read again: KeyError: 'x'"
    (told,) = desk.letters()
    assert "a person will look at it" in str(told.values)


@pytest.mark.parametrize("header", [b"Auto-Submitted: auto-replied", b"From: <>"])
def test_a_machine_that_made_us_stumble_is_told_nothing(desk: Desk, header: bytes) -> None:
    stumble(desk, header + b"\nTo: " + POST.encode() + b"\nSubject: Away\n\nI am away.\n", POST)
    assert desk.letters() == []


def test_a_message_that_was_dealt_with_is_not_put_aside(desk: Desk) -> None:
    desk.arrives(make.mail("ann@firm.example", HELP, "hello?"), HELP)
    said = exchange.apologise(desk.session, desk.messages()[0].id, cause="late", post=desk.post, now=NOW)
    assert (said, desk.messages()[0].state, len(desk.letters())) == ("dealt with already", "done", 1)


def test_a_message_that_made_us_stumble_is_acted_on_when_replayed(market: Market, letter: Letter) -> None:
    to = make.reply_address(letter)
    message = stumble(market.desk, make.mail(ANNA, to, "1 yes"), to)
    done = again(market.desk, message)
    assert (done.state_before, done.state, market.asked[0].state) == ("refused", "done", "accepted")
    assert done.after.startswith("digest: 1 yes → ")
    assert "is with the poster" in market.desk.answer(ANNA)


def test_a_message_is_acted_on_once_however_often_it_is_replayed(market: Market, letter: Letter) -> None:
    to = make.reply_address(letter)
    message = stumble(market.desk, make.mail(ANNA, to, "1 yes"), to)
    again(market.desk, message)
    n_letters = len(market.desk.letters())
    done = again(market.desk, message)
    assert (done.is_changed, done.before, done.after) == (False, "digest: 1 yes", "digest: 1 yes")
    assert len(market.desk.letters()) == n_letters


def test_what_was_misread_as_automatic_is_acted_on(
    market: Market, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend = misread(monkeypatch, kind="auto")
    market.desk.reply(letter, "1 yes")
    mend()
    done = again(market.desk, market.desk.messages()[0])
    assert (done.before, done.state, market.asked[0].state) == ("an automatic reply", "done", "accepted")


def test_what_is_refused_again_is_not_answered_again(desk: Desk) -> None:
    desk.arrives(make.mail("ann@firm.example", POST, " "), POST)
    (message,), n_letters = desk.messages(), len(desk.letters())
    verdict = message.verdict
    done = again(desk, message)
    assert (done.is_changed, done.after, len(desk.letters())) == (False, verdict, n_letters)
    assert (message.state, message.verdict) == ("refused", verdict)


def test_whoever_was_promised_that_a_person_looks_hears_of_a_refusal(desk: Desk) -> None:
    message = stumble(desk, make.mail("ann@firm.example", POST, " "), POST)
    done = again(desk, message)
    assert (done.state, message.verdict, len(desk.letters())) == ("refused", done.after, 2)
    assert not done.after.startswith("not dealt with")


def test_a_reply_that_was_acted_on_is_only_read_again(
    market: Market, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    market.desk.reply(letter, "1 yes")
    (message,), n_letters = market.desk.messages(), len(market.desk.letters())
    with monkeypatch.context() as mended:
        mended.setattr(understanding.inbound, "understand", lambda *_, **__: Reply(unclear="What?"))
        done = again(market.desk, message)
    assert (done.before, done.after, done.is_changed) == ("digest: 1 yes", "digest: unclear", True)
    assert (market.asked[0].state, len(market.desk.letters()), message.state) == ("accepted", n_letters, "done")


def test_another_text_than_the_stored_one_is_said(market: Market, letter: Letter) -> None:
    market.desk.reply(letter, "1 yes")
    (message,) = market.desk.messages()
    message.text = "1 yes\n\nAnna"
    assert again(market.desk, message).after == "digest: 1 yes, with another text"


def test_what_is_held_stays_held(market: Market, letter: Letter) -> None:
    market.desk.reply(letter, "1 yes", sender="eve@home.example")
    (message,), n_letters = market.desk.messages(), len(market.desk.letters())
    done = again(market.desk, message)
    assert (done.state_before, done.state, done.before, done.after) == ("held", "held", "reply", "reply")
    assert (market.asked[0].state, len(market.desk.letters())) == ("asked", n_letters)


def test_a_message_that_nobody_read_yet_is_read(desk: Desk) -> None:
    kept = exchange.keep(
        desk.session, make.mail("ann@firm.example", HELP, "?"), envelope_from="", envelope_to=HELP, now=NOW
    )
    done = again(desk, desk.session.get_one(InboundMessage, kept))
    assert (done.state_before, done.state, len(desk.letters())) == ("new", "done", 1)


def forget(session: Session) -> None:
    """Let the keeping time of all messages pass."""
    session.execute(update(InboundMessage).where(messages.is_past(LATER)).values(**messages.FORGOTTEN))


def test_nothing_that_a_person_wrote_is_left_after_the_keeping_time(market: Market, letter: Letter) -> None:
    market.desk.reply(letter, "no: we are all in “Leeds” until May, at ”Contoso")
    (message,) = market.desk.messages()
    assert "Leeds" in message.verdict
    forget(market.session)
    assert (message.raw, message.text, message.removed) == (b"", "", "")
    assert message.verdict == "digest: 1 no “…” → Noted: “…” is not for you."


def test_a_message_past_its_keeping_time_or_unknown_cannot_be_replayed(desk: Desk) -> None:
    desk.arrives(make.mail("ann@firm.example", HELP, "?"), HELP)
    forget(desk.session)
    with pytest.raises(Refused, match="is past its keeping time; its bytes are gone"):
        again(desk, desk.messages()[0])
    with pytest.raises(Refused, match="There is no message 999999"):
        replaying.replay(desk.session, 999_999, post=desk.post, now=NOW)
