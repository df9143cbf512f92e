"""Settings → a mail server that is connected, known to be the right one and lets us in, or what to correct."""

import base64
import smtplib
import socket
import ssl
from functools import partial

from web.settings import LOCAL_HOSTS, Settings

LET_IN = 235


class ServerAway(OSError):
    """Say in a sentence why the mail server takes no letter at all just now."""


def greeted(settings: Settings, patience_s: float) -> smtplib.SMTP:
    """Connect, check who the server is, log in. Raises `ServerAway` with what to do, `OSError`, `SMTPException`."""
    try:
        return _connected(settings, patience_s)
    except ssl.SSLCertVerificationError as error:
        raise ServerAway(_untrusted(settings, error)) from error
    except ssl.SSLError as error:
        raise ServerAway(_no_tls(settings, error)) from error
    except smtplib.SMTPAuthenticationError as error:
        raise ServerAway(_not_let_in(settings, error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise ServerAway(_not_offered(settings, error)) from error


def _connected(settings: Settings, patience_s: float) -> smtplib.SMTP:
    trust = _trust_of(settings) if settings.mail_use_ssl or settings.mail_use_tls else None  # 40 ms to read
    secure = partial(smtplib.SMTP_SSL, context=trust) if settings.mail_use_ssl else smtplib.SMTP
    host = secure(settings.mail_server, settings.mail_port, timeout=patience_s)
    try:
        if settings.mail_use_tls:
            host.starttls(context=trust)
        host.ehlo_or_helo_if_needed()
        if settings.mail_username:
            _log_in(host, settings.mail_username, settings.mail_password)
        if host.sock is not None:
            host.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a group is one write: nothing to wait for
    except BaseException:
        host.close()
        raise
    return host


def _log_in(host: smtplib.SMTP, name: str, password: str) -> None:
    """Log in; smtplib knows ASCII only, while PLAIN takes UTF-8. Source: RFC 4616"""
    if (name + password).isascii() or not host.has_extn("auth"):
        host.login(name, password)
        return
    told = base64.b64encode(f"\0{name}\0{password}".encode()).decode()
    code, said = host.docmd("AUTH", f"PLAIN {told}")
    if code != LET_IN:
        raise smtplib.SMTPAuthenticationError(code, said)


def _trust_of(settings: Settings) -> ssl.SSLContext:
    """Say which certificates count: of public authorities, or MAIL_CA_FILE; on this machine any, nobody is between."""
    context = ssl.create_default_context(cafile=settings.mail_ca_file or None)
    if settings.mail_server in LOCAL_HOSTS and not settings.mail_ca_file:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _untrusted(settings: Settings, error: ssl.SSLCertVerificationError) -> str:
    return (
        f"MAIL_SERVER={settings.mail_server!r}: its certificate is not to be trusted ({error.verify_message}). "
        "Give the name that stands in the certificate, or its authority's certificate in MAIL_CA_FILE."
    )


def _no_tls(settings: Settings, error: ssl.SSLError) -> str:
    name = "MAIL_USE_SSL" if settings.mail_use_ssl else "MAIL_USE_TLS"
    return (
        f"{name} is set, but no TLS could be agreed on with {settings.mail_server}:{settings.mail_port} "
        f"({error.reason or error}). Take MAIL_USE_SSL for port 465 and MAIL_USE_TLS for port 587."
    )


def _not_let_in(settings: Settings, error: smtplib.SMTPAuthenticationError) -> str:
    said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
    return (
        f"MAIL_USERNAME={settings.mail_username!r}: {settings.mail_server} does not take this name with its "
        f"MAIL_PASSWORD ({error.smtp_code} {said}). Correct both."
    )


def _not_offered(settings: Settings, error: smtplib.SMTPNotSupportedError) -> str:
    name = "MAIL_USE_TLS" if "STARTTLS" in str(error) else "MAIL_USERNAME"
    where = f"{settings.mail_server}:{settings.mail_port}"
    return f"{name} is set, but {where} does not offer it ({error}). Check MAIL_PORT, or take {name} out."
