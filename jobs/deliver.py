"""Waiting letters → an SMTP server, many over one connection; each is marked only after the server took it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException

import click
import flask_mail
from sqlalchemy.orm import Session

from jobs.ground import Ground, ground, log, now
from matcher.models import Letter
from matcher.store import letters
from web import mailer
from web.db import transaction
from web.mail import compose, envelope_sender

AT_ONCE = 25  # claimed together; a sender that dies leaves no more than these to wait for its stale claim
RENEW_AFTER = letters.STALE_CLAIM / 4
CANNOT_BE_CARRIED, OUR_FAULT = 553, 451  # as a server would say it. Source: RFC 5321, 4.2.3


PATIENCE_S = 60  # of silence before a mail server counts as away


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter rendered and ready to go."""

    letter_id: int
    message: flask_mail.Message
    envelope_sender: str


def deliver_all(g: Ground) -> int:
    """Send until nothing is due; return how many letters the server took."""
    total = 0
    while (sent := deliver_some(g, at=now())) is not None:
        total += sent
    return total


def deliver_some(g: Ground, *, at: datetime) -> int | None:
    """Claim and send up to `AT_ONCE` letters; return how many the server took, None when none was due."""
    with g.app.app_context():
        outgoing = _claim(g, at)
        if outgoing is None:
            return None
        if not outgoing:
            return 0
        try:
            with patience(PATIENCE_S), mailer.connect() as connection:
                return _send_all(g, connection, outgoing, at)
        except (OSError, SMTPException) as error:
            # The server is away or hung up: what it did not take waits, nothing is lost.
            _put_back(g, outgoing, str(error) or type(error).__name__, at)
            return 0


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Let new connections give up after so much silence; Flask-Mail hands no timeout of its own to smtplib."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _claim(g: Ground, at: datetime) -> list[Outgoing] | None:
    with transaction(g.engine) as session:
        claimed = letters.claim(session, now=at, limit=AT_ONCE)
        if not claimed:
            return None
        causes = {each.id: letters.suppressed(session, each) for each in claimed}
        for letter_id, cause in causes.items():
            if cause:
                letters.mark_dropped(session, letter_id, cause)
        rendered = [_render(g, session, each, at) for each in claimed if not causes[each.id]]
        return [each for each in rendered if each]


def _render(g: Ground, session: Session, each: Letter, at: datetime) -> Outgoing | None:
    try:
        message = compose(each, settings=g.settings, now=at)
    except Exception as error:  # noqa: BLE001 - one letter that cannot be written must not hold up the others
        log.error("letter cannot be written", letter=each.id, error=str(error))
        letters.put_back(session, each.id, error=f"cannot be written: {error}", now=at)
        return None
    return Outgoing(each.id, message, envelope_sender(each, settings=g.settings, today=at.date()))


def _send_all(g: Ground, connection: flask_mail.Connection, outgoing: list[Outgoing], at: datetime) -> int:
    held_at, ours, n_sent = at, {each.letter_id for each in outgoing}, 0
    for each in outgoing:
        if now() - held_at > RENEW_AFTER:
            # The server is slow: without this another sender would take the claim for a dead one's and send it too.
            at = now()
            with transaction(g.engine) as session:
                ours = letters.renew(session, ours, claimed_at=held_at, now=at)
            held_at = at
        if each.letter_id in ours:
            n_sent += _send(g, connection, each)
    return n_sent


def _send(g: Ground, connection: flask_mail.Connection, each: Outgoing) -> bool:
    try:
        connection.send(each.message, envelope_from=each.envelope_sender)
    except SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _refused(g, each, code, words)
    except SMTPResponseException as error:
        return _refused(g, each, error.smtp_code, error.smtp_error)
    except (SMTPNotSupportedError, UnicodeError) as error:
        return _refused(g, each, CANNOT_BE_CARRIED, str(error))
    except OSError:
        raise  # the line, not the letter
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one letter must not hold up the others
        return _refused(g, each, OUR_FAULT, str(error))
    with transaction(g.engine) as session:
        return letters.mark_sent(session, each.letter_id, at=now())


def _refused(g: Ground, each: Outgoing, code: int, words: bytes | str) -> bool:
    """Drop what the server refuses for good (5xx); let the rest wait (4xx)."""
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    log.warning("letter refused", letter=each.letter_id, code=code, said=said)
    with transaction(g.engine) as session:
        if code >= 500:
            letters.mark_failed(session, each.letter_id, f"{code} {said}")
        else:
            letters.put_back(session, each.letter_id, error=f"{code} {said}", now=now())
    return False


def _put_back(g: Ground, outgoing: list[Outgoing], error: str, at: datetime) -> None:
    log.warning("mail server away, letters wait", letters=len(outgoing), error=error)
    with transaction(g.engine) as session:
        for each in outgoing:
            letters.put_back(session, each.letter_id, error=error, now=at)


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say how many letters wait.")
def main(dry_run: bool) -> None:
    """Send every letter that is due."""
    g = ground()
    if not dry_run:
        click.echo(f"Letters sent: {deliver_all(g)}")
    with transaction(g.engine) as session:
        click.echo(f"Letters waiting: {letters.n_waiting(session)}")


if __name__ == "__main__":
    main()
