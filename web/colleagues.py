"""The owner's letter about a newcomer → a page with two buttons: yes, it posts and reads for the firm, or no."""

from flask import Blueprint, abort, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matcher.exchange import colleagues
from matcher.models import Letter
from matcher.store import letters
from web import clock
from web.db import transaction
from web.partner_forms import PressForm
from web.saying import opened, say

pages = Blueprint("colleagues", __name__)


@pages.get("/colleague/<token>")
def colleague(token: str) -> str:
    with transaction() as session:
        letter = _letter(session, token)
        is_open = colleagues.is_open(session, letter)
        return render_template(
            "colleague.html", form=PressForm(), told=letter.values, is_open=is_open, token=token,
        )  # fmt: skip


@pages.post("/colleague/<token>/yes")
def let_in(token: str) -> Response:
    with transaction() as session:
        how = "the page of a letter"
        say(colleagues.let_in(session, _letter(session, token), how=how, now=clock.now()))
    return redirect(url_for("colleagues.colleague", token=token), 303)


@pages.post("/colleague/<token>/no")
def keep_out(token: str) -> Response:
    with transaction() as session:
        say(colleagues.keep_out(session, _letter(session, token), now=clock.now()))
    return redirect(url_for("colleagues.colleague", token=token), 303)


def _letter(session: Session, token: str) -> Letter:
    return letters.letter(session, opened("colleague", token)) or abort(404)
