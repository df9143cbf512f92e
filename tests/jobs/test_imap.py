"""A mailbox on a real IMAP server: what is for us is kept and acted on once, what is not stays where it was."""

import imaplib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import structlog
from imap_tools.errors import MailboxMoveError

from jobs import imap, inbound, tasks
from jobs.ground import Ground, ground_on
from jobs.imap import FOLDER, FOREIGN, MailboxTrouble, Polled, look, poll, poll_or_say
from matcher.exchange.keeping import MAX_BYTES
from tests import factories as make
from tests import places
from tests.jobs import dovecot
from tests.jobs.dovecot import PASSWORD, Dovecot, flags_in, n_in, put, run
from tests.jobs.line import DOMAIN, away, kept, n_kept
from web import create_app
from web.settings import Settings

pytestmark = pytest.mark.skipif(
    dovecot.PROGRAM is None, reason="There is no IMAP server here: install Debian's package dovecot-imapd to run this."
)
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def imap_server() -> Iterator[Dovecot]:
    """Run one server for the tests of this file."""
    with dovecot.running() as started:
        yield started


@pytest.fixture
def settings(imap_server: Dovecot, database: str, settings_for: Callable[[str], Settings]) -> Settings:
    """Name a mailbox that is new and empty."""
    return replace(
        settings_for(database), imap_host="127.0.0.1", imap_port=imap_server.port, imap_use_tls=False,
        imap_username=f"desk{next(NUMBERS)}", imap_password=PASSWORD,
    )  # fmt: skip


@pytest.fixture
def box(imap_server: Dovecot, settings: Settings) -> Iterator[imaplib.IMAP4]:
    """Look into the mailbox with a mail program."""
    client = imap_server.open(settings.imap_username)
    yield client
    client.logout()


def mail(text: str = "How does this work?", *, to: str = f"help@{DOMAIN}", sender: str = "ann@firm.example") -> bytes:
    return make.mail(sender, to, text)


def test_what_is_for_us_is_kept_byte_for_byte_and_acted_on_once(g: Ground, box: imaplib.IMAP4) -> None:
    raws = [put(box, mail(text)) for text in ("One?", "Two?", "Three?")]
    assert poll(g) == Polled(n_kept=3)
    assert kept(g) == [("", f"help@{DOMAIN}", raw, "new") for raw in raws]
    assert inbound.receive_waiting(g) == 3
    assert (poll(g), inbound.receive_waiting(g)) == (Polled(), 0)
    assert (n_in(box, "INBOX"), n_in(box, FOLDER)) == (0, 3)


def test_a_crash_before_the_move_makes_no_second_act(
    g: Ground, box: imaplib.IMAP4, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(box, mail())
    with monkeypatch.context() as patched:
        patched.setattr(imap, "move", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            poll(g)
    assert n_in(box, "INBOX") == 1
    assert inbound.receive_waiting(g) == 1
    assert poll(g) == Polled(n_again=1)
    assert [each[3] for each in kept(g)] == ["done"]
    assert n_in(box, FOLDER) == 1


def test_mail_that_is_not_for_us_stays_as_it_was_and_is_looked_at_once(
    g: Ground, box: imaplib.IMAP4, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(box, mail(to="anna@north.example"))
    put(box, mail(to="anna@north.example"), r"\Seen")
    put(box, mail(to=f"jobs@{DOMAIN}"))
    assert poll(g) == Polled(n_foreign=3)
    monkeypatch.setattr(imap, "bytes_of", lambda *_: pytest.fail("looked at again"))
    assert poll(g) == Polled()
    assert n_kept(g) == 0
    assert [r"\Seen" in each for each in flags_in(box)] == [False, True, False]
    assert all(FOREIGN in each for each in flags_in(box))


def test_a_message_that_somebody_has_read_is_kept_all_the_same(g: Ground, box: imaplib.IMAP4) -> None:
    put(box, mail(), r"\Seen", r"\Flagged")
    assert poll(g) == Polled(n_kept=1)


def test_a_server_without_keywords_is_asked_for_what_names_us(
    g: Ground, box: imaplib.IMAP4, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "keeps_keywords", lambda _: False)
    put(box, mail(to="anna@north.example"))
    put(box, mail())
    put(box, b"X-Original-To: post@" + DOMAIN.encode() + b"\n" + mail("Hidden copy", to="anna@north.example"))
    assert poll(g) == Polled(n_kept=2)
    assert flags_in(box)[0].count("Counterpart") == 0


@pytest.mark.parametrize("offers", [("IMAP4REV1", "UIDPLUS"), ("IMAP4REV1",)])
def test_a_server_that_cannot_move_copies_and_expunges_nothing_of_others(
    g: Ground, box: imaplib.IMAP4, monkeypatch: pytest.MonkeyPatch, offers: tuple[str, ...]
) -> None:
    real = imap.log_in

    def log_in(opened: imap.BaseMailBox, s: Settings) -> None:
        real(opened, s)
        opened.client.capabilities = offers

    monkeypatch.setattr(imap, "log_in", log_in)
    put(box, mail(to="anna@north.example"), r"\Deleted")
    put(box, mail())
    assert (poll(g), poll(g)) == (Polled(n_kept=1), Polled())
    assert n_in(box, FOLDER) == 1
    assert n_in(box, "INBOX") == (1 if "UIDPLUS" in offers else 2)


def test_where_all_folders_lie_below_the_inbox_so_does_ours(settings: Settings) -> None:
    with dovecot.running(dovecot.BELOW_INBOX) as other:
        g = ground_on(create_app(replace(settings, imap_port=other.port)))
        client = other.open(settings.imap_username)
        for _ in range(2):
            put(client, mail())
            assert poll(g) == Polled(n_kept=1)
        assert n_in(client, f"INBOX.{FOLDER}") == 2
        client.logout()


@pytest.mark.parametrize(
    ("headers", "envelope"),
    [
        (f"Return-Path: <Bob@firm.example>\nDelivered-To: box@host.example\nX-Original-To: post@{DOMAIN}\nTo: x@y.org",
         [("bob@firm.example", f"post@{DOMAIN}")]),
        (f"Return-Path: <>\nEnvelope-To: join@{DOMAIN}\nTo: post@{DOMAIN}", [("<>", f"join@{DOMAIN}")]),
        (f"To: Post <POST@{DOMAIN}>, anna@north.example\nCc: help@{DOMAIN}, post@{DOMAIN}",
         [("", f"post@{DOMAIN}"), ("", f"help@{DOMAIN}")]),
        (f"To: reply+{'a' * 29}@{DOMAIN}", [("", f"reply+{'a' * 29}@{DOMAIN}")]),
    ],
)  # fmt: skip
def test_the_envelope_is_read_from_what_the_server_noted_else_from_the_message(
    g: Ground, box: imaplib.IMAP4, headers: str, envelope: list[tuple[str, str]]
) -> None:
    put(box, f"{headers}\nFrom: ann@firm.example\nSubject: x\n\nHello\n".encode())
    assert poll(g) == Polled(n_kept=1)
    assert [each[:2] for each in kept(g)] == envelope


def test_of_a_message_that_is_too_large_only_so_much_is_fetched_that_it_is_seen(
    g: Ground, box: imaplib.IMAP4, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(box, mail() + b"x" * 12_000_000)
    fetched, real = [], imap.keep

    def weighed(session: object, raw: bytes, **more: object) -> int | None:
        fetched.append(len(raw))
        return real(session, raw, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(imap, "keep", weighed)
    assert poll(g) == Polled(n_kept=1)
    assert fetched == [MAX_BYTES + 1]
    inbound.receive_waiting(g)
    assert kept(g)[0][3] == "refused"


def test_one_poll_takes_no_more_than_so_many(g: Ground, box: imaplib.IMAP4, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "MAX_MESSAGES", 2)
    for each in range(5):
        put(box, mail(str(each)))
    assert [poll(g).n_kept for _ in range(4)] == [2, 2, 1, 0]


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


def test_a_dry_run_says_what_is_there_and_changes_nothing(g: Ground, settings: Settings, box: imaplib.IMAP4) -> None:
    put(box, mail())
    put(box, mail(to="anna@north.example"))
    before = flags_in(box)
    assert [each.to for each in look(g)] == [(f"help@{DOMAIN}",), ()]
    assert run(settings, "--dry-run").stdout == f"1: help@{DOMAIN}\n2: not for us\n"
    assert flags_in(box) == before
    assert n_kept(g) == 0


def test_polled_by_hand_it_says_what_it_came_to(g: Ground, settings: Settings, box: imaplib.IMAP4) -> None:
    put(box, mail())
    assert run(settings).stdout == "1 kept, 0 kept before, 0 not for us\n"
    assert n_kept(g) == 1


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


def test_the_worker_polls_each_minute_only_where_a_mailbox_is_named(settings: Settings) -> None:
    repeated = tasks.machine.periodic_registry.periodic_tasks
    tasks.poll_each_minute(replace(settings, imap_host=""))
    assert ("imap", "") not in repeated
    tasks.poll_each_minute(settings)
    assert repeated.pop(("imap", "")).cron == "* * * * *"


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
