"""A delivery notice to the addresses that flufl.bounce sees in it; thirty forms of notice, some as old as mail."""

import logging
from collections.abc import Set
from dataclasses import dataclass
from email.message import Message

from flufl.bounce import all_failures

from matcher.inbound.message import addresses, bare, decode_bytes, payload_of

NOBODY = "nobody@invalid"  # some detectors fail on a message without a sender
MAX_LINES, MAX_LINE = 600, 300  # forty patterns are tried on every line
MAX_PARTS, MAX_DEPTH = 6, 6


@dataclass(frozen=True, slots=True)
class Seen:
    """The addresses that failed for now, and those that failed for good."""

    temporary: tuple[str, ...] = ()
    permanent: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.temporary or self.permanent)


def scan(message: Message) -> Seen:
    try:
        temporary, permanent = all_failures(_short(message))
    except Exception as error:  # noqa: BLE001 - pattern detectors over hostile bytes; one that breaks finds nothing
        logging.getLogger(__name__).warning("bounce detectors gave up: %s: %s", type(error).__name__, error)
        return Seen()
    return Seen(_bare_all(temporary), _bare_all(permanent))


def _bare_all(found: Set[bytes]) -> tuple[str, ...]:
    return tuple(sorted({bare(decode_bytes(one, "")) for one in found} - {""}))


def _short(message: Message, depth: int = 0) -> Message:
    """Copy a message with the first parts and lines only, and with a sender."""
    copied: Message = Message()
    for name, value in message.raw_items():
        if depth or name.lower() != "from":
            copied.set_raw(name, value)
    if not depth:
        copied["From"] = str(message["From"]) if addresses(message, "From") else NOBODY
    _fill(copied, payload_of(message), depth)
    return copied


def _fill(copied: Message, payload: object, depth: int) -> None:
    if isinstance(payload, list):
        copied.set_payload([])
        for one in payload[:MAX_PARTS] if depth < MAX_DEPTH else ():
            copied.attach(_short(one, depth + 1))
        return
    copied.set_payload("\n".join(line[:MAX_LINE] for line in str(payload).split("\n", MAX_LINES)[:MAX_LINES]))
