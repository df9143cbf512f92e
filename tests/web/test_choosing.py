"""Where the poster answers partners and chooses among them, on its page: it counts for what the page showed."""

from flask.testing import FlaskClient

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
