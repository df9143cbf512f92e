"""Both sides of the market, played in one browser against the running service."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from jobs import digest
from jobs.demo import running
from jobs.ground import Ground, ground_on
from jobs.story_words import month_ahead
from matcher.models import Contact, Digest, Introduction, Letter, Match, Opportunity, Posting
from matcher.store.habits import next_working_day
from tests.browser.chromium import open_chromium
from tests.conftest import fresh_database, settings_at
from web import create_app
from web.db import transaction

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

PICTURES = Path(os.environ.get("PICTURES") or Path(__file__).parent / "pictures")
PHONE, DESKTOP = (390, 844), (1280, 900)
TODAY = datetime.now(UTC).date()
DAY = next_working_day(TODAY + timedelta(days=2))  # nowhere on earth today
WAIT_MS = 20_000
POSTER = "graham@tallowgate.example"
POSTING = (
    "We have won a Business Central roll-out for a builders' merchant, Oakworth Timber Ltd in Leeds. Their mail is "
    "still on Lotus Notes: about 380 mailboxes, two shared databases and a fax gateway nobody dares to touch. We do "
    "the ERP ourselves. We need somebody who moves the mail to Exchange Online over one weekend."
)

FORM = {
    "text": POSTING,
    "due": f"end of {month_ahead(TODAY, 2):%B %Y}",
    "place": "Leeds, on site for the weekend",
    "pays": "the customer pays us, we pay you a fixed price of 9,000 EUR",
    "email": POSTER,
}


@pytest.fixture(scope="module")
def service(server: str, seeded_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Run the whole service as it runs for people: web, worker, mail in, local mailbox."""
    with fresh_database(server, f"browser_{os.getpid()}", template=seeded_template) as url:
        g = ground_on(create_app(settings_at(url, tmp_path_factory.mktemp("browser"))))
        with transaction(g.engine) as session:  # or the worker would write to whoever has had breakfast already
            contacts = list(session.scalars(select(Contact.id)))
            days = [TODAY + timedelta(days=n) for n in (-1, 0, 1)]
            session.add_all(Digest(contact_id=each, day=day, letter_id=0) for each in contacts for day in days)
        with running(g.settings):
            yield g
        g.engine.dispose()


@pytest.fixture
def browser() -> Iterator[Browser]:
    with open_chromium() as opened:
        yield opened


def picture(page: Page, name: str) -> None:
    """Take a page at phone and desktop width when pictures are asked for (PICTURES=folder)."""
    if not os.environ.get("PICTURES"):
        return
    for kind, (width, height) in (("phone", PHONE), ("desktop", DESKTOP)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=PICTURES / f"{name}-{kind}.png")
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


def open_letter(page: Page, g: Ground, address: str, subject: str) -> None:
    """Open the newest letter of an inbox whose subject has these words, waiting until it is there."""
    for _ in range(40):
        page.goto(f"{g.settings.base_url}/mailbox/{address}")
        found = page.locator("main a", has_text=subject)
        if found.count():
            found.first.click()
            return
        page.wait_for_timeout(500)
    pytest.fail(f"no letter about {subject!r} came to {address}")


def reply(page: Page, words: str) -> None:
    """Reply to the open letter through the mailbox's reply box."""
    page.get_by_label("Your words").fill(words)
    page.get_by_role("button", name="Send by SMTP").click()


def asked_first(g: Ground) -> tuple[str, int]:
    """Return the best match that was asked about the posting, and its number in that digest."""
    with transaction(g.engine) as session:
        row = session.execute(
            select(Introduction, Letter)
            .join(Letter, (Letter.contact_id == Introduction.contact_id) & (Letter.kind == "digest"))
            .join(Match, Match.id == Introduction.match_id)
            .join(Opportunity, Opportunity.id == Introduction.opportunity_id)
            .join(Posting, Posting.id == Opportunity.posting_id)
            .join(Contact, Contact.id == Opportunity.contact_id)
            .where(Contact.email == POSTER, Posting.channel == "web")
            .order_by(Match.place)
        ).first()
        assert row is not None
        return row[1].to_address, next(number for number, each in row[1].refs if each == row[0].id)


def post(page: Page, g: Ground) -> None:
    """Post on the form and see matches appear, without names."""
    page.goto(f"{g.settings.base_url}/post")
    for name, words in FORM.items():
        page.locator(f"#{name}").fill(words)
    picture(page, "post")
    page.get_by_role("button", name="Show me how you read it").click()
    expect(page.locator("#matches li").first).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("main")).not_to_contain_text("Franking Lane")
    page.locator("#fits").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('fits').scrollIntoView()")
    picture(page, "opportunity")


def prove_address(page: Page, g: Ground) -> None:
    """Answer the letter that asks whether it was read right."""
    open_letter(page, g, POSTER, "Is this what you need?")
    picture(page, "letter")
    reply(page, "ok")
    open_letter(page, g, POSTER, "open")


def say_yes(page: Page, g: Ground) -> str:
    """Let the best match answer its digest; return its address."""
    digest.digest_day(g, DAY, at=datetime.now(UTC))
    partner, number = asked_first(g)
    open_letter(page, g, partner, "for you")
    picture(page, "digest")
    reply(page, f"{number} yes")
    return partner


def choose(page: Page, g: Ground) -> None:
    """Follow the poster's letter to the page and press the button."""
    open_letter(page, g, POSTER, "wants your")
    link = page.frame_locator("iframe").locator("a[href*='/opportunity/']").first
    page.goto(str(link.get_attribute("href")))
    picture(page, "choose")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Introduce me").click()


def test_a_posting_becomes_an_introduction_in_the_browser(service: Ground, browser: Browser) -> None:
    page = browser.new_page()
    page.set_default_timeout(WAIT_MS)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)

    page.goto(service.settings.base_url)
    picture(page, "home")
    post(page, service)
    prove_address(page, service)
    partner = say_yes(page, service)
    choose(page, service)

    met = page.get_by_role("heading", name="You were introduced")
    expect(met).to_be_visible()
    met.locator("xpath=following::a[1]").click()
    expect(page.locator("main")).to_contain_text(partner)
    picture(page, "introduction")
    page.goto(f"{service.settings.base_url}/mailbox")
    picture(page, "mailbox")
    assert complaints == []


def test_every_page_can_be_read_on_a_phone_without_scrolling_sideways(service: Ground, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 780})
    for path in ("/", "/post", "/join", "/how", "/sign-in", "/mailbox", f"/mailbox/{POSTER}", "/nothing-here"):
        page.goto(f"{service.settings.base_url}{path}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} pixels too wide for a phone"


def test_the_posting_form_works_without_javascript_and_by_keyboard(service: Ground, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{service.settings.base_url}/post")
    page.locator("#text").focus()
    due = f"{month_ahead(TODAY, 4):%B %Y}"
    page.keyboard.type(f"We need somebody for penetration tests of a web shop, remote, by {due}.")
    for words in (due, "remote", "the customer pays us, we pay you", "new@poster.example"):
        page.keyboard.press("Tab")
        page.keyboard.type(words)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("enetration")
