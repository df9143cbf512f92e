"""What came back from an address, when and in which words → it is mailed, waits, is tried once more, or is cut."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# One letter that the server refuses for good says that nobody reads there, so it pauses an address at once. A letter
# refused for now says little: four in one day or five in a week say as much. Half is forgotten in a month, so that a
# mailbox that is full twice a year is never paused for it. Of four in a day a little is forgotten by the evening, so
# that the limit lies a little under what they weigh.
HARD, SOFT, LIMIT = 1.0, 0.25, 0.98
HALF_LIFE = timedelta(days=30)
SHAKY = 0.1  # under it nobody needs to hear of it: one soft bounce is forgotten after forty days
# How long a probe may take to come back: mail servers give up after five days (RFC 5321, 4.5.4.1), and tell it then.
RETURNS_WITHIN = timedelta(days=7)
# How long the first, second … probe waits. A server that was set up wrong is often well the next day; an address that
# keeps coming back is asked less and less, and never a fifth time in a year.
PROBE_AFTER = (timedelta(days=1), timedelta(days=7), timedelta(days=30), timedelta(days=90))
PROBES_COUNT_FOR = timedelta(days=365)

LEVELS = {"well": 0, "shaky": 1, "paused": 2, "probing": 2, "cut": 3}
LONG_ENOUGH = 500  # of what a server says; it may say more than anybody reads
UNASKED = ("digest", "reminder", "ending", "ended")  # letters that wait while an address is paused
# Letters that somebody waits for who has just written, signed in, posted or joined. They go even to an address that is
# cut: it may work again, and without them its owner could never say so.
ASKED_FOR = ("answer", "sign-in", "confirm", "welcome", "live")


@dataclass(frozen=True, slots=True)
class Returned:
    """One letter that came back: when, whether for good, and why in the server's words."""

    at: datetime
    hard: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """One short letter sent to see whether an address works again.

    `fate` is waiting (not sent yet), out (sent, and not come back so far), put off (came back for now, or was never
    sent for a reason that says nothing of the address) or back (came back for good).
    """

    at: datetime
    fate: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How an address stands: well, shaky, paused, probing or cut; since when and why."""

    name: str = "well"
    since: datetime | None = None
    reason: str = ""
    weight: float = 0.0
    next_at: datetime | None = None  # paused: when a probe is due; probing: when it counts as arrived

    @property
    def level(self) -> int:
        """Order standings from the best (0) to the worst (3); paused and probing differ for us, not for the reader."""
        return LEVELS[self.name]

    @property
    def is_mailed(self) -> bool:
        """Tell whether digests go."""
        return self.level < LEVELS["paused"]

    def holds_back(self, kind: str) -> bool:
        """Tell whether a letter of a kind does not go.

        What people wrote to each other goes while an address is paused: its owner, who was just active here, reads
        something of ours, and a letter of this kind that comes back is the surest sign that there is nobody.
        """
        if self.name == "cut":
            return kind not in ASKED_FOR
        return not self.is_mailed and kind in UNASKED


def standing(returned: Sequence[Returned], probes: Sequence[Probe], *, now: datetime) -> Standing:
    """Say how an address stands after everything that came back since its owner last spoke for it."""
    known_dead = [each for each in probes if each.fate == "back"]
    if known_dead:
        return _cut(returned, since=max(each.at for each in known_dead))
    arrived_at = max((each.at for each in probes if _has_arrived(each, now)), default=None)
    counting = sorted((each for each in returned if arrived_at is None or each.at > arrived_at), key=_when)
    paused_at = _paused_at(counting)
    if paused_at is None:
        weight = _weight(counting, now)
        return _named("shaky" if weight >= SHAKY else "well", counting, weight=weight)
    return _paused(counting, _recent(probes, before=paused_at), since=paused_at, now=now)


def _paused(counting: list[Returned], tried: list[Probe], *, since: datetime, now: datetime) -> Standing:
    last, weight = tried[-1] if tried else None, _weight(counting, now)
    if last and last.fate == "waiting":
        return _named("probing", counting, since=since, weight=weight)
    if last and last.fate == "out" and last.at + RETURNS_WITHIN > now:
        return _named("probing", counting, since=since, weight=weight, next_at=last.at + RETURNS_WITHIN)
    if len(tried) >= len(PROBE_AFTER):
        return _cut(counting, since=max(since, tried[-1].at))
    waits_from = max(since, last.at) if last else since
    next_at = waits_from + PROBE_AFTER[len(tried)]
    return _named("paused", counting, since=since, weight=weight, next_at=next_at)


def _has_arrived(probe: Probe, now: datetime) -> bool:
    return probe.fate == "out" and probe.at + RETURNS_WITHIN <= now


def _paused_at(returned: list[Returned]) -> datetime | None:
    """Find the moment at which the weight first reached the limit; from then on only a probe or the owner helps."""
    so_far = 0.0
    for before, each in zip([None, *returned], returned, strict=False):
        so_far = so_far * (_fading(each.at - before.at) if before else 1) + _weight_of(each)
        if so_far >= LIMIT:
            return each.at
    return None


def _recent(probes: Sequence[Probe], *, before: datetime) -> list[Probe]:
    return sorted(
        (each for each in probes if each.at > before - PROBES_COUNT_FOR), key=lambda each: (each.at, each.fate)
    )


def _weight(returned: Sequence[Returned], now: datetime) -> float:
    return sum(_weight_of(each) * _fading(now - each.at) for each in returned)


def _weight_of(each: Returned) -> float:
    return HARD if each.hard else SOFT


def _fading(age: timedelta) -> float:
    return float(0.5 ** (max(age, timedelta(0)) / HALF_LIFE))


def _when(each: Returned) -> datetime:
    return each.at


def _cut(returned: Sequence[Returned], *, since: datetime) -> Standing:
    return _named("cut", sorted(returned, key=_when), since=since, weight=LIMIT)


def _named(
    name: str,
    returned: list[Returned],
    *,
    since: datetime | None = None,
    weight: float,
    next_at: datetime | None = None,
) -> Standing:
    last = returned[-1] if returned else None
    return Standing(name, since or (last.at if last else None), last.reason if last else "", weight, next_at)


CODE = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")
ENHANCED = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
FULL = re.compile(
    r"(?:mail)?box\W+(?:\w+\W+){0,3}?(?:full|exceed)"
    r"|(?:over|exceed\w*|out of)\W+(?:\w+\W+){0,4}?(?:quota|storage)"
    r"|quota\W+(?:\w+\W+){0,3}?exceed|over ?quota|inbox (?:is )?full|storage (?:limit|allocation)|insufficient storage",
    re.I,
)
NOBODY = re.compile(
    r"user (?:is )?unknown|unknown (?:user|recipient|mailbox|address|local)"
    r"|no such (?:user|recipient|mailbox|address|person|account|domain)|(?:doesn.t|does not) have an? \S+ account"
    r"|(?:user|recipient|mailbox|address|account|host|domain)\W+(?:\S+\W+){0,4}?"
    r"(?:does(?:n.t| not) exist|not (?:be )?found|(?:is )?unknown|disabled|deactivated|inactive|suspended|closed)"
    r"|no mailbox|not a (?:known|valid) (?:user|recipient|mailbox)|invalid (?:recipient|mailbox|user)"
    r"|no longer (?:with|works|valid|available|in use)|unrouteable|does not accept mail",
    re.I,
)
AWAY = re.compile(r"timed? ?out|unreachable|refused to talk|connection refused|no route|expired|not responding", re.I)
OURS = re.compile(
    r"spam|black ?list|block ?list|blocked|listed (?:at|in|by)|\brbl\b|dnsbl|reputation|polic(?:y|ies)"
    r"|dmarc|\bspf\b|dkim|authenticat|relay|your (?:ip|server|host|network)|content|virus|malware|phish"
    r"|too (?:large|big|long|many)|rate limit|greylist|size (?:limit|exceed)|message size|\bsender",
    re.I,
)
AFTER_LETTER = re.compile(r"end of (?:data|message)", re.I)  # as Postfix and Exim say when they heard a refusal
FROM_US = re.compile(r"\bsender|mail from|from address", re.I)
TO_THEM = re.compile(r"recipient|rcpt|mailbox|\buser", re.I)
# Mailbox unavailable, gone elsewhere, full, wrongly named, domain without mail; 0: no code is named.
# Source: RFC 5321, 4.2.3 and RFC 7504.
ABOUT_ADDRESS = (0, 450, 451, 452, 550, 551, 552, 553, 556)
# The address of the sender is wrong; too long for this mailbox or this system; too much mail at once. Source: RFC 3463
ABOUT_US = ((1, 7), (1, 8), (2, 3), (3, 4), (4, 5))
MOVED = ((7, 17), (7, 18))  # the mailbox or the domain has another owner now. Source: RFC 7293


def is_about_address(code: int, said: str, *, after_letter: bool = False) -> bool:
    """Tell a refusal of an address, which counts against it, from one of a letter or of us, which does not.

    `code` is the SMTP code, 0 when none is known; `said` is what the server says, enhanced status code included.
    A server that refuses only after it has seen the letter had taken the address before, and may say by the same codes
    that it does not like what it saw (RFC 5321, 4.3.2): then only words or a status that name the address count.
    """
    heard = said[:LONG_ENOUGH]
    status = ENHANCED.search(heard)
    subject, detail = (int(status[2]), int(status[3])) if status else (0, 0)
    if (subject, detail) in ABOUT_US:
        return False
    if (subject in (1, 2, 4) and detail) or (subject, detail) in MOVED:
        return True
    if FROM_US.search(heard) and not TO_THEM.search(heard):
        return False
    if NOBODY.search(heard) or FULL.search(heard):
        return True
    if after_letter or AFTER_LETTER.search(heard):
        return False
    return subject not in (5, 6, 7) and code in ABOUT_ADDRESS and not OURS.search(heard)


def code_in(said: str) -> int:
    """Read the SMTP code out of a server's words; 0 when there is none."""
    found = CODE.search(said)
    return int(found[1]) if found else 0


def has_status(said: str) -> bool:
    """Tell words with a code of a mail server from mere words, such as those of a line that broke on our side."""
    return bool(code_in(said) or ENHANCED.search(said))


def is_full(said: str) -> bool:
    """Tell a mailbox that is full, which many servers refuse for good and which passes all the same."""
    status = ENHANCED.search(said)
    return bool(FULL.search(said)) or (status is not None and (status[2], status[3]) == ("2", "2"))


def in_words(reason: str) -> str:
    """Say in a clause why a letter came back."""
    status = ENHANCED.search(reason)
    if is_full(reason):
        return "the mailbox is full"
    if NOBODY.search(reason) or (status and (status[1], status[2]) == ("5", "1")):
        return "the mail server does not know the address"
    if AWAY.search(reason) or (status and status[2] == "4"):
        return "the mail server could not be reached"
    return f"the mail server says “{_shortened(reason)}”" if reason.strip() else "the mail server gave no reason"


def _shortened(reason: str) -> str:
    said = " ".join(reason.removeprefix("smtp;").split())
    return said if len(said) <= 120 else f"{said[:119].rpartition(' ')[0]}…"
