"""What mail programs write around a quote in the languages of the field."""

import textwrap

import pytest

from matcher.inbound.reply import trim

OWN = "2 yes, we can start in March.\n\nRegards\nAna"
LETTER = "Good morning,\n\n1. Notes migration in Cork\n2. Firewall audit in Lyon\n\nKim"
QUOTED = "\n".join(f"> {line}" for line in LETTER.split("\n"))

ATTRIBUTIONS = {
    "English, Gmail": "On Mon, Nov 23, 2026 at 8:00 AM Kim Lee <kim@in.example> wrote:",
    "English, Apple": "On 23 Nov 2026, at 08:00, Kim Lee wrote:",
    "English, Outlook for Android": 'On Mon, Nov 23, 2026 at 8:00 AM +0100, "Kim Lee" <kim@in.example> wrote:',
    "English, Notes": "Kim Lee/IN/EXAMPLE wrote on 23/11/2026 08:00:00:",
    "English, Horde": "Quoting Kim Lee <kim@in.example>:",
    "English, Zoho": "---- On Mon, 23 Nov 2026 08:00:00 +0100 Kim Lee <kim@in.example> wrote ----",
    "English, NetEase": 'At 2026-11-23 08:00:00, "Kim Lee" <kim@in.example> wrote:',
    "German, Gmail": "Am Mo., 23. Nov. 2026 um 08:00 Uhr schrieb Kim Lee <kim@in.example>:",
    "German, Apple": "Am 23.11.2026 um 08:00 schrieb Kim Lee <kim@in.example>:",
    "French": "Le lun. 23 nov. 2026 à 08:00, Kim Lee <kim@in.example> a écrit :",
    "Spanish": "El lun, 23 nov 2026 a las 8:00, Kim Lee (<kim@in.example>) escribió:",
    "Catalan": "Missatge de Kim Lee <kim@in.example> del dia dl., 23 de nov. 2026 a les 8:00:",
    "Portuguese": "Em seg., 23 de nov. de 2026 às 08:00, Kim Lee <kim@in.example> escreveu:",
    "Italian": "Il giorno lun 23 nov 2026 alle ore 08:00 Kim Lee <kim@in.example> ha scritto:",
    "Dutch, Gmail": "Op ma 23 nov 2026 om 08:00 schreef Kim Lee <kim@in.example>:",
    "Dutch, Apple": "Op 23 nov. 2026 om 08:00 heeft Kim Lee <kim@in.example> het volgende geschreven:",
    "Danish": "Den man. 23. nov. 2026 kl. 08.00 skrev Kim Lee <kim@in.example>:",
    "Norwegian": "man. 23. nov. 2026 kl. 08:00 skrev Kim Lee <kim@in.example>:",
    "Swedish": "Den mån 23 nov. 2026 kl 08:00 skrev Kim Lee <kim@in.example>:",
    "Icelandic": "Þann mán., 23. nóv. 2026 kl. 08:00 skrifaði Kim Lee <kim@in.example>:",
    "Finnish, Gmail": "ma 23. marrask. 2026 klo 8.00 Kim Lee (kim@in.example) kirjoitti:",
    "Finnish, Apple": "Kim Lee <kim@in.example> kirjoitti 23.11.2026 kello 8.00:",
    "Estonian": "Kuupäev E, 23. november 2026 kell 08:00 kirjutas Kim Lee <kim@in.example>:",
    "Latvian": "pirmd., 2026. g. 23. nov., plkst. 08:00 — lietotājs Kim Lee (<kim@in.example>) rakstīja:",
    "Lithuanian": "2026-11-23, pr, 08:00 Kim Lee <kim@in.example> rašė:",
    "Polish, Gmail": "pon., 23 lis 2026 o 08:00 Kim Lee <kim@in.example> napisał(a):",
    "Polish, Thunderbird": "W dniu 23.11.2026 o 08:00, Kim Lee pisze:",
    "Polish, Apple": "Wiadomość napisana przez Kim Lee <kim@in.example> w dniu 23 lis 2026, o godz. 08:00:",
    "Czech": "po 23. 11. 2026 v 8:00 odesílatel Kim Lee <kim@in.example> napsal:",
    "Slovak": "po 23. 11. 2026 o 8:00 Kim Lee <kim@in.example> napísal(a):",
    "Slovene": "V pon., 23. nov. 2026 ob 08:00 je oseba Kim Lee <kim@in.example> napisala:",
    "Croatian": "pon, 23. stu 2026. u 08:00 Kim Lee <kim@in.example> napisao je:",
    "Serbian": "пон, 23. нов 2026. у 08:00 Kim Lee <kim@in.example> је написао/ла:",
    "Hungarian, Gmail": "Kim Lee <kim@in.example> ezt írta (időpont: 2026. nov. 23., H, 8:00):",
    "Hungarian, Thunderbird": "2026. 11. 23. 8:00 keltezéssel, Kim Lee írta:",
    "Romanian": "În lun., 23 nov. 2026 la 08:00, Kim Lee <kim@in.example> a scris:",
    "Bulgarian": "На пн, 23.11.2026 г. в 8:00 Kim Lee <kim@in.example> написа:",
    "Russian, Gmail": "пн, 23 нояб. 2026 г. в 08:00, Kim Lee <kim@in.example>:",
    "Russian, Thunderbird": "23.11.2026 08:00, Kim Lee пишет:",
    "Russian, Mail.ru": "Понедельник, 23 ноября 2026, 8:00 +03:00 от Kim Lee <kim@in.example>:",
    "Ukrainian": "пн, 23 лист. 2026 р. о 08:00 Kim Lee <kim@in.example> пише:",
    "Greek": "Στις Δευ 23 Νοε 2026 στις 8:00 π.μ., ο χρήστης Kim Lee <kim@in.example> έγραψε:",
    "Turkish, Gmail": "Kim Lee <kim@in.example>, 23 Kas 2026 Pzt, 08:00 tarihinde şunu yazdı:",
    "Turkish, Apple": "Kim Lee <kim@in.example> şunları yazdı (23 Kas 2026 08:00):",
    "Hebrew": "בתאריך יום ב׳, 23 בנוב׳ 2026 ב-8:00 מאת Kim Lee <kim@in.example>:",
    "Arabic": "في الاثنين، 23 نوفمبر 2026 في 8:00 ص تمت كتابة ما يلي بواسطة Kim Lee <kim@in.example>:",
    "Persian": "در تاریخ دوشنبه ۲۳ نوامبر ۲۰۲۶، ۸:۰۰ Kim Lee <kim@in.example> نوشت:",
    "Hindi": "सोम, 23 नव॰ 2026 को 8:00 am बजे को Kim Lee <kim@in.example> ने लिखा:",
    "Thai": "ในวันที่ จ. 23 พ.ย. 2026 เวลา 08:00 Kim Lee <kim@in.example> เขียนว่า:",
    "Vietnamese": "Vào Th 2, 23 thg 11, 2026 vào lúc 08:00 Kim Lee <kim@in.example> đã viết:",
    "Indonesian": "Pada tanggal Sen, 23 Nov 2026 pukul 08.00 Kim Lee <kim@in.example> menulis:",
    "Japanese, Gmail": "2026年11月23日(月) 8:00 Kim Lee <kim@in.example>:",
    "Japanese, Apple": "2026/11/23 8:00、Kim Lee <kim@in.example>のメール：",
    "Korean": "2026년 11월 23일 (월) 오전 8:00, Kim Lee <kim@in.example>님이 작성:",
    "Chinese": "Kim Lee <kim@in.example> 于2026年11月23日周一 08:00写道：",
    "Chinese, Taiwan": "Kim Lee <kim@in.example> 於 2026年11月23日 週一 上午8:00寫道：",
}
HEADERS = {
    "English": "From: Kim\nSent: Monday, 23 November 2026 08:00\nTo: Ana\nSubject: Two",
    "English, bold": "*From:* Kim\n*Sent:* Monday, 23 November 2026 08:00\n*To:* Ana\n*Subject:* Two",
    "English, two lines of names": "From: Kim <kim@in.example>\nTo: Ana <ana@x.example>,\n  Bo <bo@x.example>\nDate: 1",
    "German": "Von: Kim\nGesendet: Montag, 23. November 2026 08:00\nAn: Ana\nBetreff: Zwei",
    "French": "De : Kim\nEnvoyé : lundi 23 novembre 2026 08:00\nÀ : Ana\nObjet : Deux",
    "Spanish": "De: Kim\nEnviado el: lunes, 23 de noviembre de 2026 8:00\nPara: Ana\nAsunto: Dos",
    "Portuguese": "De: Kim\nEnviada em: segunda-feira, 23 de novembro de 2026 08:00\nPara: Ana\nAssunto: Dois",
    "Italian": "Da: Kim\nInviato: lunedì 23 novembre 2026 08:00\nA: Ana\nOggetto: Due",
    "Dutch": "Van: Kim\nVerzonden: maandag 23 november 2026 08:00\nAan: Ana\nOnderwerp: Twee",
    "Danish": "Fra: Kim\nSendt: 23. november 2026 08:00\nTil: Ana\nEmne: To",
    "Swedish": "Från: Kim\nSkickat: den 23 november 2026 08:00\nTill: Ana\nÄmne: Två",
    "Finnish": "Lähettäjä: Kim\nLähetetty: maanantai 23. marraskuuta 2026 8.00\nVastaanottaja: Ana\nAihe: Kaksi",
    "Polish": "Od: Kim\nWysłano: poniedziałek, 23 listopada 2026 08:00\nDo: Ana\nTemat: Dwa",
    "Czech": "Od: Kim\nOdesláno: pondělí 23. listopadu 2026 8:00\nKomu: Ana\nPředmět: Dva",
    "Hungarian": "Feladó: Kim\nElküldve: 2026. november 23. 8:00\nCímzett: Ana\nTárgy: Kettő",
    "Romanian": "De la: Kim\nTrimis: luni, 23 noiembrie 2026 08:00\nCătre: Ana\nSubiect: Două",
    "Turkish": "Kimden: Kim\nGönderildi: 23 Kasım 2026 Pazartesi 08:00\nKime: Ana\nKonu: İki",
    "Russian": "От: Kim\nОтправлено: 23 ноября 2026 г. 8:00\nКому: Ana\nТема: Два",
    "Ukrainian": "Від: Kim\nНадіслано: 23 листопада 2026 р. 8:00\nКому: Ana\nТема: Два",
    "Greek": "Από: Kim\nΣτάλθηκε: Δευτέρα, 23 Νοεμβρίου 2026 8:00\nΠρος: Ana\nΘέμα: Δύο",
    "Hebrew": "מאת: Kim\nנשלח: יום שני 23 נובמבר 2026 08:00\nאל: Ana\nנושא: שניים",
    "Arabic": "من: Kim\nتم الإرسال: 23/11/2026 08:00\nإلى: Ana\nالموضوع: اثنان",
    "Japanese": "差出人: Kim\n送信日時: 2026年11月23日 8:00\n宛先: Ana\n件名: 二件",
    "Korean": "보낸 사람: Kim\n보낸 날짜: 2026년 11월 23일 오전 8:00\n받는 사람: Ana\n제목: 둘",
    "Chinese": "发件人: Kim\n发送时间: 2026年11月23日 8:00\n收件人: Ana\n主题: 两个",
    "Vietnamese": "Từ: Kim\nĐã gửi: 23/11/2026 08:00\nĐến: Ana\nChủ đề: Hai",
}
ORIGINALS = [
    "-----Original Message-----",
    "-------- Original message --------",
    "----- Reply message -----",
    "-----Ursprüngliche Nachricht-----",
    "-------- Original-Nachricht --------",
    "-----Message d'origine-----",
    "-----Mensaje original-----",
    "-----Mensagem Original-----",
    "-----Messaggio originale-----",
    "-----Oorspronkelijk bericht-----",
    "-----Oprindelig meddelelse-----",
    "-----Opprinnelig melding-----",
    "-----Ursprungligt meddelande-----",
    "-----Alkuperäinen viesti-----",
    "-----Wiadomość oryginalna-----",
    "---------- Původní e-mail ----------",
    "-----Pôvodná správa-----",
    "-----Eredeti üzenet-----",
    "-----Mesaj original-----",
    "-----Özgün İleti-----",
    "-----Исходное сообщение-----",
    "-----Оригінальне повідомлення-----",
    "-----Αρχικό μήνυμα-----",
    "-----הודעה מקורית-----",
    "-----الرسالة الأصلية-----",
    "----- 元のメッセージ -----",
    "-----원본 메시지-----",
    "------------------ 原始邮件 ------------------",
    "------------------ Original ------------------",
    "##- Please type your reply above this line -##",
]
DEVICES = [
    "Sent from my iPhone",
    "Sent from my Verizon, Samsung Galaxy smartphone",
    "Sent from Mail<https://go.example/?id=1> for Windows",
    "Sent with Proton Mail secure email.",
    "Sent from my phone. Please excuse brevity.",
    "Get Outlook for iOS<https://aka.example/o>",
    "Von meinem iPhone gesendet",
    "Gesendet von Mail für Windows 10",
    "Envoyé de mon iPhone",
    "Télécharger Outlook pour Android",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone",
    "Inviato da iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Skickat från min iPhone",
    "Sendt fra min iPhone",
    "Lähetetty iPhonesta",
    "Wysłane z iPhone'a",
    "Odesláno z iPhonu",
    "iPhone-omról küldve",
    "Trimis de pe iPhone-ul meu",
    "iPhone'umdan gönderildi",
    "Отправлено с iPhone",
    "Надіслано з iPhone",
    "Στάλθηκε από το iPhone μου",
    "נשלח מה-iPhone שלי",
    "iPhoneから送信",
    "发自我的iPhone",
    "從我的 iPhone 傳送",
    "나의 iPhone에서 보냄",
    "Đã gửi từ iPhone của tôi",
]
FORWARDS = [
    "---------- Forwarded message ---------",
    "-------- Weitergeleitete Nachricht --------",
    "---------- Message transféré ----------",
    "---------- Mensaje reenviado ----------",
    "---------- Messaggio inoltrato ----------",
    "---------- Mensagem encaminhada ----------",
    "---------- Doorgestuurd bericht ----------",
    "---------- Vidarebefordrat meddelande ----------",
    "---------- Videresendt melding ----------",
    "---------- Wiadomość przekazana ----------",
    "-------- Přeposlaná zpráva --------",
    "-------- Пересылаемое сообщение --------",
    "---------- 转发的信息 ----------",
    "Begin forwarded message:",
    "Anfang der weitergeleiteten Nachricht:",
    "Début du message réexpédié :",
    "Inicio del mensaje reenviado:",
    "Inizio messaggio inoltrato:",
]


def named(cases: dict[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("words", cases.values(), ids=cases.keys())


@named(ATTRIBUTIONS)
def test_a_reply_above_an_attribution_and_a_quote_is_all_that_stays(words: str) -> None:
    assert trim(f"{OWN}\n\n{words}\n\n{QUOTED}\n") == (OWN, f"{words}\n> Good morning,\n" + QUOTED[16:])


@named(ATTRIBUTIONS)
def test_a_letter_that_is_quoted_without_signs_goes_with_its_attribution(words: str) -> None:
    assert trim(f"{OWN}\n\n{words}\n\n{LETTER}\n")[0] == OWN


@named(ATTRIBUTIONS)
def test_an_attribution_may_be_wrapped(words: str) -> None:
    assert trim(f"{OWN}\n\n{textwrap.fill(words, 50)}\n{QUOTED}\n")[0] == OWN


@named(ATTRIBUTIONS)
def test_an_answer_below_a_quote_with_an_attribution_is_kept(words: str) -> None:
    assert trim(f"{words}\n{QUOTED}\n\n{OWN}\n")[0] == OWN


def test_the_attributions_speak_more_than_twenty_languages() -> None:
    assert len({name.split(",")[0] for name in ATTRIBUTIONS}) >= 30


@named(HEADERS)
@pytest.mark.parametrize("above", ["", "________________________________\n", "-----Original Message-----\n"])
def test_an_earlier_letter_under_its_headers_is_cut(words: str, above: str) -> None:
    kept, removed = trim(f"{OWN}\n\n{above}{words}\n\n{LETTER}")
    assert kept == OWN
    assert removed.startswith(above + words)


@pytest.mark.parametrize("line", ORIGINALS)
def test_an_earlier_letter_under_a_line_that_says_so_is_cut(line: str) -> None:
    assert trim(f"{OWN}\n\n{line}\n{LETTER}")[0] == OWN


@pytest.mark.parametrize("line", DEVICES)
def test_a_device_that_signs_for_its_owner_is_cut(line: str) -> None:
    assert trim(f"2 yes\n\n{line}\n\n{QUOTED}") == ("2 yes", f"{line}\n{QUOTED}")


@pytest.mark.parametrize("line", FORWARDS)
def test_what_is_passed_on_stays(line: str) -> None:
    text = f"Who could do this?\n\n{line}\nFrom: Cleo <cleo@customer.example>\nSubject: Need\n\nBudget 5000\n\n--\nCleo"
    assert trim(text) == (text, "")


def test_headers_in_a_language_we_do_not_know_are_told_by_the_rule_above_them() -> None:
    block = "---- Mesazhi ----\nAutori: Kim <kim@in.example>\nKoha: 23.11.2026 08:00\nPer tek: Ana"
    assert trim(f"{OWN}\n\n{block}\n\n{LETTER}")[0] == OWN
