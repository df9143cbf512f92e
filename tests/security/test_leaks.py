"""Before both sides agree, nothing that tells who one of them is reaches the other: 500 exchanges, searched."""

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from html import unescape
from urllib.parse import unquote_plus

import pytest
from sqlalchemy import func, select

from matcher.models import Contact, Letter
from tests import factories as make
from tests.exchange.conftest import Desk
from tests.factories import NOW
from tests.security import outgoing
from tests.security.planting import Writer, message

POSTERS = (
    Writer("Nordlicht IT GmbH", "Nordlicht", "nordlicht-it.example", "Anneliese", "Bergström", "anneliese.bergstroem"),
    Writer("Bluehaven Systems Ltd", "Bluehaven", "bluehaven.example", "Tamsin", "Wetherby", "t.wetherby"),
    Writer("Quandrant Réseaux SARL", "Quandrant", "quandrant.example", "Clémence", "Valfleury", "clemence"),
)
PARTNERS = (
    Writer("Kvistkode ApS", "Kvistkode", "kvistkode.example", "Søren", "Damgaard", "sda"),
    Writer(
        "Torrevieja Sistemas S.L.",
        "Torrevieja",
        "torrevieja-sistemas.example",
        "Begoña",
        "Etxeberria",
        "begona.etxeberria",
    ),
    Writer("Zolotar Consulting sp. z o.o.", "Zolotar", "zolotar.example", "Grzegorz", "Brzęczyk", "gbrzeczyk"),
)
ROUNDS = 108
LOOKS = str.maketrans(
    "øłđаоес", "oldaoec"
)  # Latin letters that do not decompose, and Cyrillic ones that look like them


@dataclass(slots=True)
class Search:
    """What was sent to whom, and what of the sender's secrets was found there."""

    n_exchanges: int = 0
    n_planted: int = 0
    found: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@dataclass(slots=True)
class House:
    """The desk, its clock and the people who write to it."""

    desk: Desk
    rng: random.Random
    at: datetime = NOW
    search: Search = field(default_factory=Search)

    def writes(self, who: Writer, letter: Letter | None, opening: str = "", *, brings: str) -> Letter | None:
        """Let somebody answer a letter; search what the other side gets of it, and return the one of that kind."""
        if letter is None:
            return None
        to, self.at = make.reply_address(letter), self.at + timedelta(minutes=40)
        raw, planted = message(self.rng, who, to, opening)
        last = self.desk.session.scalar(select(func.max(Letter.id)))
        self.desk.arrives(raw, to, at=self.at)
        theirs = select(Letter).where(Letter.id > last, Letter.to_address != who.email)
        passed = list(self.desk.session.scalars(theirs.order_by(Letter.id)))
        if not passed:
            self.search.refused.append(planted.text)
            return None
        self.search.n_exchanges += 1
        self.search.n_planted += len(planted.secrets)
        for each in passed:
            self.search.found += [
                f"{secret!r} of {planted.text!r}" for secret in found_in(outgoing.sent(each), planted.secrets)
            ]
        return next((each for each in passed if each.kind == brings), None)


def found_in(raw: bytes, secrets: list[str]) -> list[str]:
    """List the secrets that a mail gives away, however it is encoded and whatever stands between their letters."""
    read = " ".join(_read(raw))
    letters = _letters(f"{read} {unquote_plus(unescape(read))} {raw.decode('latin-1')}")
    words = set(re.findall(r"[^\W_]+", _plain(read)))
    return sorted(one for one in set(secrets) if _letters(one) in (words if len(_letters(one)) < 6 else letters))


def _read(raw: bytes) -> Iterator[str]:
    for part in message_from_bytes(raw).walk():
        yield from (f"{name}: {make_header(decode_header(value))}" for name, value in part.items())
        if not part.is_multipart():
            yield part.get_payload(decode=True).decode()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text.casefold()).translate(LOOKS)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", _plain(text))


def firm(desk: Desk, who: Writer) -> Contact:
    contact = make.firm(desk.session, who.core.lower(), email=who.email, name=who.name)
    contact.partner.name = who.firm
    return contact


def talk(house: House, n: int, contacts: dict[str, Contact]) -> None:
    """Play one introduction: question and answer, yes with words, the poster's question and its answer."""
    poster, partner = POSTERS[n % 3], PARTNERS[n // 3 % 3]
    row = make.opportunity(house.desk.session, contacts[poster.email])
    asked = make.asked(house.desk.session, row, contacts[partner.email])
    offered = make.digest(house.desk.session, contacts[partner.email], asked)
    question = house.writes(partner, offered, "ask 1: ", brings="question")
    house.writes(poster, question, brings="answered")
    interested = house.writes(partner, offered, "1 yes. ", brings="interested")
    asked_back = house.writes(poster, interested, f"ask {asked.number}: ", brings="question")
    house.writes(partner, asked_back, brings="answer")


@pytest.fixture
def searched(desk: Desk) -> Search:
    house = House(desk, random.Random(20261122))
    contacts = {who.email: firm(desk, who) for who in (*POSTERS, *PARTNERS)}
    for n in range(ROUNDS):
        talk(house, n, contacts)
    return house.search


@pytest.mark.slow
def test_no_planted_secret_reaches_the_other_side_in_five_hundred_exchanges(searched: Search) -> None:
    assert searched.found == []
    assert searched.n_exchanges >= 500
    assert searched.n_planted >= 4_000
