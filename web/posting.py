"""The posting form → one posting, however often it is sent, and the page that shows how it was read."""

import hashlib

from flask import Blueprint, current_app, redirect, render_template
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from matcher.exchange import Submission, publish
from matcher.posting import PostingFacts
from web import clock, limiter, saying
from web.db import transaction
from web.forms import PostForm

pages = Blueprint("posting", __name__)


@pages.get("/post")
def show() -> str:
    return render_template("post.html", form=PostForm(), links=saying.links())


@pages.post("/post")
@limiter.limit("30 per hour")
def send() -> Response | tuple[str, int]:
    form = PostForm()
    if form.validate_on_submit():
        with saying.refusals_beside(form.text):
            return redirect(saying.path_of(saying.links().draft(_published(_submission(form)))), 303)
    return render_template("post.html", form=form, links=saying.links()), 422


def _published(sent: Submission) -> int:
    """Publish once more when a twin of this form made the same newcomer known in the same moment."""
    try:
        return _publish(sent)
    except IntegrityError:
        return _publish(sent)


def _publish(sent: Submission) -> int:
    with transaction() as session:
        return publish(session, sent, now=clock.now()).id


def _submission(form: PostForm) -> Submission:
    facts = PostingFacts(form.due.data, form.place.data, form.pays.data)
    return Submission(
        key=_key(form),
        channel="web",
        email=form.email.data.lower(),
        text=form.text.data,
        facts=facts,
        digest_hour=current_app.extensions["counterpart"].settings.digest_hour,
    )


def _key(form: PostForm) -> str:
    """Name what was sent: the same form with the same words is one posting, with other words it is another."""
    written = "\0".join((form.text.data, form.due.data, form.place.data, form.pays.data, form.email.data.lower()))
    return f"web:{form.nonce.data[:40]}:{hashlib.sha256(written.encode()).hexdigest()[:24]}"
