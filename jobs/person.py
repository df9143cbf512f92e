"""Somebody with nothing but a mail program: reads one inbox of the local mailbox, writes and replies over SMTP."""

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from time import monotonic, sleep

from web import maildir
from web.maildir import Kept
from web.settings import Settings

PAUSE_S = 0.1


class NothingCame(Exception):
    """A letter that should have come did not."""


@dataclass(frozen=True, slots=True)
class Person:
    """One address and the servers it talks to."""

    address: str
    settings: Settings

    def write(self, to: str, subject: str, text: str) -> None:
        """Send a new mail to one of our addresses."""
        message = _message(self.address, to, subject, text)
        self._send(message, to)

    def reply(self, kept: Kept, text: str) -> None:
        """Answer a letter above its quoted text, as mail programs do."""
        to = str(kept.message["Reply-To"] or kept.message["From"])
        subject = str(kept.message["Subject"])
        answer = _message(self.address, to, subject if subject.startswith("Re:") else f"Re: {subject}", "")
        answer["In-Reply-To"] = answer["References"] = str(kept.message["Message-ID"])
        quoted = "\n".join(f"> {line}" for line in text_of(kept).splitlines())
        answer.set_content(f"{text}\n\nOn {kept.message['Date']}, {kept.message['From']} wrote:\n{quoted}\n")
        self._send(answer, to)

    def letters(self, kind: str = "") -> list[Kept]:
        """List the inbox, newest first; only letters of one kind when it is named."""
        kept = maildir.letters(self.settings.folder / "mailbox", self.address)
        return [each for each in kept if not kind or each.message["X-Counterpart-Letter"] == kind]

    def wait_for(self, kind: str, *, containing: str = "", beyond: int = 0, timeout_s: float = 30) -> Kept:
        """Wait for a letter of a kind beyond the `beyond` that are there already. Raises `NothingCame`."""
        until = monotonic() + timeout_s
        while monotonic() < until:
            found = [each for each in self.letters(kind) if containing in " ".join(text_of(each).split())]
            if len(found) > beyond:
                return found[0]
            sleep(PAUSE_S)
        raise NothingCame(f"{self.address} waited {timeout_s:.0f} s for a letter of the kind “{kind}”.")

    def _send(self, message: EmailMessage, to: str) -> None:
        ours = to.lower().rstrip(">").endswith("@" + self.settings.inbound_domain.lower())
        s = self.settings
        host, port = (s.inbound_host, s.inbound_port) if ours else (s.mail_server, s.mail_port)
        with smtplib.SMTP(host, port, timeout=20) as smtp:
            smtp.send_message(message, from_addr=self.address)


def text_of(kept: Kept) -> str:
    """Return the plain text of a letter."""
    part = kept.message.get_body(("plain",))
    return str(part.get_content()) if part else ""


def _message(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message.set_content(text + "\n")
    return message
