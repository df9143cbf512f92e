"""Templates and words → the text and the HTML of a letter, its styles written into its tags for mail programs."""

from pathlib import Path
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from web import wording

FOLDER = Path(__file__).parent / "templates" / "mail"


def subject_of(kind: str, words: dict[str, Any]) -> str:
    return wording.one_line(_rendered(f"{kind}/subject.txt", words))


def text_of(kind: str, words: dict[str, Any]) -> str:
    """Fill in the text template of a kind; `wording.wrapped` makes a letter of it."""
    return _rendered(f"{kind}/body.txt", words)


def html_of(kind: str, words: dict[str, Any]) -> str:
    return _INLINER.inline(wording.cleaned(_rendered(f"{kind}/body.html", words)))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # looking at seven files for each letter
    )
    environment.filters |= wording.FILTERS
    return environment


def _rendered(name: str, words: dict[str, Any]) -> str:
    return _TEMPLATES.get_template(name).render(words)


_TEMPLATES = _environment()
_INLINER = css_inline.CSSInliner(
    extra_css=(FOLDER / "mail.css").read_text(encoding="utf-8"), keep_at_rules=True, load_remote_stylesheets=False
)
