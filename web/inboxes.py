"""The local mailbox's folders → the rows, the letters and the frames that its pages show."""

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from web import maildir
from web.maildir import Kept
from web.settings import Settings

TABS = ("html", "text", "headers")
MAILTO = re.compile(r"""href=(["'])(mailto:[^"']*)\1""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Inbox:
    """One address with mail; the names are empty when nobody we know owns it."""

    address: str
    n_letters: int
    newest_at: datetime
    person: str = ""
    firm: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """One file that came with a letter."""

    name: str
    kind: str
    content: bytes


def folder_of(settings: Settings) -> Path:
    """Say where the local SMTP server keeps what it receives."""
    return settings.folder / "mailbox"


def listed(folder: Path, known: dict[str, tuple[str, str]]) -> list[Inbox]:
    """List the inboxes, the one with the newest letter first."""
    found = [
        Inbox(address, n, _newest_at(folder / address), *known.get(address, ("", "")))
        for address, n in maildir.inboxes(folder).items()
    ]
    return sorted(found, key=lambda each: (-each.newest_at.timestamp(), each.address))


def matching(inboxes: list[Inbox], words: str) -> list[Inbox]:
    """Keep the inboxes that have every word in their address or their names."""
    wanted = words.casefold().split()
    return [each for each in inboxes if all(word in _words_of(each) for word in wanted)]


def text_of(letter: Kept) -> str:
    return _body(letter.message, "plain") or "(This letter has no text part.)"


def html_of(letter: Kept) -> str:
    return _body(letter.message, "html")


def framed(source: str, *, page: str) -> str:
    """Make a letter's HTML fit for a frame: its links open beside it, its mail buttons fill the reply box of `page`."""

    def into_reply_box(found: re.Match[str]) -> str:
        asked = urlsplit(html.unescape(found[2]))
        given = {name: values[0] for name, values in parse_qs(asked.query).items() if name in ("subject", "body")}
        filled = html.escape(f"{page}?{urlencode({'to': unquote(asked.path), **given})}#reply")
        return f'href="{filled}" target="_top"'

    return '<base target="_blank">' + MAILTO.sub(into_reply_box, source)


def headers_of(letter: Kept) -> list[tuple[str, str]]:
    return [(name, " ".join(str(value).split())) for name, value in letter.message.items()]


def attached(letter: Kept) -> list[Attached]:
    """List the files that came with a letter."""
    return [
        Attached(part.get_filename() or f"file-{n}", part.get_content_type(), part.get_payload(decode=True) or b"")
        for n, part in enumerate(letter.message.iter_attachments(), start=1)
    ]


def sender_of(letter: Kept) -> tuple[str, str]:
    """Return the name and the address that a letter comes from."""
    return parseaddr(str(letter.message["From"] or ""))


def answers_to(letter: Kept) -> str:
    """Return the address that a reply goes to."""
    return parseaddr(str(letter.message["Reply-To"] or letter.message["From"] or ""))[1]


def subject_of(letter: Kept) -> str:
    return str(letter.message["Subject"] or "") or "(no subject)"


def when(at: datetime, now: datetime) -> str:
    """Say how long ago a letter came, or on which day."""
    minutes = max(0, int((now - at).total_seconds() // 60))
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at.day} {at:%b}"


def _body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):
        return part.get_payload(decode=True).decode("latin-1")  # a charset nobody knows: better odd than nothing


def _newest_at(inbox: Path) -> datetime:
    return datetime.fromtimestamp((inbox / "new").stat().st_mtime, UTC)


def _words_of(each: Inbox) -> str:
    return f"{each.address} {each.person} {each.firm}".casefold()
