"""What database and sink hold after a night → how often a letter came twice, and what must hold and does not."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf

from matcher.store.letters import STALE_CLAIM
from tests.chaos.due import Due, Event, undone
from tests.chaos.fates import MAILBOX_FULL
from tests.chaos.sink import GONE, Line

LEFT_S = 60.0  # so long after its reader unsubscribed a letter that was claimed before may still be on its way
ANSWERS = ("answer", "confirm", "welcome")  # kinds of letters that answer a message
STEP_OF = {"yes": "accepted", "no": "declined"}
DROPPED = ("unsubscribed", "bounce", "too late")  # the last: the clock jumps
# A letter is marked when the server is silent for a moment, or 25 letters later; a round has ten. What happens later
# than this after a letter was taken finds it marked, and what happened a moment before may still be on its way.
MARKED_WITHIN_S, ON_ITS_WAY_S = 15.0, 2.0
SENDERS = ("deliver", "worker1", "worker2")
REST_S = 60.0  # after which a letter that was put off is tried again, by the clock of the jobs
HURTING = ("half-open", "closing")  # manners of the sink that end a line in the middle of a letter; slow is only slow


@dataclass(frozen=True, slots=True)
class Written:
    """One letter as the database has it."""

    key: str
    kind: str
    state: str
    to: str
    message_id: str
    in_reply_to: str
    error: str


@dataclass(frozen=True, slots=True)
class Brought:
    """One message that was brought to the inbound server until it said 250, and what became of it."""

    message_id: str
    wants: str  # posting, join, yes, no
    taken_at: float
    states: tuple[str, ...]  # of the rows that were kept of it
    n_done: int  # postings, contacts or steps that it made


@dataclass(frozen=True, slots=True)
class Held:
    """A letter that was refused or came back, and counts against its address, for good or as a mailbox that is full."""

    message_id: str
    to: str
    hard: bool


@dataclass(slots=True)
class Found:
    """Everything that a night left behind."""

    letters: list[Written] = field(default_factory=list)
    journal: list[Line] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    brought: list[Brought] = field(default_factory=list)
    left_at: dict[str, float] = field(default_factory=dict)  # address → when the page said that digests stop
    held: list[Held] = field(default_factory=list)
    n_digests: int = 0
    n_asked_untold: int = 0
    n_forgotten: int = 0
    due: Due = field(default_factory=Due)


@dataclass(frozen=True, slots=True)
class Repeats:
    """Letters that the sink took more than once, by why: our mark was lost, or it died before it could say 250."""

    unmarked: int = 0
    unanswered: int = 0
    unexplained: tuple[str, ...] = ()
    why: tuple[tuple[str, int], ...] = ()  # what explains the others, and how many


def broken(found: Found) -> list[str]:
    """List in sentences what must hold and does not."""
    checks = (_undelivered, _strange, _twice, _refused, _hurried, _held, _digests, _unread, _mailed_after_leaving)
    return [sentence for check in checks for sentence in check(found)] + undone(found.due, found.events)


def repeats(found: Found) -> Repeats:
    """Count the letters that came again; each needs something that we did in between."""
    taken, answered = defaultdict(list), Counter(line.message_id for line in found.journal if line.what == "answered")
    for line in found.journal:
        if line.what == "taken":
            taken[line.message_id].append(line)
    n_unmarked = n_unanswered = 0
    whys: list[tuple[str, str]] = []
    for message_id, times in taken.items():
        again = len(times) - 1
        n_again_answered = min(again, max(0, answered[message_id] - 1))
        n_unmarked, n_unanswered = n_unmarked + n_again_answered, n_unanswered + again - n_again_answered
        pairs = zip(times, times[1:], strict=False)
        whys += [(message_id, why_again(found.events, first, second.at)) for first, second in pairs]
    unexplained = tuple(message_id for message_id, why in whys if not why)
    counted = Counter(why for _, why in whys if why)
    return Repeats(n_unmarked, n_unanswered, unexplained, tuple(sorted(counted.items())))


def why_again(events: Sequence[Event], first: Line, again_at: float) -> str:
    """Say what of all that we did can have lost a letter's mark before it came again; nothing where nothing can.

    Only what happened close to the first time counts: later its mark was long in the database.
    """
    since, until = first.at - ON_ITS_WAY_S, min(again_at, first.at + MARKED_WITHIN_S)
    return next(
        (why for each in events if since <= each.at <= until and (why := _can_repeat(each, first))), ""
    ) or next(
        (mode for mode, began, ended in modes(events) if mode in HURTING and began <= until and ended >= since), ""
    )


def _can_repeat(each: Event, first: Line) -> str:
    """Name an event that can lose the mark of a letter: its sender, the sink or the database ended, or claims did."""
    if each.what == "jump":
        return "jump" if float(each.name.split()[0]) >= STALE_CLAIM.total_seconds() else ""
    if each.what != "kill":
        return ""
    ours = each.name in SENDERS and (not first.sender or first.sender.startswith(f"pid{each.pid}."))
    return each.name if ours or each.name in ("sink", "postgres") else ""


def modes(events: Iterable[Event]) -> list[tuple[str, float, float]]:
    """List how the sink behaved, from when to when."""
    changes = [each for each in events if each.what == "mode"]
    ends = [each.at for each in changes[1:]] + [inf]
    return [(each.name, each.at, end) for each, end in zip(changes, ends, strict=False)]


def _undelivered(found: Found) -> list[str]:
    states = Counter(each.state for each in found.letters)
    arrived = {line.message_id for line in found.journal if line.what == "taken"}
    lost = [each.key for each in found.letters if each.state == "sent" and each.message_id not in arrived]
    ended = refusals(found)
    failed = [
        each.key
        for each in found.letters
        if each.state == "failed" and not each.to.endswith(f"@{GONE}") and each.message_id not in ended
    ]
    dropped = [each.key for each in found.letters if each.state == "dropped" and each.error not in DROPPED]
    waiting = states["waiting"] + states["claimed"]
    return _sentences(
        (waiting, f"{waiting} letters still wait or are claimed"),
        (lost, f"marked as sent and never at the sink: {_some(lost)}"),
        (failed, f"given up without a refusal for good: {_some(failed)}"),
        (dropped, f"dropped without a wish or a bounce: {_some(dropped)}"),
    )


def _strange(found: Found) -> list[str]:
    states = {each.message_id: each.state for each in found.letters}
    arrived = {line.message_id for line in found.journal if line.what == "taken"}
    unknown = sorted(arrived - set(states))
    unmarked = sorted(each for each in arrived & set(states) if states[each] != "sent" and not forgiven(found, each))
    return _sentences(
        (unknown, f"at the sink and no letter of ours: {_some(unknown)}"),
        (unmarked, f"at the sink and not marked as sent: {_some(unmarked)}"),
    )


def forgiven(found: Found, message_id: str) -> bool:
    """Tell whether a letter at the sink may be dropped: something lost its mark, and then its claim found it too late.

    Whoever has lost a mark cannot know that the letter arrived, or was refused; to send it once more would be worse.
    """
    error = next(each.error for each in found.letters if each.message_id == message_id and each.state != "sent")
    heard = (each for each in found.journal if each.message_id == message_id and each.what in ("taken", "refused"))
    first = next(heard)
    return error in DROPPED and bool(why_again(found.events, first, first.at + MARKED_WITHIN_S))


def _twice(found: Found) -> list[str]:
    unexplained = repeats(found).unexplained
    return _sentences((unexplained, f"came twice though nothing that we did can have made it so: {_some(unexplained)}"))


def refusals(found: Found) -> dict[str, str]:
    """Map letters that the sink refused for good when it had their bytes to what it said."""
    return {line.message_id: line.said for line in found.journal if (line.what, line.step) == ("refused", "DATA")}


def _refused(found: Found) -> list[str]:
    """A letter that was refused for good after its bytes is marked so in the server's words, and not brought again."""
    said, ours = refusals(found), {each.message_id: each for each in found.letters}
    unknown = sorted(set(said) - set(ours))
    unmarked = sorted(each for each in set(said) & set(ours) if not _is_marked(found, ours[each], said[each]))
    lines = defaultdict(list)
    for line in found.journal:
        if (line.what, line.step) == ("refused", "DATA"):
            lines[line.message_id].append(line)
    again = sorted(
        message_id
        for message_id, times in lines.items()
        for first, second in zip(times, times[1:], strict=False)
        if not why_again(found.events, first, second.at)
    )
    return _sentences(
        (unknown, f"refused and no letter of ours: {_some(unknown)}"),
        (unmarked, f"refused for good after their bytes and not marked so: {_some(unmarked)}"),
        (again, f"brought again for no reason after a refusal for good: {_some(again)}"),
    )


def _is_marked(found: Found, refused: Written, said: str) -> bool:
    if refused.state == "failed":
        return said in refused.error
    return refused.state != "sent" and forgiven(found, refused.message_id)


def _hurried(found: Found) -> list[str]:
    """A letter whose bytes were put off, or cut off, comes again, and only after a minute by the clock of the jobs."""
    last: dict[str, Line] = {}
    hurried = []
    for line in found.journal:
        if line.what == "answered" or not line.message_id:
            continue
        before = last.get(line.message_id)
        if before and before.what in ("put off", "cut off") and _passed_s(found, before.at, line.at) < REST_S - 1:
            hurried.append(line.message_id)
        last[line.message_id] = line
    return _sentences((hurried, f"brought again before their rest was over: {_some(hurried)}"))


def _passed_s(found: Found, since: float, until: float) -> float:
    """Say how far the clock of the jobs may have gone between two moments."""
    jumps = [each for each in found.events if each.what == "jump" and since - ON_ITS_WAY_S <= each.at <= until]
    return until - since + sum(max(0.0, float(each.name.split()[0])) for each in jumps)


def _held(found: Found) -> list[str]:
    """Only a refusal that names the address counts against it: a full mailbox for now, one that is gone for good."""
    full = {message_id for message_id, said in refusals(found).items() if said == MAILBOX_FULL}
    gone = {each.message_id for each in found.letters if each.to.endswith(f"@{GONE}")}
    wrong = [each.to for each in found.held if each.message_id not in (gone if each.hard else gone | full)]
    failed = {each.message_id for each in found.letters if each.state == "failed"}
    uncounted = sorted((failed & (gone | full)) - {each.message_id for each in found.held})
    return _sentences(
        (wrong, f"held against an address that was not refused: {_some(wrong)}"),
        (uncounted, f"an address was refused and nobody counted it: {_some(uncounted)}"),
    )


def _digests(found: Found) -> list[str]:
    n_letters = sum(each.kind == "digest" for each in found.letters)
    return _sentences(
        (n_letters != found.n_digests, f"{n_letters} digests as letters, {found.n_digests} noted for their day"),
        (found.n_asked_untold, f"{found.n_asked_untold} partners were asked and no letter says so"),
        (found.n_forgotten, f"{found.n_forgotten} readers have offers and no digest"),
    )


def _unread(found: Found) -> list[str]:
    answers = Counter(each.in_reply_to for each in found.letters if each.kind in ANSWERS and each.in_reply_to)
    untaken = [each.message_id for each in found.brought if not each.taken_at]
    wrong = [
        f"{each.wants} {each.message_id}: kept {each.states}, done {each.n_done}, answered {answers[each.message_id]}"
        for each in found.brought
        if each.taken_at and (each.states != ("done",) or each.n_done != 1 or answers[each.message_id] != 1)
    ]
    return _sentences(
        (untaken, f"never got a 250: {_some(untaken)}"),
        (wrong, f"not acted on exactly once: {_some(wrong)}"),
    )


def _mailed_after_leaving(found: Found) -> list[str]:
    late = [
        line.to
        for line in found.journal
        if (line.what, line.kind) == ("taken", "digest") and line.at > found.left_at.get(line.to, line.at) + LEFT_S
    ]
    return _sentences((late, f"mailed after they unsubscribed: {_some(late)}"))


def _sentences(*checks: tuple[object, str]) -> list[str]:
    return [sentence for wrong, sentence in checks if wrong]


def _some(names: Sequence[str]) -> str:
    return f"{len(names)}, such as {'; '.join(sorted(names)[:3])}"
