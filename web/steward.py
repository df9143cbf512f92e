"""The steward's page: the last night, the queues and what went wrong; opened by a link that only the machine makes."""

from datetime import datetime, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from matcher.store import watching
from web import clock, limiter
from web.db import transaction
from web.health import state_of_parts
from web.saying import opened
from web.steward_page import steward_page

pages = Blueprint("steward", __name__)
COOKIE = "steward_until"
STAYS = timedelta(hours=12)
MAX_ADDRESS = 254


@pages.get("/steward/in/<token>")
@limiter.limit("60 per hour")
def link(token: str) -> str:
    """Ask for a press of a button: programs that follow links must not become the steward."""
    opened("steward", token)
    return render_template("steward/link.html", token=token)


@pages.post("/steward/in/<token>")
@limiter.limit("60 per hour")
def enter(token: str) -> Response:
    opened("steward", token)
    cookie[COOKIE] = (clock.now() + STAYS).isoformat()
    return redirect(url_for("steward.show"), 303)


@pages.get("/steward")
def show() -> str:
    _only_steward()
    parts = {name: said for name, said in state_of_parts().items() if said != "ok"}
    address = request.args.get("address", "").strip()[:MAX_ADDRESS].lower()
    with transaction() as session:
        page = steward_page(session, address=address, now=clock.now())
        return render_template("steward/page.html", page=page, parts=parts, address=address, now=clock.now())


@pages.post("/steward/jobs/<int:job_id>/again")
def again(job_id: int) -> Response:
    _only_steward()
    with transaction() as session:
        done = watching.try_again(session, job_id)
    return _said("It is tried again now." if done else "It is not set aside any more, or waits already.")


@pages.post("/steward/jobs/<int:job_id>/drop")
def drop(job_id: int) -> Response:
    _only_steward()
    with transaction() as session:
        done = watching.drop(session, job_id)
    return _said("It is forgotten." if done else "It is not set aside any more.")


@pages.post("/steward/out")
def leave() -> Response:
    cookie.pop(COOKIE, None)
    flash("You have left the steward's page.", "done")
    return redirect("/", 303)


def _said(sentence: str) -> Response:
    flash(sentence, "done")
    return redirect(url_for("steward.show", _anchor="jobs"), 303)


def _only_steward() -> None:
    """Refuse whoever has not come by the link, or came too long ago."""
    until = cookie.get(COOKIE, "")
    if not isinstance(until, str) or not until or datetime.fromisoformat(until) < clock.now():
        abort(404)
