"""Pages on a phone whose owner reads large letters, and pages that come back because a form was wrong."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from matcher.models import Contact, Letter
from matcher.tokens import seal
from tests.browser.chromium import open_chromium
from tests.web.market import NOW, Market
from web import create_app, limiter
from web.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"width": 390, "height": 844}
LARGE_PX = 32  # twice what browsers begin with
FIRM = "Infrastrukturdienstleistungsgesellschaft Brandstätter"
LONG = "wilhelmine.brandstaetter-oberhuber@infrastrukturdienstleistungen.example"
PLAIN = ("/", "/post", "/join", "/how", "/sign-in", "/mailbox", f"/mailbox/{LONG}", "/mailbox/write", "/nothing-here")
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Whether the focus is on the box that says what is wrong, and that box in sight.
AT_PROBLEMS = """() => {
  const box = document.getElementById('problems'), { top, bottom } = box.getBoundingClientRect()
  return document.activeElement === box && top >= 0 && bottom <= innerHeight
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_chromium() as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with browser.new_page(viewport=PHONE) as opened:
        yield opened


@pytest.fixture
def market(settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Market]:
    """Serve the pages."""
    monkeypatch.setattr(limiter, "enabled", False)
    port = int(settings.base_url.rpartition(":")[2])
    server = make_server("127.0.0.1", port, create_app(settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Market(engine, settings)
    server.shutdown()
    thread.join()


def with_long_words(market: Market) -> tuple[int, int, int]:
    """Play up to an introduction to somebody with a long address; return opportunity, introduction and contact."""
    opportunity_id, introduction_id = market.met()
    contact_id = market.introduction(introduction_id).contact_id
    with Session(market.engine) as session, session.begin():
        contact = session.get_one(Contact, contact_id)
        contact.email, contact.name, contact.partner.name = LONG, "", FIRM
        for n, kind in enumerate(("digest", "confirm_outcome", "waitlisted")):
            told = {"state": "sent", "sent_at": NOW, "created_at": NOW}
            session.add(Letter(key=f"large:{n}", kind=kind, to_address=LONG, **told))
    return opportunity_id, introduction_id, contact_id


def too_wide(page: Page, market: Market, path: str) -> dict[str, int]:
    """Read a page in large letters, chosen for the browser or for this page alone; return by how much it is wider."""
    page.goto(market.settings.base_url + path)
    picture(page, path)
    found = {"browser": page.evaluate(WIDER)}
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found["page"] = page.evaluate(WIDER)
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": LARGE_PX}})
    return {f"{path}, {how}": n for how, n in found.items() if n > 0}


def picture(page: Page, path: str) -> None:
    """Keep the whole page as a picture when pictures are asked for (PICTURES=folder)."""
    folder = os.environ.get("PICTURES")
    if folder:
        (Path(folder) / "large").mkdir(parents=True, exist_ok=True)
        name = "-".join(each for each in path.split("/") if 0 < len(each) < 20) or "home"
        page.set_viewport_size(PHONE | {"height": page.evaluate("document.body.scrollHeight")})
        page.screenshot(path=Path(folder) / "large" / f"{name}.png")
        page.set_viewport_size(PHONE)


def enter(page: Page, market: Market, link: str) -> None:
    """Open a link that lets somebody in, and press its button."""
    page.goto(link)
    page.locator("main button").first.click()


def test_no_page_scrolls_sideways_in_letters_twice_as_large(market: Market, phone: Page) -> None:
    opportunity_id, introduction_id, contact_id = with_long_words(market)
    steward = seal(market.settings.secret_key, "steward", 1, expires_on=NOW.date())
    enter(phone, market, market.links.sign_in(contact_id))
    enter(phone, market, f"{market.settings.base_url}/steward/in/{steward}")
    of_one = [market.page(opportunity_id), *(market.side(introduction_id, side) for side in ("poster", "partner"))]
    offered = [market.path(market.links.offer(each.id, 2)) for each in market.letters("digest") if each.refs][:2]
    own = ["/partner", "/partner/edit", "/partner/leave", "/steward", market.path(market.links.digest(contact_id))]
    phone.context.new_cdp_session(phone).send("Page.setFontSizes", {"fontSizes": {"standard": LARGE_PX}})
    found = [too_wide(phone, market, path) for path in (*PLAIN, *of_one, *offered, *own)]
    assert phone.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 2 * LARGE_PX
    assert [each for each in found if each] == []


def ask_nothing(page: Page, market: Market) -> None:
    page.goto(market.settings.base_url + market.asked(market.opened())[0][1])
    page.get_by_text("Ask a question").click()
    page.get_by_role("button", name="Ask the poster").click()


def correct_nothing(page: Page, market: Market) -> None:
    page.goto(market.settings.base_url + market.draft(market.post()))
    page.get_by_role("button", name="Read it again").click()


def choose_nobody(page: Page, market: Market) -> None:
    opportunity_id = market.opened()
    for introduction_id, _ in market.asked(opportunity_id):
        market.says(introduction_id, "yes", "Two people are free.")
    page.goto(market.settings.base_url + market.page(opportunity_id))
    page.get_by_role("button", name="Introduce me").click()


def report_nothing(page: Page, market: Market) -> None:
    page.goto(market.settings.base_url + market.side(market.met()[1], "poster"))
    page.get_by_role("button", name="Report it").click()


@pytest.mark.parametrize("wrongly", [ask_nothing, correct_nothing, choose_nobody, report_nothing])
def test_a_page_that_comes_back_wrong_opens_at_what_is_wrong(
    market: Market, phone: Page, wrongly: Callable[[Page, Market], None]
) -> None:
    wrongly(phone, market)
    expect(phone).to_have_title(re.compile("^Error: "))
    phone.wait_for_function(AT_PROBLEMS)
    picture(phone, f"/wrong/{wrongly.__name__}")
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.matches('#problems a')")


# Whether the last word of an element stands on its last line, with whatever sign follows it.
ENDS_WITH_ITS_LAST_WORD = """each => {
  const text = each.lastChild, range = document.createRange()
  range.setStart(text, text.data.trimEnd().lastIndexOf(' ') + 1)
  range.setEnd(text, text.data.length)
  return each.getBoundingClientRect().bottom - range.getBoundingClientRect().bottom < 10
}"""


def test_the_arrow_of_a_link_stays_with_its_last_word(market: Market, phone: Page) -> None:
    phone.goto(market.settings.base_url)
    alone = []
    for width in range(300, 440, 2):
        phone.set_viewport_size({"width": width, "height": 844})
        alone += [(width, each.text_content()) for each in phone.locator(".door strong").all()
                  if not each.evaluate(ENDS_WITH_ITS_LAST_WORD)]  # fmt: skip
    assert alone == []
