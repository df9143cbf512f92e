"""A relay that wants a login or TLS in a way of its own: letters go, or the log says what to correct."""

from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from jobs.deliver import deliver_all
from jobs.ground import ground_on
from tests.certificates import found_authority, server_trusted_by
from tests.jobs.scripted import open_scripted
from tests.jobs.test_sending import Login, errors, states, strict_office, three
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
    assert {state for state, _ in states(g).values()} == {"sent" if n_sent else "waiting"}
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
