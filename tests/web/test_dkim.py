"""The signature under a letter: it holds for what was sent, breaks for anything else, and a bad key stops the start."""

import base64
import email
import random
from datetime import UTC, datetime
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from dkim.canonicalization import Relaxed

from tests.web import sample_letters as samples
from tests.web.sample_letters import NOW, SETTINGS, VALUES
from web import create_app
from web.dkim import Signer, relaxed, signer_of
from web.mail import compose
from web.settings import BadSetting, Settings

SIGNED_AT = datetime(2026, 1, 1, 10, 0, tzinfo=UTC)  # whoever checks looks at the real clock: not in its future
KEY = rsa.generate_private_key(65537, 1024)
PUBLIC = base64.b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def in_the_dns(name: bytes, timeout: int = 5) -> bytes | None:
    """Answer as the DNS of our domain would, and of no other."""
    known = {b"mail2026._domainkey.counterpart.example.": b"v=DKIM1; k=rsa; p=" + PUBLIC}
    return known.get(name)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
def signing(tmp_path: Path) -> Settings:
    """Give the samples' settings with a key."""
    (tmp_path / "dkim.pem").write_bytes(pem(KEY))
    return Settings(dkim_selector="mail2026", dkim_key_file=str(tmp_path / "dkim.pem"))


@pytest.fixture
def signer(signing: Settings) -> Signer:
    made = signer_of(signing)
    assert made
    return made


def written(name: str) -> bytes:
    return compose(samples.letter(name), settings=SETTINGS, now=NOW).as_bytes()


def holds(message: bytes) -> bool:
    return dkim.verify(message, dnsfunc=in_the_dns)


@pytest.mark.parametrize("name", VALUES)
def test_the_signature_of_every_letter_holds(signer: Signer, name: str) -> None:
    signed = signer.sign(written(name), at=SIGNED_AT)
    assert signed.endswith(written(name))
    assert holds(signed)


CHANGES = [
    (b"\r\nFrom: Counterpart", b"\r\nFrom: Somebody"),
    (b"\r\nTo: ", b"\r\nTo: all@firm.example, "),
    (b"Subject: ", b"Subject: Re: "),
    (b"\r\nReply-To: ", b"\r\nReply-To: x"),
    (b"List-Unsubscribe: <https", b"List-Unsubscribe: <http"),
    (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Clicks"),
    (b"Auto-Submitted: auto-generated", b"Auto-Submitted: no"),
    (b"Feedback-ID: d", b"Feedback-ID: x"),
    (b"\r\nMessage-ID: <", b"\r\nMessage-ID: <0"),
    (b"\r\nFrom: Counterpart", b"\r\nFrom: all@firm.example\r\nFrom: Counterpart"),
    (b"Subject: ", b"Subject: A second one\r\nSubject: "),
    (b"projects for you", b"projects for all"),
]


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_a_letter_that_was_changed_on_its_way_is_no_longer_signed(signer: Signer, before: bytes, after: bytes) -> None:
    signed = signer.sign(written("digest"), at=SIGNED_AT)
    assert before in signed
    assert not holds(signed.replace(before, after, 1))


def test_what_servers_add_and_refold_on_the_way_leaves_the_signature_whole(signer: Signer) -> None:
    signed = signer.sign(written("digest"), at=SIGNED_AT)
    assert holds(b"Received: from a by b;\r\n Mon, 23 Nov 2026 07:00:00 +0000\r\nX-Spam: no\r\n" + signed)
    assert holds(signed.replace(b"Subject: 2 projects ", b"SUBJECT:  2\r\n\tprojects ", 1))


def test_a_letter_is_signed_for_the_domain_of_its_sender_or_the_one_that_is_set(signing: Settings) -> None:
    other = Settings(dkim_selector="s1", dkim_key_file=signing.dkim_key_file, dkim_domain="Other.Example")
    tags = [
        email.message_from_bytes(signer_of(each).sign(written("live"), at=SIGNED_AT))["DKIM-Signature"]
        for each in (signing, other)
    ]
    assert "d=counterpart.example; s=mail2026; t=1767261600" in tags[0]
    assert "d=other.example; s=s1;" in tags[1]
    assert signer_of(Settings()) is None


def test_bodies_are_hashed_as_the_library_that_checks_them_reads_them() -> None:
    dice = random.Random(6376)
    for _ in range(3000):
        body = "".join(dice.choice(["a", " ", "  ", "\t", "\r\n", "b"]) for _ in range(dice.randint(0, 12))) + "\r\n"
        assert relaxed(body.encode()) == Relaxed.canonicalize_body(body.encode()) or not body.strip()


def test_a_key_that_cannot_sign_stops_the_start_and_names_its_setting(tmp_path: Path, settings: Settings) -> None:
    wrong = {
        "gone.pem": None,
        "text.pem": b"this is no key",
        "curve.pem": pem(ec.generate_private_key(ec.SECP256R1())),
    }
    for name, content in wrong.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
        chosen = Settings(
            database_url=settings.database_url, folder=tmp_path, dkim_selector="s", dkim_key_file=str(tmp_path / name)
        )
        with pytest.raises(BadSetting, match=rf"^DKIM_KEY_FILE='.*{name}' cannot be used: "):
            create_app(chosen)
