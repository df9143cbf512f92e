"""Settings: every one has a name and a default, and a bad one stops the start with a sentence of its own."""

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from tests import places
from tests.certificates import found_authority
from web.db import connect
from web.message import address
from web.settings import BadSetting, Settings, all_problems, environment_of, load_settings

ROOT = Path(__file__).resolve().parent.parent
NAMES = [
    "DATABASE_URL", "SECRET_KEY", "BASE_URL", "MAIL_SERVER", "MAIL_PORT", "MAIL_USERNAME", "MAIL_PASSWORD",
    "MAIL_USE_TLS", "MAIL_FROM", "INBOUND_HOST", "INBOUND_PORT", "INBOUND_DOMAIN", "TRUSTED_AUTHSERV_ID",
    "EMBEDDING_MODEL", "DIGEST_HOUR", "KEEP_MAIL_DAYS", "MAILBOX", "INBOUND_PROTOCOL",
    "IMAP_HOST", "IMAP_PORT", "IMAP_USERNAME", "IMAP_PASSWORD", "IMAP_FOLDER", "IMAP_USE_TLS",
    "MAIL_USE_SSL", "MAIL_CA_FILE", "MAIL_PER_DOMAIN_PER_MINUTE", "DKIM_SELECTOR", "DKIM_KEY_FILE", "DKIM_DOMAIN",
    "METRICS_FROM", "METRICS_HOST", "WORKER_METRICS_PORT", "INBOUND_METRICS_PORT",
    "RANKER_FOLDER",
    "EMBEDDING_DEVICE", "KEEP_LETTERS_DAYS", "KEEP_DRAFTS_DAYS", "KEEP_MATCHES_DAYS", "KEEP_RECORDS_DAYS",
]  # fmt: skip
GOOD = {
    "DATABASE_URL": "postgresql://somebody@127.0.0.1/counterpart", "SECRET_KEY": "k",
    "BASE_URL": "https://partners.example", "MAIL_SERVER": "relay.example", "MAIL_PORT": "587", "MAIL_USERNAME": "u",
    "MAIL_PASSWORD": "p", "MAIL_USE_TLS": "yes",
    "MAIL_FROM": "hello@partners.example", "INBOUND_HOST": "0.0.0.0", "INBOUND_PORT": "25",
    "INBOUND_DOMAIN": "in.partners.example", "TRUSTED_AUTHSERV_ID": "mx.example", "EMBEDDING_MODEL": "another",
    "DIGEST_HOUR": "0", "KEEP_MAIL_DAYS": "30", "MAILBOX": "on", "INBOUND_PROTOCOL": "lmtp",
    "IMAP_HOST": "localhost", "IMAP_PORT": "1143", "IMAP_USERNAME": "us", "IMAP_PASSWORD": "p",
    "IMAP_FOLDER": "INBOX.Mail", "IMAP_USE_TLS": "0",
    "MAIL_CA_FILE": "ca.pem", "MAIL_PER_DOMAIN_PER_MINUTE": "60",
    "DKIM_SELECTOR": "mail2026", "DKIM_KEY_FILE": "dkim.pem", "DKIM_DOMAIN": "partners.example",
    "METRICS_FROM": "10.0.0.9", "METRICS_HOST": "0.0.0.0", "WORKER_METRICS_PORT": "0", "INBOUND_METRICS_PORT": "9200",
    "RANKER_FOLDER": "/srv/ranker",
    "EMBEDDING_DEVICE": "cpu", "KEEP_LETTERS_DAYS": "365", "KEEP_DRAFTS_DAYS": "121", "KEEP_MATCHES_DAYS": "60",
    "KEEP_RECORDS_DAYS": "7",
}  # fmt: skip
BAD = [
    ("MAIL_PORT", "smtp", "whole number"), ("MAIL_PORT", "", "whole number"), ("MAIL_PORT", "0", "1 to 65535"),
    ("INBOUND_PORT", "70000", "1 to 65535"), ("INBOUND_PORT", "2.5", "whole number"),
    ("KEEP_MAIL_DAYS", "0", "1 to 3650"), ("KEEP_MAIL_DAYS", "3651", "1 to 3650"),
    ("DIGEST_HOUR", "24", "0 to 23"), ("DIGEST_HOUR", "-1", "0 to 23"), ("DIGEST_HOUR", "seven", "whole number"),
    ("MAIL_USE_TLS", "maybe", "1 for on or 0 for off"), ("MAILBOX", "2", "1 for on or 0 for off"),
    ("BASE_URL", "partners.example", "http://"), ("BASE_URL", "http://", "http://"), ("BASE_URL", "http://[", "http://"),
    ("BASE_URL", "https://firm.eu/partners", "at no path"), ("BASE_URL", "https://firm.eu:port", "and a host"),
    ("BASE_URL", "https://firm.eu https://firm.de", "and a host"), ("BASE_URL", "HTTPS://firm.eu", "https://"),
    ("MAIL_FROM", "Counterpart", "hello@"), ("MAIL_FROM", "Counterpart <hello@>", "hello@"),
    ("MAIL_FROM", "Firm, Inc. <hello@firm.eu>", '"Firm, Inc." <'), ("MAIL_FROM", "Firm hello@firm.eu", "hello@"),
    ("MAIL_FROM", "hello@firm.eu>", "hello@"), ("MAIL_FROM", "Firm\n <hello@firm.eu>", "hello@"),
    ("MAIL_SERVER", "relay.firm.eu:587", "MAIL_PORT"), ("MAIL_SERVER", "smtps://relay.firm.eu", "MAIL_PORT"),
    ("MAIL_SERVER", "relay..firm.eu", "MAIL_PORT"), ("IMAP_HOST", "imap.firm.eu:993", "IMAP_PORT"),
    ("MAIL_SERVER", "", "127.0.0.1"), ("INBOUND_DOMAIN", "", "in.your.domain"),
    ("INBOUND_DOMAIN", "a@b", "in.your.domain"), ("INBOUND_DOMAIN", "in.firm.eu.", "in.your.domain"),
    ("INBOUND_DOMAIN", "https://in.firm.eu", "in.your.domain"), ("INBOUND_PROTOCOL", "uucp", "smtp or lmtp"),
    ("MAIL_CA_FILE", "/nowhere/ca.pem", "PEM"), ("MAIL_CA_FILE", __file__, "PEM"),
    ("MAIL_PER_DOMAIN_PER_MINUTE", "-1", "0 for no limit"),
    ("DKIM_SELECTOR", "a b", "_domainkey"), ("DKIM_DOMAIN", "no domain", "your.domain"),
    ("IMAP_PORT", "0", "1 to 65535"), ("IMAP_FOLDER", "", "INBOX"), ("IMAP_USE_TLS", "some", "1 for on or 0 for off"),
    ("EMBEDDING_DEVICE", "gpu", "auto, cpu or cuda"), ("KEEP_LETTERS_DAYS", "119", "120 to 3650"),
    ("KEEP_DRAFTS_DAYS", "30", "120 to 3650"), ("KEEP_MATCHES_DAYS", "59", "60 to 3650"),
    ("KEEP_RECORDS_DAYS", "0", "1 to 3650"), ("EMBEDDING_MODEL", " ", "all-MiniLM-L6-v2"),
    ("METRICS_FROM", "10.0.0.0/8", "neither names nor networks"), ("METRICS_FROM", "127.0.0.1 10.0.0.9", "127.0.0.1,"),
    ("METRICS_FROM", "prometheus.firm.eu", "neither names nor networks"),
    ("WORKER_METRICS_PORT", "-1", "0 for none"), ("INBOUND_METRICS_PORT", "70000", "0 for none"),
    ("DATABASE_URL", "mysql://127.0.0.1/db", "postgresql://"), ("DATABASE_URL", "counterpart", "postgresql://"),
]  # fmt: skip
MALFORMED = (
    "postgresql://ana:geheim@127.0.0.1:port/db",
    "postgresql://ana:geheim@[::1/db",
    "mysql://ana:geheim@127.0.0.1/db?password=geheim",
    "ana:geheim@127.0.0.1",
)
REMOTE = (
    "postgresql://db.example/db",
    "postgresql://ana:geheim@203.0.113.7:5432/db",
    "postgresql:///db?host=db.example",
    "postgresql://127.0.0.1/db?hostaddr=203.0.113.7",
    "postgresql://127.0.0.1,db.example/db",
)


def test_every_setting_of_the_design_is_there_under_its_name() -> None:
    assert sorted(NAMES) == sorted(each.name.upper() for each in fields(Settings) if each.name != "folder")


def test_without_an_environment_every_setting_has_a_default_that_works() -> None:
    assert load_settings({}) == Settings()


def test_every_setting_is_read_from_the_environment(tmp_path: Path) -> None:
    authority = {"MAIL_CA_FILE": str(found_authority(tmp_path, "ours").file)}
    chosen = load_settings(GOOD | authority | {"COUNTERPART_FOLDER": "/srv/counterpart"})
    assert chosen.folder == Path("/srv/counterpart")
    left = [name for name in NAMES if getattr(chosen, name.lower()) == getattr(Settings(), name.lower())]
    assert left == ["MAIL_USE_SSL"]  # which excludes MAIL_USE_TLS
    assert (chosen.mail_port, chosen.mail_use_tls, chosen.digest_hour) == (587, True, 0)


@pytest.mark.parametrize(("name", "value", "advice"), BAD)
def test_a_bad_value_names_itself_and_says_what_to_give(name: str, value: str, advice: str) -> None:
    with pytest.raises(BadSetting) as stopped:
        load_settings({name: value})
    said = str(stopped.value)
    assert said.startswith(f"{name}=")
    assert "cannot be used: " in said
    assert advice in said.partition("cannot be used: ")[2]


@pytest.mark.parametrize("url", MALFORMED)
def test_a_malformed_database_address_is_refused_in_a_sentence_without_its_password(url: str) -> None:
    with pytest.raises(BadSetting, match=r"^DATABASE_URL=.* cannot be used: .*postgresql://") as stopped:
        connect(load_settings({"DATABASE_URL": url}))
    assert "geheim" not in str(stopped.value)


@pytest.mark.parametrize("query", ["", "?sslmode=disable&password=geheim"])
def test_a_database_that_does_not_answer_is_said_in_a_sentence_without_its_password(query: str) -> None:
    url = f"postgresql://ana:geheim@127.0.0.1:{places.free_port()}/db{query}"
    with pytest.raises(BadSetting, match=r"no PostgreSQL answered there .*refused") as stopped:
        connect(load_settings({"DATABASE_URL": url}))
    assert str(stopped.value).startswith("DATABASE_URL='postgresql://ana:***@127.0.0.1:")
    assert "geheim" not in str(stopped.value)


def test_a_database_that_does_not_exist_is_said_in_a_sentence(server: str) -> None:
    with pytest.raises(BadSetting, match='database "nowhere" does not exist'):
        connect(load_settings({"DATABASE_URL": places.database_url(server, "nowhere")}))


@pytest.mark.parametrize("job", ["migrate", "deliver"])
def test_a_job_ends_with_that_one_sentence_and_no_traceback(job: str, tmp_path: Path) -> None:
    url = f"postgresql://ana:geheim@127.0.0.1:{places.free_port()}/db"
    environment = os.environ | {"DATABASE_URL": url, "COUNTERPART_FOLDER": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", f"jobs.{job}"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("DATABASE_URL=")
    assert len(done.stderr.strip().splitlines()) == 1
    assert "geheim" not in done.stderr + done.stdout


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "https://Partners.firm.eu/", "https://[2001:DB8::1]:8443"])
def test_the_address_of_the_pages_is_a_host_with_or_without_a_port(url: str) -> None:
    assert load_settings({"BASE_URL": url}).base_url == url


@pytest.mark.parametrize("host", ["localhost", "relay.firm.eu.", "10.0.0.9", "[::1]", "fe80::1%eth0", "büro.eu"])
def test_a_server_is_a_name_or_an_address(host: str) -> None:
    assert load_settings({"MAIL_SERVER": host}).mail_server == host


@pytest.mark.parametrize("listed", ["", "10.0.0.9", "127.0.0.1, ::1,", "fe80::1"])
def test_monitors_are_listed_by_their_addresses(listed: str) -> None:
    assert load_settings({"METRICS_FROM": f" {listed} "}).metrics_from == listed.strip()


def test_a_folder_that_is_named_by_nothing_is_the_folder_of_its_own() -> None:
    assert load_settings({"COUNTERPART_FOLDER": " "}).folder == Path(".data")


def test_a_file_that_cannot_be_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("MAIL_FROM=Füße <a@b.eu>".encode("latin-1"))
    with pytest.raises(BadSetting, match=r"^\.env='/.*/\.env' cannot be used: it cannot be read .*Save it as UTF-8"):
        environment_of(tmp_path)


@pytest.mark.parametrize(
    "sender", ['"Firm, Inc." <hello@firm.eu>', "Firm (EU) <hello@firm.eu>", "Füße <hallo@füße.example>", "a@b.eu"]
)
def test_a_sender_that_letters_can_name_is_taken_as_it_is(sender: str) -> None:
    assert load_settings({"MAIL_FROM": sender}).mail_from == sender
    assert address(sender)


def test_an_address_that_names_a_driver_is_read_as_every_program_takes_it() -> None:
    given = {"DATABASE_URL": " postgresql+psycopg://ana:geheim@127.0.0.1/db?sslmode=disable"}
    plain = "postgresql://ana:geheim@127.0.0.1/db?sslmode=disable"
    assert load_settings(given).database_url == all_problems(given)[0].database_url == plain


@pytest.mark.parametrize("url", REMOTE)
def test_the_local_mailbox_is_refused_beside_a_database_elsewhere(url: str) -> None:
    with pytest.raises(BadSetting, match=r"^MAILBOX='1' cannot be used: .*local DATABASE_URL"):
        load_settings({"DATABASE_URL": url, "MAILBOX": "1"})
    assert load_settings({"DATABASE_URL": url}).mailbox is False


@pytest.mark.parametrize(
    "url", ["", "postgresql://127.0.0.1/db", "postgresql://u@localhost/db", "postgresql:///db?host=/run/pg"]
)
def test_the_local_mailbox_runs_beside_a_database_on_this_machine(url: str) -> None:
    assert load_settings({"DATABASE_URL": url, "MAILBOX": "1"}).mailbox


def test_a_mailbox_that_is_polled_needs_a_name() -> None:
    with pytest.raises(BadSetting, match=r"^IMAP_USERNAME='' cannot be used: .*IMAP_HOST=imap.firm.example"):
        load_settings({"IMAP_HOST": "imap.firm.example"})


def test_a_password_travels_in_the_open_on_this_machine_only() -> None:
    given = {"IMAP_HOST": "imap.firm.example", "IMAP_USERNAME": "us", "IMAP_USE_TLS": "0"}
    with pytest.raises(BadSetting, match=r"^IMAP_USE_TLS='0' cannot be used: "):
        load_settings(given)
    assert load_settings(given | {"IMAP_HOST": "127.0.0.1"}).imap_use_tls is False
    assert load_settings(given | {"IMAP_USE_TLS": "1"}).imap_use_tls is True


TOGETHER = [
    ({"MAIL_USE_TLS": "1", "MAIL_USE_SSL": "1"}, "MAIL_USE_SSL", "port 587 or SSL for port 465"),
    ({"MAIL_SERVER": "relay.example", "MAIL_USERNAME": "u"}, "MAIL_USE_TLS", "in the open to relay.example"),
    ({"DKIM_SELECTOR": "mail2026"}, "DKIM_KEY_FILE", "needs both"),
    ({"DKIM_KEY_FILE": "dkim.pem"}, "DKIM_SELECTOR", "needs both"),
]


@pytest.mark.parametrize(("given", "name", "advice"), TOGETHER)
def test_settings_that_do_not_go_together_stop_the_start(given: dict[str, str], name: str, advice: str) -> None:
    with pytest.raises(BadSetting, match=rf"^{name}=.* cannot be used: .*{advice}"):
        load_settings(given)


def test_a_login_may_travel_in_the_open_on_this_machine_only() -> None:
    assert load_settings({"MAIL_SERVER": "localhost", "MAIL_USERNAME": "u"}).mail_username == "u"
    assert load_settings({"MAIL_SERVER": "relay.example", "MAIL_USERNAME": "u", "MAIL_USE_SSL": "1"}).mail_use_ssl
