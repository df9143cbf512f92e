"""Letters: how they read, what they carry on the wire, and what strangers cannot do with them."""

import email
import email.policy
import re
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import parse_qs, urlsplit

import flask
import flask_mail
import pytest
from jinja2 import UndefinedError

from matcher.exchange.understanding import READ_AS
from matcher.inbound.reply import trim
from matcher.tokens import unseal
from tests.web import sample_letters as samples
from tests.web.sample_letters import GOLDEN, NOW, SETTINGS, TODAY, VALUES, letter
from web.mail import KINDS, compose, envelope_sender, message_id
from web.printing import FOLDER
from web.wording import as_reply, short, wrapped

ADDRESS_LINE = re.compile(r"^\s*(https?://\S+|\S+@\S+)$")
SIDES = ("introduction", "introduction.partner")
PERSONAL = (*SIDES, "introduction.nameless")


def composed(name: str, **changes: object) -> flask_mail.Message:
    return compose(letter(name, **changes), settings=SETTINGS, now=NOW)


def on_the_wire(name: str, **changes: object) -> bytes:
    app = flask.Flask(__name__)
    flask_mail.Mail(app)
    with app.app_context():
        return composed(name, **changes).as_bytes()


def sent(name: str, **changes: object) -> EmailMessage:
    """Read a letter back from the bytes that go over the wire."""
    return email.message_from_bytes(on_the_wire(name, **changes), policy=email.policy.default)


def mailtos(html: str) -> list[tuple[str, str, str]]:
    """List the prefilled replies of a letter: address, subject, body."""
    links = [urlsplit(each.replace("&amp;", "&")) for each in re.findall(r'href="(mailto:[^"]+\?[^"]+)"', html)]
    asked = [(each.path, parse_qs(each.query, keep_blank_values=True)) for each in links]
    return [(path, query["subject"][0], query.get("body", [""])[0]) for path, query in asked]


@pytest.mark.parametrize("name", VALUES)
def test_a_letter_reads_as_its_golden_file(name):
    assert samples.as_text(name) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert samples.as_html(name) == (GOLDEN / f"{name}.html").read_text(encoding="utf-8")


def test_every_kind_has_its_templates_a_sample_and_a_golden_file():
    folders = {each.name for each in FOLDER.iterdir() if each.is_dir()}
    assert folders == set(KINDS) == {name.split(".")[0] for name in VALUES}
    assert {each.stem for each in GOLDEN.iterdir()} == set(VALUES)


@pytest.mark.parametrize("name", VALUES)
def test_a_text_fits_76_columns_and_its_links_stand_alone(name):
    for line in composed(name).body.splitlines():
        assert len(line) <= 76 or ADDRESS_LINE.match(line)
        assert "http" not in line or ADDRESS_LINE.match(line)


@pytest.mark.parametrize("name", VALUES)
def test_a_letter_is_plain_in_tone_and_loads_nothing_from_outside(name):
    message = composed(name)
    assert "!" not in message.body + message.subject
    assert not re.search(r"<img|<link|<script|src=|url\(|@import", message.html)
    assert len(message.html.encode()) < 100_000  # longer letters are cut by Gmail


@pytest.mark.parametrize("name", VALUES)
def test_a_letter_says_why_it_came_and_how_to_stop(name):
    message = composed(name)
    reason = message.body.partition("\n---\n")[2]
    assert reason.startswith("You get this")
    if name not in (*PERSONAL, "answer.stranger"):
        assert "Less mail, a pause, or none at all:\nhttps://counterpart.example/digest/" in reason
        assert "https://counterpart.example/digest/" in message.html


@pytest.mark.parametrize("name", VALUES)
def test_only_a_letter_whose_replies_are_read_opens_with_the_line_to_write_above(name):
    message = composed(name)
    answered = (name.split(".")[0] in READ_AS or name.startswith("answer")) and name != "answer.stranger"
    marked = answered and name not in PERSONAL
    assert message.body.startswith("-- write above this line --\n\n") is marked
    assert ("-- write above this line --" in message.html) is marked
    assert str(message.reply_to).startswith("reply+") is marked


@pytest.mark.parametrize("name", [name for name in VALUES if name.split(".")[0] in READ_AS])
def test_a_reply_on_top_of_a_letter_is_all_that_is_read(name):
    quoted = "\n".join(f"> {line}" for line in composed(name).body.splitlines())
    lead = "On Mon, 23 Nov 2026 at 07:58, Counterpart <hello@counterpart.example> wrote:"
    assert trim(f"2 yes, from January\n\n{lead}\n\n{quoted}")[0] == "2 yes, from January" or name in PERSONAL


def test_a_hostile_title_stays_text_in_subject_html_and_prefilled_reply():
    title = "<script>alert(1)</script>\r\nBcc: all@firm.example\r\n\r\n&body=1 yes \u202egnp.exe"
    offers = [{**samples.NOTES, "title": title, "why": "<b onclick=x>you</b>"}]
    message = sent("digest.one", values={**VALUES["digest.one"], "offers": offers})
    html = message.get_body(("html",)).get_content()
    assert message["Bcc"] is None
    assert "\n" not in message["Subject"]
    assert "<script" not in html
    assert "<b onclick" not in html
    assert "\u202e" not in html + message["Subject"] + message.get_body(("plain",)).get_content()
    assert {body for _, _, body in mailtos(html)} == {"1 yes", "ask 1: ", "1 later", "1 no: ", "stop", "pause 2 weeks"}


def test_a_hostile_name_and_message_id_add_no_header():
    to = samples.contact(**{**samples.MAEVE, "name": "Maeve\r\nBcc: all@firm.example"})
    message = sent("answer", contact=to, in_reply_to="<a@b>\r\nBcc: all@firm.example")
    assert message["Bcc"] is None
    assert message["In-Reply-To"].count("<") == 1


def test_a_letter_goes_out_readable_with_both_parts_and_the_same_id_every_time():
    message = sent("digest")
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert (plain["Content-Transfer-Encoding"], html["Content-Transfer-Encoding"]) == ("quoted-printable",) * 2
    assert "“2 yes”" in plain.get_content()
    assert message["To"] == "Luc Fontaine <luc.fontaine@ateliersaone.example>"
    later = compose(letter("digest"), settings=SETTINGS, now=NOW + timedelta(days=2))
    assert message["Message-ID"] == later.msgId == message_id("sample:digest", SETTINGS.inbound_domain)


@pytest.mark.parametrize("name", ["digest", "reminder"])
def test_a_digest_carries_one_click_unsubscribe_and_list_headers(name):
    message = sent(name)
    token = re.fullmatch(r"<https://counterpart.example/u/(\w+)>, <mailto:u\+\1@.*>", message["List-Unsubscribe"])
    assert unseal(SETTINGS.secret_key, "unsubscribe", token[1], today=TODAY + timedelta(days=3000)) == 77
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == "Counterpart digest <digest.in.counterpart.example>"
    assert (message["Auto-Submitted"], message["X-Auto-Response-Suppress"]) == (
        "auto-generated",
        "DR, RN, NRN, OOF, AutoReply",
    )


@pytest.mark.parametrize("name", [name for name in VALUES if not name.startswith(("digest", "reminder"))])
def test_a_letter_that_a_person_caused_carries_no_list_headers(name):
    headers = composed(name).extra_headers
    assert not [each for each in headers if each.startswith("List-")]
    assert ("Auto-Submitted" in headers) is (name not in PERSONAL)


def test_a_long_message_id_arrives_as_it_was_written():
    asked = f"<{'x' * 120}@mail.example>"
    assert f"In-Reply-To: {asked}\r\n".encode() in on_the_wire("answer", in_reply_to=asked)


def test_an_answer_joins_the_thread_of_the_mail_it_answers():
    message = composed("confirm.by-mail")
    assert message.subject == "Re: need a Notes person, Cork"
    assert message.extra_headers["In-Reply-To"] == "<posting-1@glasnevinmail.example>"
    assert message.extra_headers["Auto-Submitted"] == "auto-replied"


def test_only_while_it_is_open_may_somebody_on_the_waiting_list_still_be_introduced():
    promised = {name: "may still be introduced" in composed(name).body for name in VALUES if "waitlisted" in name}
    over = ("over", "lapsed", "question", "later", "unread")
    assert promised == {"waitlisted": True, **{f"waitlisted.{each}": False for each in over}}


@pytest.mark.parametrize("name", ["answer.relayed", "answer.disputed"])
def test_words_of_the_other_side_are_not_said_to_be_the_readers_own(name):
    message, head = composed(name), VALUES[name]["quote_of"]
    assert f"\n{head}:\n> " in message.body
    assert f">{head}</h3>" in message.html
    assert "ou wrote" not in message.body + message.html


def test_a_reply_to_an_introduction_goes_to_the_other_person():
    assert sent("introduction")["Reply-To"] == "Luc Fontaine <luc.fontaine@ateliersaone.example>"
    assert sent("introduction.partner")["Reply-To"] == "Maeve Doyle <maeve@glasnevinmail.example>"


@pytest.mark.parametrize("name", PERSONAL)
def test_an_introduction_holds_no_link_that_the_other_side_could_use_when_it_is_quoted(name):
    message = composed(name)
    assert re.findall(r"https?://\S+", message.body) == ["https://counterpart.example"]
    assert set(re.findall(r'href="(https?://[^"]+)"', message.html)) == {"https://counterpart.example"}


def test_both_sides_of_an_introduction_get_the_same_first_call():
    ours, theirs = (composed(name).attachments[0].data.decode() for name in SIDES)
    assert ours == theirs
    assert "UID:introduction-901@in.counterpart.example" in ours
    assert ours.count("ATTENDEE") == 2
    assert "METHOD" not in ours
    assert "10:00 (Europe/Dublin)" in composed("introduction").body
    assert "11:00 (Europe/Paris)" in composed("introduction.partner").body


def test_an_introduction_to_somebody_whose_name_we_do_not_know_names_the_firm():
    """As whoever posted or joined by a form: it asks for no name."""
    message = composed("introduction.nameless")
    html = " ".join(re.sub(r"<[^>]+>", " ", message.html.partition("<body")[2]).split())
    assert message.subject == "Meet tallowgate.example: Notes migration in Cork"
    assert message.body.startswith("Luc Fontaine, meet tallowgate.example. You both said yes")
    assert "goes to tallowgate.example, and to nobody else" in " ".join(message.body.split())
    assert "Write to tallowgate.example Firm tallowgate.example Mail graham@tallowgate.example Why you:" in html
    call = message.attachments[0].data.decode().replace("\r\n ", "")
    assert "SUMMARY:First call: graham@tallowgate.example and Luc Fontaine" in call
    assert 'CN=""' not in call
    again = composed("introduction", contact=samples.contact(**{**samples.MAEVE, "name": ""}))
    assert "First call: maeve@glasnevinmail.example and Luc Fontaine" in again.attachments[0].data.decode()


def test_a_time_zone_that_does_not_exist_is_shown_as_utc():
    to = samples.contact(**{**samples.MAEVE, "timezone": "Mars/Olympus"})
    assert "10:00 (UTC)" in composed("introduction", contact=to).body


def test_a_digest_says_the_essence_first_and_little_besides_its_offers():
    body = composed("digest").body
    offers = body[body.index("\n1. ") : body.index("Not sure?")]
    assert body.splitlines()[2].startswith("2 projects for you")
    assert len(body.partition("\n---\n")[0].split()) - len(offers.split()) <= 100


def test_a_subject_with_many_titles_names_two_and_counts_the_rest():
    offers = [{**samples.NOTES, "number": n, "title": f"Project {n} " + "long " * 20} for n in range(1, 6)]
    subject = composed("digest", values={"day": "2026-11-23", "offers": offers}).subject
    assert subject.endswith(" · 3 more")
    assert len(subject) < 140


def test_a_fact_that_nobody_said_is_left_out_but_who_pays_is_named():
    bare = {**samples.NOTES, "place": "Not said", "due": "Not said", "pays": "Not said", "value": "", "why": ""}
    body = composed("digest.one", values={"day": "2026-11-23", "offers": [bare]}).body
    assert "   who pays is not said\n" in body
    assert "Not said" not in body
    assert "Why you" not in body


def test_the_address_bounces_come_back_to_names_the_letter():
    address = envelope_sender(letter("digest"), SETTINGS, TODAY)
    token = re.fullmatch(r"b\+(\w+)@in\.counterpart\.example", address)[1]
    assert unseal(SETTINGS.secret_key, "bounce", token, today=TODAY) == 7001


def test_who_is_live_is_led_to_the_page_on_which_a_profile_is_changed():
    """The page of the letter before it shows a live profile and changes none, and its link ends after a month."""
    message = composed("live")
    assert "change it on your page: https://counterpart.example/sign-in" in " ".join(message.body.split())
    assert "/profile/" not in message.body + message.html


def test_a_held_message_without_words_says_so():
    """As one that is an attachment; its page says the same."""
    message = composed("held", values={**VALUES["held"], "what": ""})
    assert "> (no words)" in message.body
    assert "(no words)" in message.html


@pytest.mark.parametrize("name", ["digest", "digest.one", "reminder", "answered"])
def test_a_button_that_opens_a_page_does_not_promise_that_a_press_is_enough(name):
    """Nothing is answered by opening a link: whoever closed the page had said nothing."""
    html = composed(name).html
    assert "Look at it and say yes" in html
    assert "introduce me" not in html


def test_one_partner_found_is_one():
    message = composed("opened", values={**VALUES["opened"], "n_found": 1})
    assert "We found 1 partner who can do what you cannot, and ask it first." in " ".join(message.body.split())
    assert "and ask it first" in message.html


def test_a_letter_of_an_unknown_kind_or_without_a_value_is_not_sent():
    with pytest.raises(ValueError, match="kind 'rumour'"):
        composed("digest", kind="rumour")
    with pytest.raises(UndefinedError, match="n_found"):
        composed("opened", values={"title": "Notes", "closes": "", "opportunity_id": 310})


def test_a_long_word_and_a_quote_are_wrapped_without_being_broken():
    assert wrapped("> " + "word " * 20).splitlines()[1].startswith("> word")
    assert wrapped("x" * 90) == "x" * 90 + "\n"
    assert wrapped("word " * 13 + "reply “2 yes”").splitlines()[1] == "“2 yes”"


def test_a_text_is_cut_between_words_and_reply_marks_do_not_pile_up():
    assert short("Session border controllers in Lyon", 20) == "Session border…"
    assert as_reply("AW: Re: Notes\r\nBcc: x") == "Re: Notes Bcc: x"
