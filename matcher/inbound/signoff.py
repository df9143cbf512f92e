"""A reply and the names of its writer → the reply without the name that it ends with."""

import re
from collections.abc import Iterable

WORD = re.compile(r"[^\W_]+")
TAIL = re.compile(r"[\s,.;:–—-]*([^\s,.;:–—]+)[\s,.]*$")
MAX_WORDS = 12


def unsigned(text: str, names: Iterable[str]) -> str:
    """Cut the writer's own name (person or firm, whole or in part) off the end; a text that is nothing else stays."""
    known = {word.casefold() for name in names for word in WORD.findall(name)}
    left = text.rstrip()
    for _ in range(MAX_WORDS):
        last = TAIL.search(left)
        if last is None or not {word.casefold() for word in WORD.findall(last[1])} <= known or not WORD.search(last[1]):
            break
        left = left[: last.start()].rstrip()
    return left or text
