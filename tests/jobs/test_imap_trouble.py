"""A mailbox that cannot be polled is named with what to correct, and its mail stays where it was."""

import imaplib
from dataclasses import replace

import pytest
import structlog
from imap_tools.errors import MailboxMoveError

from jobs import imap
from jobs.ground import Ground
from jobs.imap import MailboxTrouble, Polled, poll, poll_or_say
from tests import places
from tests.jobs import dovecot
from tests.jobs.dovecot import Dovecot, mail, n_in, put, run
from tests.jobs.line import away, n_kept
from web.settings import Settings

pytestmark = pytest.mark.skipif(
    dovecot.PROGRAM is None, reason="There is no IMAP server here: install Debian's package dovecot-imapd to run this."
)


@pytest.fixture
def settings(imap_settings: Settings) -> Settings:
    return imap_settings


def test_a_message_that_makes_us_stumble_holds_up_no_other(
    g: Ground, box: imaplib.IMAP4, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = put(box, mail("first"))
    put(box, mail("second"))
    real = imap.keep

    def stumbles(session: object, raw: bytes, **more: object) -> int | None:
        if raw == first:
            raise KeyError("a mistake of ours")
        return real(session, raw, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(imap, "keep", stumbles)
    assert poll(g) == Polled(n_kept=1, n_left=1)
    assert n_in(box, "INBOX") == 1


def test_a_mailbox_too_full_to_move_mail_in_keeps_none_from_being_acted_on(
    g: Ground, box: imaplib.IMAP4, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("first", "second"):
        put(box, mail(text))

    def full(*_: object) -> None:
        raise MailboxMoveError(command_result=("NO", [b"[OVERQUOTA] Quota exceeded"]), expected="OK")

    with monkeypatch.context() as patched:
        patched.setattr(imap, "move", full)
        for _ in range(2):
            with pytest.raises(MailboxTrouble, match="'Counterpart' takes no message .*Quota exceeded.*make room"):
                poll(g)
    assert (n_in(box, "INBOX"), n_kept(g)) == (2, 2)
    assert poll(g) == Polled(n_again=2)


def test_while_the_database_is_away_the_mail_stays_in_the_mailbox(
    g: Ground, box: imaplib.IMAP4, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(box, mail())
    with monkeypatch.context() as patched:
        patched.setattr(imap, "keep", away)
        with pytest.raises(MailboxTrouble, match="The database is away, so the mail stays in the mailbox"):
            poll(g)
    assert n_in(box, "INBOX") == 1
    assert poll(g) == Polled(n_kept=1)


def test_a_wrong_password_is_said_in_a_sentence_that_does_not_hold_it(settings: Settings) -> None:
    done = run(settings, IMAP_PASSWORD="geheim")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: IMAP_USERNAME='{settings.imap_username}': 127.0.0.1 refused the login (")
    assert done.stderr.endswith("Check IMAP_PASSWORD.\n")
    assert "geheim" not in done.stderr


def test_a_server_that_is_away_is_named(g: Ground) -> None:
    other = Ground(g.app, replace(g.settings, imap_port=places.free_port()), g.engine)
    with pytest.raises(MailboxTrouble, match=r"^IMAP_HOST='127.0.0.1': no IMAP server that we trust answered at port "):
        poll(other)


def test_a_folder_that_there_is_not_is_named(g: Ground) -> None:
    other = Ground(g.app, replace(g.settings, imap_folder="Nowhere"), g.engine)
    with pytest.raises(MailboxTrouble, match=r"^IMAP_FOLDER='Nowhere': there is no such folder \("):
        poll(other)


def test_a_mailbox_in_trouble_is_tried_again_and_stops_no_worker(g: Ground) -> None:
    other = Ground(g.app, replace(g.settings, imap_password="wrong"), g.engine)
    with structlog.testing.capture_logs() as logged:
        poll_or_say(other)
    assert [each["event"] for each in logged] == ["mailbox not polled"]
    assert "refused the login" in logged[0]["why"]


def test_without_a_mailbox_a_poll_by_hand_says_which_setting_is_missing(settings: Settings) -> None:
    done = run(settings, IMAP_HOST="")
    assert done.returncode == 2
    assert "IMAP_HOST is not set, so there is no mailbox to poll." in done.stderr


def test_by_tls_only_a_server_with_a_certificate_that_we_trust_hears_the_password(
    imap_server: Dovecot, g: Ground, box: imaplib.IMAP4, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not imap_server.certificate.exists():
        pytest.skip("There is no openssl here to make a certificate with.")
    put(box, mail())
    secret = replace(g.settings, imap_host="localhost", imap_port=imap_server.tls_port, imap_use_tls=True)
    with pytest.raises(MailboxTrouble, match="no IMAP server that we trust .*CERTIFICATE_VERIFY_FAILED"):
        poll(Ground(g.app, secret, g.engine))
    monkeypatch.setenv("SSL_CERT_FILE", str(imap_server.certificate))
    assert poll(Ground(g.app, secret, g.engine)) == Polled(n_kept=1)
    with pytest.raises(MailboxTrouble, match="no IMAP server that we trust"):
        poll(Ground(g.app, replace(secret, imap_host="127.0.0.1"), g.engine))


def test_a_connection_that_breaks_in_between_is_a_sentence(
    g: Ground, box: imaplib.IMAP4, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(box, mail())

    def breaks(*_: object) -> bytes:
        raise imaplib.IMAP4.abort("socket error: EOF")

    monkeypatch.setattr(imap, "bytes_of", breaks)
    with pytest.raises(MailboxTrouble, match=r"^IMAP_HOST='127.0.0.1': the server broke off .*socket error: EOF"):
        poll(g)
