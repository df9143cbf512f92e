"""Subjects that programs write for the absent, in the languages of their readers, and subjects that people write."""

import pytest

from matcher.inbound import read
from tests.inbound.mails import raw

AUTOMATIC = """
Automatic reply: Two projects|Auto: Two projects|Out of Office: Two projects|Out of office|AutoReply: Two|Autoreply
Out of the Office Re: Two projects|Vacation reply|Away from office until Monday|I am out of the office until 3 May
OOO: Two projects|Two projects (Out of Office)|[Auto-Reply] Re: Two projects|*** Out of office ***|On annual leave
Automatische Antwort: Zwei|Abwesenheitsnotiz|Automatische Abwesenheitsnotiz: Zwei|Ich bin derzeit nicht im Büro
Réponse automatique : Deux|Absence du bureau : Deux|En congés jusqu'au 3 mai
Respuesta automática: Dos|Fuera de la oficina Re: Dos|Ausente de la oficina: Dos
Risposta automatica: Due|Fuori ufficio: Due|In ferie fino al 20
Automatisch antwoord: Twee|Afwezigheidsmelding|Automatische reactie: Twee
Resposta automática: Dois|Fora do escritório: Dois|Estou ausente: Dois
Automatyczna odpowiedź: Dwa|Poza biurem: Dwa|Automatiskt svar: Två|Frånvaromeddelande
Automatisk svar: To|Fraværsmelding|Automatisk svarbesked: To|Automaattinen vastaus: Kaksi|Poissa toimistosta: Kaksi
Automatická odpověď: Dva|Mimo kancelář: Dva|Otomatik Yanıt: İki|Ofis dışındayım
Автоматический ответ: Два|Автоответ: Два|Нет в офисе|自動応答: 2件|【自動返信】Re: 2件|自動返信|不在通知: 2件
자동 회신: 둘|부재중 알림|自动答复: 两个|自动回复|自動回覆: 兩個|Automatikus válasz: Kettő|Răspuns automat: Doi
Automatski odgovor: Dva|Αυτόματη απάντηση: Δύο|מענה אוטומטי: שניים
Please verify your message to ana@firm.example|Sender verification required
""".replace("\n", "|").strip("|")
HUMAN = """
Re: Automatic reply engine for a bank|Automatic reply handling in Exchange needed|Vacation rental platform
Re: Out of office schedule|Re: Two projects for you|Holiday season capacity|Absence management for a hospital
On leave management|Away team needed in Lyon|Out of office hours support|Leave of absence portal
Urlaubsverwaltung gesucht|Abwesenheitsverwaltung für 300 Leute|Automatische Antworten in Outlook einrichten
Réponse à votre projet|Automatic response systems: partner wanted|2 yes|Autorespond is broken|Out of the box ERP
Unavailable servers in Cork|We are away from Lotus Notes|自動車|自动化 项目|Please confirm|Confirm your need
Email verification service needed|AW: Zwei Projekte|en vacances scolaires planning
""".replace("\n", "|").strip("|")


@pytest.mark.parametrize("subject", AUTOMATIC.split("|"))
def test_a_subject_of_an_automatic_answer_is_known(subject: str) -> None:
    assert read(raw("I am away until Monday.", Subject=subject)).kind == "auto"


@pytest.mark.parametrize("subject", HUMAN.split("|"))
def test_a_subject_of_a_person_is_no_automatic_answer(subject: str) -> None:
    assert read(raw("2 yes. I am on holiday from Friday, write before.", Subject=subject)).kind == "reply"


def test_a_posting_may_be_about_absences() -> None:
    found = read(raw("We need cover for 3 weeks.", To="post@in.example", Subject="Vacation: who can cover?"))
    assert found.kind == "posting"


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Auto_Reply_From": "ana@firm.example"},
        {"X_Amazon_Auto_Reply": "true"},
        {"X_Automatic_Reply": "1"},
        {"X_MS_Exchange_Generated_Message_Source": "Mailbox Rules Agent"},
        {"X_Precedence": "auto-reply"},
        {"Return_Path": "<>", "In_Reply_To": "<one@in.example>"},
        {"Content_Type": "text/calendar; method=REPLY"},
        {"Content_Type": "multipart/report; report-type=disposition-notification; boundary=x"},
        {"Auto_Submitted": "auto-generated; owner=x"},
    ],
)
def test_headers_of_machines_are_known(headers: dict[str, str]) -> None:
    assert read(raw("I read your mail.", **headers)).kind == "auto"


def test_a_new_mail_from_exchange_is_a_persons_unless_it_forbids_answers() -> None:
    assert read(raw(X_Auto_Response_Suppress="DR, RN, NRN")).kind == "reply"
    assert read(raw(X_Auto_Response_Suppress="DR, OOF, AutoReply")).kind == "auto"
    assert read(raw(X_Auto_Response_Suppress="All", In_Reply_To="<one@in.example>")).kind == "reply"


def test_a_newsletter_is_no_posting_and_a_mail_through_a_list_is() -> None:
    one_click = {"To": "post@in.example", "List_Id": "<x>", "List_Unsubscribe_Post": "List-Unsubscribe=One-Click"}
    assert read(raw("We need partners!", **one_click)).kind == "auto"
    assert read(raw("We need partners!", **one_click, List_Post="<mailto:all@firm.example>")).kind == "posting"


def test_what_people_write_in_a_ticket_system_is_theirs() -> None:
    assert read(raw(Precedence="bulk", X_RT_Originator="ana@firm.example")).kind == "reply"
    assert read(raw(Precedence="bulk")).kind == "auto"


def test_our_own_letters_and_circling_mail_are_loops() -> None:
    ours = "0123456789abcdef0123456789abcdef"
    assert read(raw(Message_ID=f"<{ours}@in.example>"), domain="in.example").kind == "loop"
    assert read(raw(Message_ID=f"<{ours}@firm.example>"), domain="in.example").kind == "reply"
    assert read(raw(Message_ID="<written-by-hand@in.example>"), domain="in.example").kind == "reply"
    twice = b"Delivered-To: reply+abc234@in.example\n" * 2 + raw()
    assert read(twice, domain="in.example").kind == "loop"
    assert read(raw(X_Counterpart_Letter="introduction")).kind == "loop"
