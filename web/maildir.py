"""The local mailbox's folder: one Maildir per address, so that a newcomer can read any inbox."""

import mailbox
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+=?^_{|}~-]{1,64}@[a-z0-9.-]{1,190}")
KEY = re.compile(r"[\w.,:=-]{1,200}")
WITHIN_SECOND = re.compile(r"\.M([0-9]{1,6})P")  # as Python's mailbox names files


@dataclass(frozen=True, slots=True)
class Kept:
    """One letter of an inbox."""

    key: str
    received_at: datetime
    message: EmailMessage
    raw: bytes


def store(folder: Path, address: str, raw: bytes) -> None:
    """Put a letter into the inbox of an address, on disk when this returns."""
    _inbox(folder, address).add(raw)


def inboxes(folder: Path) -> dict[str, int]:
    """List the addresses that have mail, with the number of letters."""
    if not folder.is_dir():
        return {}
    found = sorted(each for each in folder.iterdir() if each.is_dir() and ADDRESS.fullmatch(each.name))
    return {each.name: len(list((each / "new").iterdir())) for each in found}


def letters(folder: Path, address: str) -> list[Kept]:
    """List an inbox, newest first."""
    if not (ADDRESS.fullmatch(address.lower()) and (folder / address.lower()).is_dir()):
        return []
    inbox = _inbox(folder, address)
    found = [_kept(inbox, key) for key in inbox.keys()]  # noqa: SIM118 - a Maildir iterates over messages, not keys
    return sorted(found, key=lambda each: (each.received_at, each.key), reverse=True)


def letter(folder: Path, address: str, key: str) -> Kept | None:
    """Find one letter of an inbox."""
    if not (ADDRESS.fullmatch(address.lower()) and KEY.fullmatch(key) and (folder / address.lower()).is_dir()):
        return None
    inbox = _inbox(folder, address)
    return _kept(inbox, key) if key in inbox else None


def _inbox(folder: Path, address: str) -> mailbox.Maildir:
    plain = address.strip().lower()
    if not ADDRESS.fullmatch(plain):
        raise ValueError(f"Address: {address!r} cannot be the name of an inbox.")
    folder.mkdir(parents=True, exist_ok=True)
    return mailbox.Maildir(folder / plain, create=True)


def _kept(inbox: mailbox.Maildir, key: str) -> Kept:
    raw = inbox.get_bytes(key)
    message = BytesParser(policy=policy.default).parsebytes(raw)
    return Kept(key, _received_at(key), message, raw)


def _received_at(key: str) -> datetime:
    """Read when a letter came from its name; the microseconds are written there without leading zeros."""
    at = datetime.fromtimestamp(float(key.split(".")[0]), UTC)
    within = WITHIN_SECOND.search(key)
    return at + timedelta(microseconds=int(within[1])) if within else at
