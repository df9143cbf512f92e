"""Which files the sender of a mail attached, and what only looks like one."""

from email.message import EmailMessage

import pytest

from matcher.inbound.attachments import attachment_names
from matcher.inbound.message import parse


def mail() -> EmailMessage:
    made = EmailMessage()
    made["From"] = "anna@quay.example"
    made.set_content("Here it is.")
    return made


def names(made: EmailMessage) -> tuple[str, ...]:
    return attachment_names(parse(made.as_bytes()))


def test_files_are_named_in_their_order() -> None:
    made = mail()
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Offer für Sie.pdf")
    made.add_attachment("a,b", subtype="csv", filename="sites.csv")
    made.add_attachment(b"x", maintype="application", subtype="octet-stream")
    assert names(made) == ("Offer für Sie.pdf", "sites.csv", "a file without a name")


def test_a_message_without_files_has_none() -> None:
    made = mail()
    made.add_alternative("<p>Here it is.</p>", subtype="html")
    assert names(made) == ()


@pytest.mark.parametrize(("n_bytes", "found"), [(900, ()), (200_000, ("photo.png",))])
def test_a_small_picture_inside_the_text_belongs_to_the_signature(n_bytes: int, found: tuple[str, ...]) -> None:
    made = mail()
    made.add_alternative("<img src='cid:logo'>", subtype="html")
    picture = {"maintype": "image", "subtype": "png", "cid": "<logo>", "filename": "photo.png", "disposition": "inline"}
    made.get_payload()[1].add_related(b"x" * n_bytes, **picture)
    assert names(made) == found


@pytest.mark.parametrize(
    ("maintype", "subtype", "name"),
    [
        ("application", "pkcs7-signature", "smime.p7s"),
        ("application", "pgp-signature", "signature.asc"),
        ("application", "ms-tnef", "winmail.dat"),
        ("text", "calendar", "invite.ics"),
        ("text", "vcard", "anna.vcf"),
    ],
)
def test_signatures_cards_and_invitations_are_no_files_of_the_sender(maintype: str, subtype: str, name: str) -> None:
    made = mail()
    made.add_attachment(b"x", maintype=maintype, subtype=subtype, filename=name)
    assert names(made) == ()


def test_an_attached_message_is_a_file() -> None:
    made = mail()
    made.add_attachment(mail())
    assert len(names(made)) == 1
