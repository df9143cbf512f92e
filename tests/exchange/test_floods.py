"""More mail than a person sends: refused with a sentence that says so once, and never at the cost of somebody else."""

from datetime import datetime, timedelta

import pytest

from matcher import exchange
from matcher.exchange import Submission, floods
from matcher.exchange.receiving import Post
from matcher.models import Letter, Opportunity
from matcher.terms import Refused
from tests import factories as make
from tests.exchange.conftest import Desk, Market
from tests.factories import DOMAIN, NOW, SECRET

ANNA, HELP, POST = "anna@quay.example", f"help@{DOMAIN}", f"post@{DOMAIN}"
TEXT = "We need somebody who moves 380 mailboxes to Exchange Online by 31 January 2027 in Leeds. The customer pays us."


@pytest.fixture
def letter(market: Market) -> Letter:
    return make.digest(market.session, market.asked[0].contact, market.asked[0])


def refusals(desk: Desk, to: str = "") -> list[str]:
    found = [each.values["lines"][0] for each in desk.letters("answer", to=to) if each.values["tone"] == "refused"]
    return [each.partition(".")[0] for each in found]


def test_a_stranger_who_writes_more_than_ten_times_an_hour_is_told_so_once(desk: Desk) -> None:
    for number in range(floods.MAX_UNKNOWN_PER_HOUR + 5):
        verdict = desk.arrives(make.mail("ann@firm.example", HELP, f"hello? {number}"), HELP)
    assert verdict == "You sent more than 10 messages in an hour. Wait an hour, then write again."
    assert refusals(desk) == ["You sent more than 10 messages in an hour"]
    late = NOW + timedelta(minutes=61)
    assert desk.arrives(make.mail("ann@firm.example", HELP, "hello?"), HELP, at=late) == "explained how to write to us"


def test_somebody_we_know_may_write_sixty_times_an_hour(market: Market) -> None:
    verdicts = [market.desk.arrives(make.mail(ANNA, HELP, "hello?"), HELP) for _ in range(floods.MAX_PER_HOUR + 2)]
    assert len([each for each in verdicts if each == "explained how to write to us"]) == floods.MAX_PER_HOUR
    assert refusals(market.desk, ANNA) == ["You sent more than 60 messages in an hour"]


def test_a_flood_in_somebodys_name_leaves_that_person_its_own_messages(market: Market, letter: Letter) -> None:
    market.desk.post = Post(SECRET, DOMAIN, authserv_id="mx.counterpart.example")
    for _ in range(80):
        market.desk.arrives(make.mail(ANNA, HELP, "hello?"), HELP)
    vouched = b"Authentication-Results: mx.counterpart.example; dmarc=pass header.from=quay.example\n"
    assert market.desk.arrives(vouched + make.mail(ANNA, HELP, "hello?"), HELP) == "explained how to write to us"
    to = make.reply_address(letter)
    market.desk.arrives(vouched + make.mail(ANNA, to, "1 yes"), to)
    assert market.asked[0].state == "accepted"


def test_a_letter_takes_twenty_replies_a_day(market: Market, letter: Letter) -> None:
    for _ in range(floods.MAX_ABOUT_ONE + 3):
        verdict = market.desk.reply(letter, "1 yes")
    assert verdict == "You wrote more than 20 times about this today. Write again tomorrow, or to help@."
    assert refusals(market.desk, ANNA) == ["You wrote more than 20 times about this today"]
    row = make.opportunity(market.session, make.firm(market.session, "birch"))
    other = make.digest(market.session, letter.contact, make.asked(market.session, row, letter.contact))  # type: ignore[arg-type]
    assert market.desk.reply(other, "1 yes").startswith("digest: 1 yes → Your yes")
    assert "stands already" in market.desk.reply(letter, "1 yes", at=NOW + timedelta(days=1, minutes=1))


def test_the_letters_that_answer_a_reply_are_counted_with_the_one_it_answered(market: Market, letter: Letter) -> None:
    for number in range(floods.MAX_ABOUT_ONE + 1):
        newest = market.desk.letters(to=ANNA)[-1]
        verdict = market.desk.reply(newest, "m" + "a" * number + "ybe")
    assert verdict == "You wrote more than 20 times about this today. Write again tomorrow, or to help@."


def test_replies_to_all_letters_are_counted_together(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floods, "MAX_PER_HOUR", 3)
    contact, verdicts = market.asked[0].contact, []
    for number in range(4):
        row = make.opportunity(market.session, make.firm(market.session, f"birch{number}"))
        letter = make.digest(market.session, contact, make.asked(market.session, row, contact))
        verdicts.append(market.desk.reply(letter, "1 yes"))
    assert verdicts[-1] == "You sent more than 3 messages in an hour. Wait an hour, then write again."
    assert verdicts[-2].startswith("digest: 1 yes → Your yes")


def test_what_is_written_to_a_desk_is_not_counted_with_the_replies(market: Market, letter: Letter) -> None:
    for _ in range(floods.MAX_PER_HOUR + 5):
        market.desk.arrives(make.mail(ANNA, HELP, "hello?"), HELP)
    assert market.desk.reply(letter, "1 yes").startswith("digest: 1 yes → Your yes")


def test_replies_are_not_counted_with_what_is_written_to_a_desk(
    market: Market, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floods, "MAX_PER_HOUR", 3)
    for _ in range(3):
        market.desk.reply(letter, "1 yes")
    assert market.desk.arrives(make.mail(ANNA, HELP, "hello?"), HELP) == "explained how to write to us"


def test_two_hundred_strangers_of_one_domain_in_an_hour_are_enough(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floods, "MAX_OF_DOMAIN_PER_HOUR", 5)
    for number in range(9):
        verdict = desk.arrives(make.mail(f"x{number}@bots.example", POST, f"{TEXT} {number}"), POST)
    assert verdict.startswith("Very many messages from addresses at bots.example arrive just now.")
    assert refusals(desk) == ["Very many messages from addresses at bots"]
    assert desk.arrives(make.mail("ann@firm.example", POST, TEXT), POST).startswith("posting: ")
    assert desk.arrives(make.mail("ann@notbots.example", POST, TEXT), POST).startswith("posting: ")
    later = NOW + timedelta(minutes=61)
    assert desk.arrives(make.mail("y@bots.example", POST, TEXT), POST, at=later).startswith("posting: ")


def test_a_crowd_of_another_domain_with_a_longer_name_is_not_counted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floods, "MAX_OF_DOMAIN_PER_HOUR", 1)
    desk.arrives(make.mail("x@notbots.example", POST, TEXT), POST)
    assert desk.arrives(make.mail("x@bots.example", POST, TEXT), POST).startswith("posting: ")


def test_strangers_of_a_crowded_domain_do_not_keep_out_those_we_know(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floods, "MAX_OF_DOMAIN_PER_HOUR", 2)
    for number in range(4):
        market.desk.arrives(make.mail(f"x{number}@quay.example", POST, f"{TEXT} {number}"), POST)
    assert market.desk.arrives(make.mail(ANNA, POST, TEXT), POST).startswith("posting: ")


def test_the_same_words_again_and_again_are_a_machines(market: Market) -> None:
    words = "Thank you for your message. Ticket {} was opened and we will be in touch."
    contact = market.asked[0].contact
    for number in range(8):
        letter = make.digest(market.session, contact, market.asked[0])
        verdict = market.desk.reply(letter, words.format(number))
    assert verdict.startswith("The same words came from you more than 4 times today.")
    assert len(market.desk.letters("answer", to=ANNA)) == floods.MAX_ALIKE + 1


def test_short_words_may_be_said_as_often_as_there_are_letters(market: Market) -> None:
    contact = market.asked[0].contact
    some = [make.digest(market.session, contact, market.asked[0]) for _ in range(8)]
    assert {market.desk.reply(each, "1 yes").partition(" → ")[0] for each in some} == {"digest: 1 yes"}


def test_forms_that_anybody_can_fill_in_send_no_flood_to_an_address(desk: Desk) -> None:
    def post(n: int, *, at: datetime = NOW, channel: str = "web") -> Opportunity:
        text = "We need somebody who moves 380 mailboxes to Exchange Online."
        return exchange.publish(desk.session, Submission(f"{channel}:{n}", channel, ANNA, text), now=at)

    rows = [post(n) for n in range(floods.MAX_BY_FORM)]
    profile = exchange.Application(ANNA, "We are six people in Cork and move mailboxes.", "your form")
    for once_more in (lambda: post(99), lambda: exchange.join(desk.session, profile, now=NOW)):
        with pytest.raises(Refused, match="More than 20 letters went to this address within an hour"):
            once_more()
    said = exchange.correct(desk.session, rows[0], "it is 400 mailboxes", now=NOW)
    assert (said.tone, "380" in rows[0].blind_text) == ("refused", True)
    assert len(desk.letters(to=ANNA)) == floods.MAX_BY_FORM
    assert post(100, channel="mail").state == "draft"  # mail has limits of its own
    assert post(101, at=NOW + timedelta(hours=1, minutes=1)).state == "draft"
