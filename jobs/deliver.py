"""Waiting letters → an SMTP server, many over one connection; each is marked only after the server took it."""

from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

import click
import flask_mail

from jobs.ground import Ground, ground, log, now
from matcher.models import Letter
from matcher.store import letters
from web import mailer
from web.db import transaction
from web.mail import compose, envelope_sender

AT_ONCE = 25  # claimed together; a sender that dies leaves no more than these to wait for its stale claim


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
            with mailer.connect() as connection:
                return sum(_send(g, connection, each) for each in outgoing)
        except (OSError, SMTPException) as error:
            # The server is away or hung up: what it did not take waits, nothing is lost.
            _put_back(g, outgoing, str(error) or type(error).__name__, at)
            return 0


def _claim(g: Ground, at: datetime) -> list[Outgoing] | None:
    with transaction(g.engine) as session:
        claimed = letters.claim(session, now=at, limit=AT_ONCE)
        if not claimed:
            return None
        causes = {each.id: letters.suppressed(session, each) for each in claimed}
        for letter_id, cause in causes.items():
            if cause:
                letters.mark_dropped(session, letter_id, cause)
        return [_render(g, each, at) for each in claimed if not causes[each.id]]


def _render(g: Ground, each: Letter, at: datetime) -> Outgoing:
    message = compose(each, settings=g.settings, now=at)
    return Outgoing(each.id, message, envelope_sender(each, settings=g.settings, today=at.date()))


def _send(g: Ground, connection: flask_mail.Connection, each: Outgoing) -> bool:
    try:
        connection.send(each.message, envelope_from=each.envelope_sender)
    except SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _refused(g, each, code, words)
    except SMTPResponseException as error:
        return _refused(g, each, error.smtp_code, error.smtp_error)
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
