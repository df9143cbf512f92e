"""A text → the same text without tricks: nothing invisible, no look-alike letters, no escapes; and its skeleton."""

import re
import unicodedata
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

KEPT = frozenset("™®©℠½¼¾²³¹…№º°ª¨´¸")  # their plain forms read worse and hide nothing
FILLERS = dict.fromkeys(map(ord, "\u034f\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0\u20e3"))
BLANKS = str.maketrans(dict.fromkeys("\u2800\u00a0\u2007\u202f\u2009\u2002\u2003\u3000", " "))
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,10});", re.IGNORECASE)
PERCENT = re.compile(r"%(?:40|2[EeDdBb]|3[0-9]|[4-7][0-9A-Fa-f])(?=[\w.+~%-])")
QUOTED_PRINTABLE = re.compile(r"(?<=\w)=(?:40|2E)(?=\w)")
ESCAPED = re.compile(r"\\(?:u00|x)(40|2[eE]|[4-7][0-9a-fA-F])")
# Letters of other scripts that look like Latin ones. Source: Unicode's confusables, the parts used in disguise.
LOOKS = {
    letter: group[0]
    for group in (
        "aаɑαæ", "bвьʙ", "cсϲ", "dԁđð", "eеёє", "fƒ", "gɡɢ", "hһнħ", "iіїιıɪ", "jј", "kкκ", "lłʟ", "mмʍ", "nпɴη",
        "oоοσøœ",
        "pрρþ",
        "qԛ", "rгʀ", "sѕßſ", "tтτ", "uυ", "vνѵ", "wԝω", "xхχ", "yуүʏ", "zᴢ",
    )
    for letter in group[1:]
}  # fmt: skip
SCRIPT_WORD = re.compile(r"[^\W\d_]+")


def plain(text: str) -> str:
    """Write a text in the characters that a reader sees; what is only in other scripts stays."""
    text = "".join(letter if letter in KEPT else unicodedata.normalize("NFKC", letter) for letter in text)
    text = _without_marks(unicodedata.normalize("NFC", text.translate(FILLERS).translate(BLANKS)))
    text = ENTITY.sub(lambda found: unescape(found.group()), text)
    text = PERCENT.sub(lambda found: unquote(found.group()), text)
    text = QUOTED_PRINTABLE.sub(lambda found: bytes.fromhex(found.group()[1:]).decode(), text)
    text = ESCAPED.sub(lambda found: bytes.fromhex(found[1]).decode(), text)
    return SCRIPT_WORD.sub(_one_script, text).replace("\r\n", "\n").replace("\r", "\n")


def skeleton(text: str) -> str:
    """Fold every letter to the plain Latin one it looks like; as long as the text, so that places stay the same."""
    return "".join(map(_folded, text))


@lru_cache(maxsize=10_000)
def _folded(letter: str) -> str:
    small = letter.casefold()[:1]
    if small in LOOKS:
        return LOOKS[small]
    return unicodedata.normalize("NFKD", small)[:1] or letter


def _without_marks(text: str) -> str:
    """Drop what shows nothing: format characters, and marks that belong to no letter of their own."""
    kept: list[str] = []
    for letter in text:
        category = unicodedata.category(letter)
        stray = category in ("Mn", "Me") and (not kept or kept[-1] < "\u0250" or not kept[-1].isalpha())
        if category != "Cf" and not stray and (category != "Cc" or letter in "\n\t\r"):
            kept.append(letter)
    return "".join(kept)


def _one_script(found: re.Match[str]) -> str:
    """Turn the strangers in a Latin word into the letters they stand for."""
    word = found.group()
    n_latin = sum(letter < "\u0250" for letter in word)
    if n_latin in (0, len(word)):
        return word
    return "".join(_cased(letter) if letter >= "\u0250" else letter for letter in word)


def _cased(letter: str) -> str:
    plain_letter = LOOKS.get(letter.casefold(), letter)
    return plain_letter.upper() if letter.isupper() else plain_letter
