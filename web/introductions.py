"""One side of an introduction → its page: who the other side is, what happened, what came of it."""

from flask import Blueprint, abort, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matcher import exchange
from matcher.store import introductions, letters
from matcher.wording import Said
from web import clock, limiter, saying, side_page
from web.db import transaction
from web.forms import AgreeForm, DisputeForm, OutcomeForm
from web.links import side_of

pages = Blueprint("introductions", __name__)

ABOUT_OUTCOMES = ("outcome", "confirm_outcome", "recorded")


@pages.get("/introduction/<token>/<side>")
def show(token: str, side: str) -> str:
    with transaction() as session:
        return _page(session, _opened(session, token, side), token)


@pages.get("/introduction/<token>")
def show_side(token: str) -> Response:
    """Add the side, which the token knows, to a link that was cut short."""
    return redirect(url_for("introductions.show", token=token, side=side_of(saying.opened("introduction", token))[1]))


@pages.get("/outcome/<token>")
def from_letter(token: str) -> Response:
    """Lead the reader of a letter about an outcome to the own side's page."""
    with transaction() as session:
        letter = letters.letter(session, saying.opened("reply", token))
        if letter is None or letter.kind not in ABOUT_OUTCOMES:
            abort(404)
        row = introductions.introduction(session, letter.refs[0][1]) or abort(404)
        sides = {row.opportunity.contact_id: "poster", row.contact_id: "partner"}
        side = sides.get(letter.contact_id) or abort(404)
        return redirect(saying.path_of(saying.links().introduction(row.id, side)))


@pages.post("/introduction/<token>/<side>/outcome")
@limiter.limit("60 per hour")
def report(token: str, side: str) -> str | tuple[str, int] | Response:
    form = OutcomeForm()
    with transaction() as session:
        mine = _opened(session, token, side)
        if not form.validate():
            return _page(session, mine, token, outcome=form), 422
        said = exchange.record_outcome(
            session, mine.row, mine.reader, result=form.result.data, revenue_eur=form.revenue_eur, now=clock.now()
        )
    return _done(token, side, said)


@pages.post("/introduction/<token>/<side>/confirm")
def confirm(token: str, side: str) -> Response:
    form = AgreeForm()
    with transaction() as session:
        mine = _opened(session, token, side)
        shown = (form.result.data, form.revenue.data)
        said = exchange.confirm_outcome(session, mine.row, mine.reader, shown=shown, now=clock.now())
    return _done(token, side, said)


@pages.post("/introduction/<token>/<side>/dispute")
@limiter.limit("60 per hour")
def dispute(token: str, side: str) -> str | tuple[str, int] | Response:
    form = DisputeForm(prefix="dispute")
    with transaction() as session:
        mine = _opened(session, token, side)
        if not form.validate():
            return _page(session, mine, token, dispute=form), 422
        shown = (form.result.data, form.revenue.data) if form.result.data else None
        said = exchange.dispute_outcome(session, mine.row, mine.reader, form.text.data, shown=shown, now=clock.now())
    return _done(token, side, said)


def _opened(session: Session, token: str, side: str) -> side_page.Mine:
    number, own_side = side_of(saying.opened("introduction", token))
    row = introductions.introduction(session, number)
    if row is None or side != own_side:
        abort(404)
    return side_page.Mine(row, own_side)


def _page(
    session: Session,
    mine: side_page.Mine,
    token: str,
    *,
    outcome: OutcomeForm | None = None,
    dispute: DisputeForm | None = None,
) -> str:
    page = side_page.fill(session, mine)
    return render_template(
        "introduction.html",
        page=page,
        token=token,
        outcome=outcome or OutcomeForm(formdata=None),
        dispute=dispute or DisputeForm(prefix="dispute", formdata=None),
    )


def _done(token: str, side: str, said: Said) -> Response:
    saying.say(said)
    return redirect(url_for("introductions.show", token=token, side=side), 303)
