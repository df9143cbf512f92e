"""The DNS records that a sender needs, asked of a real name server on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from jobs import doctor_dns
from tests import places
from tests.jobs.nameserver import Zone, open_name_server, resolver_at
from web.settings import Settings


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    file = tmp_path_factory.mktemp("dkim") / "dkim.pem"
    no_password = serialization.NoEncryption()
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_password))
    return file


@pytest.fixture
def settings(key_file: Path) -> Settings:
    return Settings(
        mail_server="relay.firm.eu", mail_from="Counterpart <hello@firm.eu>", inbound_domain="in.firm.eu",
        dkim_selector="mail2026", dkim_key_file=str(key_file),
    )  # fmt: skip


@pytest.fixture
def zone(key_file: Path) -> Zone:
    key = f"v=DKIM1; k=rsa; p={doctor_dns._public_key(key_file)}"
    return {
        ("firm.eu", "TXT"): ['"another thing"', '"v=spf1 a:relay.firm.eu -all"'],
        ("in.firm.eu", "TXT"): ['"v=spf1 a:relay.firm.eu " "-all"'],
        ("mail2026._domainkey.firm.eu", "TXT"): [f'"{key[:90]}" "{key[90:]}"'],
        ("_dmarc.firm.eu", "TXT"): ['"v=DMARC1; p=quarantine"'],
        ("in.firm.eu", "MX"): ["10 mx.firm.eu."],
    }


def found(settings: Settings, zone: Zone) -> Iterator[tuple[str, str]]:
    with open_name_server(zone) as resolver:
        yield from ((each.check, each.level) for each in doctor_dns.of_dns(settings, resolver))


def test_all_records_that_a_sender_needs(settings: Settings, zone: Zone) -> None:
    assert list(found(settings, zone)) == [(each, "ok") for each in ("spf", "spf", "dkim", "dmarc", "mx")]


def test_what_is_not_there_is_named_one_by_one(settings: Settings) -> None:
    assert list(found(settings, {})) == [(each, "fault") for each in ("spf", "spf", "dkim", "dmarc", "mx")]


@pytest.mark.parametrize(
    ("name", "records", "wrong"),
    [
        ("firm.eu", ['"v=spf1 -all"', '"v=spf1 mx -all"'], ("spf", "fault")),
        ("firm.eu", ['"v=spf1 +all"'], ("spf", "fault")),
        ("mail2026._domainkey.firm.eu", ['"v=DKIM1; k=rsa; p=MIGfMA0G"'], ("dkim", "fault")),
        ("_dmarc.firm.eu", ['"v=DMARC1; p=none"'], ("dmarc", "warning")),
    ],
)
def test_a_record_that_is_wrong(
    settings: Settings, zone: Zone, name: str, records: list[str], wrong: tuple[str, str]
) -> None:
    zone[name, "TXT"] = records
    assert [each for each in found(settings, zone) if each[1] != "ok"] == [wrong]


@pytest.mark.parametrize(
    ("domain", "at", "record", "level"),
    [
        ("news.firm.co.uk", "firm.co.uk", "v=DMARC1; p=quarantine", "ok"),
        ("news.firm.co.uk", "firm.co.uk", "v=DMARC1; p=none; sp=reject", "ok"),
        ("news.firm.eu", "firm.eu", "v=DMARC1; p=reject; sp=none", "warning"),
        ("firm.eu", "firm.eu", "v=DMARC1; p=reject; sp=none", "ok"),
        ("firm.eu", "firm.eu", "v=DMARC1;p=None", "warning"),
        ("firm.co.uk", "another.co.uk", "v=DMARC1; p=reject", "fault"),
    ],
)
def test_the_policy_is_that_of_the_nearest_record_for_this_very_domain(
    domain: str, at: str, record: str, level: str
) -> None:
    with open_name_server({(f"_dmarc.{at}", "TXT"): [f'"{record}"']}) as resolver:
        assert doctor_dns._dmarc(resolver, domain).level == level


def test_without_a_name_server_or_on_this_machine_the_records_are_left_out(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor_dns, "PATIENCE_S", 0.2)
    offline = list(doctor_dns.of_dns(settings, resolver_at(places.free_port())))
    local = list(doctor_dns.of_dns(Settings()))
    assert [(each.check, each.level) for each in (*offline, *local)] == [("dns", "skipped")] * 2
