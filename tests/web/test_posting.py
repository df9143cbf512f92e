"""The posting form and the poster's page: what is refused, what is shown to whom, and which button does what."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matcher.models import Contact, Introduction, Letter, Opportunity, Posting
from matcher.tokens import seal
from matcher.wording import day
from tests.web.filling import form_for, send
from tests.web.market import NOW, PARTNERS, TEXT, Market

GOOD = {"text": TEXT, "due": "March", "place": "remote", "pays": "we pay", "email": "Anna@Alder.example"}


def plain(html: str) -> str:
    return " ".join(html.split())


def count(session: Session, table: type) -> int:
    session.expire_all()
    return session.query(table).count()


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


def test_the_chosen_partner_is_introduced_and_named_only_then(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    (first, _), (second, _), _ = market.asked(opportunity_id)
    market.says(first, "yes", "Two people are free. Ask ana@quay.example")
    market.says(second, "yes")
    page = market.page(opportunity_id)
    shown = plain(client.get(page).text)
    assert "2 partners say yes" in shown
    assert "The customer stays yours." in shown
    assert "Two people are free." in shown
    assert not any(name in shown or email in shown for name, email in PARTNERS)
    answer = send(client, page, "/choose", numbers=["1"], act="introduce")
    shown = client.get(answer.location).text
    assert "You are introduced to Quay Nets." in shown
    assert "Fjord Mail" not in shown
    assert len(market.letters("introduction")) == 2
    assert market.introduction(second).state == "waitlisted"


def test_nobody_ticked_is_asked_about_and_changes_nothing(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    first = market.asked(opportunity_id)[0][0]
    market.says(first, "yes")
    answer = send(client, market.page(opportunity_id), "/choose", act="introduce")
    assert answer.status_code == 422
    assert "Nobody is ticked." in answer.text
    assert market.introduction(first).state == "accepted"


def test_none_of_these_tells_those_who_wait(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    first = market.asked(opportunity_id)[0][0]
    market.says(first, "yes")
    send(client, market.page(opportunity_id), "/choose", act="none")
    assert market.introduction(first).state == "waitlisted"
    assert len(market.letters("waitlisted")) == 1


def test_the_posters_question_goes_to_the_partner_without_names(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    first = market.asked(opportunity_id)[0][0]
    market.says(first, "yes")
    page = market.page(opportunity_id)
    assert send(client, page, "/ask/1", text="").status_code == 422
    send(client, page, "/ask/1", text="When could you start? anna@alder.example")
    letter = market.letters("question")[0]
    assert letter.to_address == "ana@quay.example"
    assert letter.values["question"].startswith("When could you start?")
    assert "alder" not in letter.values["question"]


def test_a_partners_question_waits_on_the_page_and_is_answered_once(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    first = market.asked(opportunity_id)[0][0]
    market.says(first, "ask", "Which weekend?")
    page = market.page(opportunity_id)
    assert "Which weekend?" in client.get(page).text
    form = form_for(client.get(page).text, f"/answer/{first}")
    fields = {key: value or "The second one in May." for key, value in form.fields.items()}
    client.post(form.action, data=fields)
    client.post(form.action, data=fields)
    assert [each.values["answer"] for each in market.letters("answered")] == ["The second one in May."]
    assert "Which weekend?" not in client.get(page).text


def test_a_question_about_somebody_elses_posting_cannot_be_answered(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    first = market.asked(opportunity_id)[0][0]
    market.says(first, "ask", "Which weekend?")
    other = market.page(market.post("We need somebody for a firewall audit in Graz, soon."))
    token = form_for(client.get(other).text, "/confirm").fields["csrf_token"]
    answer = client.post(f"{other}/answer/{first}", data={"csrf_token": token, f"answer-{first}-text": "Sunday"})
    assert answer.status_code == 404
    assert market.letters("answered") == []


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


def test_a_poster_reads_about_partners_only_after_their_yes(
    client: FlaskClient, market: Market, session: Session
) -> None:
    opportunity_id = market.opened()
    market.asked(opportunity_id)
    shown = plain(client.get(market.page(opportunity_id)).text)
    assert "3 partners have been asked so far" in shown
    assert "say yes" not in shown
    assert count(session, Introduction) == 3
