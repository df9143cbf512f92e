"""The pages, the letters and the settings: `create_app` puts them together."""

import sys
from dataclasses import dataclass
from math import ceil

import structlog
from flask import Flask, Response, current_app, render_template, request
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from flask_mail import Mail
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from web import clock, wording
from web.expired import SIGN_IN, LinkExpired
from web.proxy import who_asks
from web.settings import Settings

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# All other pages are somebody's own: no browser and no proxy keeps them, nor shows them again after a sign-out. These
# may be kept, and with them what was typed.
FOR_EVERYBODY = (
    "static", "pages.home", "pages.how", "posting.show", "posting.send", "partners.join", "partners.send",
    "account.sign_in", "health.healthz", "monitor.written",
)  # fmt: skip
MAX_FORM_BYTES = 500_000  # a posting of 20,000 characters fits ten times over; a longer one is refused in words

csrf = CSRFProtect()
limiter = Limiter(who_asks, storage_uri="memory://", default_limits=["600 per minute"])
mailer = Mail()


@dataclass(frozen=True, slots=True)
class Ground:
    """What every page and job stands on."""

    settings: Settings
    engine: Engine


def create_app(settings: Settings | None = None) -> Flask:
    """Make the web application; without settings they are read from the environment. Raises `BadSetting`."""
    from web import db, dkim, local, log, proxy, routes
    from web import settings as reading

    if settings is None:
        log.log_to(sys.stderr)
        db.act_as("web")  # or what a job has said before
    chosen = local.ready(settings or reading.load_settings())
    dkim.signer_of(chosen)  # a key that cannot sign stops the start, not the first letter
    app = log.Pages(__name__)
    app.config.update(_config(chosen))
    if chosen.base_url.startswith("https://"):
        proxy.stand_behind(app)
    app.extensions["counterpart"] = Ground(chosen, db.connect(chosen))
    csrf.init_app(app)
    limiter.init_app(app)
    mailer.init_app(app)
    app.after_request(_harden)
    log.watch(app)
    app.register_error_handler(HTTPException, _explain)
    app.register_error_handler(db.NoConnection, _ask_to_wait)
    app.register_error_handler(DBAPIError, _say_of_database)
    routes.register(app)
    return app


def _config(settings: Settings) -> dict[str, object]:
    is_https = settings.base_url.startswith("https://")
    return {
        "SECRET_KEY": settings.secret_key,
        "MAIL_SERVER": settings.mail_server,
        "MAIL_PORT": settings.mail_port,
        "MAIL_USERNAME": settings.mail_username or None,
        "MAIL_PASSWORD": settings.mail_password or None,
        "MAIL_USE_TLS": settings.mail_use_tls,
        "MAIL_USE_SSL": settings.mail_use_ssl,
        "MAIL_DEFAULT_SENDER": settings.mail_from,
        "MAX_CONTENT_LENGTH": MAX_FORM_BYTES,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": is_https,
        # With this prefix a browser takes the cookie from this very host alone, and over TLS (RFC 6265bis 4.1.3.2).
        "SESSION_COOKIE_NAME": "__Host-session" if is_https else "session",
        "WTF_CSRF_TIME_LIMIT": 8 * 3600,
        # Our pages send no Referer, as their addresses open what they name, so none can be asked for; the token that
        # the form and the cookie have in common says where a form comes from.
        "WTF_CSRF_SSL_STRICT": False,
    }


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint not in FOR_EVERYBODY:
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _explain(error: HTTPException) -> tuple[str, int, dict[str, str]]:
    """Say what went wrong in one sentence and where to go on; never show an error page of the server's own."""
    if isinstance(error, RateLimitExceeded):
        return _ask_to_come_back()
    if isinstance(error, CSRFError):
        sentence = STALE
    else:
        sentence = SENTENCES.get(error.code or 500, UNEXPECTED)
    instead = error.instead if isinstance(error, LinkExpired) else None
    if instead:
        sentence = instead.sentence
    above = _above(request.path) if error.code == 405 else ""
    page = render_template("error.html", sentence=sentence, code=error.code, above=above, instead=instead)
    return page, error.code or 500, {}


def _above(path: str) -> str:
    """Find the page whose form leads to an address: the nearest above it that can be read."""
    addresses = current_app.url_map.bind("")
    while path := path.rpartition("/")[0]:
        if addresses.test(path, "GET"):
            return path
    return ""


def _ask_to_come_back() -> tuple[str, int, dict[str, str]]:
    """Say when the limit that was reached lets somebody in again: most count by the hour."""
    reached = limiter.current_limit
    wait_s = max(1, int(reached.reset_at - clock.now().timestamp())) if reached else 60
    sentence = MANY.format(minutes=wording.counted(ceil(wait_s / 60), "minute", "minutes"))
    return render_template("error.html", sentence=sentence, code=429), 429, {"Retry-After": str(wait_s)}


def _ask_to_wait(error: Exception) -> tuple[str, int, dict[str, str]]:
    structlog.get_logger().error("no connection to the database is free", error=str(error))
    return render_template("error.html", sentence=BUSY, code=503), 503, {"Retry-After": "10"}


def _say_of_database(error: DBAPIError) -> tuple[str, int, dict[str, str]]:
    """Say that the database is away, or what it lacks and what to do; anything else is a mistake of ours."""
    from web import fit

    unfit = fit.of_error(error)
    if not (unfit or fit.is_away(error)):
        raise error
    sentence = f"The database of this service cannot be used: {unfit}." if unfit else AWAY
    structlog.get_logger().error("the database cannot be used", error=unfit or str(error.orig))
    return render_template("error.html", sentence=sentence, code=503), 503, {"Retry-After": "10"}


AWAY = "Our database does not answer at this moment. Go back and try it again in a minute."
STALE = (
    "The form was open for too long, came from another page, or your browser keeps no cookies from us. Nothing was "
    "done. Go back, copy what you wrote, reload the page and send it again."
)
MANY = "That was a lot at once. Try it again in {minutes}."
BUSY = "More is going on here than we can answer at once. Go back and try it again in a minute."
UNEXPECTED = "Something went wrong on our side, and it was written down. Try again in a minute."
SENTENCES = {
    400: "The page could not read what was sent. Go back and send it again.",
    403: "This page is only for the partner it belongs to. Ask for a sign-in link.",
    404: "There is nothing at this address. If a letter of ours brought you here, the link may have been cut in two.",
    405: "This address only works by a button of its own page, and nothing was done.",
    410: SIGN_IN.sentence,
    413: "That is more text than a posting can hold. Shorten it to 20,000 characters and send it again.",
}
