"""Joining in one short form, saying ok to how it was read, and a partner's own page."""

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask import session as cookie
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from matcher import exchange, wording
from matcher.exchange import Application
from matcher.models import Contact
from matcher.store import erasing, letters, network, partners
from web import clock, limiter, saying
from web.account import signed_in
from web.db import transaction
from web.mail_state import mail_states
from web.own_page import facts_of, usual_source
from web.own_page import own_page as page_of
from web.partner_forms import CorrectionForm, DigestForm, JoinForm, PressForm, facts_form

pages = Blueprint("partners", __name__)
JOINED = "joined_as"
KNOWN = ("live", "paused")  # words that came from a stranger must not replace those of a proven partner


@pages.get("/join")
def join() -> str:
    return render_template("partners/join.html", form=JoinForm(), links=saying.links())


@pages.post("/join")
@limiter.limit("20 per hour")
def send() -> Response | tuple[str, int]:
    form = JoinForm()
    if form.validate_on_submit():
        with saying.refusals_beside(form.text), transaction() as session:
            _take_in(session, _application(form))
        if not form.errors:
            cookie[JOINED] = form.email.data
            return redirect(url_for("partners.joined"), 303)
    return render_template("partners/join.html", form=form, links=saying.links()), 422


@pages.get("/join/sent")
def joined() -> str:
    return render_template("partners/joined.html", address=cookie.get(JOINED, ""))


@pages.get("/profile/<token>")
def profile(token: str) -> str:
    return _profile(token, CorrectionForm())


@pages.post("/profile/<token>/ok")
def confirm(token: str) -> Response:
    with transaction() as session:
        contact = _of_profile(session, token)
        how, shown = "the page of your profile", request.form.get("reading", "")
        saying.say(exchange.confirm_profile(session, contact, how=how, shown=shown, now=clock.now()))
    return redirect(url_for("partners.profile", token=token), 303)


@pages.post("/profile/<token>/correct")
def correct(token: str) -> Response | tuple[str, int]:
    form = CorrectionForm()
    if form.validate_on_submit():
        with transaction() as session:
            contact, now = _of_profile(session, token), clock.now()
            how = f"your correction of {now:%Y-%m-%d}"
            saying.say(exchange.correct_profile(session, contact, form.text.data, how=how, now=now))
        return redirect(url_for("partners.profile", token=token), 303)
    return _profile(token, form), 422


@pages.get("/partner")
def own_page() -> str | Response:
    with transaction() as session:
        contact = signed_in(session)
        if contact is None:
            return redirect(url_for("account.sign_in"))
        return _own_page(session, contact, DigestForm(data={"digest": contact.digest, "hour": contact.digest_hour}))


@pages.get("/partner/edit")
def edit() -> str | Response:
    with transaction() as session:
        contact = signed_in(session)
        if contact is None:
            return redirect(url_for("account.sign_in"))
        form = facts_form(contact.partner, _practices(session))
        return render_template("partners/edit.html", form=form, partner=contact.partner)


@pages.post("/partner/edit")
def save() -> Response | tuple[str, int]:
    with transaction() as session:
        row, now = _owner(session).partner, clock.now()
        form = facts_form(row, _practices(session))
        if not form.validate():
            return render_template("partners/edit.html", form=form, partner=row), 422
        how = f"your own page on {now:%Y-%m-%d}"
        saying.say(exchange.edit_profile(session, row, form.facts(), how=how, now=now))
    return redirect(url_for("partners.own_page"), 303)


@pages.post("/partner/digest")
def set_digest() -> Response | tuple[str, int]:
    form = DigestForm()
    with transaction() as session:
        contact = _owner(session)
        if not form.validate():
            return _own_page(session, contact, form), 422
        digest, hour = form.digest.data, form.hour.data
        how, now = "your own page", clock.now()
        saying.say(exchange.set_digest(session, contact, digest=digest, hour=hour, how=how, now=now))
    return redirect(url_for("partners.own_page"), 303)


@pages.post("/partner/digest-again")
def digest_again() -> Response:
    with transaction() as session:
        saying.say(exchange.resume_digests(session, _owner(session), how="your own page", now=clock.now()))
    return redirect(url_for("partners.own_page"), 303)


@pages.post("/partner/mail-again/<int:contact_id>")
def mail_again(contact_id: int) -> Response:
    with transaction() as session:
        by = _owner(session)
        contact = next((each for each in by.partner.contacts if each.id == contact_id), None) or abort(404)
        saying.say(exchange.mail_again(session, contact, how="your own page", by=by, now=clock.now()))
    return redirect(url_for("partners.own_page"), 303)


@pages.post("/partner/pause")
def pause() -> Response:
    with transaction() as session:
        saying.say(exchange.pause(session, _owner(session).partner, now=clock.now()))
    return redirect(url_for("partners.own_page"), 303)


@pages.post("/partner/resume")
def resume() -> Response:
    with transaction() as session:
        saying.say(exchange.resume(session, _owner(session).partner, now=clock.now()))
    return redirect(url_for("partners.own_page"), 303)


@pages.get("/partner/leave")
def leaving() -> str | Response:
    with transaction() as session:
        contact = signed_in(session)
        if contact is None:
            return redirect(url_for("account.sign_in"))
        return render_template("partners/leave.html", form=PressForm(), partner=contact.partner)


@pages.post("/partner/leave")
def leave() -> Response:
    with transaction() as session:
        said = exchange.leave(session, _owner(session), how="your own page", now=clock.now())
    cookie.clear()
    saying.say(said)
    return redirect(url_for("pages.home"), 303)


def _take_in(session: Session, sent: Application) -> None:
    """Join, or send a proven contact a sign-in link: the page says the same, so it tells nobody who is here.

    A firm that has posted, or has left, is known to others: only who is signed in may say anew what it is.
    """
    known = partners.contact_by_email(session, sent.email)
    if known and (known.partner.state in KNOWN or (known.verified_at and signed_in(session) is not known)):
        exchange.request_link(session, sent.email, now=clock.now())
    else:
        exchange.join(session, sent, now=clock.now())


def _application(form: JoinForm) -> Application:
    return Application(
        email=form.email.data.lower(),
        text=form.text.data,
        how=f"your form of {clock.now():%Y-%m-%d}",
        firm=form.firm.data,
        country=form.country.data,
        digest_hour=current_app.extensions["counterpart"].settings.digest_hour,
    )


def _of_profile(session: Session, token: str) -> Contact:
    return partners.contact(session, saying.opened("profile", token)) or abort(404)


def _owner(session: Session) -> Contact:
    return signed_in(session) or abort(403)


def _practices(session: Session) -> list[SelectChoice]:
    known = [each for each in network.competencies(session) if each.kind == "practice" and not each.valid_until]
    return [SelectChoice(each.key, each.label) for each in sorted(known, key=lambda each: each.label)]


def _profile(token: str, form: CorrectionForm) -> str:
    with transaction() as session:
        contact = _of_profile(session, token)
        row, known = partners.as_told(contact.partner), {each.key: each for each in network.competencies(session)}
        facts = tuple(each for each in facts_of(session, row, known) if each.name != "Sells")
        competencies, usual = wording.labels(row.practices, known), usual_source(facts)
        return render_template(
            "partners/profile.html", form=form, partner=row, competencies=competencies, facts_shown=facts, usual=usual,
            token=token, reading=partners.reading_of(row),
        )  # fmt: skip


def _own_page(session: Session, contact: Contact, form: DigestForm) -> str:
    shown = page_of(session, contact, saying.links())
    readers = [each for each in contact.partner.contacts if not erasing.is_nameless(each)]
    mail = mail_states(session, readers, viewer=contact, now=clock.now())
    stopped = letters.why_no_digest(session, contact.email)
    return render_template(
        "partners/own_page.html", page=shown, contact=contact, partner=contact.partner, form=form, stopped=stopped,
        readers=readers, back=exchange.back_on(contact, now=clock.now()),
        who=wording.who(contact.partner), links=saying.links(), mail=mail,
    )  # fmt: skip
