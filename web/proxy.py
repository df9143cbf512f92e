"""What the proxy before the pages tells of whoever asks → believed where there is one, and missed once where not."""

from ipaddress import IPv6Address, IPv6Network, ip_address
from itertools import count

import structlog
from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

BY_MACHINES = ("health.healthz", "monitor.written")  # which ask on this machine, past the proxy
NO_ADDRESS = "a page came without X-Forwarded-For, so that all readers share one limit and /metrics may be public"
OF_ONE_READER = 64  # bits of an IPv6 address that name a household's network; the others it may choose as it likes

log = structlog.get_logger()


def who_asks() -> str:
    """Name whoever asks by the address, or by the network of an IPv6 address, as limits count them."""
    said = request.remote_addr or "127.0.0.1"
    try:
        address = ip_address(said)
    except ValueError:
        return said
    if not isinstance(address, IPv6Address):
        return said
    return str(address.ipv4_mapped or IPv6Network((address, OF_ONE_READER), strict=False))


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
