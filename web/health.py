"""Signs of life → 200 and JSON when all is well, 503 and what is not."""

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from matcher.store import health
from web import fit, limiter
from web.clock import now
from web.db import transaction
from web.wording import counted

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@limiter.exempt
def healthz() -> tuple[Response, int]:
    """Tell a monitor whether database, worker and index are well."""
    parts = state_of_parts()
    well = all(said == "ok" for said in parts.values())
    return jsonify({"ok": well, **parts}), 200 if well else 503


def state_of_parts() -> dict[str, str]:
    """Say "ok" or what is wrong for each part."""
    try:
        with transaction() as session:
            unfit = fit.of_writes(session)
            n_workers, n_behind = health.n_workers(session), health.n_behind(session, now=now())
    except SQLAlchemyError as error:
        said = fit.of_error(error) or f"not reachable: {type(error).__name__}"
        return {"database": said, "worker": "unknown", "index": "unknown"}
    behind = f"{counted(n_behind, 'partner', 'partners')} changed over five minutes ago and cannot be found yet"
    return {
        "database": unfit or "ok",
        "worker": "ok" if n_workers else "no worker gave a sign of life in the last minute",
        "index": behind if n_behind else "ok",
    }
