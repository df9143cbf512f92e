"""A page's HTML → its forms as a browser would send them: what is hidden or filled in goes along."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass(slots=True)
class Form:
    """One form of a page."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    boxes: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {key: value or "" for key, value in attrs}
        name = named.get("name", "")
        if tag == "form":
            self.forms.append(Form(named.get("action", "")))
        elif named.get("type") in ("checkbox", "radio"):
            self.forms[-1].boxes.append(name)
        elif tag == "input" and name:
            self.forms[-1].fields[name] = named.get("value", "")
        elif tag == "textarea":
            self.area, self.forms[-1].fields[name] = name, ""
        elif tag == "button" and self.forms:
            self.forms[-1].buttons.append((name, named.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.forms[-1].fields[self.area] += data.removeprefix("\r\n").removeprefix("\n")


def forms(html: str) -> list[Form]:
    """List the forms of a page."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


def form_for(html: str, wish: str) -> Form:
    """Find the one form that leads to `wish` or has a button with that value."""
    fits = [each for each in forms(html) if each.action.split("#")[0].endswith(wish) or ("verb", wish) in each.buttons]
    assert fits, f"no form for {wish!r}"
    return fits[0]


def send(client: FlaskClient, page: str, wish: str, **typed: str | list[str]) -> TestResponse:
    """Open a page, fill in one of its forms and press the button; a field is named by the end of its name."""
    form = form_for(client.get(page).text, wish)
    fields: dict[str, str | list[str]] = dict(form.fields)
    for name, value in typed.items():
        fields[next((each for each in (*form.fields, *form.boxes) if each.split("-")[-1] == name), name)] = value
    return client.post(form.action.split("#")[0] or page, data=fields)
