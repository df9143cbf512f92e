"""What kind of message arrived, from whom, for which token."""

import pytest

from matcher.inbound import message_key, read
from tests.inbound.mails import QUOTED_LETTER, failed, raw, report


def test_a_human_reply_carries_its_sender_token_and_words() -> None:
    body = f"2 yes\n\nOn 23/11/2026 08:00, Counterpart wrote:\n{QUOTED_LETTER}"
    found = read(
        raw(body, From="Ana Silva <Ana@Firm.example>", To="Reply+ABC234@In.example", In_Reply_To="<one@in.example>")
    )
    assert (found.kind, found.sender, found.sender_name) == ("reply", "ana@firm.example", "Ana Silva")
    assert (found.mailbox, found.token, found.in_reply_to) == ("reply", "abc234", "one@in.example")
    assert found.text == "2 yes"
    assert "Notes migration" in found.removed


@pytest.mark.parametrize(
    ("to", "kind"),
    [
        ("post@in.example", "posting"),
        ("join@in.example", "join"),
        ("help@in.example", "unknown"),
        ("reply@in.example", "unknown"),
    ],
)
def test_the_mailbox_says_the_kind(to: str, kind: str) -> None:
    assert read(raw("We need an Exchange partner.", To=to)).kind == kind


def test_the_envelope_wins_over_what_the_header_says() -> None:
    found = read(raw(To="post@in.example", Cc="reply+zzz@in.example"), envelope_to=("reply+abc@in.example",))
    assert (found.kind, found.token) == ("reply", "abc")
    assert read(raw(To="undisclosed-recipients:;", Delivered_To="reply+abc@in.example")).token == "abc"


def test_an_address_at_another_host_is_not_ours_when_the_domain_is_known() -> None:
    assert read(raw(To="post@other.example"), domain="in.example").kind == "unknown"
    assert read(raw(To="post@other.example, post@in.example"), domain="in.example").kind == "posting"


def test_a_posting_keeps_forwarded_content_and_loses_the_signature() -> None:
    body = (
        "FYI\n-- \nAna\n\n---------- Forwarded message ----------\nFrom: x@y.example\nTo: ana\n\nNeed: SAP migration\n"
    )
    found = read(raw(body, To="post@in.example", Subject="Fwd: SAP"))
    assert "Need: SAP migration" in found.text
    assert found.removed == "-- \nAna\n"[:-1]


def test_a_posting_may_speak_of_from_and_to() -> None:
    body = "What: SAP migration\nFrom: 1 March\nTo: 30 June\nSubject: ABAP\nDate: soon"
    assert read(raw(body, To="post@in.example")).text == body


@pytest.mark.parametrize(("status", "hard"), [("5.1.1", True), ("4.4.7", False), ("5.2.2", False)])
def test_a_delivery_report_is_hard_or_soft_by_its_status(status: str, hard: bool) -> None:
    found = read(failed(status))
    assert (found.kind, found.failed, found.hard) == ("bounce", ("ben@gone.example",), hard)
    assert (found.token, found.reason) == ("abc234", "smtp; 550 no such user")


def test_a_delayed_letter_is_a_soft_bounce_and_a_delivered_one_none() -> None:
    assert not read(failed("4.0.0", "delayed")).hard
    assert read(failed("2.0.0", "delivered")).kind == "auto"


def test_a_bounce_is_recognised_without_envelope_and_report() -> None:
    body = "Hi. This is the qmail-send program at mx.example.\n\n<ben@gone.example>:\nno mailbox here by that name\n"
    found = read(raw(body, From="MAILER-DAEMON@mx.example", To="hello@in.example", Subject="failure notice"))
    assert (found.kind, found.failed) == ("bounce", ("ben@gone.example",))


def test_a_bounce_of_unknown_form_to_a_bounce_address_still_names_the_token() -> None:
    found = read(
        raw("うまくいきません", From="robot@mx.example", To="b+abc234@in.example", Subject="x"), envelope_from=""
    )
    assert (found.kind, found.token, found.failed, found.hard) == ("bounce", "abc234", (), False)


def test_a_vacation_note_to_a_bounce_address_is_no_bounce() -> None:
    note = raw("I am away.", To="b+abc234@in.example", Subject="Away", Auto_Submitted="auto-replied", Return_Path="<>")
    assert read(note).kind == "auto"


def test_a_person_who_speaks_of_failed_delivery_does_not_bounce() -> None:
    body = "Mail delivery failed for 300 users, <ben@gone.example>: no mailbox. We need an Exchange partner."
    assert read(raw(body, To="post@in.example", Subject="Mail delivery failed, need help")).kind == "posting"


def test_a_complaint_names_its_letter() -> None:
    fields = "Feedback-Type: abuse\nUser-Agent: x\nOriginal-Rcpt-To: ben@gone.example\n"
    found = read(report("feedback-report", fields, to="abuse@in.example", sender="fbl@isp.example"))
    assert (found.kind, found.failed, found.reason) == ("complaint", ("ben@gone.example",), "abuse")
    assert (found.mailbox, found.token) == ("u", "zzz777")


def test_unsubscribing_works_by_address_by_subject_and_by_a_word() -> None:
    assert read(raw("whatever", To="u+abc@in.example", Auto_Submitted="auto-replied")).kind == "unsubscribe"
    assert read(raw("", To="help@in.example", Subject="Unsubscribe")).kind == "unsubscribe"
    assert read(raw(f"STOP please.\n\nOn 23/11/2026 08:00, Counterpart wrote:\n{QUOTED_LETTER}")).kind == "unsubscribe"
    assert read(raw("Stop please.\n\nAna", From="Ana Silva <ana@firm.example>")).kind == "unsubscribe"
    assert read(raw("We must stop the old server", To="post@in.example")).kind == "posting"


def test_our_own_letter_and_an_endless_path_are_loops() -> None:
    assert read(raw(X_Counterpart_Letter="digest", Auto_Submitted="auto-generated")).kind == "loop"
    hops = "".join(f"Received: from a{n} by b{n}; Mon, 23 Nov 2026 08:00:00 +0000\n" for n in range(51)).encode()
    assert read(hops + raw()).kind == "loop"
    assert read(hops.split(b"\n", 1)[1] + raw()).kind == "reply"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied (vacation)"},
        {"X_Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"Precedence": "junk"},
        {"X_MS_Exchange_Inbox_Rules_Loop": "ana@firm.example"},
        {"X_Auto_Response_Suppress": "All", "Return_Path": "<>"},
        *(
            {"Subject": subject}
            for subject in (
                "Automatic reply: Two projects",
                "Out of office",
                "Automatische Antwort: Zwei",
                "Abwesenheitsnotiz: Zwei",
                "Réponse automatique : Deux",
                "Respuesta automática: Dos",
                "Risposta automatica: Due",
                "Resposta automática: Dois",
                "Automatisch antwoord: Twee",
                "Autosvar: Två",
                "Odpowiedź automatyczna: Dwa",
                "Автоответ: Два",
                "自動応答: 2",
            )
        ),
    ],
)
def test_automatic_replies_are_told_from_people(headers: dict[str, str]) -> None:
    assert read(raw("I am away until Monday.", **headers)).kind == "auto"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"Precedence": "list", "List_Id": "<team.firm.example>"},
        {"Precedence": "bulk", "List_Id": "<team.firm.example>"},
        {"X_Auto_Response_Suppress": "DR", "In_Reply_To": "<one@in.example>"},
        {"Subject": "Re: Automatic reply engine for a bank"},
        {"Subject": "Automatic reply handling in Exchange needed"},
        {"Subject": "Vacation rental platform"},
    ],
)
def test_people_are_never_taken_for_machines(headers: dict[str, str]) -> None:
    assert read(raw("2 yes, and I am not out of office.", **headers)).kind == "reply"


def test_the_key_of_a_message_is_its_id_else_its_bytes() -> None:
    assert message_key(raw(Message_ID="<one@firm.example>")) == "one@firm.example"
    assert message_key(raw(Message_ID="\n <one@firm.example>")) == "one@firm.example"
    assert message_key(b"hello").startswith("sha256:2cf24dba")
    assert message_key(raw(Message_ID="<" + "a" * 500 + ">")).startswith("sha256:")


def test_encoded_headers_are_decoded_and_broken_ones_do_not_stop() -> None:
    found = read(
        raw(From="=?utf-8?q?Ana_Silv=C3=A1?= <ana@firm.example>", Subject="=?x-none?b?!!!?= =?utf-8?q?=C3=A9t=C3=A9?=")
    )
    assert found.sender_name == "Ana Silvá"
    assert "été" in found.subject
    assert read(raw(To="(" * 5000)).kind == "unknown"
