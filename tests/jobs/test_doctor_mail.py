"""The letter that the doctor sends goes the way of all letters."""

import base64
from dataclasses import replace
from pathlib import Path

import dkim
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SMTPSession
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tests.jobs.postoffice import PostOffice, open_post_office
from tests.jobs.test_doctor import levels, mail_out
from web.settings import Settings


def test_the_letter_goes_the_way_of_all_letters_signed_and_with_a_sender_that_bounces_come_back_to(
    settings: Settings, tmp_path: Path
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file, public = tmp_path / "dkim.pem", key.public_key()
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    in_the_dns = base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    signing = replace(settings, dkim_selector="mail2026", dkim_key_file=str(file))
    raw: list[bytes] = []

    class Keeps(PostOffice):
        async def handle_DATA(self, server: SMTP, session: SMTPSession, envelope: Envelope) -> str:  # noqa: N802
            raw.append(bytes(envelope.content or b""))
            return await super().handle_DATA(server, session, envelope)

    with open_post_office(settings.mail_port, Keeps()) as office:
        assert levels(mail_out(signing, "ana@firm.eu")) == [("mail out", "ok")] * 2
    ((sender, _, _),) = office.taken
    assert sender.startswith("b+")
    assert sender.endswith(f"@{settings.inbound_domain}")
    assert dkim.verify(raw[0], dnsfunc=lambda *_, **__: b"v=DKIM1; k=rsa; p=" + in_the_dns)


def test_a_letter_that_cannot_be_signed_or_addressed_is_a_fault(settings: Settings) -> None:
    unsigned = replace(settings, dkim_selector="mail2026", dkim_key_file="/nowhere/dkim.pem")
    with open_post_office(settings.mail_port) as office:
        for each, to in ((unsigned, "ana@firm.eu"), (settings, "ana")):
            assert levels(mail_out(each, to)) == [("mail out", "ok"), ("mail out", "fault")]
    assert office.taken == []
