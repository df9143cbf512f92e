"""Where the poster answers partners and chooses among them, on its page: it counts for what the page showed."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matcher.models import Introduction
from tests.web.filling import form_for
from tests.web.market import Market


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
