"""The posting form: what is refused beside which field, and one posting however often it is sent."""

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matcher.models import Contact, Letter, Opportunity, Posting
from tests.web.filling import form_for, send
from tests.web.market import GOOD, TEXT
from tests.web.visiting import count, plain


def test_a_posting_becomes_a_draft_and_one_letter_that_asks_for_an_ok(client: FlaskClient, session: Session) -> None:
    answer = send(client, "/post", "/post", **GOOD)
    assert answer.status_code == 303
    row = session.query(Opportunity).one()
    assert row.state == "draft"
    assert (row.posting.channel, row.posting.facts["pays"]) == ("web", "we pay")
    letter = session.query(Letter).one()
    assert (letter.kind, letter.to_address) == ("confirm", "anna@alder.example")


def test_after_posting_the_page_shows_how_it_was_read_and_where_the_letter_went(client: FlaskClient) -> None:
    shown = plain(client.get(send(client, "/post", "/post", **GOOD).location).text)
    assert "We sent a letter to a…@alder.example" in shown
    assert "“Hallmann Brewery GmbH” is shown as “a customer”" in shown
    assert "Looking for firms" in shown


def test_an_empty_posting_is_refused_beside_its_field_and_nothing_is_written(
    client: FlaskClient, session: Session
) -> None:
    answer = send(client, "/post", "/post", **{**GOOD, "text": "  \n "})
    assert answer.status_code == 422
    assert "The posting is empty. Write in one or two sentences what you need and for when." in answer.text
    assert 'href="#text"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert count(session, Posting) + count(session, Letter) == 0


def test_200_000_characters_are_refused_and_all_of_them_stay_in_the_form(client: FlaskClient, session: Session) -> None:
    long = "need a partner " * 13_333 + "12345"
    assert len(long) == 200_000
    answer = send(client, "/post", "/post", **{**GOOD, "text": long})
    assert answer.status_code == 422
    assert "The posting has 200,000 characters; at most 20,000 can be read." in answer.text
    assert form_for(answer.text, "/post").fields["text"] == long
    assert form_for(answer.text, "/post").fields["due"] == "March"
    assert count(session, Posting) == 0


def test_more_than_a_form_can_carry_gets_a_sentence(client: FlaskClient, session: Session) -> None:
    answer = send(client, "/post", "/post", **{**GOOD, "text": "x" * 600_000})
    assert answer.status_code == 413
    assert "Shorten it to 20,000 characters" in answer.text
    assert count(session, Posting) == 0


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("email", "", "Your address: it is empty."),
        ("email", "anna at alder", "Your address: “anna at alder” is not a mail address. Write it like"),
        ("email", "anna@alder", "is not a mail address"),
        ("email", "anna@alder.example\nBcc: x@y.example", "is not a mail address"),
        ("due", "soon " * 60, "By when? 299 characters are too many; at most 200 fit."),
    ],
)
def test_a_field_that_cannot_work_is_named_with_its_value_and_what_to_do(
    client: FlaskClient, session: Session, field: str, typed: str, sentence: str
) -> None:
    answer = send(client, "/post", "/post", **{**GOOD, field: typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert form_for(answer.text, "/post").fields["text"] == TEXT
    assert count(session, Posting) == 0


def test_characters_that_no_text_needs_do_not_stop_a_posting(client: FlaskClient, session: Session) -> None:
    answer = send(
        client, "/post", "/post", **{**GOOD, "text": "Need a Notes \x00migration\x07 partner \u202efor March."}
    )
    assert answer.status_code == 303
    assert session.query(Posting).one().text == "Need a Notes migration partner for March."


def test_a_form_sent_twice_is_one_posting_and_one_letter(client: FlaskClient, session: Session) -> None:
    form = form_for(client.get("/post").text, "/post").fields | GOOD
    first, second = client.post("/post", data=form), client.post("/post", data=form)
    assert first.location == second.location
    assert (count(session, Posting), count(session, Letter)) == (1, 1)


def test_a_form_changed_after_going_back_is_a_posting_of_its_own(client: FlaskClient, session: Session) -> None:
    form = form_for(client.get("/post").text, "/post").fields | GOOD
    first = client.post("/post", data=form)
    second = client.post("/post", data=form | {"text": "We need somebody for a firewall audit in Graz."})
    assert first.location != second.location
    assert count(session, Posting) == 2


def test_a_double_click_of_a_newcomer_is_one_posting(app: Flask, client: FlaskClient, session: Session) -> None:
    form = form_for(client.get("/post").text, "/post").fields | GOOD
    cookie = client.get_cookie("session")
    assert cookie
    codes: list[int] = []

    def press() -> None:
        twin = app.test_client()
        twin.set_cookie("session", cookie.value)
        codes.append(twin.post("/post", data=form).status_code)

    twins = [threading.Thread(target=press) for _ in range(4)]
    for each in twins:
        each.start()
    for each in twins:
        each.join()
    assert codes == [303] * 4
    assert (count(session, Posting), count(session, Contact), count(session, Letter)) == (1, 1, 1)


def test_a_form_from_another_site_is_refused_in_words(client: FlaskClient, session: Session) -> None:
    answer = client.post("/post", data=GOOD)
    assert answer.status_code == 400
    assert "The form was open for too long, came from another page, or your browser keeps no cookies" in answer.text
    assert count(session, Posting) == 0
