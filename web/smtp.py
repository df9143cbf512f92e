"""Letters as bytes → a mail server, many over one connection, with as few waits as the server allows."""

import re
import select
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import flask_mail

from web.greeting import greeted
from web.message import with_dots_doubled
from web.settings import Settings

PATIENCE_S = 60.0  # of silence before a mail server counts as away
# A server may think about a whole letter for ten minutes (RFC 5321, 4.5.3.2.6), and a sender that gives up earlier may
# send it twice. Ours waits for as long as its claim surely holds.
PATIENCE_FOR_A_LETTER_S = 180.0
LOST = (OSError, smtplib.SMTPException)  # the line or the server, not a letter
QUIET_MS = 20
MAX_REPLY = 65_536  # bytes
REPLY = re.compile(rb"(?:\d{3}-[^\n]*\n)*(?P<code>\d{3})(?: [^\n]*)?\n")
NO_REPLY = re.compile(rb"(?!\d{3}[ \r\n-])[^\n]*\n")
GO_AHEAD, GOING_AWAY = 354, 421


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter ready to go: both addresses of its envelope as SMTP takes them, and its bytes with CRLF."""

    letter_id: int
    sender: str
    to: str
    message: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says to one step of a letter (`MAIL`, `RCPT` or `DATA`)."""

    code: int
    words: str
    step: str

    @property
    def is_yes(self) -> bool:
        return 200 <= self.code < 300

    def __str__(self) -> str:
        return f"{self.code} {self.words}"


class Line(flask_mail.Connection):
    """One connection to the mail server, opened when first needed, over which letters go one behind the other.

    A letter is offered (sender, recipient, "may I?") and, once invited, its bytes follow. Where the server says
    PIPELINING (RFC 2920), the bytes of one letter and the offer of the next leave together: one wait for four answers.
    """

    host: smtplib.SMTP | None

    def __init__(self, mail: flask_mail.Mail, settings: Settings, *, patience_s: float = PATIENCE_S):
        super().__init__(mail)
        self.settings, self.patience_s = settings, patience_s
        self.n_taken = 0  # since it was opened
        self.when_quiet: Callable[[], object] = lambda: None  # called before a wait that lasts
        self._n_owed = 0  # answers to come that concern no letter
        self._heard = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.host is None:
            return
        try:
            self.host.quit()
        except LOST:
            self.drop()

    def open(self) -> None:
        """Connect if there is no connection. Raises `ServerAway` with what to do, `OSError`, `SMTPException`."""
        if self.host is None:
            self.n_taken, self._n_owed, self._heard = 0, 0, b""
            self.host = self.configure_host()

    def drop(self) -> None:
        """Hang up without a word: what was not answered yet is not taken."""
        if self.host is not None:
            self.host.close()
        self.host = None

    def configure_host(self) -> smtplib.SMTP:
        """Connect, check who the server is, log in."""
        return greeted(self.settings, self.patience_s)

    def send_on(self, body: Parcel | None, offer: Parcel | None) -> None:
        """Send the bytes of a letter that was invited, and offer the next one; either may be none."""
        group = with_dots_doubled(body.message) + b".\r\n" if body else b""
        if offer and self._is_pipelined:
            group += b"".join(self._offer(offer))
        if group:
            self._host.send(group)

    def verdict(self) -> Answer:
        """Read what the server says to the bytes of a letter."""
        self._wait_up_to(PATIENCE_FOR_A_LETTER_S)
        answer = self._answer("DATA")
        self._wait_up_to(self.patience_s)
        self.n_taken += answer.is_yes
        if not answer.is_yes and not self._is_pipelined:
            self._take_back([answer])  # some servers keep what they just refused
        return answer

    @property
    def has_news(self) -> bool:
        """Tell whether the server has said something that was not read yet."""
        sock = self._host.sock
        return bool(self._heard) or (sock is not None and _has_news(sock, 0))

    def refusal(self, offer: Parcel) -> Answer | None:
        """Read what the server says to an offer; None when it invites the letter."""
        for _ in range(self._n_owed):
            self._answer("RSET")
        self._n_owed = 0
        answers = self._answers_at_once() if self._is_pipelined else self._answers_in_turn(offer)
        refused = next((each for each in answers[:2] if not each.is_yes), answers[-1])
        if refused.code == GO_AHEAD:
            return None
        self._take_back(answers)
        return refused

    def carries(self, parcel: Parcel) -> bool:
        """Tell whether the server takes letters to such an address; some take ASCII only."""
        return parcel.to.isascii() or self._host.has_extn("smtputf8")

    def withdraw(self) -> None:
        """Take an offer back before its answer was read; one that may have been invited costs the line."""
        if self._is_pipelined:
            self.drop()
            self.open()

    @property
    def _host(self) -> smtplib.SMTP:
        if self.host is None:
            raise smtplib.SMTPServerDisconnected("The line is closed.")
        return self.host

    @property
    def _is_pipelined(self) -> bool:
        return self._host.has_extn("pipelining")

    def _offer(self, parcel: Parcel) -> list[bytes]:
        options = f" SIZE={len(parcel.message)}" if self._host.has_extn("size") else ""
        if not parcel.to.isascii():
            options += " SMTPUTF8 BODY=8BITMIME"
        lines = [f"MAIL FROM:<{parcel.sender}>{options}", f"RCPT TO:<{parcel.to}>", "DATA"]
        return [f"{each}\r\n".encode() for each in lines]

    def _answers_at_once(self) -> list[Answer]:
        return [self._answer(step) for step in ("MAIL", "RCPT", "DATA")]

    def _answers_in_turn(self, offer: Parcel) -> list[Answer]:
        answers: list[Answer] = []
        for step, line in zip(("MAIL", "RCPT", "DATA"), self._offer(offer), strict=True):
            self._host.send(line)
            answers.append(self._answer(step))
            if not answers[-1].is_yes:
                break
        return answers

    def _take_back(self, answers: list[Answer]) -> None:
        """End what a refused offer began, so that the next one finds the server ready."""
        waits_for_bytes = answers[-1].code == GO_AHEAD
        for_somebody = waits_for_bytes and (answers[1].is_yes or not answers[0].is_yes)
        if for_somebody or any(each.code == GOING_AWAY for each in answers):
            # It would take an empty letter, perhaps for a recipient of before. A line that breaks here takes none.
            self.drop()
            return
        # A server may ask for the bytes though it refused the only recipient: an end without bytes is no letter then.
        self._host.send(b".\r\n" if waits_for_bytes else b"RSET\r\n")
        self._n_owed += 1

    def _answer(self, step: str) -> Answer:
        while (found := REPLY.match(self._heard)) is None:
            self._listen()
        self._heard = self._heard[found.end() :]
        words = b" ".join(line[4:].strip() for line in found[0].splitlines())
        said = words.decode("utf-8", "replace").replace("\0", "?")  # which the database takes in no text
        return Answer(int(found["code"]), said, step)

    def _listen(self) -> None:
        """Wait for more of what the server says. smtplib's own reader cannot tell whether it would have to wait."""
        sock = self._host.sock
        if sock is None or len(self._heard) > MAX_REPLY or NO_REPLY.match(self._heard):
            raise smtplib.SMTPServerDisconnected("The server does not speak SMTP any more.")
        if not _has_news(sock, QUIET_MS):
            self.when_quiet()
        heard = sock.recv(MAX_REPLY)
        if not heard:
            raise smtplib.SMTPServerDisconnected("The server hung up.")
        self._heard += heard

    def _wait_up_to(self, seconds: float) -> None:
        if self._host.sock is not None:
            self._host.sock.settimeout(seconds)


def _has_news(sock: socket.socket, wait_ms: int) -> bool:
    if isinstance(sock, ssl.SSLSocket) and sock.pending():
        return True
    waiting = select.poll()
    waiting.register(sock, select.POLLIN)
    return bool(waiting.poll(wait_ms))
