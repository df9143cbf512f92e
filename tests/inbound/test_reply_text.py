"""What the sender wrote, out of whatever the mail program put around it."""

import codecs

import pytest

from matcher.inbound import MARKER, reply_text
from tests.inbound.mails import OUR_LETTER, QUOTED_LETTER, html, raw


def test_our_letters_contain_the_marker() -> None:
    assert MARKER in OUR_LETTER


@pytest.mark.parametrize(
    "introduction",
    [
        "On Mon, 23 Nov 2026 at 08:00, Counterpart <hello@in.example> wrote:",
        "On Mon, 23 Nov 2026 at 08:00, Counterpart\n<hello@in.example> wrote:",
        "Am Mo., 23. Nov. 2026 um 08:00 Uhr schrieb Counterpart <hello@in.example>:",
        "Le lun. 23 nov. 2026 à 08:00, Counterpart <hello@in.example> a écrit :",
        "El lun, 23 nov 2026 a las 8:00, Counterpart (<hello@in.example>) escribió:",
        "Op ma 23 nov 2026 om 08:00 schreef Counterpart <hello@in.example>:",
        "Il giorno lun 23 nov 2026 alle ore 08:00 Counterpart <hello@in.example> ha scritto:",
        "Em seg., 23 de nov. de 2026 às 08:00, Counterpart <hello@in.example> escreveu:",
        "Den mån 23 nov. 2026 kl 08:00 skrev Counterpart <hello@in.example>:",
        "pon., 23 lis 2026 o 08:00 Counterpart <hello@in.example> napisał(a):",
        "2026-11-23 8:00 GMT+01:00 Counterpart <hello@in.example>:",
        "-----Original Message-----",
        "-----Ursprüngliche Nachricht-----",
        "From: Counterpart <hello@in.example>\nSent: Monday, 23 November 2026 08:00\nTo: Ana\nSubject: Two projects",
        "Von: Counterpart <hello@in.example>\nGesendet: Montag, 23. November 2026\nAn: Ana\nBetreff: Zwei Projekte",
        "________________________________\nDe : Counterpart <hello@in.example>\nEnvoyé : lundi 23 novembre\nÀ"
        " : Ana\nObjet : Deux",
    ],
)
@pytest.mark.parametrize(
    "letter", [OUR_LETTER.replace("-- write above this line --", "Hello"), QUOTED_LETTER, OUR_LETTER]
)
def test_a_reply_above_the_quote_is_all_that_stays(introduction: str, letter: str) -> None:
    assert reply_text(raw(f"2 yes\n\n{introduction}\n\n{letter}")) == "2 yes"


def test_a_reply_below_the_quote_is_kept() -> None:
    assert reply_text(raw(f"On 23/11/2026 08:00, Counterpart wrote:\n{QUOTED_LETTER}\n2 yes\n")) == "2 yes"


def test_answers_between_quoted_lines_are_kept() -> None:
    body = "On 23/11/2026 08:00, Counterpart wrote:\n> 1. Notes migration\nno\n> 2. Firewall audit\nyes\n"
    assert reply_text(raw(body)) == "no\nyes"


def test_an_empty_reply_never_returns_our_own_words() -> None:
    assert reply_text(raw(f"\n\n{OUR_LETTER}")) == ""
    assert reply_text(raw(f"On 23/11/2026 08:00, Counterpart wrote:\n{OUR_LETTER}")) == ""


def test_an_introduction_in_a_language_we_do_not_know_goes_with_the_marker() -> None:
    assert reply_text(raw(f"2 yes\n\n23.11.2026 08:00, Counterpart blurgh:\n{QUOTED_LETTER}")) == "2 yes"


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAna Silva\nFirm GmbH",
        "--\nAna",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Get Outlook for iOS",
    ],
)
def test_a_signature_is_cut(signature: str) -> None:
    assert reply_text(raw(f"2 yes\n\n{signature}\n")) == "2 yes"


def test_a_sentence_that_looks_like_a_signature_or_a_quote_stays() -> None:
    body = "Sent from my desk, where we have 3 engineers.\nOn Monday we start.\nFrom March on we are free."
    assert reply_text(raw(body)) == body


def test_a_forwarded_message_stays() -> None:
    assert "Budget 5000" in reply_text(
        raw("FYI\n\n---------- Forwarded message ----------\nFrom: x@y.example\n\nBudget 5000")
    )


@pytest.mark.parametrize(
    "quote",
    [
        '<div class="gmail_attr">On Mon wrote:<br></div><blockquote class="gmail_quote">1 no</blockquote>',
        '<div class="moz-cite-prefix">On 23.11. Counterpart wrote:</div><blockquote type="cite">1 no</blockquote>',
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> x</div><div>1 no</div>',
        '<div class="yahoo_quoted"><div>1 no</div></div>',
        '<div class="protonmail_quote">1 no</div>',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><b>From:</b> x</div><p>1 no</p>',
        "<hr><b>From:</b> hello@in.example<br><b>Sent:</b> Monday<br><b>To:</b> Ana<br><b>Subject:</b> Two<br><br>1 no",
    ],
)
def test_quotes_of_html_mail_are_cut(quote: str) -> None:
    assert reply_text(html(f"<html><body><div>2 yes</div><div>thanks</div>{quote}</body></html>")) == "2 yes\nthanks"


def test_a_reply_below_an_html_quote_is_kept() -> None:
    assert reply_text(html('<blockquote type="cite"><p>1 no</p></blockquote><p>2 yes</p>')) == "2 yes"


def test_an_indented_block_of_the_senders_own_is_kept() -> None:
    markup = '<blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>2 yes</div></blockquote>'
    assert reply_text(html(markup)) == "2 yes"


@pytest.mark.parametrize("charset", ["us-ascii", "iso-8859-1", "x-unknown", "utf-16", ""])
def test_utf8_bytes_are_read_as_such_whatever_the_declared_charset(charset: str) -> None:
    header = f'Content-Type: text/plain; charset="{charset}"\n\n'.encode()
    assert reply_text(header + "Größe: ja — 2".encode()) == "Größe: ja — 2"


@pytest.mark.parametrize("charset", ["iso-8859-1", "cp1250", "utf-16", "gb2312", "iso-2022-jp", "koi8-r"])
def test_a_true_charset_is_honoured(charset: str) -> None:
    text = {"gb2312": "是的 2", "iso-2022-jp": "はい 2", "koi8-r": "да 2"}.get(charset, "schön 2")
    header = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n".encode()
    assert reply_text(header + codecs.encode(text, charset)) == text


def test_text_is_preferred_to_html_and_attachments_are_not_read() -> None:
    body = """--x
Content-Type: multipart/alternative; boundary=y

--y
Content-Type: text/plain

2 yes
--y
Content-Type: text/html

<p>2 <b>yes</b></p>
--y--
--x
Content-Type: text/plain
Content-Disposition: attachment; filename=terms.txt

1 no
--x--
"""
    assert reply_text(raw(body, MIME_Version="1.0", Content_Type="multipart/mixed; boundary=x")) == "2 yes"


@pytest.mark.parametrize("stand_in", ["", "To view this message you need a program that can display HTML."])
def test_html_is_read_where_the_text_beside_it_only_stands_in_for_it(stand_in: str) -> None:
    part = "--y\nContent-Type: text/"
    body = f"{part}plain\n\n{stand_in}\n{part}html\n\n<p>2 <b>yes</b></p>\n--y--\n"
    assert reply_text(raw(body, MIME_Version="1.0", Content_Type="multipart/alternative; boundary=y")) == "2 yes"


def test_flowed_lines_are_joined() -> None:
    assert (
        reply_text(raw("2 yes, but \nonly from March\n", Content_Type="text/plain; format=flowed"))
        == "2 yes, but only from March"
    )
