"""What is typed into the local mailbox → a real mail, sent by SMTP like any other."""

import smtplib
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid

from matcher.terms import Refused
from web.inboxes import sender_of, subject_of, text_of
from web.maildir import Kept
from web.settings import LOCAL_HOSTS, Settings
from web.wording import one_line, quoted

TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class Written:
    """A mail as it was typed."""

    from_name: str
    from_address: str
    to: str
    subject: str
    text: str


def compose(mail: Written, *, answered: Kept | None = None, now: datetime) -> EmailMessage:
    """Write a mail as a mail program would: an answer quotes the letter below its words and names it."""
    message = EmailMessage()
    message["From"] = formataddr((one_line(mail.from_name), mail.from_address))
    message["To"] = mail.to
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=mail.from_address.rpartition("@")[2])
    if answered is not None:
        _thread(message, answered)
    message.set_content(f"{mail.text}\n\n{_quote(answered)}" if answered else f"{mail.text}\n")
    return message


def reply_subject(letter: Kept) -> str:
    subject = subject_of(letter)
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def send(message: EmailMessage, *, sender: str, to: str, settings: Settings) -> None:
    """Hand a mail to the server of its address: ours for the desk, the local mailbox for people. Raises `Refused`."""
    host, port = _server_of(to, settings)
    try:
        with smtplib.SMTP(host, port, timeout=TIMEOUT_S) as server:
            server.sendmail(sender, [to], message.as_bytes(policy=SMTP))
    except smtplib.SMTPResponseException as error:
        raise Refused(f"The server did not take it: {_said(error.smtp_error)}") from error
    except smtplib.SMTPRecipientsRefused as error:
        raise Refused(f"The server did not take it: {_said(error.recipients[to][1])}") from error
    except OSError as error:
        raise Refused(
            f"No mail server answered at {host}:{port}. Start everything with “make run”, then send again."
        ) from error


def _server_of(to: str, settings: Settings) -> tuple[str, int]:
    if to.rpartition("@")[2].lower() == settings.inbound_domain.lower():
        return settings.inbound_host, settings.inbound_port
    if settings.mail_server not in LOCAL_HOSTS:
        raise Refused(
            f"“{to}” was not written to: MAIL_SERVER leads to real people. Write to {settings.inbound_domain}."
        )
    return settings.mail_server, settings.mail_port


def _thread(message: EmailMessage, answered: Kept) -> None:
    asked = one_line(str(answered.message["Message-ID"] or ""))
    if asked:
        message["In-Reply-To"] = asked
        message["References"] = f"{one_line(str(answered.message['References'] or ''))} {asked}".strip()


def _quote(answered: Kept) -> str:
    name, address = sender_of(answered)
    return f"On {answered.received_at:%d %b %Y at %H:%M}, {name or address} wrote:\n{quoted(text_of(answered))}\n"


def _said(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
