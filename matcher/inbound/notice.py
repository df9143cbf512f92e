"""The words of a delivery notice, as dozens of mail servers write it, to the addresses that it says were not reached.

The notice comes first and the returned message after it. An address at the start of a line is what the notice is
about; one after "recipient", "RCPT TO" or a reply code nearly always; any other only when it stands alone. A notice
that names nobody is about those whom the returned message went to.
"""

import re
from dataclasses import dataclass
from email.message import Message

from matcher.inbound.message import ADDRESS, addresses, addresses_in, content_type, header, part_text, parts, payload_of

MAX_LINES, MAX_LINE = 400, 300
RETURNED = re.compile(
    r"^[\W_]{0,80}(?:(?:this is|included is|below(?: this line)? is)\b.{0,20}\bcopy\b"
    r"|(?:the )?(?:header|body|text|content|first part)s?\b.{0,12}\bof (?:the|your) (?:original |returned )?message\b"
    r"|(?:original|unsent|returned|undelivered|your|rejected) (?:e-?mail|message|mail)(?: headers?)?"
    r"(?:\s+(?:follows|is attached|was|as follows|headers?|contents?|text))*"
    r"|message (?:header|text|content|body)s?(?: follows)?|urspr.ngliche nachricht|message d'origine|mensaje original"
    r"|元のメール\w*|原始郵件|原始邮件)[\W_]{0,80}$|^\W{0,4}(?:return-path|received)\s?:\s?\S",
    re.I,
)
TO = re.compile(r"^\W{0,4}(?:to|x-envelope-to|envelope-to)\s?:[ \t]?(.{0,500}(?:\n[ \t].{0,500}){0,5})", re.I | re.M)
SPOKEN_OF_OTHERS = re.compile(
    r"^\W*(?:from|(?:original |envelope |message )?sender|mail from|reply-to|message-?id|references|in-reply-to|date"
    r"|subject|received|return-path|cc|x-[\w-]+|reporting-mta|remote-mta|messagename|generating server)\b[^a-z]*[:=<]"
    r"|^\W*from\s|message-?id|(?:contact|support|assistance|questions?|help|write to|forward this)\b",
    re.I,
)
_WHO = rf"(?P<who>{ADDRESS.pattern})"
STARTS = re.compile(rf"^[\s>*•·\-\"'(\[|]{{0,40}}<?{_WHO}(?![\w@])")
SPOKEN_OF = re.compile(
    r"(?:rcpt to|recipients?|address(?:e[ds])?(?: to)?|deliver(?:ed|y)?\b.{0,30}?\bto|sent to|unknown \w+|user\w*"
    r"|mailbox|account|failed|\bto|[45]\d\d|empf[äa]nger|destinat\w+)"
    rf"[^@\w]{{1,6}}(?:\w+[^@\w]{{1,3}}){{0,4}}?<?{_WHO}",
    re.I,
)
EXPANDED = re.compile(rf"expanded from:?\s*<?{_WHO}", re.I)
LIST_OWNER = re.compile(r"-(?:bounces?|admin|owner|request|errors?)(?:\+[^@]*)?@")  # "talk-owner@" manages "talk@"
SERVICE = re.compile(
    r"^(?:postmaster|mailer-?daemon|abuse|support|help(?:desk)?|no-?reply|donotreply|webmaster|hostmaster|admin"
    r"|administrator|info|service|root)@",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a mail server wrote, and the addresses that the message it returns went to."""

    text: str
    went_to: tuple[str, ...] = ()


def notice(message: Message) -> Notice:
    """Tell the words of a notice from the message that it returns."""
    words: list[str] = []
    went_to: list[str] = []
    for part in parts(message):
        if part is not message and _is_returned(part):
            went_to += [found for _, found in addresses(part, "X-Envelope-To", "To") if is_whole(found)]
            break
        if content_type(part) in ("text/rfc822-headers", "message/partial"):
            went_to += _named_in(_body(part))
            break
        if _is_words(part):
            said, returned = _cut(_body(part))
            words.append(said)
            went_to += _named_in(returned)
    return Notice("\n".join(words), tuple(dict.fromkeys(went_to)))


def _is_returned(part: Message) -> bool:
    """Tell a returned message, also one whose part was never declared as such."""
    return "From" in part and ("To" in part or "Received" in part or "Subject" in part)


def _is_words(part: Message) -> bool:
    kind = content_type(part)
    return kind in ("text/plain", "text/html") or kind.startswith("multipart/") and isinstance(payload_of(part), str)


def _body(part: Message) -> str:
    if content_type(part).startswith("text/") and content_type(part) != "text/rfc822-headers":
        return part_text(part)
    payload = payload_of(part)
    inner = payload[0] if isinstance(payload, list) and payload else payload
    if isinstance(inner, Message):
        return "\n".join(f"{name}: {value}" for name, value in inner.raw_items())
    return str(inner).replace("\r\n", "\n")


def _cut(text: str) -> tuple[str, str]:
    lines = [line[:MAX_LINE] for line in text.split("\n")[:MAX_LINES]]
    for at, line in enumerate(lines):
        if at and RETURNED.search(line):
            return "\n".join(lines[:at]), "\n".join(lines[at:])
    return "\n".join(lines), ""


def _named_in(returned: str) -> list[str]:
    found = TO.search(returned[:20_000])
    return addresses_in(found[1]) if found else []


def not_reached(message: Message, told: Notice) -> tuple[str, ...]:
    """Name the addresses that a notice is about; empty when it names none for sure."""
    flagged = addresses_in(header(message, "X-Failed-Recipients"))
    if flagged:
        return tuple(flagged)
    ours = {address for _, address in addresses(message, "To", "Delivered-To", "X-Original-To", "From")}
    lists = {LIST_OWNER.sub("@", address) for address in ours}
    lines = [line for line in told.text.split("\n") if "@" in line and not SPOKEN_OF_OTHERS.search(line)]
    first = _all(STARTS, lines)
    for found in (first, _all(EXPANDED, lines), _all(SPOKEN_OF, lines), _lone(lines)):
        named = _believable([one for one in found if one not in ours], told)
        if named:
            return named
    went_to = tuple(one for one in told.went_to if one not in lists)
    return went_to if len(went_to) == 1 else tuple(one for one in first if one in ours)[:1]


def _all(pattern: re.Pattern[str], lines: list[str]) -> list[str]:
    found = [one["who"].strip(".'").lower() for line in lines for one in pattern.finditer(line)]
    return [one for one in dict.fromkeys(found) if is_whole(one)]


def is_whole(address: str) -> bool:
    """Tell an address of the Internet from one that was shortened for the public, as archives do: "ben...@x"."""
    return ".." not in address and "." in address.rpartition("@")[2]


def _lone(lines: list[str]) -> list[str]:
    found = [one for one in addresses_in("\n".join(lines)) if is_whole(one)]
    return found if len(found) == 1 else []


def _believable(found: list[str], told: Notice) -> tuple[str, ...]:
    """Leave out whom to turn to for help, unless the message went there."""
    people = [one for one in found if one in told.went_to or not SERVICE.match(one)]
    return tuple(people or found[:1])
