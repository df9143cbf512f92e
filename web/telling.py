"""People, badges and size of work in a partner's own words → shown back; one button makes it so."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from matcher.exchange import proposing, telling
from matcher.store import network
from web import clock, limiter, saying
from web.account import signed_in
from web.db import transaction
from web.own_page import badge_lines, person_lines
from web.partner_forms import TellForm

pages = Blueprint("telling", __name__)
WAITING = "proposed"  # of whoever is signed in: what was understood and waits for the button


@pages.get("/partner/tell")
def show() -> str | Response:
    return _page(TellForm())


@pages.post("/partner/tell")
@limiter.limit("60 per hour")
def tell() -> Response | str | tuple[str | Response, int]:
    form = TellForm()
    if not form.validate_on_submit():
        return _page(form), 422
    now = clock.now()
    with transaction() as session:
        contact, how = signed_in(session) or abort(403), f"your own page on {now:%Y-%m-%d}"
        said, rows = telling.tell_on_page(
            session, contact, form.text.data, before=_waiting(contact.id), how=how, now=now
        )
        _wait(contact.id, rows)
    if said:
        saying.say(said)
    return redirect(url_for("telling.show"), 303)


@pages.post("/partner/tell/ok")
def hold() -> Response:
    now = clock.now()
    with transaction() as session:
        contact = signed_in(session) or abort(403)
        rows = _waiting(contact.id) or abort(410)
        said = proposing.hold(session, contact, rows, how=f"your own page on {now:%Y-%m-%d}", now=now)
    if said.tone == "done":
        cookie.pop(WAITING, None)
    saying.say(said)
    return redirect(url_for("telling.show"), 303)


def _page(form: TellForm) -> str | Response:
    with transaction() as session:
        contact = signed_in(session)
        if contact is None:
            return redirect(url_for("account.sign_in"))
        rows = _waiting(contact.id)
        known = {each.key: each for each in network.competencies(session)}
        return render_template(
            "partners/tell.html", form=form, partner=contact.partner,
            proposal=proposing.proposal(session, contact, rows, now=clock.now()) if rows else None,
            people=person_lines(session, contact.partner_id, known),
            badges=badge_lines(session, contact.partner_id, known),
        )  # fmt: skip


def _waiting(contact_id: int) -> dict[str, Any] | None:
    kept = cookie.get(WAITING)
    return kept["rows"] if kept and kept["of"] == contact_id else None


def _wait(contact_id: int, rows: dict[str, Any] | None) -> None:
    cookie.pop(WAITING, None)
    if rows:
        cookie[WAITING] = {"of": contact_id, "rows": rows}
