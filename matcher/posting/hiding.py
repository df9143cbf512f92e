"""What a poster's answer wants hidden ("hide the word Tram") → the words to cover, and those that stand nowhere."""

import re
from collections.abc import Iterator

from matcher.posting.blanks import squeezed
from matcher.posting.cues import n_telling_letters
from matcher.posting.edits import words_to_hide
from matcher.terms import Masked, Reading

HIDDEN = "[words removed]"


def sought_in_vain(reading: Reading, answer: str) -> tuple[str, ...]:
    """Return the words that an answer wants hidden and that stand nowhere, neither shown to others nor hidden yet."""
    hidden = {one.words.casefold() for one in reading.masked}
    named = dict.fromkeys(one for one in words_to_hide(squeezed(answer)) if one.casefold() not in hidden)
    return tuple(one for one in named if n_telling_letters(one) and not _is_shown(reading, one))


def to_hide(reading: Reading, answer: str) -> Iterator[Masked]:
    """Hide what the answer names, if it tells something and stands in what others read."""
    for words in words_to_hide(answer):
        if n_telling_letters(words) and _is_shown(reading, words):
            yield Masked("customer", words, HIDDEN)


def _is_shown(reading: Reading, words: str) -> bool:
    shown = "\n".join((reading.title, reading.blind_text, reading.pays, reading.place_text, reading.due_text))
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", shown, re.IGNORECASE) is not None
