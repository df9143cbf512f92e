"""Every letter as its reader's mail program shows it: narrow and wide, light and dark, in a real browser."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import open_chromium
from tests.web.sample_letters import VALUES, as_html

pytestmark = [pytest.mark.browser]

WIDTHS = (360, 700)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
MIN_CONTRAST = 4.5  # of small text. Source: WCAG 2.2, 1.4.3
MIN_TEXT_PX = 12
# How high and wide a thumb finds a link that answers, and one that stands alone. Source: WCAG 2.2, 2.5.5 and 2.5.8
MIN_TOUCH = {".button a": (44, 44), ".answers a": (44, 24), ".choices a": (44, 24), ".foot p > a": (24, 24)}

# Every visible text with the contrast to what lies behind it, its size, and the words it begins with.
TEXTS = """() => {
  const channel = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  const parse = c => { const n = c.match(/[\\d.]+/g).map(Number); return n.length === 3 ? [...n, 1] : n }
  const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2])
  const behind = e => {
    for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c }
    return [255, 255, 255, 1]
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = []
  while (walker.nextNode()) {
    const words = walker.currentNode.textContent.trim(), e = walker.currentNode.parentElement
    if (!words || !e.checkVisibility()) continue
    const style = getComputedStyle(e), [a, b] = [light(parse(style.color)), light(behind(e))]
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    found.push({ words: words.slice(0, 40), contrast, px: parseFloat(style.fontSize) })
  }
  return found
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_chromium() as opened:
        yield opened


@pytest.fixture(params=SCHEMES)
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with browser.new_page(color_scheme=request.param) as opened:
        yield opened


@pytest.mark.parametrize("name", VALUES)
def test_a_letter_is_readable_narrow_and_wide_light_and_dark_and_fetches_nothing(name: str, page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.set_content(as_html(name))
        picture(page, f"{name}-{width}-{scheme_of(page)}")
        texts = page.evaluate(TEXTS)
        assert len(texts) > 4
        assert [each for each in texts if each["contrast"] < MIN_CONTRAST] == []
        assert [each for each in texts if each["px"] < MIN_TEXT_PX] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert too_small(page) == []
    assert fetched == []


def test_a_letter_whose_style_sheet_was_dropped_fits_a_phone(browser: Browser) -> None:
    """As the Gmail app shows it for an account of another provider: what is written into the tags stays."""
    with browser.new_page(viewport={"width": WIDTHS[0], "height": 800}) as page:
        for name in VALUES:
            html, n_dropped = re.subn(r"<style.*?</style>", "", as_html(name), flags=re.DOTALL)
            page.set_content(html)
            assert n_dropped == 1
            assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[0]


def too_small(page: Page) -> list[str]:
    """List the links that a thumb misses."""
    boxes = [
        (link.inner_text(), link.bounding_box() or {"height": 0, "width": 0}, least)
        for where, least in MIN_TOUCH.items() for link in page.locator(where).all()
    ]  # fmt: skip
    return [words for words, box, (high, wide) in boxes if box["height"] < high or box["width"] < wide]


def scheme_of(page: Page) -> str:
    return "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"


def picture(page: Page, name: str) -> None:
    """Keep the whole letter as a picture when pictures are asked for (PICTURES=folder)."""
    folder = os.environ.get("PICTURES")
    if folder:
        (Path(folder) / "letters").mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / "letters" / f"{name}.png", full_page=True)
