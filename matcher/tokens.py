"""Numbers ↔ signed, expiring tokens that survive the local part of a mail address: lower case and digits only."""

import base64
import hashlib
import hmac
from datetime import date, timedelta
from functools import lru_cache

from itsdangerous import HMACAlgorithm

from matcher.terms import Refused

EPOCH = date(2020, 1, 1)
PURPOSES = (
    "reply", "unsubscribe", "bounce", "page", "sign-in", "held", "introduction", "draft", "profile", "steward",
    "colleague",
)  # fmt: skip
N_SIGNATURE = 10  # bytes: 80 bits, out of reach of guessing by mail

_SIGN = HMACAlgorithm(hashlib.sha256)


class TokenRefused(Refused):
    """Say in a sentence why a token does not open anything."""


class TokenExpired(TokenRefused):
    """Say so of a token of ours whose time is over."""


def seal(secret: str, purpose: str, number: int, *, expires_on: date) -> str:
    """Make the token of a number (0 ≤ number < 2^40) for one purpose; at most 32 characters of [a-z2-7]."""
    days = (expires_on - EPOCH).days
    body = bytes([PURPOSES.index(purpose)]) + number.to_bytes(5, "big") + days.to_bytes(2, "big")
    return base64.b32encode(body + _signature(secret, body)).decode().rstrip("=").lower()


def unseal(secret: str, purpose: str, token: str, *, today: date) -> int:
    """Return the number in a token. Raises `TokenRefused` when it is forged or made for something else.

    Raises `TokenExpired`, which is one too, when its last day is over.
    """
    body = _opened(secret, token)
    if body[0] != PURPOSES.index(purpose):
        raise TokenRefused("This address or link was made for something else.")
    if EPOCH + timedelta(days=int.from_bytes(body[6:8], "big")) < today:
        raise TokenExpired("This address or link has expired.")
    return int.from_bytes(body[1:6], "big")


def is_ours(secret: str, token: str) -> bool:
    """Tell whether we signed a token, whatever it is for and even when it has expired."""
    try:
        _opened(secret, token)
    except TokenRefused:
        return False
    return True


def _opened(secret: str, token: str) -> bytes:
    text = token.strip().upper()
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        raw = b""
    body, signature = raw[:8], raw[8:]
    if len(body) != 8 or not hmac.compare_digest(signature, _signature(secret, body)):
        raise TokenRefused("This address or link is not one of ours, or it was cut short on the way.")
    return body


def _signature(secret: str, body: bytes) -> bytes:
    return _SIGN.get_signature(_key(secret), body)[:N_SIGNATURE]


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"counterpart" + secret.encode()).digest()
