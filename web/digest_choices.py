"""A contact's link → how often a digest comes, at what hour, or not at all; GET shows, POST acts."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask import Response as Answer
from werkzeug.wrappers import Response

from matcher import exchange
from matcher.store import letters, partners
from web import clock, csrf, limiter
from web.db import transaction
from web.mail_state import mail_states
from web.partner_forms import DigestForm
from web.saying import opened, say

pages = Blueprint("digest_choices", __name__)


@pages.route("/digest/<token>", methods=["GET", "POST"])
def choices(token: str) -> str | Response | tuple[str, int]:
    with transaction() as session:
        contact = partners.contact(session, opened("unsubscribe", token)) or abort(404)
        form = DigestForm(data={"digest": contact.digest, "hour": contact.digest_hour})
        if form.validate_on_submit():
            how, now = "the page of digest choices", clock.now()
            hour = form.hour.data
            say(exchange.set_digest(session, contact, digest=form.digest.data, hour=hour, how=how, now=now))
            return redirect(url_for("digest_choices.choices", token=token))
        shown = render_template(
            "digest/choices.html", form=form, contact=contact, token=token,
            stopped=letters.why_no_digest(session, contact.email),
            back=exchange.back_on(contact, now=clock.now()),
            mail=mail_states(session, [contact], viewer=None, now=clock.now()),
        )  # fmt: skip
        return (shown, 422) if form.errors else shown


@pages.post("/digest/<token>/stop")
def stop(token: str) -> Response:
    with transaction() as session:
        contact = partners.contact(session, opened("unsubscribe", token)) or abort(404)
        how = "the page of digest choices"
        say(exchange.unsubscribe(session, contact, how=how, now=clock.now()))
    return redirect(url_for("digest_choices.choices", token=token))


@pages.post("/digest/<token>/again")
def again(token: str) -> Response:
    with transaction() as session:
        contact = partners.contact(session, opened("unsubscribe", token)) or abort(404)
        say(exchange.mail_again(session, contact, how="the page of digest choices", by=None, now=clock.now()))
    return redirect(url_for("digest_choices.choices", token=token))


@pages.post("/digest/<token>/resume")
def resume(token: str) -> Response:
    with transaction() as session:
        contact = partners.contact(session, opened("unsubscribe", token)) or abort(404)
        say(exchange.resume_digests(session, contact, how="the page of digest choices", now=clock.now()))
    return redirect(url_for("digest_choices.choices", token=token))


@pages.get("/u/<token>")
def shown_instead(token: str) -> Response:
    return redirect(url_for("digest_choices.choices", token=token))


@pages.post("/u/<token>")
@csrf.exempt  # mail programs press this button for their owner, without a cookie and without a page (RFC 8058)
@limiter.exempt  # one mail provider presses it for many people from one address
def one_click(token: str) -> Answer:
    with transaction() as session:
        contact = partners.contact(session, opened("unsubscribe", token)) or abort(404)
        said = exchange.unsubscribe(session, contact, how="one click in the mail program", now=clock.now())
    return Answer(f"{said.heading}\n", mimetype="text/plain")
