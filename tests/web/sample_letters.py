"""Sample values of every letter kind → letters as the database holds them; run it to write the golden files."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from matcher.exchange.answering import BECAUSE_ASKED
from matcher.models import Contact, Letter
from tests.web.sample_facts import (
    CONFIRM,
    ENDED,
    ENDING,
    INTERESTED,
    INTRODUCTION,
    LUC,
    MAEVE,
    NAMELESS,
    NOT_FOUND,
    NOTES,
    OUTCOME,
    PARTNER_SIDE,
    SBC,
    WELCOME,
)
from web.mail import compose
from web.settings import Settings

GOLDEN = Path(__file__).parent.parent / "golden" / "letters"
SETTINGS = Settings(secret_key="golden letters", base_url="https://counterpart.example")
NOW = datetime(2026, 11, 23, 6, 58, tzinfo=UTC)
TODAY = date(2026, 11, 23)

VALUES: dict[str, dict[str, Any]] = {
    "confirm": CONFIRM,
    "confirm.by-mail": {**CONFIRM, "subject": "AW: need a Notes person, Cork"},
    "confirm.files": {**CONFIRM, "subject": "Notes, Cork", "files": ["Mailboxes.xlsx", "Ballyhale plan v3.pdf"]},
    "confirm.again": {**CONFIRM, "masked": [], "again": 1},
    "confirm.not_found": {**CONFIRM, "again": 1, "not_found": NOT_FOUND},
    "confirm.own": {**CONFIRM, "left_out": ["Business Central", "Network security"]},
    "confirm.questions": {
        **CONFIRM,
        "facts": [["Where", "Cork, Ireland, on site"]],
        "masked": [],
        "questions": ["By when must it be done?", "Who pays whom: you the partner, or the customer directly?"],
    },
    "welcome": WELCOME,
    "welcome.questions": {
        **WELCOME,
        "facts": [],
        "competencies": [],
        "questions": ["What does your firm do best? Two sentences with product names are enough."],
    },
    "live": {"name": WELCOME["name"], "competencies": WELCOME["competencies"]},
    "opened": {"title": "Notes migration in Cork", "n_found": 14, "closes": "20 December 2026", "opportunity_id": 310},
    "opened.nobody": {"title": "Notes migration in Cork", "n_found": 0, "closes": "", "opportunity_id": 310},
    "digest": {"day": "2026-11-23", "offers": [NOTES, SBC]},
    "digest.one": {"day": "2026-11-23", "offers": [NOTES]},
    "reminder": {"offers": [{**SBC, "number": 1}]},
    "interested": INTERESTED,
    "interested.one": {**INTERESTED, "partners": INTERESTED["partners"][:1]},
    "ending": ENDING,
    "ending.one": {**ENDING, "partners": ENDING["partners"][:1], "n_questions": 0, "due": ""},
    "ending.nobody": {**ENDING, "partners": [], "n_questions": 0, "due": "", "reply_as": "opened"},
    "ending.questions": {**ENDING, "partners": [], "n_questions": 2, "due": "", "reply_as": "opened"},
    "ended": ENDED,
    "ended.nobody": {**ENDED, "partners": [], "reply_as": "opened"},
    "question": {
        "title": "Notes migration in Cork",
        "number": 2,
        "who": "A 3-person firm in Ireland",
        "question": "Is the Domino server still under support, and which version is it?\nCan we see one of the forms?",
    },
    "answered": {
        "title": "Notes migration in Cork",
        "question": "Is the Domino server still under support, and which version is it?",
        "answer": "Version 9.0.1, out of support. We can show all eleven forms on a call.",
        "offers": [NOTES],
    },
    "introduction": INTRODUCTION,
    "introduction.partner": PARTNER_SIDE,
    "introduction.nameless": NAMELESS,
    "waitlisted": {"title": "Notes migration in Cork"},
    "waitlisted.over": {"title": "Notes migration in Cork", "unread": False, "over": True},
    "waitlisted.lapsed": {"title": "Notes migration in Cork", "lapsed": True, "over": True},
    "waitlisted.question": {"title": "Notes migration in Cork", "question": True, "over": True},
    "waitlisted.later": {"title": "Notes migration in Cork", "later": True, "over": True},
    "waitlisted.unread": {"title": "Notes migration in Cork", "unread": True, "over": True},
    "outcome": OUTCOME,
    "outcome.again": {**OUTCOME, "not_yet": "9 December 2026", "last": False},
    "outcome.last": {**OUTCOME, "not_yet": "8 January 2027", "last": True},
    "confirm_outcome": {**OUTCOME, "result": "won", "revenue": "€12,000"},
    "confirm_outcome.changed": {**OUTCOME, "result": "won", "revenue": "€120,000", "before": "won, worth €12,000"},
    "confirm_outcome.again": {**OUTCOME, "result": "won", "revenue": "€12,000", "asked_on": "9 December 2026"},
    "confirm_outcome.lost": {**OUTCOME, "result": "lost", "revenue": ""},
    "recorded": {**OUTCOME, "result": "won", "revenue": "€12,000", "gave": "€41,000", "got": "€9,500"},
    "answer": {
        "heading": "You said yes to “Notes migration in Cork”.",
        "lines": [
            "The poster reads now what your firm can do, without its name. You hear from us when it chooses.",
            "The other project stays open for you until 20 December.",
        ],
        "quote": "1 yes, two of us are free from january",
        "tone": "done",
    },
    "answer.unclear": {
        "heading": "Which project do you mean?",
        "lines": ["We read a yes without a number, and your letter had two projects. Reply “1 yes” or “2 yes”."],
        "quote": "yes please",
        "tone": "unclear",
    },
    "answer.refused": {
        "heading": "This project is closed.",
        "lines": ["The poster closed it on 19 November, before your answer came. Nobody else was told that you wrote."],
        "quote": "",
        "tone": "refused",
    },
    "answer.stranger": {
        "heading": "This is Counterpart's mail desk.",
        "lines": [
            "To join: write to join@ in two or three sentences what your firm does.",
            "To answer one of our letters: reply to that letter.",
        ],
        "quote": "what is this?",
        "tone": "done",
        "reply_as": "",
    },
    "answer.relayed": {
        "heading": "Number 2 answered your question",
        "about": "Notes migration in Cork",
        "lines": ["You asked: when can you start?", "Reply “2” to be introduced."],
        "quote": "On 11 January, with two people.",
        "quote_of": "Number 2 wrote",
        "because": BECAUSE_ASKED,
        "tone": "done",
        "reply_as": "interested",
    },
    "answer.disputed": {
        "heading": "Atelier Saône Messagerie SARL sees it differently",
        "lines": [
            "You reported the outcome of “Notes migration in Cork”; nothing is recorded until you agree.",
            "Talk to each other, then reply with what you agreed on, for example: won 9000.",
        ],
        "quote": "it was 9000",
        "quote_of": "Atelier Saône Messagerie SARL wrote",
        "because": "You get this because you reported how your introduction ended.",
        "tone": "unclear",
        "reply_as": "outcome",
    },
    "colleague": {"who": "Ben Fontaine (ben@ateliersaone.example)", "firm": "Atelier Saône Messagerie SARL"},
    "held": {"sender": "maeve.doyle@homemail.example", "what": "1 3\n\nand tell number 2 thanks", "message_id": 512},
    "sign-in": {},
    "probe": {"since": "12 November 2026", "why": "the mailbox is full"},
}
TO_LUC = {
    "welcome", "live", "digest", "reminder", "answered", "introduction.partner", "introduction.nameless", "waitlisted",
    "colleague",
}  # fmt: skip
ANSWERS = {"confirm": "posting-1@glasnevinmail.example", "answer": "<reply-7@ateliersaone.example>"}


def contact(**values: Any) -> Contact:
    return Contact(**{"level": "owner", "language": "en", "digest": "daily", "digest_hour": 7, **values})


def letter(name: str, **changes: Any) -> Letter:
    """Make the sample letter of a name such as `digest` or `digest.one`."""
    kind = name.split(".")[0]
    to = contact(**(LUC if name in TO_LUC or kind in TO_LUC else MAEVE))
    made = {"id": 7001, "key": f"sample:{name}", "kind": kind, "values": VALUES[name], "refs": []}
    made["in_reply_to"] = ANSWERS.get(kind, "")
    if name == "answer.stranger":
        return Letter(**made, to_address="someone@elsewhere.example")
    return Letter(**{**made, "contact_id": to.id, "contact": to, "to_address": to.email, **changes})


def as_text(name: str) -> str:
    """Put down what a letter's reader gets: headers, text and attachments."""
    message = compose(letter(name), settings=SETTINGS, now=NOW)
    headers = {
        "From": message.sender,
        "To": message.recipients[0],
        "Subject": message.subject,
        "Message-ID": message.msgId,
        "Reply-To": message.reply_to,
        **(message.extra_headers or {}),
    }
    shown = [f"{key}: {of if isinstance(of, str) else f'{of[0]} <{of[1]}>'}" for key, of in headers.items()]
    attached = [each.data.decode().replace("\r\n", "\n") for each in message.attachments]
    return "\n".join(shown) + "\n\n" + message.body + "".join("\n[attached]\n" + each for each in attached)


def as_html(name: str) -> str:
    return compose(letter(name), settings=SETTINGS, now=NOW).html or ""


if __name__ == "__main__":
    for each in VALUES:
        (GOLDEN / f"{each}.txt").write_text(as_text(each), encoding="utf-8")
        (GOLDEN / f"{each}.html").write_text(as_html(each), encoding="utf-8")
