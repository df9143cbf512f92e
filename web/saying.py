"""What came of a wish → the notice on the next page, or the sentence beside the field; tokens → what they open."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from flask import abort, current_app, flash
from wtforms import Field

from matcher.terms import Refused
from matcher.tokens import TokenExpired, TokenRefused, unseal
from matcher.wording import Said
from web import clock
from web.expired import LinkExpired
from web.links import Links
from web.mail import DESK


def say(said: Said) -> None:
    """Show on the next page what was done, with our addresses in full."""
    domain = links().settings.inbound_domain
    lines = [DESK.sub(rf"\g<0>{domain}", each) for each in said.lines]
    flash({"heading": said.heading, "lines": lines}, said.tone)


@contextmanager
def refusals_beside(field: Field) -> Iterator[None]:
    """Put the sentence of a refusal beside the field it is about, instead of an error page."""
    try:
        yield
    except Refused as refused:
        field.errors = [*field.errors, str(refused)]


def opened(purpose: str, token: str) -> int:
    """Return the number in a page's token; 410 when it has expired, 404 when it is not one of ours."""
    return opened_as(token, purpose)[1]


def opened_as(token: str, *purposes: str) -> tuple[str, int]:
    """Return which of some purposes a token was made for, and its number; 410 or 404 like `opened`."""
    secret = current_app.extensions["counterpart"].settings.secret_key
    for purpose in purposes:
        try:
            return purpose, unseal(secret, purpose, token, today=clock.now().date())
        except TokenExpired:
            raise LinkExpired(purpose) from None
        except TokenRefused:
            continue  # it may have been made for the next
    return abort(404)


def links() -> Links:
    """Return the maker of links for this moment."""
    return Links(current_app.extensions["counterpart"].settings, clock.now().date())


def path_of(link: str) -> str:
    """Cut a link down to its path, so that a page stays on the host it was asked for under."""
    return urlsplit(link).path
