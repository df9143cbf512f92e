"""One mailbox on an IMAP server → its messages for us kept in the database, then moved to a folder of their own."""

import email.parser
import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import click
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxUnencrypted
from imap_tools.errors import MailboxFolderCreateError, MailboxFolderSelectError, MailboxLoginError

from jobs.door import NO_SENDER, is_for_us
from jobs.ground import Ground, ground, log, now
from matcher.exchange import keep
from matcher.exchange.keeping import MAX_BYTES, storable
from matcher.inbound.address import ENVELOPE
from matcher.inbound.message import addresses, header
from web.db import AWAY, transaction
from web.settings import Settings

FOLDER = "Counterpart"  # where a message goes once it is kept
STUCK = "kept, and not moved"
FOREIGN = "$NotForCounterpart"  # the keyword of a message that is none of ours
MAX_MESSAGES = 200  # in one poll
MAX_HEADER = 100_000
TIMEOUT_S = 30
NAMING_US = ("To", "Cc", *ENVELOPE)
BROKEN = (OSError, imaplib.IMAP4.error, ImapToolsError)


class MailboxTrouble(Exception):
    """Say in a sentence why the mailbox could not be polled; whatever is in it waits there."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message that lies in the mailbox: for which of our addresses, and from whom its envelope came."""

    uid: str
    to: tuple[str, ...]
    sender: str


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll came to."""

    n_kept: int = 0
    n_again: int = 0  # kept before, and only moved now
    n_foreign: int = 0
    n_left: int = 0

    def __str__(self) -> str:
        said = f"{self.n_kept} kept, {self.n_again} kept before, {self.n_foreign} not for us"
        return f"{said}, {self.n_left} could not be kept and were left" if self.n_left else said


def poll(g: Ground) -> Polled:
    """Keep what is new in the mailbox and move it aside. Raises `MailboxTrouble`."""
    s = g.settings
    with opened(s) as box:
        folder = own_folder(box)
        found = arrived(box, s)
        foreign = [each.uid for each in found if not each.to]
        mark_foreign(box, foreign)
        fates = [take(g, box, each, folder) for each in found if each.to]
    if stuck := next((each for each in fates if each.startswith(STUCK)), ""):
        raise MailboxTrouble(
            f"The folder {folder!r} takes no message{stuck.removeprefix(STUCK)}: make room in the mailbox. What came "
            "is kept and acted on once, and stays where it was until it can be moved."
        )
    return Polled(fates.count("kept"), fates.count("again"), len(foreign), fates.count("left"))


def poll_or_say(g: Ground) -> None:
    """Poll, and log what came of it: a mailbox that cannot be reached is tried again in a minute, not a crash."""
    try:
        polled = poll(g)
    except MailboxTrouble as trouble:
        log.error("mailbox not polled", why=str(trouble))
        return
    if polled != Polled():
        log.info("mailbox polled", came_to=str(polled))


def look(g: Ground) -> list[Arrived]:
    """List what a poll would look at, and change nothing. Raises `MailboxTrouble`."""
    s = g.settings
    with opened(s) as box:
        return arrived(box, s)


def take(g: Ground, box: BaseMailBox, message: Arrived, folder: str) -> str:
    """Keep one message and then move it: a crash in between repeats both, and keeping twice is keeping once."""
    raw = bytes_of(box, message.uid, "", MAX_BYTES + 1)  # one byte more is enough to be told that it is too large
    if raw is None:
        return "gone"
    try:
        n_new = keep_once(g, raw, message)
    except AWAY as error:
        cause = getattr(error, "orig", error)  # the whole of it holds the message
        raise MailboxTrouble(f"The database is away, so the mail stays in the mailbox ({cause}).") from error
    except Exception as error:  # noqa: BLE001 - one message that makes us stumble must not hold up the others
        log.exception("not kept, left in the mailbox", uid=message.uid, error=f"{type(error).__name__}: {error}")
        return "left"
    try:
        move(box, message.uid, folder)
    except ImapToolsError as error:  # such as a mailbox that is full; those behind it are kept all the same
        return f"{STUCK} ({said(error)})"
    return "kept" if n_new else "again"


def keep_once(g: Ground, raw: bytes, message: Arrived) -> int:
    """Store a message for each of our addresses that it is for; return how many are new."""
    with transaction(g.engine) as session:
        added = [keep(session, raw, envelope_from=message.sender, envelope_to=each, now=now()) for each in message.to]
    return sum(each is not None for each in added)


@contextmanager
def opened(s: Settings) -> Iterator[BaseMailBox]:
    """Log in to the mailbox for the length of a block. Raises `MailboxTrouble`."""
    box = connected(s)
    try:
        log_in(box, s)
        yield box
    except BROKEN as error:
        raise MailboxTrouble(f"IMAP_HOST={s.imap_host!r}: the server broke off or refused ({said(error)}).") from error
    finally:
        with suppress(*BROKEN):
            box.logout()


def connected(s: Settings) -> BaseMailBox:
    try:
        if s.imap_use_tls:
            return MailBox(s.imap_host, s.imap_port, timeout=TIMEOUT_S, ssl_context=ssl.create_default_context())
        return MailBoxUnencrypted(s.imap_host, s.imap_port, timeout=TIMEOUT_S)
    except BROKEN as error:
        raise MailboxTrouble(
            f"IMAP_HOST={s.imap_host!r}: no IMAP server that we trust answered at port {s.imap_port} ({said(error)}). "
            "Check IMAP_HOST, IMAP_PORT and IMAP_USE_TLS."
        ) from error


def log_in(box: BaseMailBox, s: Settings) -> None:
    enter = box.login if (s.imap_username + s.imap_password).isascii() else box.login_utf8
    try:
        enter(s.imap_username, s.imap_password, None)
    except (MailboxLoginError, imaplib.IMAP4.error) as error:
        raise MailboxTrouble(
            f"IMAP_USERNAME={s.imap_username!r}: {s.imap_host} refused the login ({said(error)}). Check IMAP_PASSWORD."
        ) from error
    _, offered = box.client.capability()  # many servers say what they can only to those who are logged in
    box.client.capabilities = tuple(offered[-1].decode("ascii", "replace").upper().split())


def own_folder(box: BaseMailBox) -> str:
    """Find or make the folder for what is kept: beside INBOX, or below it where the server wants all folders there."""
    between = next((each.delim for each in box.folder.list("", "INBOX")), "/")
    names = (FOLDER, f"INBOX{between}{FOLDER}")
    for name in names:
        if box.folder.exists(name):
            return name
    for name in names:
        with suppress(MailboxFolderCreateError):
            box.folder.create(name)
            return name
    raise MailboxTrouble(f"The folder {FOLDER!r} for kept mail could not be made: make it by hand in the mailbox.")


def arrived(box: BaseMailBox, s: Settings) -> list[Arrived]:
    """Open the folder and read the headers of what is new in it, oldest first."""
    try:
        box.folder.set(s.imap_folder)
    except MailboxFolderSelectError as error:
        raise MailboxTrouble(f"IMAP_FOLDER={s.imap_folder!r}: there is no such folder ({said(error)}).") from error
    new = f"UNKEYWORD {FOREIGN}" if keeps_keywords(box) else names_domain(s.inbound_domain)
    headers = [
        (uid, bytes_of(box, uid, "HEADER", MAX_HEADER))
        for uid in box.uids(f"UNDELETED {new}", charset=None)[:MAX_MESSAGES]
    ]
    return [addressed(uid, raw, s.inbound_domain) for uid, raw in headers if raw is not None]


def keeps_keywords(box: BaseMailBox) -> bool:
    """Tell whether the server lets us put a keyword of our own on a message of the folder just opened."""
    _, flags = box.client.response("PERMANENTFLAGS")
    return any(rb"\*" in (each or b"") for each in flags)


def names_domain(domain: str) -> str:
    """Ask for messages that name our domain, where a server cannot remember which were not for us."""
    asked = [f'HEADER {each} "@{domain}"' for each in NAMING_US]
    return "OR " * (len(asked) - 1) + " ".join(asked)


def addressed(uid: str, raw: bytes, domain: str) -> Arrived:
    """Find for which of our addresses a message was delivered: one where the server noted it, else all it names."""
    message = email.parser.BytesHeaderParser().parsebytes(raw)
    delivered, named = (
        tuple(dict.fromkeys(each for _, each in addresses(message, *names) if is_for_us(each, domain=domain)))
        for names in (ENVELOPE, ("To", "Cc"))
    )
    came_from = header(message, "Return-Path").strip()
    sender = came_from if came_from == NO_SENDER else came_from.strip("<>").strip().lower()
    return Arrived(uid, delivered[:1] or named, storable(sender))


def bytes_of(box: BaseMailBox, uid: str, section: str, at_most: int) -> bytes | None:
    """Fetch a part of a message without marking it as seen; None when it is no longer there."""
    status, found = box.client.uid("FETCH", uid, f"(BODY.PEEK[{section}]<0.{at_most}>)")
    if status != "OK":
        raise imaplib.IMAP4.error(f"FETCH of message {uid}: {found}")
    return next((each[1] for each in found if isinstance(each, tuple)), None)


def mark_foreign(box: BaseMailBox, uids: list[str]) -> None:
    """Leave messages where they are, with a keyword (where the server keeps one) so that they are not read again."""
    if uids:
        box.client.uid("STORE", ",".join(uids), "+FLAGS.SILENT", f"({FOREIGN})")


def move(box: BaseMailBox, uid: str, folder: str) -> None:
    """Move a message; nobody else's messages that wait for deletion are ever expunged on the way."""
    if "MOVE" in box.client.capabilities:
        box.move(uid, folder)
        return
    box.copy(uid, folder)
    box.client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
    if "UIDPLUS" in box.client.capabilities:
        box.client.uid("EXPUNGE", uid)


def said(error: Exception) -> str:
    """Shorten what a server or the network said to one line."""
    told = getattr(error, "command_result", ("", [error]))[1]
    first = told[0] if told else error
    return (first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first))[:200]


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what is there for us, and leave everything as it is.")
def main(dry_run: bool) -> None:
    """Poll the mailbox of IMAP_HOST once; the worker does it each minute."""
    g = ground()
    if not g.settings.imap_host:
        raise click.UsageError("IMAP_HOST is not set, so there is no mailbox to poll. See the settings in the README.")
    try:
        if not dry_run:
            click.echo(poll(g))
            return
        for each in look(g):
            click.echo(f"{each.uid}: {', '.join(each.to) or 'not for us'}")
    except MailboxTrouble as trouble:
        raise click.ClickException(str(trouble)) from trouble


if __name__ == "__main__":
    main()
