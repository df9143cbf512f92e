"""A monitor's question → numbers in the form of Prometheus; only for the addresses of METRICS_FROM."""

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST

from web import limiter, metrics

pages = Blueprint("monitor", __name__)


@pages.get("/metrics")
@limiter.exempt
def written() -> Response:
    """Give the numbers; to everybody else there is no such page."""
    there = current_app.extensions["counterpart"]
    is_passed_on = "X-Forwarded-For" in request.headers  # by a proxy on this machine, for somebody elsewhere
    allowed = {each.strip() for each in there.settings.metrics_from.split(",")}
    if request.remote_addr not in allowed or (is_passed_on and not there.settings.base_url.startswith("https://")):
        abort(404)
    return Response(metrics.written(there.engine), content_type=CONTENT_TYPE_LATEST)
