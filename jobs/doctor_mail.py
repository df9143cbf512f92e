"""The ways of mail → whether letters can leave and replies can come in; nothing is sent unless asked."""

import smtplib
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, make_msgid

from flask_mail import Mail

from jobs import imap
from jobs.findings import Finding, fault, ok, skipped, warning
from web.dkim import signer_of
from web.greeting import ServerAway
from web.links import Links
from web.message import BadAddress, on_the_wire
from web.settings import LOCAL_HOSTS, BadSetting, Settings
from web.smtp import LOST, Line
from web.wording import counted

PATIENCE_S = 15.0
NO_LETTER = 0  # a number that no letter has: what comes back to it changes nothing


def of_mail_out(settings: Settings, *, to: str, now: datetime) -> Iterator[Finding]:
    """Connect, secure the line and log in as the delivery does; send one letter only when told to whom."""
    where = f"{settings.mail_server}:{settings.mail_port}"
    line = Line(Mail(), settings, patience_s=PATIENCE_S)
    try:
        line.open()
    except (ServerAway, BadSetting) as away:
        yield fault("mail out", str(away), "Letters wait until it is corrected.")
        return
    except LOST as error:
        start = "Start it (python -m jobs.mailbox)" if settings.mailbox else "Start the server"
        do = f"{start}, or correct MAIL_SERVER and MAIL_PORT. Letters wait meanwhile."
        yield fault("mail out", f"nobody takes letters at {where} ({error}).", do)
        return
    with line:
        yield _line(line, settings, where)
        if to:
            yield _sent(line, settings, to, now)


def _line(line: Line, settings: Settings, where: str) -> Finding:
    secure = "TLS" if settings.mail_use_ssl else "STARTTLS" if settings.mail_use_tls else "no TLS"
    login = "logged in" if settings.mail_username else "no login"
    if secure == "no TLS" and settings.mail_server not in LOCAL_HOSTS:
        said = f"{where} answers, but letters travel to it in the open."
        return warning("mail out", said, "Set MAIL_USE_TLS=1 (port 587) or MAIL_USE_SSL=1 (port 465).")
    several = "several steps at once" if line.host and line.host.has_extn("pipelining") else "one step at a time"
    return ok("mail out", f"{where} answers: {secure}, {login}, {several}")


def _sent(line: Line, settings: Settings, to: str, now: datetime) -> Finding:
    """Send a letter as all letters go: signed where there is a key, from the address that bounces come back to."""
    sender = Links(settings, now.date()).bounce_address(NO_LETTER)
    options = () if to.isascii() else ("SMTPUTF8", "BODY=8BITMIME")
    try:
        assert line.host
        line.host.sendmail(sender, on_the_wire(to), _written(settings, to, now), options)
    except (BadAddress, BadSetting) as error:
        return fault("mail out", f"the letter to {to} cannot be written: {error}", "Correct it and try again.")
    except smtplib.SMTPException as error:
        return fault("mail out", f"the letter to {to} was refused ({error}).", "Ask whoever runs MAIL_SERVER why.")
    return ok("mail out", f"a letter to {to} was taken; see in its mailbox whether it arrives, and in which folder")


def _written(settings: Settings, to: str, now: datetime) -> bytes:
    letter = EmailMessage(SMTP if to.isascii() else SMTPUTF8)
    letter["From"], letter["To"], letter["Subject"] = settings.mail_from, to, "A letter to try the way"
    letter["Date"], letter["Message-ID"] = format_datetime(now), make_msgid(domain=settings.inbound_domain)
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content("Whoever runs Counterpart for you asked for this letter, to see whether letters arrive.\n")
    signer = signer_of(settings)
    return signer.sign(letter.as_bytes(), at=now) if signer else letter.as_bytes()


def of_mail_in(settings: Settings) -> Iterator[Finding]:
    """Knock at our own door as an MTA would, and leave again; look into the IMAP mailbox where one is named."""
    if settings.imap_host:
        yield _mailbox(settings)
    yield _door(settings)


def _mailbox(settings: Settings) -> Finding:
    try:
        with imap.opened(settings) as box:
            n_new = len(imap.arrived(box, settings))
    except imap.MailboxTrouble as trouble:
        return fault("mail in", str(trouble), "The mail waits in the mailbox meanwhile.")
    said = f"{settings.imap_host} lets us into {settings.imap_folder}"
    return ok("mail in", f"{said}; {counted(n_new, 'message', 'messages')} to look at")


def _door(settings: Settings) -> Finding:
    host = settings.inbound_host if settings.inbound_host not in ("0.0.0.0", "::", "") else "127.0.0.1"
    where, asked = f"{host}:{settings.inbound_port}", f"help@{settings.inbound_domain}"
    speak = smtplib.LMTP if settings.inbound_protocol == "lmtp" else smtplib.SMTP
    try:
        with speak(host, settings.inbound_port, timeout=PATIENCE_S) as door:  # type: ignore[operator]
            door.ehlo_or_helo_if_needed()
            door.mail("")
            code, words = door.rcpt(asked)
    except LOST as error:
        return _closed(settings, where, error)
    if code != 250:
        said = f"{where} does not take mail for {asked} ({code} {words.decode('utf-8', 'replace')})."
        return fault("mail in", said, "Another server stands there: correct INBOUND_PORT or INBOUND_DOMAIN.")
    return ok("mail in", f"{where} takes mail for {asked} ({settings.inbound_protocol.upper()})")


def _closed(settings: Settings, where: str, error: Exception) -> Finding:
    if settings.imap_host:
        return skipped("mail in", f"nobody listens at {where}; mail comes by IMAP")
    do = "Start python -m jobs.inbound --listen. Mail comes through a pipe of your MTA? Then --skip 'mail in'."
    return fault("mail in", f"nobody listens at {where} ({error}).", do)
