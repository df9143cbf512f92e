"""A delivery notice in the many forms that mail servers give it: whom it names, and whether for good."""

import base64
import quopri

import pytest

from matcher.inbound import read
from matcher.terms import Inbound
from tests.inbound.mails import raw, report

BEN = "ben@gone.example"
ROBOT = "MAILER-DAEMON@mx.example"


def notice(body: str, sender: str = ROBOT, subject: str = "Delivery failure", **headers: str) -> Inbound:
    given = {"From": sender, "To": "hello@in.example", "Subject": subject} | headers
    return read(raw(body, **given))


def returned(to: str = BEN) -> str:
    return f"Received: by mx id 1\nFrom: Counterpart <hello@in.example>\nTo: {to}\nSubject: Two projects\n\nHello\n"


def parts(*bodies: tuple[str, str], kind: str = "multipart/mixed", **headers: str) -> bytes:
    """Make a message of parts, each with its headers and body."""
    given = {"From": ROBOT, "To": "hello@in.example", "Subject": "Delivery failure"} | headers
    inner = "".join(f"--cut\n{head}\n\n{body}\n" for head, body in bodies)
    return raw(f"{inner}--cut--\n", Content_Type=f"{kind}; boundary=cut", **given)


@pytest.mark.parametrize(
    "body",
    [
        f"Hi. This is the qmail-send program at mx.example.\n\n<{BEN}>:\nno mailbox by that name\n\n--- Below this"
        f" line is a copy of the message.\n\n",
        f"Your letter could not be delivered.\n\n  {BEN}\n    550 5.1.1 no such user\n\n------ This is a copy of"
        f" the message ------\n\n",
        f'It failed:\n\n"{BEN}":\nhost: mx\n5.1.1\n\n--- The header of the original message is following. ---\n\n',
        f"Your message\n  To:      {BEN}\n  Subject: Two\n\ndid not reach the following recipient(s):\n\n{BEN} on"
        f" Mon, 23 Nov 2026\n    is not recognized\n\n",
        f"------- Failure Reasons -------\n\nnot listed in the Name & Address Book\n{BEN}\n\n------- Returned"
        f" Message --------\n",
        f"Unknown user: {BEN}\n\nOriginal message follows.\n\n",
        f"Unable to deliver message to: <{BEN}>\nDelivery failed: 550 no such user\n\n",
        f"---The following addresses had delivery errors---\n\n{BEN} [User unknown]\n\n",
        f"  ----- Transcript -----\n>>> RCPT To:<{BEN}>\n<<< 550 <{BEN}>, User Unknown\n\n  ----- Unsent message"
        f" follows -----\n",
        f"The following recipients returned permanent errors: {BEN}. Reason: 554 hop count\n\nMessage headers:\n",
        f"If not, contact\n<support@mx.example>\n\n<{BEN}>: host mx.gone.example said: 550 no such user\n\n",
        f"このメールは送信できませんでした。\n\n<{BEN}>\n\n-------original message\n",
        "Message could not be delivered.\n\nOriginal Message:\n",
        "   ----- Transcript of session follows -----\n421 timed out\n   ----- Unsent message follows -----\n",
    ],
)
def test_a_notice_in_words_names_whom_it_did_not_reach(body: str) -> None:
    found = notice(body + returned())
    assert (found.kind, found.failed) == ("bounce", (BEN,))


def test_only_those_who_failed_are_named_when_a_header_tells_them() -> None:
    body = f"Delivery failed permanently.\n\n----- Original message -----\n\n{returned(f'ana@firm.example, {BEN}')}"
    assert notice(body, X_Failed_Recipients=f"{BEN}").failed == (BEN,)


def test_the_sender_and_the_message_ids_of_the_returned_message_are_nobody_who_failed() -> None:
    headers = f"Received:from mx\nMessage-ID:<a.b@mx.example>\nFrom:<hello@in.example>\nTo:<{BEN}>\n"
    assert notice(f"{BEN} Invalid Address, ERROR_CODE :550\n\n{headers}").failed == (BEN,)


def test_the_managers_address_of_a_list_does_not_make_the_list_fail() -> None:
    body = "One or more of the recipients are unknown.\n\n--- Original message follows.\n" + returned("talk@in.example")
    assert notice(body, To="talk-bounces@in.example").failed == ()


FIELDS = f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {BEN}\nAction: failed\nStatus: 5.1.1\n"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("7bit", FIELDS),
        ("base64", base64.encodebytes(FIELDS.encode()).decode()),
        ("quoted-printable", quopri.encodestring(FIELDS.replace("@", "=40").encode()).decode().replace("=3D40", "=40")),
    ],
)
def test_a_report_is_read_in_every_transfer_encoding(encoding: str, body: str) -> None:
    status = f"Content-Type: message/delivery-status\nContent-Transfer-Encoding: {encoding}"
    found = read(parts(("Content-Type: text/plain", "Sorry."), (status, body), kind="multipart/report"))
    assert (found.kind, found.failed, found.hard) == ("bounce", (BEN,), True)


def test_an_international_report_names_addresses_beyond_ascii() -> None:
    fields = (
        "Reporting-MTA: dns; mx\n\nFinal-Recipient: utf-8; j\\x{00FC}rgen@gone.example\nAction: failed\nStatus: 5.1.1\n"
    )
    body = parts(("Content-Type: text/plain", "Sorry."), ("Content-Type: message/global-delivery-status", fields))
    assert read(body).failed == ("jürgen@gone.example",)


def test_a_report_without_its_parts_is_read_as_text() -> None:
    body = f"<procmail@mx.example> failed.\n\n{FIELDS}\nReturn-Path: <hello@in.example>\nTo: list@in.example\n"
    found = notice(body, Content_Type="multipart/report; report-type=delivery-status; boundary=never")
    assert (found.failed, found.hard) == ((BEN,), True)


@pytest.mark.parametrize(
    ("original", "named"),
    [("rfc822; ben@site.example", "ben@site.example"), ("rfc822; ben@localhost", BEN), ("x400; /S=ben/C=GB/", BEN)],
)
def test_the_address_that_was_written_to_is_named_when_it_is_one_of_the_internet(original: str, named: str) -> None:
    fields = f"Final-Recipient: rfc822;{BEN}\nOriginal-Recipient: {original}\nAction: failed\nStatus: 5.1.1\n"
    assert read(report("delivery-status", f"Reporting-MTA: dns; mx\n\n{fields}")).failed == (named,)


def test_a_report_within_a_report_is_found() -> None:
    inner = report("delivery-status", FIELDS, to="hello@in.example").decode()
    found = read(parts(("Content-Type: text/plain", "See below."), ("Content-Type: message/rfc822", inner)))
    assert found.failed == (BEN,)


def test_lines_that_end_as_on_old_macs_are_lines() -> None:
    body = raw(f"<{BEN}>:\nuser unknown\n", From=ROBOT, To="hello@in.example", Subject="failure notice")
    assert read(body.replace(b"\n", b"\r")).failed == (BEN,)


def test_amazon_tells_bounces_and_complaints_in_its_own_form() -> None:
    who = f'[{{"emailAddress":"{BEN}","action":"failed","status":"5.1.1"}}]'
    headers = {"From": "no-reply@sns.amazonaws.com", "x_amz_sns_message_id": "1"}
    found = read(raw(f'{{"notificationType":"Bounce","bounce":{{"bouncedRecipients":{who}}}}}', **headers))
    assert (found.kind, found.failed, found.hard) == ("bounce", (BEN,), True)
    found = read(raw(f'{{"notificationType":"Complaint","complaint":{{"complainedRecipients":{who}}}}}', **headers))
    assert (found.kind, found.failed) == ("complaint", (BEN,))


@pytest.mark.parametrize(
    ("fields", "hard"),
    [
        ("Action: failed\nStatus: 5.1.1", True),
        ("Action: failed\nStatus: 5.2.1", True),
        ("Action: failed\nStatus: 5.2.2", False),
        ("Action: failed\nStatus: 5.3.1", False),
        ("Action: failed\nStatus: 5.4.7", False),
        ("Action: failed\nStatus: 4.4.1", False),
        ("Action: delayed\nStatus: 5.1.1", False),
        ("Action: expired\nStatus:", False),
        ("Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 no such user", True),
        ("Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 552 mailbox full", False),
        ("Action: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; 550 over quota", False),
        ("Action: failed\nDiagnostic-Code: smtp; 451 try later", False),
        ("Action: failed\nDiagnostic-Code: smtp; 550 no such user", True),
        ("Action: failed", True),
    ],
)
def test_a_failure_is_for_good_or_for_now_as_its_codes_say(fields: str, hard: bool) -> None:
    about = f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {BEN}\n{fields}\n"
    found = read(report("delivery-status", about))
    assert (found.kind, found.failed, found.hard) == ("bounce", (BEN,), hard)


@pytest.mark.parametrize(
    ("words", "hard"),
    [
        ("550 5.1.1 no such user", True),
        ("This is a permanent error.", True),
        ("The mailbox is full.", False),
        ("It will be retried for 3 days. Delivery is delayed.", False),
        ("452 4.2.2 try again", False),
        ("Something happened.", False),
    ],
)
def test_words_tell_failures_for_good_from_those_for_now(words: str, hard: bool) -> None:
    assert notice(f"* {BEN}\n\n{words}\n").hard is hard


def test_a_report_on_several_is_for_good_only_when_each_is() -> None:
    full = "Final-Recipient: rfc822; eva@gone.example\nAction: failed\nStatus: 5.2.2\n"
    found = read(report("delivery-status", f"{FIELDS}\n{full}"))
    assert (found.failed, found.hard) == ((BEN, "eva@gone.example"), False)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_what_arrived_does_not_bounce(action: str) -> None:
    assert read(report("delivery-status", FIELDS.replace("failed", action))).kind == "auto"


def test_a_complaint_names_everybody_and_only_the_token_counts_when_they_are_blacked_out() -> None:
    fields = f"Feedback-Type: abuse\nOriginal-Rcpt-To: {BEN}\nOriginal-Rcpt-To: eva@gone.example\n"
    assert read(report("feedback-report", fields)).failed == (BEN, "eva@gone.example")
    hidden = read(
        report("feedback-report", "Feedback-Type: abuse\nRedacted-Address: redacted\n", to="abuse@in.example")
    )
    assert (hidden.kind, hidden.token) == ("complaint", "zzz777")


def test_a_complaint_in_hotmails_own_form_is_one() -> None:
    letter = ("Content-Type: message/rfc822", "X-Counterpart-Letter: digest\nReply-To: reply+abc234@in.example\n\nHi\n")
    found = read(parts(letter, From="staff@hotmail.example", To="abuse@in.example", X_HmXmrOriginalRecipient=BEN))
    assert (found.kind, found.failed, found.token) == ("complaint", (BEN,), "abc234")


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "dmarc"])
def test_a_feedback_report_that_is_no_complaint_stops_nobody(kind: str) -> None:
    assert read(report("feedback-report", f"Feedback-Type: {kind}\n")).kind == "auto"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("2 yes", {"From": "Postmaster <postmaster@firm.example>"}),
        (f"2 yes, and {BEN} is our man for it", {"From": "System Administrator <it@firm.example>"}),
        ("2 yes", {"Subject": "Re: Undelivered Mail Returned to Sender"}),
        ("Why did this fail?\n\n> user unknown", {"Subject": "Fwd: Mail delivery failed", "To": "help@in.example"}),
    ],
)
def test_people_who_run_mail_servers_write_mail_too(body: str, headers: dict[str, str]) -> None:
    assert read(raw(body, **headers)).kind in ("reply", "unknown")


def test_a_note_of_absence_from_a_null_sender_is_no_bounce_even_when_it_names_somebody() -> None:
    body = f"I am away. What is delivered to me now is read by {BEN}."
    assert read(raw(body, To="hello@in.example", Subject="Re: Two", Return_Path="<>")).kind == "auto"
