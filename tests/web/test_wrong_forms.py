"""A form that came back because something in it is wrong: heard first, and tied to its fields."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from tests.web.filling import forms, send
from tests.web.market import Market
from tests.web.visiting import Visitor, firm, path

VOID = ("area", "base", "br", "col", "hr", "img", "input", "link", "meta")


class Marked(HTMLParser):
    """What of a page has a name, what describes what, and where the list of problems leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.described: dict[str, list[str]] = {}
        self.wanted: list[str] = []
        self.depth = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {key: value or "" for key, value in attrs}
        self.depth += tag not in VOID and (self.depth > 0 or named.get("id") == "problems")
        self.ids += [named["id"]] if "id" in named else []
        if "aria-describedby" in named:
            self.described.setdefault(named.get("id", ""), []).extend(named["aria-describedby"].split())
        if tag == "a" and self.depth:
            self.wanted.append(named["href"].removeprefix("#"))

    def handle_endtag(self, _: str) -> None:
        self.depth -= self.depth > 0

    @property
    def told(self) -> set[str]:
        return {each for ids in self.described.values() for each in ids}


def posted_nothing(client: FlaskClient, _: Market) -> str:
    return send(client, "/post", "/post", text="", email="nobody").text


def joined_with_nothing(client: FlaskClient, _: Market) -> str:
    return send(client, "/join", "/join").text


def signed_in_as_nobody(client: FlaskClient, _: Market) -> str:
    return send(client, "/sign-in", "/sign-in", email="nobody").text


def wrote_to_nobody(client: FlaskClient, _: Market) -> str:
    return send(client, "/mailbox/write", "/write").text


def asked_nothing(client: FlaskClient, market: Market) -> str:
    return send(client, market.asked(market.opened())[0][1], "ask", verb="ask").text


def corrected_nothing(client: FlaskClient, market: Market) -> str:
    return send(client, market.draft(market.post()), "/correct").text


def chose_nobody(client: FlaskClient, market: Market) -> str:
    opportunity_id = market.opened()
    market.says(market.asked(opportunity_id)[0][0], "yes")
    return send(client, market.page(opportunity_id), "/choose", act="introduce").text


def answered_nothing(client: FlaskClient, market: Market) -> str:
    opportunity_id = market.opened()
    introduction_id = market.asked(opportunity_id)[0][0]
    market.says(introduction_id, "ask", "May it be done remotely?")
    return send(client, market.page(opportunity_id), f"/answer/{introduction_id}").text


def reported_nothing(client: FlaskClient, market: Market) -> str:
    return send(client, market.side(market.met()[1], "poster"), "/outcome").text


def corrected_no_profile(client: FlaskClient, market: Market) -> str:
    page = path(market.links.profile(firm(market.engine, "Quay Nets", "ana@quay.example", state="draft")))
    return send(client, page, "/correct").text


def chose_no_digest(client: FlaskClient, market: Market) -> str:
    page = path(market.links.digest(firm(market.engine, "Quay Nets", "ana@quay.example")))
    return Visitor(client).press(page, digest="hourly", hour="21").text


def chose_no_digest_on_the_own_page(client: FlaskClient, market: Market) -> str:
    visitor = Visitor(client)
    visitor.press(path(market.links.sign_in(firm(market.engine, "Quay Nets", "ana@quay.example"))))
    return visitor.press("/partner", "/partner/digest", digest="hourly", hour="21").text


def sold_what_nobody_knows(client: FlaskClient, market: Market) -> str:
    visitor = Visitor(client)
    visitor.press(path(market.links.sign_in(firm(market.engine, "Quay Nets", "ana@quay.example"))))
    return visitor.press("/partner/edit", profile="", practices=["alchemy"], industries=["Alchemy"]).text


WAYS = (
    posted_nothing, joined_with_nothing, signed_in_as_nobody, wrote_to_nobody, asked_nothing, corrected_nothing,
    chose_nobody, answered_nothing, reported_nothing, corrected_no_profile, chose_no_digest,
    chose_no_digest_on_the_own_page, sold_what_nobody_knows,
)  # fmt: skip


@pytest.mark.parametrize("wrongly", WAYS)
def test_a_wrong_form_is_heard_first_and_each_sentence_is_tied_to_its_field(
    client: FlaskClient, market: Market, wrongly: Callable[[FlaskClient, Market], str]
) -> None:
    html = wrongly(client, market)
    page = Marked(html)
    assert "<title>Error: " in html
    assert len(re.findall(r'<div class="problems"[^>]* autofocus>', html)) == 1
    assert page.wanted
    assert len(page.ids) == len(set(page.ids))
    assert set(page.wanted) <= set(page.ids)
    assert {f"{each}-error" for each in page.wanted} <= page.told <= set(page.ids)


def test_a_page_without_a_mistake_says_nothing_of_one(client: FlaskClient, market: Market) -> None:
    side = market.side(market.met()[1], "poster")
    offer = path(market.links.offer(market.letters("digest")[1].id, 2))
    for each in ("/post", "/join", "/sign-in", "/mailbox/write", offer, side):
        assert "<title>Error" not in client.get(each).text


def test_no_form_is_sent_to_a_place_within_its_page(client: FlaskClient, market: Market) -> None:
    """A page that opens at a fragment keeps the focus from what is wrong, and the eye from what was done."""
    pages = [client.get(market.draft(market.post())).text]
    introduction_id = market.met()[1]
    send(client, market.side(introduction_id, "partner"), "/outcome", result="lost")
    pages += [client.get(market.side(introduction_id, side)).text for side in ("poster", "partner")]
    actions = [each.action for html in pages for each in forms(html)]
    assert {each.rpartition("/")[2] for each in actions} == {"correct", "outcome", "confirm", "dispute"}
