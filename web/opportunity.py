"""The poster's page of an opportunity: what was read, who fits, who said yes; each button is one verb."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matcher import exchange
from matcher.exchange.answering import from_poster
from matcher.models import Introduction
from matcher.store import introductions
from matcher.terms import Act
from matcher.wording import Said
from web import clock, limiter, poster_page, saying
from web.db import transaction
from web.forms import ChooseForm, ConfirmForm, CorrectForm, ExtendForm, QuestionForm, ReplyForm

pages = Blueprint("opportunity", __name__)

HOW = "the page of your opportunity"
Shown = str | tuple[str, int] | Response


@pages.get("/opportunity/<token>")
def show(token: str) -> str:
    with transaction() as session:
        return _page(session, token)


@pages.get("/opportunity/<token>/matches")
def matches(token: str) -> str:
    """Give the list of matches alone, for the page that waits for them."""
    with transaction() as session:
        opened = poster_page.access(session, token)
        if not opened.is_shown:
            abort(403)
        asked = introductions.excluded_partners(session, opened.row.id) if opened.row.state != "draft" else ()
        found = poster_page.found(session, opened, asked)
        return render_template("opportunity/matches.html", row=opened.row, found=found)


@pages.post("/opportunity/<token>/confirm")
def confirm(token: str) -> Shown:
    form = ConfirmForm()
    with transaction() as session:
        row = poster_page.owned(session, token)
        said = exchange.confirm(session, row, how=HOW, shown=form.number, now=clock.now())
    return _done(token, said)


@pages.post("/opportunity/<token>/correct")
@limiter.limit("20 per hour")
def correct(token: str) -> Shown:
    form = CorrectForm(prefix="correct")
    with transaction() as session:
        opened = poster_page.access(session, token)
        if not form.validate():
            return _page(session, token, {"correct": form}), 422
        read_again = exchange.correct if opened.is_owner else exchange.correct_form
        said = read_again(session, opened.row, form.text.data, now=clock.now())
    return _done(token, said)


@pages.post("/opportunity/<token>/choose")
def choose(token: str) -> Shown:
    form = ChooseForm(prefix="choose")
    with transaction() as session:
        row, shown = poster_page.owned(session, token), form.numbers_shown()
        exchange.read_on_page(session, row, shown or (), now=clock.now())
        if request.form.get("act") == "none":
            said = exchange.choose_none(session, row, shown=shown, now=clock.now())
        elif not form.validate():
            return _page(session, token, {"choose": form}), 422
        else:
            said = exchange.choose(session, row, form.numbers.data, shown=shown, how=HOW, now=clock.now())
    return _done(token, said)


@pages.post("/opportunity/<token>/ask/<int:number>")
@limiter.limit("60 per hour")
def ask(token: str, number: int) -> Shown:
    name = f"ask-{number}"
    form = QuestionForm(prefix=name)
    with transaction() as session:
        row = poster_page.owned(session, token)
        numbered = introductions.numbered(session, row.id)
        partner = next((each for each in numbered if each.number == number), None) or abort(404)
        if not form.validate():
            return _page(session, token, {name: form}), 422
        said = from_poster(session, partner, Act("ask", number, form.text.data), now=clock.now())
    return _done(token, said)


@pages.post("/opportunity/<token>/answer/<int:introduction_id>")
@limiter.limit("60 per hour")
def answer(token: str, introduction_id: int) -> Shown:
    name = f"answer-{introduction_id}"
    form = ReplyForm(prefix=name)
    with transaction() as session:
        row = poster_page.owned(session, token)
        partner = introductions.introduction(session, introduction_id)
        if partner is None or partner.opportunity_id != row.id:
            abort(404)
        if not form.validate():
            return _page(session, token, {name: form}), 422
        said = _answered(session, partner, form)
    return _done(token, said)


@pages.post("/opportunity/<token>/extend")
def extend(token: str) -> Shown:
    form = ExtendForm()
    with transaction() as session:
        said = exchange.extend(session, poster_page.owned(session, token), shown=form.until.data, now=clock.now())
    return _done(token, said)


@pages.post("/opportunity/<token>/close")
def close(token: str) -> Shown:
    with transaction() as session:
        said = exchange.withdraw(session, poster_page.owned(session, token), now=clock.now())
    return _done(token, said)


def _answered(session: Session, partner: Introduction, form: ReplyForm) -> Said:
    if not introductions.open_question(partner):
        return Said("That question is answered already; nothing was sent twice.", tone="closed")
    to = partner.opportunity.contact
    shown = poster_page.question(partner, form.question.data)
    return exchange.relay(session, partner, form.text.data, by=to, question=shown, now=clock.now())


def _page(session: Session, token: str, sent: Mapping[str, FlaskForm] | None = None) -> str:
    """Render the page; a form in `sent` keeps what was typed and says what is wrong with it."""
    opened = poster_page.access(session, token)
    if not opened.is_shown:
        return render_template(
            "opportunity/elsewhere.html", row=opened.row, address=poster_page.hidden_address(opened.row.contact.email)
        )
    page = poster_page.fill(session, opened, now=clock.now())
    forms = {**_blank(page), **(sent or {})}
    return render_template("opportunity/page.html", page=page, row=opened.row, forms=forms, found=page.found)


def _blank(page: poster_page.PosterPage) -> dict[str, FlaskForm]:
    asks = {f"ask-{each['number']}": QuestionForm for each in (*page.interested, *page.waitlisted)}
    answers = {f"answer-{each.introduction_id}": ReplyForm for each in page.asked}
    named: dict[str, type[FlaskForm]] = {"correct": CorrectForm, "choose": ChooseForm, **asks, **answers}
    return {name: kind(prefix=name) for name, kind in named.items()}


def _done(token: str, said: Said) -> Response:
    saying.say(said)
    return redirect(url_for("opportunity.show", token=token), 303)
