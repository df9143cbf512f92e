"""HTML with classes → the same HTML with the style of each class written into its tags, as mail programs need it."""

from functools import lru_cache
from itertools import chain, zip_longest
from pathlib import Path

import css_inline

# Words and links differ from letter to letter; the tags between them do so a few times in a night.
LINK = 'a href="'
MARK = "\ue000"  # a character of nobody's: stands for what varies
SHAPES = 512


class Inliner:
    """Inlines one stylesheet; letters of one shape are worked on once, the others get their words put in."""

    def __init__(self, stylesheet: Path):
        self._inliner = css_inline.CSSInliner(
            extra_css=stylesheet.read_text(encoding="utf-8"), keep_at_rules=True, load_remote_stylesheets=False
        )
        self._pieces = lru_cache(maxsize=SHAPES)(self._inlined_shape)

    def inline(self, html: str) -> str:
        """Write styles into tags. A `<` or `>` that is no part of a tag must be written `&lt;` or `&gt;`."""
        shape, varying = _apart(html)
        pieces = self._pieces(shape)
        if len(pieces) != len(varying) + 1:
            return self._inliner.inline(html)
        return "".join(chain.from_iterable(zip_longest(pieces, varying, fillvalue="")))

    def _inlined_shape(self, shape: str) -> list[str]:
        return self._inliner.inline(shape).split(MARK)


def _apart(html: str) -> tuple[str, list[str]]:
    """Tell the tags, with a mark in place of each text and link, from these texts and links."""
    before, *pieces = html.split("<")
    shape, varying = [before], []
    for piece in pieces:
        tag, _, text = piece.partition(">")
        if tag.startswith(LINK):
            link, _, rest = tag[len(LINK) :].partition('"')
            varying.append(_link(link))
            tag = f'{LINK}{MARK}"{rest}'
        if not text or text.isspace():
            shape += ("<", tag, ">", text)
        else:
            varying.append(_text(text))
            shape += ("<", tag, ">", MARK)
    return "".join(shape), varying


def _text(escaped: str) -> str:
    if "&" in escaped:
        escaped = escaped.replace("&#39;", "'").replace("&#34;", '"').replace("&quot;", '"')
    return escaped.replace("\xa0", "&nbsp;")


def _link(escaped: str) -> str:
    return escaped.replace("&#39;", "'").replace("&#34;", "&quot;").replace("\xa0", "&nbsp;")
