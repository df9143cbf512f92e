"""The demo beside a real service: it takes nothing of it but its names."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from jobs.demo import NAMES, _environment, only_names, settings_apart
from web.settings import BadSetting, Settings, load_settings

REAL = {
    "DATABASE_URL": "postgresql://localhost/counterpart", "SECRET_KEY": "of the real service", "MAIL_USERNAME": "desk",
    "BASE_URL": "https://partners.example", "MAIL_SERVER": "relay.example", "MAIL_PORT": "587", "MAIL_USE_TLS": "1",
    "MAIL_PASSWORD": "word", "MAIL_PER_DOMAIN_PER_MINUTE": "20", "MAIL_FROM": "Desk <desk@firm.example>",
    "INBOUND_PROTOCOL": "lmtp", "INBOUND_DOMAIN": "in.firm.example", "IMAP_HOST": "imap.example", "IMAP_USERNAME": "x",
    "TRUSTED_AUTHSERV_ID": "mx.firm.example", "RANKER_FOLDER": "/srv/ranker", "DIGEST_HOUR": "8", "KEEP_MAIL_DAYS": "9",
}  # fmt: skip


def test_the_demo_neither_polls_nor_sends_the_mail_of_the_real_service() -> None:
    real = load_settings(REAL)
    assert only_names(real) == replace(
        Settings(),
        secret_key="of the real service", mail_from="Desk <desk@firm.example>", inbound_domain="in.firm.example",
        digest_hour=8,
    )  # fmt: skip


def test_the_settings_that_it_runs_with_lead_to_no_real_mail(settings: Settings) -> None:
    real = replace(settings, imap_host="imap.example", mail_server="relay.example", mail_use_tls=True)
    apart = settings_apart(real, "demo")
    assert (apart.imap_host, apart.mail_server, apart.mail_use_tls) == ("", "127.0.0.1", False)
    assert apart.database_url != real.database_url


def test_its_programs_are_told_every_setting_so_that_no_file_tells_another(tmp_path: Path) -> None:
    settings = replace(only_names(load_settings(REAL)), folder=tmp_path, mailbox=True, mail_port=2601)
    assert load_settings(REAL | _environment(settings)) == settings
    assert {each.name for each in fields(Settings)} > set(NAMES)


def test_a_secret_that_was_made_for_it_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("made\n")
    assert _environment(Settings(folder=tmp_path))["SECRET_KEY"] == "made"


def test_the_demo_is_refused_beside_a_database_elsewhere_without_its_password() -> None:
    with pytest.raises(BadSetting, match=r"^DATABASE_URL='postgresql://ana:\*\*\*@db.example/db' cannot be used"):
        settings_apart(Settings(database_url="postgresql://ana:geheim@db.example/db"), "demo")
