"""SMTP and LMTP kept within limits: nothing is held that is too large, nothing smuggled, nobody waits for ever."""

import random
import smtplib
import threading
import time
import tracemalloc
from collections.abc import Callable

import pytest

from jobs import door, protocol
from jobs.door import DoorKeeper
from jobs.ground import Ground
from jobs.protocol import without_dots
from tests.jobs.line import DOMAIN, SINK, Line, away, kept, mail, n_kept


def test_a_message_announced_as_too_large_is_refused_before_it_is_sent(line: Line) -> None:
    line.say("EHLO firm.example")
    assert line.say("MAIL FROM:<ann@firm.example> SIZE=40000000").startswith("552 ")
    assert line.say("MAIL FROM:<ann@firm.example> SIZE=9000000").startswith("250")


@pytest.mark.parametrize("block", [b"x" * 76 + b"\r\n", b"x" * 65_536], ids=["lines", "one line"])
def test_forty_megabytes_are_refused_and_never_held(g: Ground, opened: DoorKeeper, line: Line, block: bytes) -> None:
    blocks = block * (1_000_000 // len(block))
    line.begin()
    tracemalloc.start()
    try:
        for _ in range(40):
            line.socket.sendall(blocks)
        while opened.traffic.n_bytes:
            time.sleep(0.01)
        assert line.say("\r\n.") == protocol.TOO_LARGE
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000
    line.begin()
    assert line.say(mail().decode() + ".").startswith("250")
    assert n_kept(g) == 1


def test_together_the_connections_hold_only_so_much(
    g: Ground, opened: DoorKeeper, call: Callable[[], Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "MAX_IN_HAND", 100_000)
    slow, other = call(), call()
    slow.begin()
    slow.socket.sendall(b"x" * 90_000)
    while opened.traffic.n_bytes < 65_000:
        time.sleep(0.01)
    other.begin()
    assert other.say("x" * 70_000 + "\r\n.") == protocol.TOO_BUSY
    assert slow.say("\r\n.").startswith("250")
    assert (n_kept(g), opened.traffic.n_bytes) == (1, 0)


def test_a_line_of_any_length_is_kept_byte_for_byte(g: Ground, smtp: smtplib.SMTP) -> None:
    raw = mail() + b"<p>" + b"x" * 3_000_000 + b"</p>\r\n"
    smtp.rcpt(SINK)
    assert smtp.data(raw)[0] == 250
    assert kept(g)[0][2] == raw


def test_dots_at_the_beginning_of_lines_arrive_as_they_were_written(g: Ground, opened: DoorKeeper) -> None:
    dice = random.Random(7)
    bodies = ["\r\n", ".\r\n", "..\r\n.\r\n", "a\r\n..b\r\n.c\r\n", "\r\n.\r\n\r\n", "a.\r\n.\r\n"]
    bodies += [
        "".join(dice.choices([".", "\r\n", "x", ".\r\n", "\r\n."], k=dice.randrange(40))) + "\r\n" for _ in range(40)
    ]
    with smtplib.SMTP(g.settings.inbound_host, g.settings.inbound_port, timeout=20) as standing:
        for each in bodies:
            standing.sendmail("ann@firm.example", [SINK], each.encode())
    assert [each[2] for each in kept(g)] == [each.encode() for each in dict.fromkeys(bodies)]


def test_a_message_of_nothing_is_one_lone_dot(g: Ground, line: Line) -> None:
    line.begin()
    assert line.say(".").startswith("250")
    assert kept(g)[0][2] == b""


def test_a_message_that_comes_in_drops_is_the_same_message(g: Ground, line: Line) -> None:
    raw = mail("One.\r\n..Two\r\n.")
    line.begin()
    for each in raw.replace(b"\r\n.", b"\r\n..") + b".\r\n":
        line.socket.sendall(bytes([each]))
    assert line.hear().startswith("250")
    assert kept(g)[0][2] == raw


@pytest.mark.parametrize("end", ["\n.\n", "\r\n.\n", "\n.\r\n", "\r.\r", "\r\n.\r", "\r.\r\n", "\r\r\n.\n"])
def test_a_second_message_smuggled_behind_a_crooked_end_stays_text_of_the_first(
    g: Ground, line: Line, end: str
) -> None:
    hidden = f"MAIL FROM:<ceo@firm.example>\r\nRCPT TO:<join@{DOMAIN}>\r\nDATA\r\nFrom: ceo@firm.example\r\n\r\nHello"
    line.begin()
    assert line.say(f"Subject: one\r\n\r\nHello{end}{hidden}\r\n.").startswith("250")
    assert line.say("NOOP") == "250 OK"
    assert [each[:2] for each in kept(g)] == [("ann@firm.example", SINK)]
    assert b"ceo@firm.example" in kept(g)[0][2]


def test_what_follows_a_message_in_the_same_breath_is_heard(g: Ground, line: Line) -> None:
    line.begin()
    line.socket.sendall(mail() + b".\r\nNOOP\r\nQUIT\r\n")
    assert [line.hear()[:3] for _ in range(4)] == ["250", "250", "221", ""]
    assert n_kept(g) == 1


def test_too_many_connections_are_asked_to_come_again(
    call: Callable[[], Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "MAX_CONNECTIONS", 2)
    first, second, third = call(), call(), call()
    assert [each.greeting[:3] for each in (first, second)] == ["220", "220"]
    assert (third.greeting, third.hear()) == (protocol.CROWDED, "")
    assert first.say("QUIT")[:3] == "221"
    assert first.hear() == ""
    assert call().greeting[:3] == "220"


def test_who_says_nothing_is_hung_up_on(call: Callable[[], Line], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "COMMAND_S", 0.2)
    silent = call()
    assert silent.hear() == ""


def test_who_drips_a_message_is_hung_up_on(
    g: Ground, opened: DoorKeeper, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "MESSAGE_S", 0.3)
    line.begin()
    line.socket.sendall(b"Subject: slow\r\n")
    assert line.hear() == ""
    while opened.traffic.n_connections:
        time.sleep(0.01)
    assert (n_kept(g), opened.traffic.n_reading, opened.traffic.n_bytes) == (0, 0, 0)


def test_small_talk_does_not_hold_a_connection_for_ever(line: Line) -> None:
    line.say("EHLO firm.example")
    assert [line.say("NOOP")[:3] for _ in range(101)] == ["250"] * 100 + ["421"]


def test_a_door_that_closes_lets_the_message_that_is_half_in_come_in(
    g: Ground, opened: DoorKeeper, call: Callable[[], Line]
) -> None:
    half, idle = call(), call()
    half.begin()
    half.socket.sendall(b"Subject: half\r\n\r\n")
    idle.say("EHLO firm.example")
    closing = threading.Thread(target=opened.stop)
    opened.stop, stopped = lambda: None, closing  # type: ignore[method-assign]
    stopped.start()
    time.sleep(0.3)
    assert idle.say("MAIL FROM:<bob@firm.example>") == protocol.CLOSING
    assert half.say("whole\r\n.").startswith("250")
    stopped.join(10)
    assert not stopped.is_alive()
    assert [each[2] for each in kept(g)] == [b"Subject: half\r\n\r\nwhole\r\n"]


def test_many_at_once_are_all_kept(g: Ground, call: Callable[[], Line]) -> None:
    raws = [[mail(f"{each} {number}").decode() for number in range(5)] for each in range(20)]

    def bring(mine: list[str], line: Line) -> None:
        for raw in mine:
            line.begin()
            assert line.say(raw + ".").startswith("250")

    bringing = [threading.Thread(target=bring, args=(mine, call())) for mine in raws]
    for each in bringing:
        each.start()
    for each in bringing:
        each.join(60)
    assert n_kept(g) == 100


def test_by_lmtp_each_recipient_gets_an_answer_to_the_message(lmtp: tuple[Line, Ground]) -> None:
    line, g = lmtp
    line.say("LHLO mta.example")
    line.say("MAIL FROM:<ann@firm.example>")
    said = [line.say(f"RCPT TO:<{each}@{DOMAIN}>")[:3] for each in ("post", "jobs", "help", "HELP")]
    assert said == ["250", "550", "250", "250"]
    assert line.say("DATA")[:3] == "354"
    assert [line.say(mail().decode() + ".")[:3], line.hear()[:3], line.hear()[:3]] == ["250"] * 3
    assert line.say("NOOP") == "250 OK"
    assert [each[1].partition("@")[0] for each in kept(g)] == ["post", "help"]


def test_by_lmtp_each_recipient_is_told_when_nothing_was_kept(
    lmtp: tuple[Line, Ground], monkeypatch: pytest.MonkeyPatch
) -> None:
    line, g = lmtp
    monkeypatch.setattr(door, "keep", away)
    three = [f"{each}@{DOMAIN}" for each in ("post", "join", "help")]
    line.begin(*three, hello="LHLO")
    assert [line.say(mail().decode() + "."), line.hear(), line.hear()] == [door.TROUBLE] * 3
    line.begin(*three, hello="LHLO")
    line.socket.sendall(b"x" * 12_000_000)
    assert [line.say("\r\n."), line.hear(), line.hear()] == [protocol.TOO_LARGE] * 3
    assert (line.say("NOOP"), n_kept(g)) == ("250 OK", 0)


def test_by_lmtp_a_message_without_a_recipient_is_not_taken(lmtp: tuple[Line, Ground]) -> None:
    line, _ = lmtp
    assert line.say("EHLO mta.example")[:3] == "500"
    assert line.say("MAIL FROM:<ann@firm.example>") == "503 Error: send LHLO first"
    line.say("LHLO mta.example")
    line.say("MAIL FROM:<ann@firm.example>")
    assert line.say("DATA") == protocol.NOBODY


def test_the_python_client_brings_a_message_by_lmtp(lmtp: tuple[Line, Ground]) -> None:
    _, g = lmtp
    with smtplib.LMTP(g.settings.inbound_host, g.settings.inbound_port, timeout=20) as standing:
        standing.sendmail("ann@firm.example", [SINK], mail())
    assert n_kept(g) == 1


def test_the_lone_dot_is_no_part_of_the_message() -> None:
    assert [without_dots(each) for each in (b".\r\n", b"a\r\n.\r\n", b"..\r\n.\r\n")] == [b"", b"a\r\n", b".\r\n"]
