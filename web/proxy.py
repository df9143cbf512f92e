"""What the proxy before the pages tells of whoever asks → believed where there is one, and missed once where not."""

from itertools import count

import structlog
from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

BY_MACHINES = ("health.healthz", "monitor.written")  # which ask on this machine, past the proxy
NO_ADDRESS = "a page came without X-Forwarded-For, so that all readers share one limit and /metrics may be public"

log = structlog.get_logger()


def stand_behind(app: Flask) -> None:
    """Take from one proxy, where TLS ends, who asks and how; without this every reader would share its limits."""
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    times = count()

    def miss() -> None:
        if "X-Forwarded-For" in request.headers or request.endpoint in BY_MACHINES:
            return
        if not next(times):
            log.warning(NO_ADDRESS, do="Let the TLS proxy set it to the reader's address, as the README shows.")

    app.before_request(miss)
