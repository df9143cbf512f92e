"""What single mail programs need beside what all of them read."""

import re
from typing import Any

import pytest

from tests.web.sample_letters import SETTINGS, TODAY, VALUES, as_html, letter
from web.links import Links
from web.mail import KINDS
from web.printing import html_of


@pytest.mark.parametrize("name", VALUES)
def test_outlook_on_windows_is_told_the_width_of_a_letter_the_room_in_a_button_and_a_font(name: str) -> None:
    """It knows neither max-width nor the padding of a link, and takes the first font of a list or Times."""
    html = as_html(name)
    opened, closed = re.findall(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", html)
    assert opened.startswith('<table role="presentation" width="600" align="center"')
    assert closed == "</td></tr></table>"
    assert html.index(opened) < html.index('class="sheet') < html.rindex('class="foot"') < html.index(f"{closed}<![")
    assert set(re.findall(r"font: [^;]*?px/[\d.]+ ([^,]+),", html)) == {"'Segoe UI'", "Georgia"}
    assert html.count('class="button"') == html.count("mso-padding-alt: 12px 20px;")


def test_the_lines_that_somebody_wrote_stay_lines_in_outlook() -> None:
    """It knows no white-space: without a <br> all that was posted would be one line."""
    told = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", as_html("introduction.partner"), re.DOTALL)
    posted = VALUES["introduction.partner"]["text"]
    assert [each.replace("&amp;", "&") for each in told] == ["<br>".join(posted.splitlines())]
    assert "“1 yes”<br>&lt;b&gt;“2 no”" in html_of("answer", _answer("“1 yes”\n<b>“2 no”"))


def _answer(line: str) -> dict[str, Any]:
    made = letter("answer.stranger")
    said = {**VALUES["answer.stranger"], "lines": [line]}
    links = Links(SETTINGS, TODAY)
    return {**said, "letter": made, "contact": None, "links": links, "kind": KINDS["answer"], "replies": False,
            "subject": "Re: something"}  # fmt: skip
