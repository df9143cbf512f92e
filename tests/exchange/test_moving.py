"""Somebody wants our letters at another address: asked there, moved by an "ok" from there, told at the old one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from matcher.exchange import unsubscribe
from matcher.models import Bounce, Contact, Letter, Suppression
from matcher.posting.moving import new_address
from matcher.store import letters
from tests import factories as make
from tests.exchange.conftest import Market
from tests.factories import NOW

OLD, NEW = "anna@quay.example", "anna@newfirm.example"
WISH = f"Please write to {NEW} from now on."


@pytest.fixture
def digest(market: Market) -> Letter:
    return make.digest(market.session, market.asked[0].contact, market.asked[0])


def reader(market: Market) -> Contact:
    return market.asked[0].contact


def test_nothing_moves_before_the_new_address_says_ok(market: Market, digest: Letter) -> None:
    market.desk.reply(digest, WISH)
    assert reader(market).email == OLD
    (asked,) = market.desk.letters("answer", to=NEW)
    assert asked.values["heading"] == "Do you want Counterpart's letters here?"
    market.desk.reply(asked, "ok", sender=OLD)
    market.desk.reply(asked, "ok", sender="eve@elsewhere.example")
    assert reader(market).email == OLD
    market.desk.reply(asked, "who are you?")
    assert reader(market).email == OLD


def test_an_ok_from_there_moves_it_with_all_that_is_its_own_and_the_old_one_is_told(
    market: Market, digest: Letter
) -> None:
    before = reader(market).id
    market.desk.reply(digest, WISH)
    market.desk.reply(market.desk.letters("answer", to=NEW)[0], "ok")
    contact = reader(market)
    assert (contact.id, contact.email, contact.verified_at) == (before, NEW, NOW)
    assert "from now on" in market.desk.letters(to=OLD)[-1].values["heading"]
    market.desk.reply(digest, "1 yes", sender=OLD)
    assert market.asked[0].state == "asked"
    market.desk.reply(digest, "1 yes", sender=NEW)
    assert market.asked[0].state == "accepted"


def test_what_waits_for_the_old_address_goes_to_the_new_one(market: Market, digest: Letter) -> None:
    market.desk.reply(digest, WISH)
    market.desk.reply(market.desk.letters("answer", to=NEW)[0], "ok")
    market.session.refresh(digest)
    assert (digest.state, digest.to_address) == ("waiting", NEW)


def test_a_stop_comes_along_and_a_bounce_stays_behind(market: Market, digest: Letter) -> None:
    unsubscribe(market.session, reader(market), how="one click", now=NOW)
    letters.suppress(market.session, OLD, scope="all", cause="bounce", at=NOW)
    market.desk.reply(digest, WISH)
    market.desk.reply(market.desk.letters("answer", to=NEW)[0], "ok")
    causes = market.session.scalars(select(Suppression.cause).where(Suppression.email == NEW)).all()
    assert causes == ["unsubscribed"]
    assert market.session.scalars(select(Bounce).where(Bounce.email == NEW)).all() == []


def test_an_address_that_is_somebodys_is_not_given_away_and_the_answer_tells_nothing(
    market: Market, digest: Letter
) -> None:
    other = market.asked[1].contact.email
    market.desk.reply(digest, f"Please write to {other} from now on.")
    assert market.desk.letters(to=other) == []
    assert f"We wrote to {other}." in market.desk.answer(OLD)
    market.desk.reply(digest, WISH)
    make.firm(market.session, "newfirm")  # somebody joins with it meanwhile
    market.desk.reply(market.desk.letters("answer", to=NEW)[0], "ok")
    assert reader(market).email == OLD


def test_strangers_are_not_mailed_again_and_again(market: Market, digest: Letter) -> None:
    for n in range(5):
        market.desk.reply(digest, f"My new address is anna{n}@newfirm.example, number {'x' * n}")
    assert len([each for each in market.desk.letters("answer") if "newfirm" in each.to_address]) == 3
    assert "too often for one day" in market.desk.answer(OLD)


def test_an_ok_twice_or_to_an_older_letter_changes_nothing(market: Market, digest: Letter) -> None:
    market.desk.reply(digest, WISH)
    market.desk.reply(digest, "Write to anna@third.example instead, please")
    for letter in (*market.desk.letters("answer", to=NEW), *market.desk.letters("answer", to="anna@third.example")):
        market.desk.reply(letter, "ok", at=NOW + timedelta(minutes=1))
    assert reader(market).email == NEW


@pytest.mark.parametrize(
    "text",
    [
        "Please write to new@firm.example from now on",
        "My new address is new@firm.example.",
        "Bitte schreiben Sie ab jetzt an New@firm.example",
        "Nouvelle adresse : new@firm.example",
        "Use new@firm.example instead",
    ],
)
def test_a_change_of_address_is_read(text: str) -> None:
    assert new_address(text) == "new@firm.example"


@pytest.mark.parametrize(
    "text",
    [
        "refer 2 to new@firm.example",
        "Please write to my colleague new@firm.example from now on",
        "Please also write to new@firm.example from now on",
        "Send it to new@firm.example",
        "My address changed from old@firm.example to new@firm.example: new address",
        "Is your new address new@firm.example?",
    ],
)
def test_somebody_elses_address_is_no_change_of_ones_own(text: str) -> None:
    assert new_address(text) == ""
