"""What happens → lines of a log, each with the id of the request or job that set it off."""

import re
import secrets
from time import perf_counter
from typing import TextIO

import structlog
from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from web import metrics

HEADER = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")  # an id that the proxy before us gave
UNSEEN = ("static", "health.healthz", "monitor.written")  # machines ask for these all day long

log = structlog.get_logger()


def log_to(file: TextIO) -> None:
    """Write the log to a file: for people on a terminal, as JSON lines elsewhere."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if file.isatty() else structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file),
        cache_logger_on_first_use=False,
    )


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
    metrics.REQUESTS.labels(page, request.method, response.status_code).observe(took_s)
    log.info("page", page=page, method=request.method, status=response.status_code, ms=round(took_s * 1000))
    return response


def _forget(_: BaseException | None) -> None:
    """Leave nothing bound to the thread, or its next work would be logged as this request's."""
    clear_contextvars()
