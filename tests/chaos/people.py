"""People at their mail programs and browsers → messages brought until a 250, buttons pressed until a 200."""

import smtplib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event, Thread
from urllib.error import URLError
from urllib.request import Request, urlopen

from tests import factories as make
from tests.chaos.sink import journal
from web.settings import Settings

POSTING = (
    "We need somebody for {n} mailboxes: move them to Exchange Online within four months, remote. The customer pays us."
)
PROFILE = "We are a firm of {n} people in Cork. We move mailboxes to Exchange Online and run restore drills."
PAUSE_S = 0.1
PATIENCE_S = 10


@dataclass(slots=True)
class Message:
    """One message: what it wants, its bytes, and when our server took it."""

    message_id: str
    sender: str
    to: str
    raw: bytes
    wants: str
    taken_at: float = 0.0
    n_brought: int = 0


@dataclass(slots=True)
class People:
    """Everybody outside: what they send, and what they read at the sink."""

    settings: Settings
    folder: Path
    chance: Random
    n_messages: int
    every_s: float
    outbox: list[Message] = field(default_factory=list)
    left_at: dict[str, float] = field(default_factory=dict)
    leaving: dict[str, str] = field(default_factory=dict)  # address → the link of its one-click button
    page_times_s: list[float] = field(default_factory=list)
    stopped: Event = field(default_factory=Event)
    _answered: set[str] = field(default_factory=set)

    def start(self) -> list[Thread]:
        threads = [Thread(target=each, daemon=True) for each in (self._write, self._bring, self._browse)]
        for each in threads:
            each.start()
        return threads

    @property
    def n_untaken(self) -> int:
        return sum(not each.taken_at for each in self.outbox)

    @property
    def has_finished(self) -> bool:
        """Tell whether everything was written and brought, and whoever wanted to has left."""
        return len(self.outbox) == self.n_messages and not self.n_untaken and len(self.left_at) == len(self.leaving)

    def _write(self) -> None:
        while not self.stopped.wait(self.every_s) and len(self.outbox) < self.n_messages:
            self.outbox.append(self._next())

    def _next(self) -> Message:
        """Answer a digest where there is an unanswered one, in two of three messages; else write something new."""
        n = len(self.outbox)
        letter = next(self._unanswered(), None) if n % 3 else None
        if letter is not None:
            self._answered.add(letter[0])
            return self._message(n, letter[0], letter[1], self.chance.choice(("yes", "no")))
        domain = self.settings.inbound_domain
        sender, wants = f"new{n}@newcomer{n}.example", ("posting", "join")[n % 2]
        return self._message(n, sender, f"{'post' if wants == 'posting' else 'join'}@{domain}", wants)

    def _message(self, n: int, sender: str, to: str, wants: str) -> Message:
        said = {"yes": "1 yes", "no": "1 no: fully booked"}.get(wants) or {"posting": POSTING, "join": PROFILE}[wants]
        message_id = f"<chaos-{n}@{sender.rpartition('@')[2]}>"
        raw = make.mail(sender, to, said.format(n=n + 20), message_id=message_id, subject="From a partner")
        return Message(message_id, sender, to, raw, wants)

    def _unanswered(self) -> Iterator[tuple[str, str]]:
        for line in journal(self.folder / "journal"):
            known = line.to in self._answered or line.to in self.leaving
            if (line.what, line.kind) == ("taken", "digest") and line.reply_to and not known:
                yield line.to, line.reply_to.strip("<>")

    def _bring(self) -> None:
        """Bring what no 250 was heard for, as a mail server does, again and again."""
        while not self.stopped.wait(PAUSE_S):
            for each in [one for one in self.outbox if not one.taken_at]:
                each.n_brought += 1
                try:
                    with smtplib.SMTP("127.0.0.1", self.settings.inbound_port, timeout=PATIENCE_S) as server:
                        server.sendmail(each.sender, [each.to], each.raw)
                    each.taken_at = time.time()
                except (OSError, smtplib.SMTPException):
                    continue

    def _browse(self) -> None:
        while not self.stopped.wait(PAUSE_S * 3):
            began = time.monotonic()
            if self._asks(f"{self.settings.base_url}/"):
                self.page_times_s.append(time.monotonic() - began)
            for address, link in self.leaving.items():
                if address not in self.left_at and self._asks(link, data=b"List-Unsubscribe=One-Click"):
                    self.left_at[address] = time.time()
                    break

    def _asks(self, url: str, *, data: bytes | None = None) -> bool:
        try:
            with urlopen(Request(url, data=data), timeout=PATIENCE_S) as page:
                return bool(page.status == 200)
        except (URLError, OSError, ValueError):
            return False
