"""What single mail programs need beside what all of them read."""

import re

import pytest

from tests.web.sample_letters import VALUES, as_html


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
