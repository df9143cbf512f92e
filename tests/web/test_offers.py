"""The page of one offer: the terms before names, each answer by one button, and nothing by looking."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matcher.models import IntroductionStep, Letter, Need, Opportunity
from matcher.tokens import seal
from tests.web.filling import form_for, send
from tests.web.market import NOW, Market
from tests.web.visiting import plain


@pytest.fixture
def opportunity_id(market: Market) -> int:
    return market.opened()


@pytest.fixture
def asked(market: Market, opportunity_id: int) -> tuple[int, str]:
    return market.asked(opportunity_id)[0]


def n_letters(session: Session) -> int:
    session.expire_all()
    return session.query(Letter).count()


def test_an_offer_shows_why_you_the_project_and_the_terms_without_names(
    client: FlaskClient, asked: tuple[int, str]
) -> None:
    shown = plain(client.get(asked[1]).text)
    assert "Why you: You moved 100 mailboxes in 2024." in shown
    assert "We move a customer from Lotus Notes to Exchange Online" in shown
    assert "The customer stays the poster&#39;s." in shown
    assert "Counterpart charges neither of you." in shown
    assert not any(name in shown for name in ("Hallmann", "Alder", "anna@", "Quay Nets"))
    assert 'name="robots" content="noindex"' in shown


def test_no_level_of_heading_is_left_out(
    client: FlaskClient, market: Market, asked: tuple[int, str], opportunity_id: int
) -> None:
    """They are a table of contents to whoever listens to the page."""

    def need_more(session: Session) -> None:
        first = session.query(Need).filter_by(opportunity_id=opportunity_id).first()
        assert first
        session.add(Need(opportunity_id=opportunity_id, position=9, text="Cable a hall.", text_hash=first.text_hash))

    market.do(need_more)
    page = client.get(asked[1]).text
    assert "What is asked for" in page
    levels = [int(each) for each in re.findall(r"<h(\d)", page)]
    assert all(after <= before + 1 for before, after in pairwise([0, *levels]))


def test_looking_at_an_offer_answers_nothing(
    client: FlaskClient, market: Market, asked: tuple[int, str], session: Session
) -> None:
    before = n_letters(session)
    for _ in range(3):
        client.get(asked[1] + "?verb=yes")
    assert market.introduction(asked[0]).state == "asked"
    assert (n_letters(session), session.query(IntroductionStep).count()) == (before, 0)


def test_yes_with_a_note_reaches_the_poster_without_the_address_in_it(
    client: FlaskClient, market: Market, asked: tuple[int, str]
) -> None:
    answer = send(client, asked[1], "yes", verb="yes", text="Two people from May, write to ana@quay.example")
    assert answer.status_code == 303
    assert market.introduction(asked[0]).state == "accepted"
    said = market.letters("interested")[0].values["partners"][0]["said"]
    assert said.startswith("Two people from May")
    assert "quay" not in said
    assert "Your yes is with the poster" in client.get(answer.location).text


def test_only_who_can_still_answer_reads_until_when(
    client: FlaskClient, market: Market, asked: tuple[int, str]
) -> None:
    assert "answer by" in client.get(asked[1]).text
    send(client, asked[1], "yes", verb="yes")
    assert "answer by" not in client.get(asked[1]).text


def test_yes_pressed_twice_is_one_yes(client: FlaskClient, market: Market, asked: tuple[int, str]) -> None:
    fields = form_for(client.get(asked[1]).text, "yes").fields | {"verb": "yes"}
    client.post(asked[1], data=fields)
    client.post(asked[1], data=fields)
    assert len(market.letters("interested")) == 1
    assert "stands already; nothing was sent twice" in client.get(asked[1]).text


def test_later_names_the_day_of_the_reminder(client: FlaskClient, market: Market, asked: tuple[int, str]) -> None:
    answer = send(client, asked[1], "yes", verb="later")
    row = market.introduction(asked[0])
    assert row.state == "asked"
    assert row.remind_on is not None
    assert f"We remind you on {row.remind_on:%A} {row.remind_on.day}" in client.get(answer.location).text


def test_no_with_a_reason_is_kept_from_the_poster(
    client: FlaskClient, market: Market, asked: tuple[int, str], opportunity_id: int
) -> None:
    answer = send(client, asked[1], "no", verb="no", text="Too far away.")
    assert market.introduction(asked[0]).state == "declined"
    assert "You said no" in client.get(answer.location).text
    assert "Too far away." not in client.get(market.page(opportunity_id)).text
    assert market.letters("interested") == []


def test_a_no_can_become_a_yes(client: FlaskClient, market: Market, asked: tuple[int, str]) -> None:
    send(client, asked[1], "no", verb="no")
    send(client, asked[1], "yes", verb="yes")
    assert market.introduction(asked[0]).state == "accepted"


def test_a_question_is_passed_on_and_the_answer_stands_on_the_page(
    client: FlaskClient, market: Market, asked: tuple[int, str], opportunity_id: int
) -> None:
    send(client, asked[1], "ask", verb="ask", text="Which weekend?")
    assert market.letters("question")[0].to_address == "anna@alder.example"
    send(client, market.page(opportunity_id), f"/answer/{asked[0]}", text="The second one in May.")
    shown = client.get(asked[1]).text
    assert "Which weekend?" in shown
    assert "The second one in May." in shown


def test_an_empty_question_is_asked_for_and_nothing_is_sent(
    client: FlaskClient, market: Market, asked: tuple[int, str]
) -> None:
    answer = send(client, asked[1], "ask", verb="ask", text="  ")
    assert answer.status_code == 422
    assert "Your question is empty. Write what you would like to know." in answer.text
    assert market.letters("question") == []


def test_a_note_that_is_too_long_stays_in_the_form(client: FlaskClient, market: Market, asked: tuple[int, str]) -> None:
    note = "We can. " * 1000
    answer = send(client, asked[1], "yes", verb="yes", text=note)
    assert answer.status_code == 422
    assert "7,999 characters are too many; at most 5,000 fit" in answer.text
    assert form_for(answer.text, "yes").fields["yes-text"] == note.strip()
    assert market.introduction(asked[0]).state == "asked"


def test_a_closed_opportunity_says_so_and_takes_no_yes(
    client: FlaskClient, market: Market, asked: tuple[int, str], opportunity_id: int, session: Session
) -> None:
    fields = form_for(client.get(asked[1]).text, "yes").fields | {"verb": "yes"}
    session.get_one(Opportunity, opportunity_id).state = "closed"
    session.commit()
    shown = client.get(asked[1]).text
    assert "This one is closed" in shown
    assert "Yes, introduce me" not in shown
    answer = client.post(asked[1], data=fields)
    assert "The poster has finished looking, so nothing was passed on." in client.get(answer.location).text
    assert market.introduction(asked[0]).state == "asked"


def test_a_form_from_another_site_answers_nothing(client: FlaskClient, market: Market, asked: tuple[int, str]) -> None:
    answer = client.post(asked[1], data={"verb": "yes"})
    assert answer.status_code == 400
    assert market.introduction(asked[0]).state == "asked"


def test_an_unknown_wish_is_refused(client: FlaskClient, market: Market, asked: tuple[int, str]) -> None:
    assert send(client, asked[1], "yes", verb="buy").status_code == 400
    assert market.introduction(asked[0]).state == "asked"


def test_a_number_that_is_not_in_the_letter_opens_nothing(client: FlaskClient, asked: tuple[int, str]) -> None:
    assert client.get(asked[1][:-1] + "1").status_code == 404
    assert client.get(asked[1][:-1] + "99999999999999999999").status_code == 404


def test_a_forged_token_opens_nothing_and_a_stale_one_says_so(
    client: FlaskClient, market: Market, asked: tuple[int, str]
) -> None:
    token = asked[1].split("/")[2]
    assert client.get(f"/offer/{token[:-1]}/2").status_code == 404
    letter_id = market.letters("digest")[0].id
    stale = seal(market.settings.secret_key, "reply", letter_id, expires_on=NOW.date() - timedelta(days=1))
    answer = client.get(f"/offer/{stale}/2")
    assert answer.status_code == 410
    assert "This link has expired." in answer.text
    assert 'href="/sign-in">Ask for a sign-in link</a>' in answer.text


def test_the_posters_own_letter_is_no_key_to_a_partners_offer(
    client: FlaskClient, market: Market, asked: tuple[int, str]
) -> None:
    market.says(asked[0], "yes")
    letter = market.letters("interested")[0]
    path = market.path(market.links.offer(letter.id, 1))
    assert client.get(path).status_code == 404


def test_after_the_introduction_the_offer_leads_to_it(client: FlaskClient, market: Market) -> None:
    opportunity_id, introduction_id = market.met()
    assert opportunity_id
    path = market.path(market.links.offer(market.letters("digest")[0].id, 2))
    shown = client.get(path).text
    assert "You have been introduced" in shown
    assert market.side(introduction_id, "partner") in shown
