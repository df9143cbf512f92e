"""Where people write in a reply, what they write that only looks like a quote, and what no text may cost."""

import random
from time import process_time

import pytest

from matcher.inbound import MARKER, reply_text
from matcher.inbound.labels import Label, labelled
from matcher.inbound.reply import MAX_LINES, trim, without_signature
from tests.inbound.mails import OUR_LETTER, QUOTED_LETTER, html, raw

WROTE = "On Mon, Nov 23, 2026 at 8:00 AM Kim Lee <kim@in.example> wrote:"
HEADERS = "From: Kim Lee <kim@in.example>\nSent: Monday, 23 November 2026 08:00\nTo: Ana\nSubject: Two projects"


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("", Label.EMPTY),
        ("   ", Label.EMPTY),
        ("> 1 no", Label.QUOTE),
        ("  >> 1 no", Label.QUOTE),
        ("-----Original Message-----", Label.DELIMITER),
        ("---------- Forwarded message ---------", Label.FORWARD),
        ("Sent from my iPhone", Label.SIGNATURE),
        ("________________________________", Label.RULE),
        (WROTE, Label.ATTRIBUTION),
        ("2 yes", Label.TEXT),
        (">>> our page is www.firm.example <<<", Label.TEXT),
    ],
)
def test_each_line_has_a_label(line: str, label: Label) -> None:
    assert labelled([line])[1] == [label]


def test_each_line_of_a_header_block_and_of_a_signature_has_its_label() -> None:
    lines = ["2 yes", "-- ", "Ana", *HEADERS.split("\n"), "Hello"]
    labels = [Label.TEXT, *[Label.SIGNATURE] * 2, *[Label.HEADER] * 4, Label.TEXT]
    assert labelled(lines) == (lines, labels)


@pytest.mark.parametrize(
    ("body", "reply"),
    [
        (f"2 yes\n\n{WROTE}\n> 1 no\n", "2 yes"),
        (f"2 yes\n{WROTE}\n\n1 no\n", "2 yes"),
        (f"{WROTE}\n> 1 no\n\n2 yes\n", "2 yes"),
        (f"{WROTE}\n> 1. Cork\n\nno\n\n> 2. Lyon\n\nyes\n\nAna\n", "no\n\n\nyes\n\nAna"),
        (f"See below.\n\n{WROTE}\n> 1. Cork\nno\n> 2. Lyon\nyes\n", "See below.\n\nno\nyes"),
        ("> 1. Cork\nno\n> 2. Lyon\nyes\n", "no\nyes"),
        (f"{HEADERS}\n\n> 1. Cork\n\nno\n", "no"),
        (f"2 yes\n\n{HEADERS}\n\nHello\n\n{WROTE}\n> 1 no\n", "2 yes"),
        (f"2 yes\n> {WROTE}\n>\n> 1 no\n", "2 yes"),
        (f"2 yes\n-- \nAna\n\n{WROTE}\n> 1 no\n", "2 yes"),
        (f"{WROTE}\n> 1 no\n\n2 yes\n\n-- \nAna\n", "2 yes"),
        ("2 yes\n\nSent from my iPhone\n\n> 1 no\n", "2 yes"),
        (f"2 yes {WROTE}\n> 1 no\n", "2 yes"),
        (f"2 yes\n3 no--- {WROTE}\n> 1 no\n", "2 yes\n3 no"),
        ("2 yes\n\nKim Lee <kim@in.example> wrote:\n> 1 no\n", "2 yes"),
        ("2 yes\n\nyou wrote:\n> 1 no\n", "2 yes"),
        ("2 yes\n\nOn Mon, 23 Nov at 8:00 AM , Kim Lee <kim@in.example> wrote:\n\n1 no\n", "2 yes"),
        ("2 yes\n\nOn Nov 23, Kim Lee wrote:\n\n1 no\n", "2 yes"),
        ("2 yes\n\nKim Lee\n<kim@in.example> wrote on Mon, Nov 23, 2026\nat 8:00:\n> 1 no\n", "2 yes"),
        (f"2 yes\n\n{WROTE}\n> see (https://in.example/a/very/long\n_link)\n> 1 no\n", "2 yes"),
        ("2 yes\n\n_______________\nnotes-users mailing list\nhttps://lists.example/notes\n", "2 yes"),
        ("2 yes\n\n-Ana Silva\n", "2 yes"),
        (f"2 yes\n\n-----\n\n{WROTE}\n> 1 no\n", "2 yes"),
        ("Monday, November 23, 2026, 7:02:11 AM, you wrote:\n\nKL> 1. Cork\nKL> 2. Lyon\n\n2 yes\n", "2 yes"),
        (
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n2 yes\n\n- -- \nAna\n-----BEGIN PGP SIGNATURE-----\n\n"
            "abc\n-----END PGP SIGNATURE-----\n",
            "2 yes",
        ),
        ("2 yes\n\nSent from Mailspring (https://mail.example/), the best free email app\n> 1 no\n", "2 yes"),
    ],
)
def test_the_senders_words_are_found_wherever_they_stand(body: str, reply: str) -> None:
    assert reply_text(raw(body)) == reply


@pytest.mark.parametrize(
    "body",
    [
        "On Monday we start.\nOn Tuesday Kim joins, as I wrote: two people.",
        "I wrote on 3 May 2026:\n\nwe have no one free before June.",
        "On 3 May 2026 at 8:00 we wrote:\n\nno one is free before June.",
        "As you wrote on 3 May 2026 at 08:00:\nwe are late.",
        "Our three offices:\n\n- Cork\n- Lyon\n\nAll have Notes people.",
        "We can offer:\n\n- Firewalls\n- Notes\nand more.",
        "From: London\nTo: Paris\nPrice: 300",
        "Date: 3 May 2026\nTime: 7:00\nPlace: Cork",
        "Sent from my desk, where we have 3 engineers.",
        "We sent the offer from Outlook on 3 May.",
        "Please get Outlook on iOS for the 40 people in Cork by 3 May 2026",
        "Original message in a bottle: none.",
        "What to send us:\n- the original message:\n- your reply to the mail:\n- 3 names",
        "-------- Offer below --------\n\n2 engineers for 3 weeks",
        "Our whole offer\n===============\n\nsee https://firm.example for the people",
        "the load is\n> 5 per second\nand rises",
        "```\n> cat notes\nFrom: Kim\nTo: Ana\nSubject: x\n```\nis what we run.",
        "At 10:30 and at 14:00 we are free: call +353 21 555 0100.",
        "A: yes\nB: no",
        "Question 1: who pays?\nQuestion 2: when, in 2026 or 2027?\nMail me at ana@firm.example",
        "I forwarded the message:\nthey will answer.",
        "Am 3.5.2026 um 8:00 kann Kim anfangen: zwei Leute, 900 Euro am Tag.",
        "--\n" + "\n".join(f"{n}. a line of the offer" for n in range(1, 30)),
    ],
)
@pytest.mark.parametrize("above", ["", "Hello Kim,\n", "Hello Kim,\n\n"])
def test_words_that_only_look_like_a_quote_stay(body: str, above: str) -> None:
    assert trim(above + body) == (above + body, "")


@pytest.mark.parametrize(
    "body", [f"{WROTE}\n> 1 no", "> 1 no\n> 2 yes", f"{HEADERS}\n\nHello", "--\nAna", "Sent from my iPhone", WROTE]
)
def test_where_a_cut_would_leave_nothing_the_whole_text_is_kept(body: str) -> None:
    assert trim(body) == (body, "")


def test_an_empty_text_stays_empty() -> None:
    assert trim("\n \n") == ("", "")


@pytest.mark.parametrize(
    "above", ["", "\n\n", "-- \nAna\n\n", f"{WROTE}\n\n", f"{HEADERS}\n\n", "Sent from my iPhone\n\n"]
)
def test_below_our_marker_nothing_is_the_senders(above: str) -> None:
    kept, removed = trim(above + OUR_LETTER)
    assert "2 yes" not in kept
    assert "2 yes" in removed
    assert MARKER not in kept


def test_what_is_written_below_our_whole_letter_is_the_senders() -> None:
    footer = "---\nYou get this because your firm is here.\n\nCounterpart\nhttps://in.example\n"
    kept, removed = trim(f"{HEADERS}\n\n{OUR_LETTER}\n{footer}\n1 later\n\nAna")
    assert kept == "1 later\n\nAna"
    assert "2 yes" in removed


def test_our_marker_inside_a_sentence_is_the_senders() -> None:
    own = f'As your letter says, "{MARKER}", I write here.\nIt is version 9.'
    assert reply_text(raw(f"{own}\n\n{WROTE}\n{QUOTED_LETTER}")) == own


def test_a_reply_that_runs_into_our_marker_is_kept() -> None:
    assert reply_text(raw(f"2 yes {OUR_LETTER}")) == "2 yes"


def test_our_letter_under_a_posting_is_no_part_of_it() -> None:
    kept, removed = without_signature(f"Who can do Notes in Cork?\n\n{WROTE}\n{QUOTED_LETTER}")
    assert kept == "Who can do Notes in Cork?"
    assert "2 yes" in removed


def test_answers_inside_our_quoted_letter_are_the_senders() -> None:
    answered = QUOTED_LETTER.replace("> 1. Notes migration in Cork\n", "> 1. Notes migration in Cork\nno\n")
    assert reply_text(raw(f"{WROTE}\n{answered}")) == "no"


def test_our_marker_in_html_is_found() -> None:
    letter = "".join(f"<p>{line}</p>" for line in OUR_LETTER.split("\n"))
    assert reply_text(html(f"<div>2 yes</div><div>{letter}</div>")) == "2 yes"
    assert reply_text(html(f"<div></div><div>{letter}</div>")) == ""


def test_what_is_removed_and_what_is_kept_are_all_there_was() -> None:
    body = f"2 yes\n\nthanks\n\n-- \nAna\n\n{WROTE}\n> 1 no\n>\n> Kim"
    kept, removed = trim(body)
    assert sorted("".join((kept + removed).split())) == sorted("".join(body.split()))


def test_a_signature_goes_and_a_forward_stays_in_a_posting() -> None:
    body = "Who could do this?\n\n-- \nAna\n\n---------- Forwarded message ---------\nFrom: Cleo\n\nBudget 5000"
    kept, removed = without_signature(body)
    assert kept == "Who could do this?\n\n---------- Forwarded message ---------\nFrom: Cleo\n\nBudget 5000"
    assert removed.strip() == "-- \nAna"


def hostile() -> dict[str, str]:
    words = [
        "On ",
        "3 May ",
        "2026",
        "08:00",
        "@",
        "a",
        "\n",
        "\n\n",
        "> ",
        "wrote:",
        ":",
        "From: ",
        "-- \n",
        "-",
        "_",
        "<",
    ]
    lines = {
        "no line ends": "On 3 May 2026, " * 20_000,
        "attributions": "On 3 May 2026 a@b.example wrote:\n" * 8_000,
        "nearly attributions": "On 3 May 2026 at 08:00 a@b.example did:\n" * 8_000,
        "colons": "word word 2026 08:00:\n" * 10_000,
        "quotes": "> \n" * 70_000,
        "answers": "> a\nb\n" * 35_000,
        "dashes": "--\n" * 70_000,
        "names": "\n-Ana" * 40_000,
        "rules": "______________\n" * 14_000,
        "headers": "From: a@b.example\n" * 12_000,
        "broken headers": "From: a\n\nTo: b\n\nSubject\n" * 8_000,
        "shared lines": "x On 3 May On 3 May On 3 May On 3 May On 3 May wrote\n" * 4_000,
        "devices": "sent from my a a a a a a a a a a a a a a a a a a a a a\n" * 4_000,
        "addresses": "a@" * 100_000,
        "brackets": ("<a" * 190 + ":\n") * 500,
        "digits": ("1." * 150 + "\n") * 660,
        "blanks": " " * 200_000,
        "signs": ">" * 200_000,
        "letters": "a" * 200_000,
        "fences": "```\n" * 50_000,
        "characters": "写道" * 100_000,
    }
    return lines | {"mixed": "".join(random.Random(1).choices(words, k=60_000))[:200_000]}


def hostile_html() -> dict[str, str]:
    return {
        "nested": "<div>" * 40_000,
        "nested quotes": "<blockquote>a" * 16_000,
        "quotes": "<blockquote>a</blockquote>" * 7_500,
        "signatures": '<p class="gmail_signature">a</p>' * 6_000,
        "tables": "<table><tr><td>a" * 12_000,
        "lines": "a<br>" * 40_000,
        "items": "<ol>" + "<li>a</li>" * 20_000,
        "rules": '<p style="border-top:solid 1pt">a</p>' * 5_000,
        "names": '<p class="' + "quote_ " * 28_000 + '">a</p>',
        "open tags": "<" * 200_000,
        "open comments": "<!--" * 50_000,
        "attributes": "<a " + "x=1 " * 50_000 + ">",
        "entities": "&amp;" * 40_000,
        "answered letters": '<br><div id="appendonsend"></div>' * 6_000,
    }


@pytest.mark.parametrize("body", hostile().values(), ids=hostile().keys())
def test_no_text_takes_long(body: str) -> None:
    started = process_time()
    trim(body)
    assert process_time() - started < 0.4  # a quiet machine needs a fifth of it


@pytest.mark.parametrize("markup", hostile_html().values(), ids=hostile_html().keys())
def test_no_html_takes_long(markup: str) -> None:
    started = process_time()
    reply_text(html(markup))
    assert process_time() - started < 0.6


def test_twice_the_text_takes_no_four_times_as_long() -> None:
    def cost(n_lines: int) -> float:
        body = "\n".join(f"line {n} of 2026, 08:00 to ana@firm.example:" for n in range(n_lines))
        started = process_time()
        for _ in range(5):
            trim(body)
        return process_time() - started

    cost(MAX_LINES // 4)
    assert cost(MAX_LINES) < 4 * 3 * max(cost(MAX_LINES // 4), 0.01)
