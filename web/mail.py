"""A letter's kind and values → a mail message: subject, text, HTML, tokened addresses and honest headers."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from icalendar import Calendar, Event, vCalAddress

from matcher.models import Letter
from matcher.terms.zones import zone
from web import mould, printing, wording
from web.links import Links, quoted
from web.message import Mail, Text
from web.settings import Settings

CALL = timedelta(minutes=30)
DESK = re.compile(r"\b(?:post|join|help)@(?!\w)")  # the verbs of partners do not know the domain
MAX_ID = 900  # of a stranger's Message-ID; a header line ends at 998
# Not "All": that would keep Exchange from reporting its own bounces, which we want to hear of.
QUIET = {"X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply"}


@dataclass(frozen=True, slots=True)
class Kind:
    """How letters of one kind travel; what they say stands in their templates."""

    replies: bool = True  # opens with the line to write above; a reply finds its letter by token
    listed: bool = False  # comes unasked, day after day: carries list headers
    personal: bool = False  # from one person to another: a reply goes to that person


KINDS = {
    "confirm": Kind(),
    "welcome": Kind(),
    "colleague": Kind(),
    "live": Kind(),
    "opened": Kind(),
    "digest": Kind(listed=True),
    "reminder": Kind(listed=True),
    "interested": Kind(),
    "ending": Kind(),
    "ended": Kind(),
    "question": Kind(),
    "answered": Kind(),
    "introduction": Kind(replies=False, personal=True),
    "waitlisted": Kind(replies=False),
    "outcome": Kind(),
    "confirm_outcome": Kind(),
    "recorded": Kind(),
    "answer": Kind(),
    "held": Kind(replies=False),
    "sign-in": Kind(replies=False),
    "probe": Kind(replies=False),
}


def compose(letter: Letter, *, settings: Settings, now: datetime) -> Mail:
    """Render a letter as it is sent at `now`.

    Reads `letter.contact`.
    Raises `ValueError` for an unknown kind, `jinja2.UndefinedError` for a value that is missing.
    """
    links = Links(settings, now.date())
    words = _words(letter, links)
    body, html = _printed(letter, words, links)
    message = Mail(
        message_id(letter.key, settings.inbound_domain),
        subject=words["subject"],
        sender=settings.mail_from,
        to=(wording.one_line(letter.contact.name) if letter.contact else "", letter.to_address),
        body=body,
        html=html,
        date=now.timestamp(),
    )
    message.reply_to, message.extra_headers = _reply_to(letter, links), _headers(letter, links, now)
    if letter.kind == "introduction":
        message.attach(
            "first-call.ics", "text/calendar", _first_call(letter, now, domain=settings.inbound_domain), "attachment"
        )
    return message


def envelope_sender(letter: Letter, settings: Settings, today: date) -> str:
    """Name the address that a letter's bounces come back to."""
    return Links(settings, today).bounce_address(letter.id)


def message_id(key: str, domain: str) -> str:
    """Make the Message-ID of a letter's key: the same letter sent twice is one mail to its reader."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def _printed(letter: Letter, words: dict[str, Any], links: Links) -> tuple[Text, Text]:
    poured = mould.pour(words, links) if letter.kind == mould.KIND else None
    return poured or (wording.wrapped(printing.text_of(letter.kind, words)), printing.html_of(letter.kind, words))


def _words(letter: Letter, links: Links) -> dict[str, Any]:
    words = {**letter.values, "letter": letter, "contact": letter.contact, "links": links}
    words |= {"kind": _kind(letter), "replies": _is_answered(letter)}
    if letter.kind == "answer":
        words["lines"] = [DESK.sub(rf"\g<0>{links.settings.inbound_domain}", each) for each in words["lines"]]
    if letter.kind == "introduction" and letter.contact:
        words["call"] = _local(datetime.fromisoformat(words["call_at"]), letter.contact.timezone)
    poured = mould.subject(words) if letter.kind == mould.KIND else None
    words["subject"] = poured or printing.subject_of(letter.kind, words)
    words["by_mail"] = partial(_by_mail, links.reply_by_mail(letter.id, words["subject"], body=""))
    return words


def _by_mail(link: str, body: str) -> str:
    return link + quoted(body)


def _kind(letter: Letter) -> Kind:
    if letter.kind not in KINDS:
        raise ValueError(f"Letter {letter.id} has kind {letter.kind!r}; write its templates and add it to KINDS.")
    return KINDS[letter.kind]


def _is_answered(letter: Letter) -> bool:
    """Tell whether a reply is read; an answer to a mail that followed no letter names nothing to reply as."""
    return _kind(letter).replies and letter.values.get("reply_as") != ""


def _local(at: datetime, timezone: str) -> datetime:
    return at.astimezone(zone(timezone))  # the letter names the zone it uses, so one that is UTC instead stays true


def _reply_to(letter: Letter, links: Links) -> str | tuple[str, str]:
    if _kind(letter).personal:
        other = letter.values["other"]
        return wording.one_line(other["name"]), other["email"]
    return links.reply_address(letter.id) if _is_answered(letter) else links.help_address()


def _headers(letter: Letter, links: Links, now: datetime) -> dict[str, str]:
    kind = _kind(letter)
    headers = {"X-Counterpart-Letter": letter.kind, **_thread(letter, links.settings.inbound_domain)}
    if kind.personal:
        return headers
    headers |= {"Auto-Submitted": "auto-replied" if letter.in_reply_to else "auto-generated", **QUIET}
    return headers | _list_headers(letter, links, now) if kind.listed else headers


def _thread(letter: Letter, domain: str) -> dict[str, str]:
    """Name the reader's own mail, and the letter before it, which mail programs need that file sent mail elsewhere."""
    own = "".join(wording.one_line(letter.in_reply_to).split()).strip("<>")
    before = letter.values.get("follows", "")
    ids = [message_id(before, domain)] if before else []
    ids += [f"<{own}>"] if own.isascii() and 0 < len(own) <= MAX_ID else []
    return {"In-Reply-To": ids[-1], "References": " ".join(ids)} if ids else {}


def _list_headers(letter: Letter, links: Links, now: datetime) -> dict[str, str]:
    web, mail = links.one_click_unsubscribe(letter.contact_id), links.unsubscribe_address(letter.contact_id)
    return {
        "List-Id": f"Counterpart digest <digest.{links.settings.inbound_domain}>",
        "List-Unsubscribe": f"<{web}>, <mailto:{mail}?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Feedback-ID": f"{letter.kind}:{now:%Y%m}:counterpart",
    }


def _first_call(letter: Letter, now: datetime, *, domain: str) -> bytes:
    """Write the proposed call without a METHOD: a note for two calendars, which neither answers to anybody."""
    other, start = letter.values["other"], datetime.fromisoformat(letter.values["call_at"])
    named = ((letter.contact.name, letter.to_address), (other["name"], other["email"]))
    pair = [(name or email, email) for name, email in named]  # the forms ask for no name
    poster, partner = pair if letter.values["side"] == "poster" else pair[::-1]
    event = Event()
    event.add("uid", f"{letter.values['uid']}@{domain}")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", start.astimezone(UTC))
    event.add("duration", CALL)
    event.add("summary", wording.one_line(f"First call: {poster[0]} and {partner[0]}"))
    event.add("description", wording.one_line(letter.values["title"]))
    event.add("status", "TENTATIVE")
    event.add("organizer", _person(*poster), encode=0)
    for each in (poster, partner):
        event.add("attendee", _person(*each), encode=0)
    return _calendar(event)


def _person(name: str, email: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{wording.one_line(email)}")
    person.params["CN"] = wording.one_line(name).replace('"', "'")
    return person


def _calendar(event: Event) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Counterpart//First call//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return calendar.to_ical()
