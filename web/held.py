"""A held message → its owner looks at it and says "that was me"; only then is it acted on."""

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matcher import exchange
from matcher.store import letters, messages
from matcher.terms import Refused
from matcher.wording import Said
from web import clock
from web.db import transaction
from web.inbound_post import post_of
from web.partner_forms import PressForm
from web.saying import opened, say

pages = Blueprint("held", __name__)


@pages.get("/held/<token>")
def held(token: str) -> str:
    with transaction() as session:
        message = messages.message(session, opened("held", token)) or abort(404)
        answered = letters.letter(session, message.letter_id) if message.letter_id else None
        return render_template("held/held.html", form=PressForm(), message=message, answered=answered, token=token)


@pages.post("/held/<token>")
def release(token: str) -> Response:
    message_id, post = opened("held", token), post_of(current_app.extensions["counterpart"].settings)
    try:
        with transaction() as session:
            said = exchange.release(session, message_id, post=post, now=clock.now())
    except Refused as refused:
        said = Said("That did not work.", (str(refused),), tone="refused")
    say(said)
    return redirect(url_for("held.held", token=token))
