"""A mailbox on a real IMAP server: what is for us is kept and acted on once, what is not stays where it was."""

import imaplib
from dataclasses import replace

import pytest

from jobs import imap, inbound, tasks
from jobs.ground import Ground, ground_on
from jobs.imap import FOLDER, FOREIGN, Polled, look, poll
from matcher.exchange.keeping import MAX_BYTES
from tests.jobs import dovecot
from tests.jobs.dovecot import flags_in, mail, n_in, put, run
from tests.jobs.line import DOMAIN, kept, n_kept
from web import create_app
from web.settings import Settings

pytestmark = pytest.mark.skipif(
    dovecot.PROGRAM is None, reason="There is no IMAP server here: install Debian's package dovecot-imapd to run this."
)


@pytest.fixture
def settings(imap_settings: Settings) -> Settings:
    return imap_settings


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


def test_the_worker_polls_each_minute_only_where_a_mailbox_is_named(settings: Settings) -> None:
    repeated = tasks.machine.periodic_registry.periodic_tasks
    tasks.poll_each_minute(replace(settings, imap_host=""))
    assert ("imap", "") not in repeated
    tasks.poll_each_minute(settings)
    assert repeated.pop(("imap", "")).cron == "* * * * *"
