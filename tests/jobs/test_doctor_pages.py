"""The doctor asks the pages from outside: whether they answer, over TLS alone, and keep their numbers to themselves."""

import socket
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from jobs import doctor
from jobs.doctor_pages import of_pages
from jobs.findings import Finding
from tests import places
from tests.certificates import Authority, found_authority, server_trusted_by
from web.settings import Settings

JSON, HSTS = {"Content-Type": "application/json"}, {"Strict-Transport-Security": "max-age=31536000"}
Answer = tuple[int, dict[str, str], str]
WELL: dict[str, Answer] = {"/healthz": (200, {**JSON, **HSTS}, '{"ok": true}'), "/metrics": (404, {}, "nothing")}
Proxy = Callable[[dict[str, Answer]], str]


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Trust an authority of the test's own, as if it were a public one."""
    authority = found_authority(tmp_path, "authority")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return authority


@pytest.fixture
def proxy(trusted: Authority, tmp_path: Path) -> Iterator[Proxy]:
    """Stand before the pages with TLS and answer as told; return the address."""
    servers: list[ThreadingHTTPServer] = []

    def stand(answers: dict[str, Answer]) -> str:
        class Standing(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802 - so it is called there
                status, headers, body = answers[self.path]
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Standing)
        server.socket = server_trusted_by(trusted, tmp_path).wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"https://127.0.0.1:{server.server_port}"

    yield stand
    for each in servers:
        each.shutdown()
        each.server_close()


def found(base_url: str) -> list[Finding]:
    return list(of_pages(Settings(base_url=base_url)))


def test_pages_that_answer_as_they_should(proxy: Proxy) -> None:
    (well,) = found(proxy(WELL) + "/")
    assert (well.check, well.level) == ("pages", "ok")


def test_pages_that_are_not_well_inside_are_said_by_the_other_checks(proxy: Proxy) -> None:
    (well,) = found(proxy({**WELL, "/healthz": (503, {**JSON, **HSTS}, '{"ok": false}')}))
    assert well.level == "ok"


def test_numbers_that_the_whole_world_can_read_are_a_fault(proxy: Proxy) -> None:
    (public,) = found(proxy({**WELL, "/metrics": (200, {}, "counterpart_letters_waiting 3")}))
    assert public.level == "fault"
    assert "/metrics answers 200" in public.said
    assert "X-Forwarded-For" in public.do


def test_a_proxy_that_does_not_tell_of_tls(proxy: Proxy) -> None:
    (open_,) = found(proxy({**WELL, "/healthz": (200, JSON, '{"ok": true}')}))
    assert open_.level == "warning"
    assert "Strict-Transport-Security" in open_.said
    assert "X-Forwarded-Proto" in open_.do


@pytest.mark.parametrize(
    ("status", "headers"), [(502, {}), (200, {"Content-Type": "text/html"}), (301, {"Location": "https://else.eu/"})]
)
def test_something_else_that_answers_there(proxy: Proxy, status: int, headers: dict[str, str]) -> None:
    (other,) = found(proxy({**WELL, "/healthz": (status, headers, "<p>")}))
    assert (other.check, other.level) == ("pages", "fault")
    assert str(status) in other.said


def test_nobody_at_the_address() -> None:
    (away,) = found(f"https://127.0.0.1:{places.free_port()}")
    assert away.level == "fault"
    assert "cannot be reached" in away.said
    assert "refused" in away.said


def test_a_certificate_that_nobody_trusts(proxy: Proxy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(found_authority(tmp_path, "another").file))
    (wrong,) = found(proxy(WELL))
    assert wrong.level == "fault"
    assert "certificate" in wrong.said


@pytest.mark.parametrize(("number", "level"), [(socket.EAI_AGAIN, "skipped"), (socket.EAI_NONAME, "fault")])
def test_a_name_that_cannot_be_looked_up(monkeypatch: pytest.MonkeyPatch, number: int, level: str) -> None:
    def look_up(*_: object, **__: object) -> None:
        raise socket.gaierror(number, "in no book")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    (unknown,) = found("https://partners.firm.eu")
    assert unknown.level == level


def test_pages_without_a_proxy_are_not_asked() -> None:
    (left,) = found("http://127.0.0.1:8000")
    assert left.level == "skipped"


def test_the_doctor_looks_at_the_pages() -> None:
    assert "pages" in doctor._looks(Settings(), "")
