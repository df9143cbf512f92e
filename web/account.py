"""An address → a link by mail; the link → a session cookie; nothing here says who is known."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask import session as cookie
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matcher import exchange
from matcher.models import Contact
from matcher.store import partners
from web import clock, limiter
from web.db import transaction
from web.partner_forms import AddressForm, PressForm
from web.saying import opened

pages = Blueprint("account", __name__)
COOKIE = "contact_id"


def signed_in(session: Session) -> Contact | None:
    """Find the contact whose cookie this is."""
    contact_id = cookie.get(COOKIE)
    return partners.contact(session, contact_id) if isinstance(contact_id, int) else None


@pages.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("20 per hour", methods=["POST"])
def sign_in() -> str | Response | tuple[str, int]:
    if _is_signed_in():
        return redirect(url_for("partners.own_page"))
    form = AddressForm()
    if not form.is_submitted():
        return render_template("account/sign_in.html", form=form)
    if not form.validate():
        return render_template("account/sign_in.html", form=form), 422
    with transaction() as session:
        exchange.request_link(session, form.email.data, now=clock.now())
    return redirect(url_for("account.sent"))


def _is_signed_in() -> bool:
    """Tell whether the cookie is that of a contact who is still there; one of somebody who is gone is taken away."""
    if COOKIE not in cookie:
        return False
    with transaction() as session:
        if signed_in(session):
            return True
    cookie.pop(COOKIE)
    return False


@pages.get("/sign-in/sent")
def sent() -> str:
    return render_template("account/sent.html")


@pages.get("/in/<token>")
def link(token: str) -> str:
    with transaction() as session:
        contact = partners.contact(session, opened("sign-in", token)) or abort(404)
        return render_template("account/link.html", form=PressForm(), contact=contact, token=token)


@pages.post("/in/<token>")
def enter(token: str) -> Response:
    with transaction() as session:
        contact = partners.contact(session, opened("sign-in", token)) or abort(404)
        cookie.clear()  # nothing of whoever used this browser before is kept
        cookie[COOKIE] = contact.id
    return redirect(url_for("partners.own_page"))


@pages.post("/sign-out")
def sign_out() -> Response:
    cookie.clear()
    flash("You are signed out. Your letters keep working without it.", "done")
    return redirect("/")
