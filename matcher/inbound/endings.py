"""A line to what a mail program or a list put at the end of a letter: a signature, a device, a footer, a rule."""

import re

from matcher.inbound import phrases as say

MAX_SIGNATURE = 15  # lines with text on them; what is longer is a letter of its own
MAX_FOOTER = 12
_LINK = re.compile(r"[(<\[]?(?:https?://|mailto:|www\.)[^\s>)\]]{1,500}[>)\]]?", re.I)

STRICT = re.compile(r"^-- $")
SIGNATURE = re.compile(r"^\s{0,8}(?:--|—|––|__|-- )\s*$")
DASH_NAME = re.compile(r"^(?:-|--\s?)[^\W\d_][\w.'’-]{0,30}(?: [^\W\d_][\w.'’-]{0,30}){0,2}\s*$")
RULE = re.compile(r"^\s*(?:(?:[-–—]\s?){3,}|(?:_\s?){3,}|(?:[=*~#━─]\s?){4,})$")
FOOTER_SIGN = re.compile(
    r"https?://|www\.|\S@\S|mailing list|unsubscribe|confidential|disclaimer|intended (?:only|solely|for)|abmelden"
    r"|vertraulich|confidentiel|confidencial|riservat|vertrouwelijk|scanned by|virus",
    re.I,
)
_SENT_WITH = re.compile(rf"^(?:{say.SENT_WITH})", re.I)
_THEN_SENT = re.compile(
    rf"^.{{0,24}}(?:iphone|ipad|android|samsung|huawei|outlook|xiaomi|yahoo).{{0,40}}(?:{say.DEVICE_THEN_SENT})\W*$"
    r"|^von mein\w+ .{1,40} gesendet\b",
    re.I,
)
_RUNS_ON = re.compile(r"[,;] [^\W\dA-Z]|[.!?] (?:\S+ ){6}")  # no program's line, a person's sentence
EXCUSE = re.compile(r"\b(?:excuse|forgive|brevity|typos?|auto-?correct|app|client|tippfehler|fautes|mail)\b", re.I)
_WRAPPING = " \t<>()[]*_.|"
SENT_FROM_MY = re.compile(r"^sent (?:from|via|with|on) (?:my|a|an|the) (?:[\w'’®™.&-]+ ){0,4}[\w'’®™.&-]+$", re.I)
GET_OUTLOOK = re.compile(r"^(?=.{0,50}\boutlook\b)(?=.{0,50}(?:\bios\b|android))(?:\S+\s*){2,8}$", re.I)
ADVERTISEMENT = re.compile(r"^yahoo mail: .{3,60}$|^do you yahoo!\?.{0,40}$", re.I)


def is_device(line: str) -> bool:
    """Tell a line such as "Sent from my phone" from a sentence that only begins like it."""
    bare = line[:700].strip(_WRAPPING)
    if ":/" in bare or "www." in bare or "mailto:" in bare:
        bare = _LINK.sub("", bare).strip(_WRAPPING).replace(" ,", ",")
    if not 5 < len(bare) <= 120:
        return False
    if ADVERTISEMENT.match(bare):
        return True
    runs_on = _RUNS_ON.search(bare)
    if runs_on and not EXCUSE.search(bare, runs_on.start()):
        return False
    return _is_device(bare[: runs_on.start()] if runs_on else bare)


def _is_device(bare: str) -> bool:
    if SENT_FROM_MY.match(bare) or GET_OUTLOOK.match(bare):
        return True
    sent_with = _SENT_WITH.match(bare)
    return bool(sent_with and say.has(say.DEVICES, bare[sent_with.end() :]) or _THEN_SENT.match(bare))


def is_rule(line: str) -> bool:
    return len(line) <= 300 and bool(RULE.match(line))


def signature_limit(lines: list[str], at: int) -> int:
    """Give how many lines of text a signature that opens here may have; 0 when none opens."""
    line = lines[at]
    if len(line) > 100:
        return 0
    if STRICT.match(line):
        return 2 * MAX_SIGNATURE
    if SIGNATURE.match(line):
        return MAX_SIGNATURE
    return 4 if _is_dashed_name(lines, at) else 0


def _is_dashed_name(lines: list[str], at: int) -> bool:
    """A name after a dash, alone or over an address; a list has its dash on the next line too."""
    if not DASH_NAME.match(lines[at]) or at and lines[at - 1].strip():
        return False
    after = [line for line in lines[at + 1 : at + 4] if line.strip()]
    return not any(line.lstrip()[0] in "-•*" or line.rstrip()[-1] in ".?!" for line in after)


def is_footer(lines: list[str]) -> bool:
    """Tell the words of a list or a firm below a rule from a letter's own next paragraph."""
    if not lines or len(lines[0].strip()) < 10 or not is_rule(lines[0]):
        return False
    return any(FOOTER_SIGN.search(line[:500]) for line in lines[1:])
