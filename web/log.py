"""What happens → lines of a log, each with the id of the request or job that set it off."""

import logging
import re
import secrets
from time import perf_counter
from typing import Any, TextIO

import structlog
from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from web import metrics

HEADER = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")  # an id that the proxy before us gave
METHODS = ("GET", "HEAD", "POST", "OPTIONS")  # whoever asks may write any word there, and each would be kept for ever
UNSEEN = ("static", "health.healthz", "monitor.written")  # machines ask for these all day long

MAILBOX = re.compile(r"[\w.!#$%&'’*+/=?^`{|}~:-]{1,120}@(?=(?:[\w-]+\.)+[a-z]{2})", re.IGNORECASE)
QUOTED = re.compile("“.*”", re.DOTALL)  # to the last one: what people write has such marks in it too

PAGES, STUMBLED = "gunicorn.error", "Error handling request"  # the log of the server of pages, and a line of it

log = structlog.get_logger()


class _Passing(logging.Handler):
    """Writes what libraries tell their own logs into ours, with the id of the request or job it belongs to."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            # The server of pages names the path of a request that made it stumble, and that holds a token.
            names_path = record.name == PAGES and STUMBLED in str(record.msg)
            said = STUMBLED if names_path else record.getMessage()
            log.log(record.levelno, said, logger=record.name, exc_info=record.exc_info)
        except Exception:  # noqa: BLE001 - as every handler does: a line that cannot be written stops no work
            self.handleError(record)


_passing = _Passing()


def log_to(file: TextIO) -> None:
    """Write the log to a file: for people on a terminal, as JSON lines elsewhere; what libraries say goes there too."""
    told = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)  # without values
    for_people = [_without_mailboxes, told]
    for_machines = [structlog.processors.format_exc_info, _without_mailboxes, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(for_people if file.isatty() else for_machines),
        ],
        logger_factory=structlog.PrintLoggerFactory(file),
        cache_logger_on_first_use=False,
    )
    logging.getLogger().addHandler(_passing)
    pages = logging.getLogger(PAGES)  # in a worker of the web server it has a handler of its own
    pages.handlers, pages.propagate = [each for each in pages.handlers if isinstance(each, logging.FileHandler)], True


def wordless(verdict: str) -> str:
    """Leave out of a verdict what people wrote: it may name a customer, and a log is read and kept by others."""
    return QUOTED.sub("“…”", verdict)


def _without_mailboxes(_: Any, __: str, line: dict[str, Any]) -> dict[str, Any]:
    """Leave of each mail address its domain, whoever wrote it into a line."""
    return {name: MAILBOX.sub("…@", each) if isinstance(each, str) else each for name, each in line.items()}


def request_now() -> str:
    """Return the id of the request or job that is being dealt with; empty for none."""
    return str(get_contextvars().get("request", ""))


def watch(app: Flask) -> None:
    """Give each request an id, and note how it ended and how long it took."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    g.began = perf_counter()
    clear_contextvars()
    bind_contextvars(request=given if GIVEN.fullmatch(given) else secrets.token_hex(6))


def _end(response: Response) -> Response:
    """Write one line for a request: its page, never its path, for that holds the token that opens it."""
    page = request.endpoint or "none"
    response.headers[HEADER] = request_now()
    if page in UNSEEN:
        return response
    took_s = perf_counter() - g.get("began", perf_counter())
    method = request.method if request.method in METHODS else "other"
    metrics.REQUESTS.labels(page, method, response.status_code).observe(took_s)
    log.info("page", page=page, method=method, status=response.status_code, ms=round(took_s * 1000))
    return response


class Pages(Flask):
    """An application that notes its unexpected errors in our log, without the path."""

    def log_exception(self, exc_info: Any) -> None:
        log.error("page stumbled", page=request.endpoint or "none", method=request.method, exc_info=exc_info)


def _forget(_: BaseException | None) -> None:
    """Leave nothing bound to the thread, or its next work would be logged as this request's."""
    clear_contextvars()
