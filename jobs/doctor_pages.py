"""The address that people use → whether the pages answer there, and the proxy before them tells us who asks and how."""

import socket
from collections.abc import Iterator
from email.message import Message
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, build_opener

from jobs.findings import Finding, fault, ok, skipped, warning
from web.settings import Settings

PATIENCE_S = 10.0
AS_README = "Let the proxy set {} as the README shows under “Running it for real”, 2."


class _Here(HTTPRedirectHandler):
    """Goes nowhere else: what answers in another place says nothing of this one."""

    def redirect_request(self, *_: Any) -> None:
        return None


def of_pages(settings: Settings) -> Iterator[Finding]:
    """Ask for two pages as the world would; skipped without TLS, for then nobody else is meant to come."""
    base = settings.base_url.rstrip("/")
    if not base.startswith("https://"):
        yield skipped("pages", f"BASE_URL={base}: no TLS, so no proxy to look at")
        return
    try:
        answers = _asked(f"{base}/healthz"), _asked(f"{base}/metrics")
    except (OSError, HTTPException) as error:
        yield _away(base, getattr(error, "reason", error))
        return
    yield from _told(base, *answers)


def _told(base: str, health: tuple[int, Message], numbers: tuple[int, Message]) -> Iterator[Finding]:
    status, headers = health
    if status not in (200, 503) or headers.get_content_type() != "application/json":
        said = f"{base}/healthz answers {status}, and not as our pages do."
        yield fault("pages", said, "Start the pages, or correct BASE_URL or where the proxy passes on to.")
        return
    wrong = []
    if "Strict-Transport-Security" not in headers:
        said = f"{base} sends no Strict-Transport-Security: the pages are not told that they are asked over TLS."
        wrong.append(warning("pages", said, AS_README.format("X-Forwarded-Proto")))
    if numbers[0] != 404:
        said = f"{base}/metrics answers {numbers[0]} where 404 is right: the numbers are for METRICS_FROM alone."
        do = AS_README.format("X-Forwarded-For") + " (Right only if METRICS_FROM lets this very machine in.)"
        wrong.append(fault("pages", said, do))
    yield from wrong or [ok("pages", f"{base} answers over TLS and keeps its numbers to itself")]


def _away(base: str, cause: object) -> Finding:
    if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN:
        return skipped("pages", "no name server answers here; run this again where one does")
    do = "Start the proxy and see to its certificate, its name in the DNS and port 443; or correct BASE_URL."
    return fault("pages", f"BASE_URL={base} cannot be reached ({cause}).", do)


def _asked(address: str) -> tuple[int, Message]:
    """Ask for a page; return the status and the headers, whichever they are."""
    try:
        with build_opener(_Here).open(address, timeout=PATIENCE_S) as answer:
            return answer.status, answer.headers
    except HTTPError as answer:
        with answer:
            return answer.code, answer.headers
