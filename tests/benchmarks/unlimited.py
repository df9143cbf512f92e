"""The web application without limits on how often, for measurements."""

from flask import Flask

import web


def create_app() -> Flask:
    """Make the application that `web` makes, with its limiter switched off."""
    app = web.create_app()
    web.limiter.enabled = False
    return app
