"""Where the poster answers partners and chooses among them, on its page: it counts for what the page showed."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matcher.models import Introduction
from tests.web.filling import form_for, send
from tests.web.market import PARTNERS, Market
from tests.web.visiting import count, plain


def test_an_answer_goes_under_the_question_that_the_page_showed(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    first = market.asked(opportunity_id)[0][0]
    market.says(first, "ask", "May it be done remotely?")
    form = form_for(client.get(market.page(opportunity_id)).text, f"/answer/{first}")
    market.says(first, "ask", "Must we travel every week?")
    client.post(form.action, data={key: value or "Yes, of course." for key, value in form.fields.items()})
    (answered,) = market.letters("answered")
    assert (answered.values["question"], answered.values["answer"]) == ("May it be done remotely?", "Yes, of course.")


def test_a_question_that_nobody_asked_is_not_put_above_an_answer(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    first, second = (each for each, _ in market.asked(opportunity_id)[:2])
    market.says(first, "ask", "May it be done remotely?")
    market.says(second, "ask", "What is the budget?")
    page = client.get(market.page(opportunity_id)).text
    form, other = (form_for(page, f"/answer/{each}") for each in (first, second))
    (of_other,) = (value for key, value in other.fields.items() if key.endswith("question"))
    for question in (of_other, "anna@alder.example", "٣", ""):
        typed = {f"answer-{first}-question": question, f"answer-{first}-text": "Yes, of course."}
        client.post(form.action, data=form.fields | typed)
        market.says(first, "ask", "May it be done remotely?")
    assert {each.values["question"] for each in market.letters("answered")} == {"May it be done remotely?"}
    assert len(market.letters("answered")) == 4


def test_a_choice_on_the_page_decides_about_those_that_it_showed_and_no_other(
    client: FlaskClient, market: Market
) -> None:
    opportunity_id = market.opened()
    first, second, third = (each for each, _ in market.asked(opportunity_id))
    market.says(first, "yes")
    market.says(second, "yes")
    form = form_for(client.get(market.page(opportunity_id)).text, "/choose")
    market.says(third, "yes")
    client.post(form.action, data={**form.fields, "choose-numbers": "1", "act": "introduce"})
    assert [market.introduction(each).state for each in (first, second, third)] == [
        "introduced", "waitlisted", "accepted",
    ]  # fmt: skip
    assert "1 partner says yes" in client.get(market.page(opportunity_id)).text


def test_none_of_these_passes_over_whom_the_page_showed_before_a_letter_did(
    client: FlaskClient, market: Market
) -> None:
    opportunity_id = market.opened()
    ids = [each for each, _ in market.asked(opportunity_id)]
    for each in ids:
        market.says(each, "yes")
    market.do(lambda session: forget_told(session, ids[2]))
    form = form_for(client.get(market.page(opportunity_id)).text, "/choose")
    client.post(form.action, data={**form.fields, "act": "none"})
    assert [market.introduction(each).state for each in ids] == ["waitlisted"] * 3
    assert market.introduction(ids[2]).told_at is not None


@pytest.mark.parametrize("told", ["", "1 x ٣ -2 99999999999999999999", "2"])
def test_what_a_page_is_said_to_have_shown_is_read_with_care(client: FlaskClient, market: Market, told: str) -> None:
    opportunity_id = market.opened()
    first, second, _ = (each for each, _ in market.asked(opportunity_id))
    market.says(first, "yes")
    market.says(second, "yes")
    form = form_for(client.get(market.page(opportunity_id)).text, "/choose")
    client.post(form.action, data={**form.fields, "choose-shown": told, "act": "none"})
    states = [market.introduction(each).state for each in (first, second)]
    assert states == {"": ["waitlisted"] * 2, "2": ["accepted", "waitlisted"]}.get(told, ["waitlisted", "accepted"])


def test_a_question_on_a_page_to_somebody_who_took_its_yes_back_is_answered_in_words(
    client: FlaskClient, market: Market
) -> None:
    opportunity_id = market.opened()
    first = market.asked(opportunity_id)[0][0]
    market.says(first, "yes")
    form = form_for(client.get(market.page(opportunity_id)).text, "/ask/1")
    market.says(first, "no")
    answer = client.post(form.action, data=form.fields | {"ask-1-text": "When could you start?"})
    assert "Number 1 has taken its yes back, so your question was not passed on." in client.get(answer.location).text
    assert market.letters("question") == []
    assert client.post(form.action.replace("/ask/1", "/ask/2"), data=form.fields).status_code == 404


def forget_told(session: Session, introduction_id: int) -> None:
    session.get_one(Introduction, introduction_id).told_at = None


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


def test_a_poster_reads_about_partners_only_after_their_yes(
    client: FlaskClient, market: Market, session: Session
) -> None:
    opportunity_id = market.opened()
    market.asked(opportunity_id)
    shown = plain(client.get(market.page(opportunity_id)).text)
    assert "3 partners have been asked so far" in shown
    assert "say yes" not in shown
    assert count(session, Introduction) == 3
