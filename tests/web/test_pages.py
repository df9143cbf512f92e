"""The first page, the page about how it works, and the page that says what went wrong."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from tests.web.market import Market
from tests.web.visiting import TOKEN, Visitor
from web import clock, create_app, limiter
from web.settings import Settings


def middle(html: str) -> str:
    """Cut away what all pages share: the head and the foot."""
    return html.partition("<main")[2].partition("</main>")[0]


def test_the_first_page_opens_two_doors(client: FlaskClient) -> None:
    shown = middle(client.get("/").text)
    assert 'href="/post"' in shown
    assert 'href="/join"' in shown
    assert "Post work you cannot do alone" in shown
    assert "Get paid work in your inbox" in shown


def test_the_offer_that_the_first_page_shows_could_have_come_today(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2031, 5, 5, tzinfo=UTC))
    shown = middle(client.get("/").text)
    for words in ("due 8 September 2031", "answer by 2 June", "for a dairy group in 2029"):
        assert words in shown


def test_the_first_page_counts_what_is_in_the_database(client: FlaskClient, market: Market) -> None:
    assert "digest here" not in client.get("/").text
    market.opened()
    assert "3 firms in 1 country read their digest here; 1 project is looking for a partner right now" in (
        " ".join(client.get("/").text.split())
    )


@pytest.mark.parametrize(
    "words",
    [
        "customer stays yours",
        "charges neither side",
        "25 partners",
        "five offers a day",
        "hidden score",
        "profile bring",
    ],
)
def test_the_first_page_answers_the_fears(client: FlaskClient, words: str) -> None:
    assert words in middle(client.get("/").text)


def test_privacy_says_what_why_and_how_long(client: FlaskClient) -> None:
    shown = client.get("/how").text
    assert 'id="privacy"' in shown
    assert all(heading in shown for heading in (">What<", ">Why<", ">How long<"))


def test_privacy_says_how_long_this_very_service_keeps_things(settings: Settings) -> None:
    chosen = replace(settings, keep_mail_days=7, keep_letters_days=200, keep_drafts_days=150, keep_matches_days=61)
    shown = create_app(chosen).test_client().get("/how").text
    for words in (
        "as it came: 7 days.",
        "What our letters said: 200 days, longer",
        "nobody confirmed: 150 days",
        "61 days after",
    ):
        assert words in shown
    assert "90 days" not in shown


def test_no_page_holds_a_script_or_a_style_of_its_own(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    offer = market.asked(opportunity_id)[0][1]
    for path in ("/", "/how", "/post", "/nothing", market.page(opportunity_id), offer):
        answer = client.get(path)
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "<script>" not in answer.text
        assert "<style" not in answer.text
        assert " style=" not in answer.text
        assert " onclick" not in answer.text


def test_no_browser_and_no_proxy_keeps_a_page_that_is_somebodys_own(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    introduction_id, offer = market.asked(opportunity_id)[0]
    sign_in = market.path(market.links.sign_in(market.introduction(introduction_id).contact_id))
    Visitor(client).press(sign_in)
    for path in (market.page(opportunity_id), offer, sign_in, "/partner", "/partner/edit", "/nothing", "/join/sent"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path
    for path in ("/", "/post", "/join", "/how", "/static/favicon.svg"):
        with client.get(path) as answer:
            assert "no-store" not in answer.headers.get("Cache-Control", ""), path


def test_an_address_with_nothing_at_it_gets_a_sentence(client: FlaskClient) -> None:
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.text
    assert "<title>Nothing here · Counterpart</title>" in answer.text


def test_the_address_of_a_form_leads_back_to_its_page(client: FlaskClient, market: Market) -> None:
    """A phone that let a page go asks for it again by its address, which may be that of a form that came back wrong."""
    page = market.page(market.opened())
    for path, above in ((f"{page}/choose", page), (f"{page}/ask/3", page), ("/partner/digest", "/partner")):
        answer = client.get(path)
        assert answer.status_code == 405
        assert f'<a class="button" href="{above}">Open its page</a>' in answer.text
    assert "Open its page" not in client.get("/sign-out").text


def test_a_flood_of_postings_is_slowed_down_in_words(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    answers = [client.post("/post", data={}) for _ in range(31)]
    assert [each.status_code for each in answers] == [422] * 30 + [429]
    assert re.search(r"Try it again in (60|59) minutes\.", answers[-1].text)  # the limit is one of an hour
    assert 3500 < int(answers[-1].headers["Retry-After"]) <= 3600


def test_over_tls_a_form_needs_its_token_and_no_referer(settings: Settings) -> None:
    client = create_app(replace(settings, base_url="https://partners.example")).test_client()
    behind_proxy = {"base_url": "https://partners.example", "headers": {"X-Forwarded-Proto": "https"}}
    page = client.get("/sign-in", **behind_proxy)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    told = {"email": "ana@quay.example"}
    assert client.post("/sign-in", data=told, **behind_proxy).status_code == 400
    found = TOKEN.search(page.text)
    assert found
    answer = client.post("/sign-in", data={**told, "csrf_token": found[1]}, **behind_proxy)
    assert (answer.status_code, answer.location) == (302, "/sign-in/sent")
