"""The quotes and signatures of HTML mail, as the programs of the field mark them."""

import pytest

from matcher.inbound import reply_text
from matcher.inbound.html import html_to_text
from matcher.inbound.reply import trim
from tests.inbound.mails import html

HEAD = "<b>From:</b> Kim &lt;kim@in.example&gt;<br><b>Sent:</b> Monday 08:00<br><b>To:</b> Ana<br><b>Subject:</b> Two"
WROTE = "On Mon, Nov 23, 2026 at 8:00 AM Kim Lee &lt;kim@in.example&gt; wrote:"
QUOTES = {
    "Gmail": f'<div class="gmail_quote"><div class="gmail_attr">{WROTE}<br></div>'
    '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid">1 no</blockquote></div>',
    "Gmail, before 2018": f'<div class="gmail_extra"><div class="gmail_quote">{WROTE}<br>'
    "<blockquote>1 no</blockquote></div>",
    "Outlook on the web": f'<div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg">{HEAD}</div>1 no',
    "Outlook for Windows": f'<div style="border:none;border-top:solid #E1E1E1 1.0pt">'
    f'<p class="MsoNormal">{HEAD}</p></div>'
    '<p class="MsoNormal">1 no</p>',
    "Outlook, no rule": f'<p class="MsoNormal">{HEAD}</p><p class="MsoNormal">1 no</p>',
    "Outlook for iOS": f'<div class="ms-outlook-mobile-reference-message"><hr>{HEAD}</div><div>1 no</div>',
    "Outlook for Android": f'<div id="mail-editor-reference-message-container"><div>{HEAD}</div><div>1 no</div></div>',
    "Outlook for Mac": f'<span id="OLK_SRC_BODY_SECTION"><div>{HEAD}</div><div>1 no</div></span>',
    "Windows Mail": '<div style="padding-top:5px;border-top-color:#eee;border-top-width:1px;border-top-style:solid">'
    f"{HEAD}</div><div>1 no</div>",
    "Hotmail": '<hr id="stopSpelling">Date: Mon, 23 Nov 2026 08:00<br>From: kim@in.example<br>To: Ana<br><br>1 no',
    "Apple Mail": f'<div><blockquote type="cite"><div>{WROTE}</div><br><div>1 no</div></blockquote></div>',
    "Thunderbird": f'<div class="moz-cite-prefix">{WROTE}</div>'
    '<blockquote type="cite" cite="mid:x"><p>1 no</p></blockquote>',
    "Yahoo": f'<div id="yahoo_quoted_12" class="yahoo_quoted"><div>{WROTE}</div><div>1 no</div></div>',
    "ProtonMail": f'<div class="protonmail_quote">{WROTE}<br><blockquote type="cite">1 no</blockquote></div>',
    "Tutanota": f'{WROTE}<blockquote class="tutanota_quote">1 no</blockquote>',
    "Zimbra": f'<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">{HEAD}</div>'
    '<div data-marker="__QUOTED_TEXT__">1 no</div>',
    "Zoho": '<div class="zmail_extra">---- On Mon, 23 Nov 2026 Kim wrote ----<blockquote>1 no</blockquote></div>',
    "GMX": '<div name="quote" style="border-left:2px solid #C3D9E5"><div><b>Gesendet:</b> Montag</div>1 no</div>',
    "Mail.ru": "<br>Понедельник, 23 ноября 2026, 8:00 +03:00 от Kim &lt;kim@in.example&gt;:<br>"
    "<blockquote>1 no</blockquote>",
    "Yandex": '<div>23.11.2026, 08:00, "Kim" &lt;kim@in.example&gt;:</div><blockquote><p>1 no</p></blockquote>',
    "QQ": "<div>------------------&nbsp;原始邮件&nbsp;------------------</div>"
    '<div style="background:#efefef">1 no</div>',
    "NetEase": '<div>At 2026-11-23 08:00:00, "Kim" &lt;kim@in.example&gt; wrote:</div>'
    '<blockquote id="isReplyContent">1 no</blockquote>',
    "Airmail": f'<p class="airmail_on">{WROTE}</p><blockquote type="cite" class="clean_bq">1 no</blockquote>',
    "Spark": f'<div name="messageReplySection">{WROTE}<blockquote type="cite">1 no</blockquote></div>',
    "Missive": f'<div class="missive_quote">{WROTE}<blockquote>1 no</blockquote></div>',
    "Front": f'{WROTE}<br><blockquote type="cite" class="front-blockquote">1 no</blockquote>',
    "Roundcube": f'<p id="reply-intro">{WROTE}</p><blockquote type="cite" style="padding:0 0.4em">1 no</blockquote>',
    "AOL": "<div>-----Original Message-----<br>From: kim@in.example<br>To: ana<br>"
    '<div id="AOLMsgPart_0_1">1 no</div></div>',
}
SIGNATURES = {
    "Gmail": '<span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature">Ana<br>Firm GmbH</div>',
    "Outlook": '<div id="Signature"><p>Ana Silva</p><p>Firm GmbH</p></div>',
    "Outlook for iOS": '<div class="ms-outlook-mobile-signature">Get <a href="#">Outlook for iOS</a></div>',
    "Apple Mail": '<div class="AppleMailSignature"><div>Ana Silva</div></div>',
    "Thunderbird": '<pre class="moz-signature" cols="72">-- \nAna Silva\nFirm GmbH</pre>',
    "Yahoo": '<div class="yahoo_signature">Ana Silva</div>',
    "ProtonMail": '<div class="protonmail_signature_block">Sent with Proton Mail</div>',
    "Zimbra": '<div data-marker="__SIG_PRE__"><div>Ana Silva</div></div>',
    "Windows Mail": '<div data-signatureblock="true"><div>Ana Silva</div></div>',
    "Spark": '<div name="messageSignatureSection">Ana Silva</div>',
    "Airmail": '<div class="bloop_sign" id="bloop_sign_1">Ana Silva</div>',
}


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES.keys())
def test_a_reply_above_the_quote_of_each_program_is_all_that_stays(quote: str) -> None:
    assert reply_text(html(f"<html><body><div>2 yes</div><div>thanks</div>{quote}</body></html>")) == "2 yes\nthanks"


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES.keys())
def test_what_is_cut_out_of_html_is_kept_beside_the_reply(quote: str) -> None:
    kept, removed = trim(html_to_text(f"<div>2 yes</div>{quote}"))
    assert kept == "2 yes"
    assert "1 no" in removed


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES.keys())
@pytest.mark.parametrize("quote", ["", QUOTES["Gmail"], QUOTES["Outlook on the web"]])
def test_a_signature_of_each_program_is_cut(signature: str, quote: str) -> None:
    assert reply_text(html(f"<div>2 yes</div><br>{signature}{quote}")) == "2 yes"


def test_words_below_a_signature_of_html_are_the_senders() -> None:
    markup = '<div>2 yes</div><div class="gmail_signature">Ana<br>Firm GmbH</div><div>and 3 later</div>'
    assert reply_text(html(markup)) == "2 yes\nand 3 later"


def test_an_empty_signature_hides_nothing() -> None:
    assert reply_text(html('<div class="gmail_signature"></div><div>2 yes</div>')) == "2 yes"


@pytest.mark.parametrize(
    "markup",
    [
        '<blockquote type="cite">1. Cork</blockquote><div>no</div>'
        '<blockquote type="cite">2. Lyon</blockquote><p>yes</p>',
        f'<div class="gmail_quote"><div class="gmail_attr">{WROTE}</div><blockquote class="gmail_quote">1. Cork'
        '</blockquote><div>no</div><blockquote class="gmail_quote">2. Lyon</blockquote></div><div>yes</div>',
        f'<div class="moz-cite-prefix">{WROTE}</div><blockquote type="cite">1. Cork</blockquote>no<br>'
        '<blockquote type="cite">2. Lyon</blockquote>yes',
    ],
)
def test_answers_between_the_quotes_of_html_are_kept(markup: str) -> None:
    assert "".join(reply_text(html(markup)).split()) == "noyes"


@pytest.mark.parametrize(
    "passed_on",
    [
        '<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>From: <b>Cleo</b> '
        "&lt;cleo@customer.example&gt;<br>Subject: Need<br></div><br>Budget 5000</div>",
        '<blockquote type="cite"><div>Begin forwarded message:</div><div><b>From: </b>Cleo</div><div>Budget 5000</div>'
        "</blockquote>",
        '<div class="moz-forward-container">-------- Forwarded Message --------<table class="moz-email-headers-table">'
        "<tr><th>From: </th><td>Cleo</td></tr></table>Budget 5000</div>",
        '<div class="protonmail_quote">------- Forwarded Message -------<br>From: Cleo<br><blockquote>Budget 5000'
        "</blockquote></div>",
    ],
)
def test_what_is_passed_on_in_html_stays(passed_on: str) -> None:
    text = reply_text(html(f"<div>Who could do this?</div><br>{passed_on}"))
    assert text.startswith("Who could do this?")
    assert not any(line.startswith(">") for line in text.split("\n"))
    assert "Cleo" in text
    assert "Budget 5000" in text


def test_an_answered_letter_with_nothing_above_it_stays_whole() -> None:
    text = reply_text(html(f'<div id="divRplyFwdMsg">{HEAD}</div><div>Budget 5000</div>'))
    assert text.split("\n")[::4] == ["From: Kim <kim@in.example>", "Budget 5000"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ('<p class="MsoNormal">one</p><p class="MsoNormal">two</p>', "one\ntwo"),
        ("<div>one<br></div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("<ul><li>one</li><li>two</li></ul>", "* one\n* two"),
        ("<ol><li>one<li>two</ol>", "1. one\n2. two"),
        ("<table><tr><td>one</td><td>two</td></tr><tr><td>three</td></tr></table>", "one two\nthree"),
        ("<pre>one\n  two</pre>", "one\n  two"),
        ("a <b>b</b>\n c<!-- d --><style>e{}</style><script>f</script><o:p></o:p>", "a b c"),
        ('<div style="display:none">preview</div><div>2 yes</div>', "2 yes"),
        ("2 yes &amp; <unknown>thanks</unknown>", "2 yes & thanks"),
        ('<blockquote style="margin:0 0 0 40px;border:none;padding:0"><div>2 yes</div></blockquote>', "2 yes"),
        ("<div>2 yes<div>", "2 yes"),
        ("2 yes<blockquote>", "2 yes"),
        ("", ""),
    ],
)
def test_html_is_read_as_it_is_shown(markup: str, text: str) -> None:
    assert reply_text(html(markup)) == text
