"""An application → the same with every family of pages: each module of pages has one blueprint called `pages`."""

from importlib import import_module

from flask import Flask

from web import wording

FAMILIES = (
    "pages", "posting", "opportunity", "offers", "standing", "introductions", "partners", "telling", "account",
    "digest_choices", "held", "colleagues", "health", "monitor", "steward",
)  # fmt: skip


def register(app: Flask) -> None:
    """Give the application its pages and the words they share."""
    has_mailbox = app.extensions["counterpart"].settings.mailbox
    for name in (*FAMILIES, *(("mailbox",) if has_mailbox else ())):
        app.register_blueprint(import_module(f"web.{name}").pages)
    app.jinja_env.filters |= wording.FILTERS
    app.context_processor(lambda: {"has_mailbox": has_mailbox})
