"""A relay that wants TLS or a login: it must prove its name, letters go, or the log says what to correct."""

from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from jobs.deliver import deliver_all
from jobs.ground import ground_on
from tests.certificates import found_authority, server_trusted_by
from tests.jobs.outbox import errors, three, tries, write
from tests.jobs.postoffice import Login, PostOffice, strict_office
from tests.jobs.scripted import open_scripted
from web import create_app
from web.settings import Settings


class InUmlauts(Login):
    """Lets in who knows a password that is no ASCII."""

    def __call__(self, server: object, session: object, envelope: object, mechanism: str, login: object) -> AuthResult:
        self.n_tries += 1
        assert isinstance(login, LoginPassword)
        return AuthResult(success=login.password == "Füße".encode(), handled=False)


@pytest.mark.parametrize(("password", "n_sent"), [("Füße", 3), ("Fuesse", 0), ("Füsse", 0)])
def test_a_password_may_hold_any_letter(settings: Settings, tmp_path: Path, password: str, n_sent: int) -> None:
    tls = server_trusted_by(found_authority(tmp_path, "nobody-knows"), tmp_path)
    g = ground_on(create_app(replace(settings, mail_use_tls=True, mail_username="relay", mail_password=password)))
    three(g)
    with strict_office(settings.mail_port, tls, InUmlauts()) as office:
        assert deliver_all(g) == n_sent
    assert len(office.taken) == n_sent
    assert {state for state, _ in tries(g).values()} == {"sent" if n_sent else "waiting"}
    assert all("does not take this name" in each for each in errors(g) - {""})
    assert password not in str(errors(g))


def test_tls_from_the_first_byte_where_none_is_spoken_is_said_with_the_port_that_it_is_for(settings: Settings) -> None:
    g = ground_on(create_app(replace(settings, mail_use_ssl=True)))
    three(g)
    with open_scripted(settings.mail_port):
        assert deliver_all(g) == 0
    (said,) = errors(g)
    assert said.startswith("MAIL_USE_SSL is set, but no TLS could be agreed on with 127.0.0.1:")
    assert said.endswith("Take MAIL_USE_SSL for port 465 and MAIL_USE_TLS for port 587.")


def test_letters_go_over_tls_after_a_login(settings: Settings, tmp_path: Path) -> None:
    authority = found_authority(tmp_path, "test-authority")
    chosen = replace(
        settings, mail_use_tls=True, mail_username="relay", mail_password="secret", mail_ca_file=str(authority.file)
    )
    g = ground_on(create_app(chosen))
    three(g)
    with strict_office(chosen.mail_port, server_trusted_by(authority, tmp_path), Login()) as office:
        assert deliver_all(g) == 3
    assert office.n_connections == 2  # it greets again once nobody can listen


def test_letters_go_over_a_line_that_is_tls_from_its_first_byte(settings: Settings, tmp_path: Path) -> None:
    authority = found_authority(tmp_path, "test-authority")
    g = ground_on(create_app(replace(settings, mail_use_ssl=True, mail_ca_file=str(authority.file))))
    three(g)
    office = PostOffice(extensions=("PIPELINING",))
    controller = Controller(
        office, hostname="127.0.0.1", port=settings.mail_port, ssl_context=server_trusted_by(authority, tmp_path)
    )
    controller.start()
    try:
        assert deliver_all(g) == 3
    finally:
        controller.stop()


@pytest.mark.parametrize("wrong", ["authority", "name"])
def test_a_server_that_cannot_prove_its_name_gets_neither_password_nor_letters(
    settings: Settings, tmp_path: Path, wrong: str
) -> None:
    (tmp_path / "other").mkdir()
    authority, other = found_authority(tmp_path, "ours"), found_authority(tmp_path / "other", "theirs")
    tls = (
        server_trusted_by(other, tmp_path)
        if wrong == "authority"
        else server_trusted_by(authority, tmp_path, address="127.0.0.9")
    )
    chosen = replace(
        settings, mail_use_tls=True, mail_username="relay", mail_password="secret", mail_ca_file=str(authority.file)
    )
    g, login = ground_on(create_app(chosen)), Login()
    three(g)
    with strict_office(chosen.mail_port, tls, login) as office:
        assert deliver_all(g) == 0
        assert deliver_all(g) == 0
    assert (office.n_connections, login.n_tries) == (1, 0)
    (said,) = errors(g)
    assert said.startswith("MAIL_SERVER='127.0.0.1': its certificate is not to be trusted (")
    assert said.endswith("in MAIL_CA_FILE.")
    assert {state for state, _ in tries(g).values()} == {"waiting"}


def test_a_server_on_this_machine_needs_no_authority(settings: Settings, tmp_path: Path) -> None:
    tls = server_trusted_by(found_authority(tmp_path, "nobody-knows"), tmp_path)
    g = ground_on(create_app(replace(settings, mail_use_tls=True, mail_username="relay", mail_password="secret")))
    three(g)
    with strict_office(settings.mail_port, tls, Login()):
        assert deliver_all(g) == 3


def test_a_wrong_password_is_tried_once_a_minute_and_named(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tls = server_trusted_by(found_authority(tmp_path, "nobody-knows"), tmp_path)
    g = ground_on(create_app(replace(settings, mail_use_tls=True, mail_username="relay", mail_password="guess")))
    write(g, *(f"anna@firm{n}.example" for n in range(120)))
    login = Login()
    with strict_office(settings.mail_port, tls, login):
        assert [deliver_all(g) for _ in range(4)] == [0, 0, 0, 0]
    assert login.n_tries <= 2  # PLAIN and LOGIN are two ways to say the same
    (said,) = errors(g) - {""}
    assert said.startswith("MAIL_USERNAME='relay': 127.0.0.1 does not take this name with its MAIL_PASSWORD (535")
    assert capsys.readouterr().out.count("MAIL_USERNAME='relay'") == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"mail_use_tls": True}, "MAIL_USE_TLS is set, but 127.0.0.1:"),
        ({"mail_username": "relay", "mail_password": "secret"}, "MAIL_USERNAME is set, but 127.0.0.1:"),
    ],
)
def test_a_server_without_tls_or_login_is_said_to_have_none(
    settings: Settings, changes: dict[str, object], sentence: str
) -> None:
    g = ground_on(create_app(replace(settings, **changes)))
    three(g)
    with open_scripted(settings.mail_port) as server:
        assert deliver_all(g) == 0
    (said,) = errors(g)
    assert said.startswith(sentence)
    assert not [line for line in server.said[0] if line.startswith(("AUTH", "MAIL"))]
