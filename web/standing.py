"""An offer's "what would bring me forward?" → a question put to the worker by a button, and the page that fills in."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matcher.exchange import ask_why_not, may_ask, standing
from web import clock, limiter, saying
from web.db import transaction
from web.offers import offered

pages = Blueprint("standing", __name__)


@pages.get("/offer/<token>/<int:number>/standing")
def show(token: str, number: int) -> str:
    """Give the answer alone, for the page that waits for it."""
    with transaction() as session:
        row = offered(session, token, number)
        place = standing(session, row, now=clock.now()) if may_ask(row) else None
        return render_template("standing.html", place=place, token=token, number=number)


@pages.post("/offer/<token>/<int:number>/standing")
@limiter.limit("60 per hour")
def ask(token: str, number: int) -> Response:
    with transaction() as session:
        said = ask_why_not(session, offered(session, token, number), now=clock.now())
    if said.tone != "done":
        saying.say(said)
    return redirect(url_for("offers.show", token=token, number=number, _anchor="standing"), 303)
