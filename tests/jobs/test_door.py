"""The door for mail: refuses what is not ours while the sender listens, keeps the rest before it says 250."""

import smtplib
from datetime import date

import pytest

from jobs import door, protocol
from jobs.door import refuse
from jobs.ground import Ground
from matcher.tokens import seal
from tests import factories as make
from tests.jobs.line import DOMAIN, PURPOSE_OF, SINK, Line, away, kept, mail, n_kept, token

NOBODY_THERE = f"550 5.1.1 There is no {{}}@{DOMAIN}. Write to help@{DOMAIN}, or reply to one of our letters."


def said_to(address: str) -> str:
    return refuse(address, domain=DOMAIN, secret=make.SECRET)


@pytest.mark.parametrize("local", [*door.DESKS, *(f"{each}+{token(each)}" for each in PURPOSE_OF)])
def test_our_own_addresses_are_let_in_however_they_are_written(local: str) -> None:
    assert said_to(f"{local}@{DOMAIN}") == ""
    assert said_to(f"{local}@{DOMAIN}".upper()) == ""


def test_a_postmaster_without_a_domain_is_ours_as_the_standard_wants() -> None:
    assert said_to("Postmaster") == ""


def test_an_address_that_expired_is_let_in_so_that_its_sender_is_told_why() -> None:
    assert said_to(f"reply+{token('reply', until=date(2021, 1, 1))}@{DOMAIN}") == ""


@pytest.mark.parametrize(
    "local", ["jobs", "reply", "reply+", "reply+short", f"x+{token('reply')}", f"reply+{token('reply')}1", "", "root"]
)
def test_an_address_that_there_is_not_is_refused_with_where_to_write(local: str) -> None:
    assert said_to(f"{local}@{DOMAIN}") == NOBODY_THERE.format(local)


@pytest.mark.parametrize("mailbox", PURPOSE_OF)
def test_a_token_that_we_did_not_sign_is_refused_like_any_address_that_there_is_not(mailbox: str) -> None:
    ours = token(mailbox)
    others = seal("somebody else's secret", PURPOSE_OF[mailbox], 1, expires_on=date(2027, 3, 1))
    changed = ours[:-2] + ("a" if ours[-2] != "a" else "b") + ours[-1]
    for each in (others, changed, "a" * 29, "abcdefgh234567abcdefgh"):
        assert said_to(f"{mailbox}+{each}@{DOMAIN}") == NOBODY_THERE.format(f"{mailbox}+{each}")


@pytest.mark.parametrize(
    "address", ["post@elsewhere.example", f"post@x{DOMAIN}", f"post@{DOMAIN}.evil.example", "post"]
)
def test_mail_for_another_domain_is_not_carried(address: str) -> None:
    assert said_to(address).startswith(f"550 5.7.1 We take mail for {DOMAIN} only, not for ")


def test_the_door_says_its_refusals_while_the_sender_still_listens(smtp: smtplib.SMTP) -> None:
    code, said = smtp.rcpt("someone@elsewhere.example")
    assert (code, said) == (550, f"5.7.1 We take mail for {DOMAIN} only, not for elsewhere.example.".encode())
    code, said = smtp.rcpt(f"jobs@{DOMAIN}")
    assert (code, said.startswith(b"5.1.1 There is no jobs@")) == (550, True)
    assert smtp.rcpt(SINK)[0] == 250


def test_the_door_greets_with_a_name_that_its_own_mta_does_not_have(line: Line) -> None:
    assert line.greeting == f"220 desk.{DOMAIN} Counterpart"


def test_a_message_is_in_the_database_when_the_door_says_250(g: Ground, smtp: smtplib.SMTP) -> None:
    raw = mail()
    smtp.rcpt(SINK)
    assert smtp.data(raw)[0] == 250
    assert kept(g) == [("ann@firm.example", SINK, raw, "new")]


def test_a_message_sent_again_after_a_lost_250_is_kept_once(g: Ground, smtp: smtplib.SMTP) -> None:
    raw = mail()
    for _ in range(2):
        smtp.mail("ann@firm.example")
        smtp.rcpt(SINK)
        assert smtp.data(raw)[0] == 250
    assert n_kept(g) == 1


def test_a_message_to_two_desks_is_kept_for_each(g: Ground, smtp: smtplib.SMTP) -> None:
    for desk in ("post", "help", "HELP"):
        smtp.rcpt(f"{desk}@{DOMAIN}")
    smtp.data(mail())
    assert [each[1].partition("@")[0] for each in kept(g)] == ["post", "help"]


def test_a_database_that_is_away_makes_the_sender_keep_its_message(
    g: Ground, smtp: smtplib.SMTP, monkeypatch: pytest.MonkeyPatch
) -> None:
    smtp.rcpt(SINK)
    with monkeypatch.context() as patched:
        patched.setattr(door, "keep", away)
        code, said = smtp.data(mail())
    assert (code, said) == (
        451, b"4.3.0 We could not store your message just now. Please try again in a few minutes.",
    )  # fmt: skip
    smtp.mail("ann@firm.example")
    smtp.rcpt(SINK)
    assert smtp.data(mail())[0] == 250
    assert n_kept(g) == 1


def test_a_mistake_of_ours_makes_the_sender_try_again(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "refuse", away)
    line.say("EHLO firm.example")
    line.say("MAIL FROM:<ann@firm.example>")
    assert line.say(f"RCPT TO:<{SINK}>").startswith("451 4.3.0 Something went wrong on our side.")


def test_a_bounce_has_no_sender_and_is_kept_as_such(g: Ground, line: Line) -> None:
    line.begin(f"b+{token('b')}@{DOMAIN}", sender="")
    assert line.say(mail().decode() + ".").startswith("250")
    assert [each[0] for each in kept(g)] == ["<>"]


@pytest.mark.parametrize(
    "sender",
    ["ann..x@firm.example", "ann.@firm.example", "ünn@firm.example", "\udcfcnn@firm.example", "a\0b@firm.example"],
)
def test_a_sender_written_oddly_is_no_reason_to_lose_a_message(g: Ground, line: Line, sender: str) -> None:
    line.begin(sender=sender)
    assert line.say(mail().decode() + ".").startswith("250")
    assert [each[0] for each in kept(g)] == [sender.replace("\udcfc", "?").replace("\0", "?")]


def test_a_recipient_of_broken_bytes_is_refused_in_words(line: Line) -> None:
    line.say("EHLO firm.example")
    line.say("MAIL FROM:<ann@firm.example>")
    assert line.say(f"RCPT TO:<\udcfc@{DOMAIN}>").startswith("550 5.1.1 There is no ?@")


@pytest.mark.parametrize("command", ["VRFY anna@north.example", f"VRFY {SINK}", "EXPN staff"])
def test_nobody_learns_who_is_a_partner_by_asking(line: Line, command: str) -> None:
    line.say("EHLO firm.example")
    assert line.say(command)[:3] in ("252", "502")
    assert "north" not in line.say(command)


def test_who_tries_addresses_is_hung_up_on_after_ten(line: Line) -> None:
    line.say("EHLO firm.example")
    line.say("MAIL FROM:<ann@firm.example>")
    said = [
        line.say(f"RCPT TO:<reply+{number:0>29}@{DOMAIN}>".replace("0", "a").replace("1", "b")) for number in range(10)
    ]
    assert {each.split(" There is")[0] for each in said} == {"550 5.1.1"}
    assert line.say(f"RCPT TO:<{SINK}>") == protocol.SCANNED
    assert line.hear() == ""


def test_an_mta_that_passes_on_foreign_mistakes_is_not_hung_up_on(g: Ground, line: Line) -> None:
    line.say("EHLO mta.example")
    for number in range(3):
        line.say("MAIL FROM:<ann@firm.example>")
        for each in range(6):
            assert line.say(f"RCPT TO:<typo{each}@{DOMAIN}>").startswith("550")
        line.say(f"RCPT TO:<{SINK}>")
        line.say("DATA")
        assert line.say(mail(f"{number}").decode() + ".").startswith("250")
    assert n_kept(g) == 3


def test_of_ten_thousand_recipients_a_hundred_are_taken_and_the_rest_told_to_come_again(g: Ground, line: Line) -> None:
    ours = [f"reply+{token('reply', number)}@{DOMAIN}" for number in range(10_000)]
    line.say("EHLO firm.example")
    line.say("MAIL FROM:<ann@firm.example>")
    said = [line.say(f"RCPT TO:<{each}>") for each in ours]
    assert [each[:3] for each in said[:100]] == ["250"] * 100
    assert set(said[100:]) == {"452 4.5.3 Too many recipients: at most 100 for one message."}
    line.say("DATA")
    assert line.say(mail().decode() + ".").startswith("250")
    assert sorted(each[1] for each in kept(g)) == sorted(ours[:100])
