"""The local mailbox: anybody's letters on this machine, and replies that go out by SMTP; only when MAILBOX is on."""

import io

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)  # fmt: skip
from werkzeug.wrappers import Response
from wtforms import Field

from matcher.store import partners
from web import clock, inboxes, local_mail, maildir
from web.db import transaction
from web.local_mail import Written
from web.mailbox_forms import ReplyForm, WriteForm
from web.maildir import Kept
from web.saying import refusals_beside
from web.settings import Settings

pages = Blueprint("mailbox", __name__, url_prefix="/mailbox")
DESKS = ("join", "post", "help")
# No scripts, no forms, nothing from elsewhere; same origin only so that the page around it can ask for its height.
SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
LETTER_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    f"base-uri 'self'; frame-ancestors 'self'; sandbox {SANDBOX}",
    "X-Frame-Options": "SAMEORIGIN",
}


@pages.get("")
def every_inbox() -> str:
    words = request.args.get("find", "").strip()
    found = inboxes.listed(_folder(), _known(list(maildir.inboxes(_folder()))))
    return render_template(
        "mailbox/inboxes.html", inboxes=inboxes.matching(found, words), n_all=len(found), words=words, about=inboxes,
        now=clock.now(),
    )  # fmt: skip


@pages.route("/write", methods=["GET", "POST"])
def write() -> str | Response | tuple[str, int]:
    form = WriteForm(data=request.args.to_dict())
    if form.validate_on_submit():
        address = form.sender.data.lower()
        if _sent(form.written(name=form.name.data, address=address), None, beside=form.to):
            return redirect(url_for("mailbox.inbox", address=address), 303)
    shown = render_template("mailbox/write.html", form=form, desks=_desks())
    return (shown, 422) if form.is_submitted() else shown


@pages.get("/<address>")
def inbox(address: str) -> str:
    person, firm = _known([address.lower()]).get(address.lower(), ("", ""))
    letters = maildir.letters(_folder(), address)
    return render_template(
        "mailbox/inbox.html", address=address.lower(), person=person, firm=firm, letters=letters, about=inboxes,
        now=clock.now(),
    )  # fmt: skip


@pages.route("/<address>/<key>", methods=["GET", "POST"])
def letter(address: str, key: str) -> str | Response | tuple[str, int]:
    kept, asked = _letter(address, key), request.args
    blank = {"to": inboxes.answers_to(kept), "subject": local_mail.reply_subject(kept), "text": asked.get("body", "")}
    form = ReplyForm(data=blank | {name: asked[name] for name in ("to", "subject") if asked.get(name)})
    person, firm = _known([address.lower()]).get(address.lower(), ("", ""))
    mail = form.written(name=person, address=address.lower())
    if form.validate_on_submit() and _sent(mail, kept, beside=form.text):
        return redirect(url_for("mailbox.inbox", address=address), 303)
    shown = render_template(
        "mailbox/letter.html", address=address.lower(), person=person, firm=firm, kept=kept, form=form, about=inboxes,
        tab=_tab(kept), sandbox=SANDBOX,
    )  # fmt: skip
    return (shown, 422) if form.is_submitted() else shown


@pages.get("/<address>/<key>/html")
def frame(address: str, key: str) -> Response:
    page = url_for("mailbox.letter", address=address, key=key)
    answer = make_response(inboxes.framed(inboxes.html_of(_letter(address, key)), page=page))
    answer.headers.update(LETTER_HEADERS)
    return answer


@pages.get("/<address>/<key>/files/<int:number>")
def attached(address: str, key: str, number: int) -> Response:
    files = inboxes.attached(_letter(address, key))
    if not 1 <= number <= len(files):
        abort(404)
    chosen = files[number - 1]
    return send_file(io.BytesIO(chosen.content), as_attachment=True, download_name=chosen.name)


def _letter(address: str, key: str) -> Kept:
    return maildir.letter(_folder(), address, key) or abort(404)


def _tab(kept: Kept) -> str:
    wanted = request.args.get("view", "")
    if wanted in inboxes.TABS:
        return wanted
    return "html" if inboxes.html_of(kept) else "text"


def _sent(mail: Written, answered: Kept | None, *, beside: Field) -> bool:
    """Send a mail; when the server says no, put its sentence beside a field."""
    message = local_mail.compose(mail, answered=answered, now=clock.now())
    with refusals_beside(beside):
        local_mail.send(message, sender=mail.from_address, to=mail.to, settings=_settings())
        flash(f"Sent to {mail.to}. The answer, if there is one, arrives here in a moment.", "done")
        return True
    return False


def _known(addresses: list[str]) -> dict[str, tuple[str, str]]:
    with transaction() as session:
        return partners.known_as(session, addresses)


def _desks() -> list[str]:
    return [f"{name}@{_settings().inbound_domain}" for name in DESKS]


def _settings() -> Settings:
    return current_app.extensions["counterpart"].settings


def _folder() -> maildir.Path:
    return inboxes.folder_of(_settings())
