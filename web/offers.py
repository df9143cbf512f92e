"""One offer of a letter → the page where its reader says yes, later or no, or asks; the letter's token is the key."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matcher import wording
from matcher.exchange import answer, arrived, may_ask, standing
from matcher.models import Introduction, Letter
from matcher.store import introductions, letters, network
from matcher.terms import Act
from web import clock, limiter, saying
from web.db import transaction
from web.forms import NoteForm, QuestionForm

pages = Blueprint("offers", __name__)

HOW = "the page of an offer"
WITH_OFFERS = ("digest", "reminder", "answered", "question")
FORMS: dict[str, type[FlaskForm]] = {"yes": NoteForm, "later": NoteForm, "no": NoteForm, "ask": QuestionForm}
TALK = ("question", "answer")


@pages.get("/offer/<token>/<int:number>")
def show(token: str, number: int) -> str:
    with transaction() as session:
        return _page(session, token, number)


@pages.post("/offer/<token>/<int:number>")
@limiter.limit("120 per hour")
def act(token: str, number: int) -> str | tuple[str, int] | Response:
    verb = request.form.get("verb", "")
    if verb not in FORMS:
        abort(400)
    form = FORMS[verb](prefix=verb)
    with transaction() as session:
        row = offered(session, token, number)
        if not form.validate():
            return _page(session, token, number, {verb: form}), 422
        arrived(session, _letter(session, token), now=clock.now())
        saying.say(answer(session, row, Act(verb, number, form.text.data), how=HOW, now=clock.now()))
    return redirect(url_for("offers.show", token=token, number=number), 303)


def offered(session: Session, token: str, number: int) -> Introduction:
    """Find the introduction behind a number of a letter; the letter's reader alone may answer it."""
    letter = _letter(session, token)
    named = {each[0]: each[1] for each in letter.refs}
    row = introductions.introduction(session, named.get(number, 0))
    if row is None or row.contact_id != letter.contact_id:
        abort(404)
    return row


def _letter(session: Session, token: str) -> Letter:
    letter = letters.letter(session, saying.opened("reply", token))
    if letter is None or letter.kind not in WITH_OFFERS:
        abort(404)
    return letter


def _page(session: Session, token: str, number: int, sent: dict[str, FlaskForm] | None = None) -> str:
    row = offered(session, token, number)
    known = {each.key: each for each in network.competencies(session)}
    forms = {**{verb: kind(prefix=verb) for verb, kind in FORMS.items()}, **(sent or {})}
    return render_template(
        "offer.html",
        offer=wording.offer(row, number),
        row=row,
        needs=wording.needs(row.opportunity, known),
        facts=wording.facts(row.opportunity),
        terms=wording.terms(row.opportunity, side="partner"),
        talk=[step for step in row.steps if step.what in TALK],
        stands=_stands(row),
        forms=forms,
        introduction=_introduction_path(row),
        place=standing(session, row, now=clock.now()) if may_ask(row) else None,
        token=token,
        number=number,
    )


def _introduction_path(row: Introduction) -> str:
    """Link to the introduction once there is one."""
    if row.state not in ("introduced", "closed"):
        return ""
    return saying.path_of(saying.links().introduction(row.id, "partner"))


def _stands(row: Introduction) -> str:
    """Name what the page says first: how this offer stands with its reader."""
    finished = row.opportunity.state != "open" and row.state in ("asked", "declined", "lapsed")
    return "finished" if finished else row.state
