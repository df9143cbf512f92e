"""A text becomes the key under which its vector is stored; nothing heavy is imported here."""

import hashlib
import unicodedata


def normalised(text: str) -> str:
    """Return the text in Unicode form NFC with every run of white space as one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def text_hash(text: str) -> str:
    """Return the sha256 of the normalised text, as 64 hexadecimal digits."""
    return hashlib.sha256(normalised(text).encode()).hexdigest()
