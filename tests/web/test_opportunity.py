"""The page of a posting: who may open, correct, prolong and close it, and what it shows to whom."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matcher.models import Letter
from matcher.tokens import seal
from matcher.wording import day
from tests.web.filling import form_for, send
from tests.web.market import NOW, PARTNERS, Market
from tests.web.visiting import count, plain


def test_whoever_filled_in_the_form_cannot_open_it_with_the_page_alone(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.post()
    page = market.draft(opportunity_id)
    shown = client.get(page).text
    assert "Yes, this is right" not in shown
    token = form_for(shown, "/correct").fields["csrf_token"]
    for act in ("confirm", "close", "extend", "choose"):
        answer = client.post(f"{page}/{act}", data={"csrf_token": token, "reading": "0"})
        assert answer.status_code == 403, act
    assert market.opportunity(opportunity_id).state == "draft"


def test_once_open_the_first_page_says_only_where_the_real_one_is(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    shown = client.get(market.draft(opportunity_id)).text
    assert "It is open" in shown
    assert "a…@alder.example" in shown
    assert "anna@alder.example" not in shown
    assert "mailboxes" not in shown
    assert client.get(market.draft(opportunity_id) + "/matches").status_code == 403
    assert client.get(market.page(opportunity_id) + "/matches").status_code == 200


def test_looking_at_the_page_of_a_letter_opens_nothing(client: FlaskClient, market: Market, session: Session) -> None:
    opportunity_id = market.post()
    before = count(session, Letter)
    for _ in range(2):
        client.get(market.page(opportunity_id))
        client.get(market.page(opportunity_id) + "/matches")
        assert client.get(market.page(opportunity_id) + "/confirm").status_code == 405
    assert market.opportunity(opportunity_id).state == "draft"
    assert count(session, Letter) == before


def test_the_button_on_the_page_of_the_letter_opens_it_and_proves_the_address(
    client: FlaskClient, market: Market
) -> None:
    opportunity_id = market.post()
    answer = send(client, market.page(opportunity_id), "/confirm")
    assert answer.status_code == 303
    row = market.opportunity(opportunity_id)
    assert row.state == "open"
    assert "It is open." in client.get(answer.location).text


def test_a_yes_to_an_older_reading_opens_nothing(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.post()
    page = market.page(opportunity_id)
    old = form_for(client.get(page).text, "/confirm").fields
    send(client, market.draft(opportunity_id), "/correct", text="It is 900 mailboxes.")
    client.post(page + "/confirm", data=old)
    assert market.opportunity(opportunity_id).state == "draft"
    assert "It was read again in the meantime." in client.get(page).text


def test_a_correction_is_read_and_asked_about_once_more(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.post()
    year = NOW.year + 2
    answer = send(client, market.draft(opportunity_id), "/correct", text=f"by when: 1 May {year}")
    assert answer.status_code == 303
    assert market.opportunity(opportunity_id).due_on.isoformat() == f"{year}-05-01"
    assert len(market.letters("confirm")) == 2


def test_a_word_that_its_sender_hides_is_listed_once_with_what_others_see(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.post()
    send(client, market.draft(opportunity_id), "/correct", text="hide the word mailboxes")
    shown = client.get(market.draft(opportunity_id)).text
    assert shown.count("“mailboxes” is shown as “[words removed]”") == 1
    assert "400 mailboxes" not in shown


def test_an_empty_correction_is_asked_for(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.post()
    answer = send(client, market.draft(opportunity_id), "/correct", text=" ")
    assert answer.status_code == 422
    assert "Write what should be different" in answer.text
    assert len(market.letters("confirm")) == 1


def test_matches_come_to_the_page_without_names_and_without_who_worked_with_whom(
    client: FlaskClient, market: Market
) -> None:
    opportunity_id = market.post()
    fragment = market.draft(opportunity_id) + "/matches"
    assert 'data-state="waiting"' in client.get(fragment).text
    market.matched(opportunity_id)
    shown = client.get(fragment).text
    assert 'data-state="found"' in shown
    assert "Moved 100 mailboxes in 2024" in shown
    assert "knows breweries" in shown
    assert "worked with you" not in shown
    assert not any(name in shown for name, _ in PARTNERS)
    assert "worked with you in 2024" in client.get(market.page(opportunity_id) + "/matches").text


def test_without_a_script_the_page_reloads_itself_until_matches_are_found(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.post()
    assert '<noscript><meta http-equiv="refresh"' in client.get(market.page(opportunity_id)).text
    market.matched(opportunity_id)
    assert "http-equiv" not in client.get(market.page(opportunity_id)).text


@pytest.mark.parametrize("purpose", ["reply", "sign-in", "unsubscribe", "introduction"])
def test_a_token_made_for_something_else_opens_nothing(client: FlaskClient, market: Market, purpose: str) -> None:
    opportunity_id = market.post()
    secret = market.settings.secret_key
    token = seal(secret, purpose, opportunity_id, expires_on=NOW.date() + timedelta(days=9))
    assert client.get(f"/opportunity/{token}").status_code == 404


def test_a_forged_token_opens_nothing_and_a_stale_one_says_so(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.post()
    page = market.page(opportunity_id)
    assert client.get(page[:-1] + ("a" if page[-1] != "a" else "b")).status_code == 404
    stale = seal(market.settings.secret_key, "page", opportunity_id, expires_on=NOW.date() - timedelta(days=1))
    answer = client.get(f"/opportunity/{stale}")
    assert answer.status_code == 410
    assert "This link has expired. Ask for a sign-in link" in answer.text


def test_the_poster_keeps_it_open_longer_or_closes_it(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    page, closes_on = market.page(opportunity_id), market.opportunity(opportunity_id).closes_on
    send(client, page, "/extend")
    assert market.opportunity(opportunity_id).closes_on == closes_on + timedelta(days=30)
    send(client, page, "/close")
    assert market.opportunity(opportunity_id).state == "withdrawn"
    shown = client.get(page).text
    assert "This one is closed." in plain(shown)
    assert "/extend" not in shown


def test_a_month_more_that_is_asked_for_twice_is_one_month(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    page, closes_on = market.page(opportunity_id), market.opportunity(opportunity_id).closes_on
    form = form_for(client.get(page).text, "/extend")
    for _ in range(2):
        client.post(form.action, data=form.fields)
    assert market.opportunity(opportunity_id).closes_on == closes_on + timedelta(days=30)
    assert f"stays open until {day(closes_on + timedelta(days=30))} already." in plain(client.get(page).text)
    send(client, page, "/extend")
    assert market.opportunity(opportunity_id).closes_on == closes_on + timedelta(days=60)


def test_a_closed_opportunity_cannot_be_opened_or_corrected_again(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.post()
    page = market.page(opportunity_id)
    fields = form_for(client.get(page).text, "/confirm").fields
    send(client, page, "/close")
    client.post(page + "/confirm", data=fields)
    client.post(page + "/correct", data=fields | {"correct-text": "It is 900."})
    assert market.opportunity(opportunity_id).state == "withdrawn"
    assert "is closed already" in client.get(page).text
