"""One Flask view that says ok: what this machine, gunicorn and the load generator give at most."""

from flask import Flask


def create_app() -> Flask:
    """Make an application without a database, sessions or templates."""
    app = Flask(__name__)
    app.add_url_rule("/", "ok", lambda: "ok")
    return app
