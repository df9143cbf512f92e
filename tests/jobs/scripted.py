"""A mail server that answers as a script says, however odd, and keeps what it was told, as aiosmtpd never would."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread

Script = Callable[[str], str]  # a command line → the answer; an empty one hangs up
END = b"\r\n.\r\n"


def polite(line: str) -> str:
    """Answer as a server does that takes everything."""
    if line.startswith("EHLO"):
        return "250-scripted\r\n250-PIPELINING\r\n250 SIZE 10000000"
    return {"DATA": "354 go on", "QUIT": "221 bye", ".": "250 taken"}.get(line, "250 OK")


@dataclass(slots=True)
class Scripted:
    """What was said, connection by connection, and the letters that were taken."""

    script: Script = polite
    said: list[list[str]] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            with line, suppress(ConnectionError):
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        self.said.append([])
        line.sendall(b"220 scripted\r\n")
        heard, in_letter = b"", False
        while more := line.recv(65536):
            heard += more
            while (END if in_letter else b"\r\n") in (b"\r\n" + heard if in_letter else heard):
                if in_letter:
                    letter, _, heard = (b"\r\n" + heard).partition(END)
                    command = "."
                else:
                    first, _, heard = heard.partition(b"\r\n")
                    verb, space, rest = first.decode().partition(" ")
                    command = verb.upper() + space + rest
                answer = self.script(command)
                self.said[-1].append(command)
                if not answer:
                    return
                if in_letter and answer.startswith("2"):
                    self.letters.append(letter)
                in_letter = answer.startswith("354")
                line.sendall(answer.encode() + b"\r\n")


@contextmanager
def open_scripted(port: int, script: Script = polite) -> Iterator[Scripted]:
    """Let a scripted server listen for the length of a block, one connection after the other."""
    server = Scripted(script)
    with socket.create_server(("127.0.0.1", port)) as listening:
        thread = Thread(target=server.serve, args=(listening,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)
