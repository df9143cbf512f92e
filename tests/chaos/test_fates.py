"""Letters that the sink answers badly when it has their bytes, and what the judge makes of that."""

import os
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos.due import Event
from tests.chaos.fates import FATES, MAILBOX_FULL, N_BUCKETS, TAKEN, Fate, comes_now, fate_of
from tests.chaos.judge import Found, Held, Written, broken
from tests.chaos.programs import Program, python, wait_until
from tests.chaos.sink import GONE, Line, journal
from tests.chaos.stage import is_open
from tests.places import free_port

SPAM = "554 5.7.1 looks like spam"
LETTER = Written("reminder:1", "reminder", "failed", "p1@firm.example", "<a@x>", "", SPAM)
JUMP = Event(12, "jump", "+3600 s")


def line(at: float, what: str, said: str = "", message_id: str = "<a@x>") -> Line:
    step = "DATA" if what in ("refused", "put off", "cut off") else ""
    return Line(at, what, message_id, LETTER.to, step=step, said=said)


def refused(letter: Written = LETTER, *more: Line, said: str = SPAM) -> Found:
    return Found([letter], [line(10, "refused", said), *more])


def said(found: Found) -> str:
    (sentence,) = broken(found)
    return sentence


def test_a_letter_refused_after_its_bytes_is_marked_so_in_the_servers_words() -> None:
    assert broken(refused()) == []
    assert "not marked so: 1, such as <a@x>" in said(refused(replace(LETTER, error="552 too big")))
    assert "not marked so" in said(refused(replace(LETTER, state="dropped", error="too late")))
    assert any("not marked so" in each for each in broken(refused(replace(LETTER, state="sent"))))
    assert "given up without a refusal for good" in said(Found([LETTER], [line(10, "put off", SPAM)]))
    assert "refused and no letter of ours" in said(Found([], [line(10, "refused", SPAM)]))


def test_a_refusal_that_was_never_heard_may_end_as_too_late() -> None:
    found = refused(replace(LETTER, state="dropped", error="too late"))
    found.events = [Event(10.5, "kill", "deliver")]
    assert broken(found) == []
    found.letters[0] = replace(LETTER, state="waiting")
    assert any("not marked so" in each for each in broken(found))


def test_a_letter_refused_for_good_is_brought_again_only_when_the_refusal_may_not_have_been_heard() -> None:
    found = refused(LETTER, line(400, "refused", SPAM))
    assert "brought again for no reason after a refusal for good: 1" in said(found)
    found.events = [Event(10.5, "kill", "postgres")]
    assert broken(found) == []


@pytest.mark.parametrize("what", ["put off", "cut off"])
def test_a_letter_that_was_put_off_comes_once_more_and_not_before_its_rest_is_over(what: str) -> None:
    sent = replace(LETTER, state="sent", error="")
    assert broken(Found([sent], [line(10, what), line(71, "taken"), line(72, "answered")])) == []
    assert "brought again before their rest was over: 1, such as <a@x>" in said(
        Found([sent], [line(10, what), line(40, "taken")])
    )
    assert broken(Found([sent], [line(10, what), line(40, "taken")], events=[JUMP])) == []
    early = Found([sent], [line(10, what), line(40, "taken")], events=[replace(JUMP, at=7.0)])
    assert "before their rest" in said(early)
    assert "before their rest" in said(
        Found([sent], [line(10, what), line(40, "taken")], events=[replace(JUMP, name="-3600 s")])
    )
    assert "never at the sink" in said(Found([sent], [line(10, what)]))
    twice = Found([sent], [line(10, what), line(71, "taken"), line(150, "taken")])
    assert "came twice though nothing" in said(twice)


def test_only_what_names_the_address_counts_against_it() -> None:
    found = refused()
    found.held = [Held("<a@x>", LETTER.to, hard=False)]
    assert "held against an address that was not refused: 1, such as p1@firm.example" in said(found)
    full = refused(replace(LETTER, error=MAILBOX_FULL), said=MAILBOX_FULL)
    assert "an address was refused and nobody counted it: 1, such as <a@x>" in said(full)
    full.held = [Held("<a@x>", LETTER.to, hard=True)]
    assert "held against" in said(full)
    full.held = [Held("<a@x>", LETTER.to, hard=False)]
    assert broken(full) == []


def test_an_address_that_is_gone_counts_for_good() -> None:
    gone = Found([replace(LETTER, to=f"p@{GONE}", error="550 5.1.1 no such user")])
    assert "nobody counted it" in said(gone)
    gone.held = [Held("<a@x>", gone.letters[0].to, hard=True)]
    assert broken(gone) == []


def test_each_letter_has_one_fate_and_most_are_taken() -> None:
    found = [fate_of(f"<{n}@x>") for n in range(6400)]
    assert found == [fate_of(f"<{n}@x>") for n in range(6400)]
    assert set(found) == {*FATES, TAKEN}
    assert abs(found.count(TAKEN) / len(found) - 1 + len(FATES) / N_BUCKETS) < 0.03
    put_off, refusal = FATES[0], Fate("refused", SPAM)
    assert [comes_now(put_off, n).what for n in range(4)] == ["put off", "put off", "taken", "taken"]
    assert comes_now(refusal, 99) == refusal


@contextmanager
def sink_in(folder: Path) -> Iterator[int]:
    """Run a sink for the length of a block, and kill it then; yield its port."""
    port = free_port()
    command = python("tests.chaos.sink", "--port", str(port), "--folder", str(folder))
    program = Program("sink", command, dict(os.environ), folder / "sink.log")
    program.start()
    try:
        wait_until(lambda: is_open(port), "the sink to listen")
        yield port
    finally:
        program.kill()


def bring(port: int, message_id: str) -> str:
    """Bring a letter; return what the server said, nothing when the line broke."""
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
            server.sendmail("a@x.example", ["b@firm.example"], f"Message-ID: {message_id}\r\n\r\nHello\r\n..\r\n")
        return "taken"
    except smtplib.SMTPDataError as error:
        return f"{error.smtp_code} {error.smtp_error.decode()}"  # type: ignore[union-attr]
    except smtplib.SMTPServerDisconnected:
        return ""


def letter_of(fate: Fate) -> str:
    return next(f"<{n}@x>" for n in range(10_000) if fate_of(f"<{n}@x>") == fate)


def n_bad(fate: Fate) -> int:
    """Say how many of four times a letter of this fate is not taken."""
    return 0 if fate == TAKEN else fate.n_times or 4


def test_the_sink_lets_each_letter_meet_its_fate_as_often_as_is_due(tmp_path: Path) -> None:
    with sink_in(tmp_path) as port:
        for fate in dict.fromkeys((*FATES, TAKEN)):
            heard = [bring(port, letter_of(fate)) for _ in range(4)]
            assert heard == [fate.said] * n_bad(fate) + ["taken"] * (4 - n_bad(fate))
    noted = [each for each in journal(tmp_path / "journal") if each.what != "answered"]
    for fate in dict.fromkeys((*FATES, TAKEN)):
        mine = [each for each in noted if each.message_id == letter_of(fate)]
        assert [each.what for each in mine] == [fate.what] * n_bad(fate) + ["taken"] * (4 - n_bad(fate))
        assert {each.said for each in mine if each.step == "DATA"} <= {fate.said}


def test_a_sink_that_was_killed_remembers_what_it_has_put_off(tmp_path: Path) -> None:
    heard = []
    for _ in range(3):
        with sink_in(tmp_path) as port:
            heard.append(bring(port, letter_of(FATES[0])))
    assert heard == [FATES[0].said] * 2 + ["taken"]
