"""What the machine wrote down of the last day → what the steward's page says, in plain words."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher.models import Bounce, InboundMessage, Letter, Night, NightShard
from matcher.store import health, letters, matches, nights, unreadable, watching
from matcher.store.unreadable import Unread
from matcher.store.watching import Failed, Queue
from web.wording import counted

DAY = timedelta(days=1)
TASKS = {
    "match": "Find matches for opportunity {opportunity_id}", "receive": "Read message {message_id}",
    "deliver": "Send the letters that are due", "why_not": "Tell partner {partner_id} where it stands",
    "refresh": "Read partners whose words changed", "sweep": "Pick up what was left behind",
    "digest": "Begin the night", "night": "Work on the night", "reminders": "Remind, close and tidy up",
    "imap": "Fetch the mail of the IMAP mailbox", "learn": "Learn the ranking anew",
    "retain": "Let go of what is past its keeping time",
}  # fmt: skip
QUEUES = {
    "now": "What somebody waits for",
    "mail": "Letters that are due",
    "tonight": "The night",
    "whenever": "What repeats",
}
KINDS = {
    "digest": "Digests", "confirm": "“Did we read your posting right?”", "opened": "“It is open”",
    "interested": "“A partner says yes”", "introduction": "Introductions", "reminder": "Reminders",
    "answer": "Answers to mail", "answered": "Answers passed on", "question": "Questions passed on",
    "sign-in": "Sign-in links", "welcome": "“How we read your profile”", "probe": "Tries of an address that bounced",
    "colleague": "“A colleague of yours?”", "held": "“Was that you?”",
    "outcome": "“What came of it?”", "live": "“You are live”",
    "confirm_outcome": "“Is this right?”, an outcome", "recorded": "“Noted”, an outcome",
    "waitlisted": "“Not this time”", "ending": "“It closes soon”", "ended": "“It has closed”",
}  # fmt: skip
CAUSES = {
    "unsubscribed": "the reader asked for no digests", "complaint": "the reader reported a letter as spam",
    "left": "the reader left Counterpart", "bounce": "letters to the address came back",
    "too late": "the mail server was away until it was too late for the reader's day",
}  # fmt: skip
STAGES = {
    "match": (("opportunity ranked", "opportunities ranked"), ("match found", "matches found")),
    "explain": (
        ("opportunity looked at again", "opportunities looked at again"),
        ("match further down explained", "matches further down explained"),
    ),
    "write": (("reader looked at", "readers looked at"), ("digest written", "digests written")),
}
WITHOUT = {
    "match": ("opportunity was not ranked", "opportunities were not ranked"),
    "explain": ("opportunity was not told to firms further down", "opportunities were not told to firms further down"),
    "write": ("reader got no digest", "readers got no digest"),
}
STATES = {
    "match": "ranks the opportunities", "explain": "says why firms further down match", "write": "writes the digests",
    "done": "done", "given_up": "given up",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """The letters of one kind of the last day, by what became of them."""

    kind: str
    n_sent: int
    n_waiting: int
    n_failed: int
    n_dropped: int


@dataclass(frozen=True, slots=True)
class NightShown:
    """One night: how far it is, how long it took, and what it came to, stage by stage."""

    night: Night
    state: str
    took: str
    lines: tuple[str, ...]
    set_aside: tuple[str, ...]  # each part with whom it left without what, and why


@dataclass(frozen=True, slots=True)
class JobShown:
    """A job that was set aside, in words."""

    failed: Failed
    what: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What became of the letters to one address."""

    email: str
    letters: list[Letter]
    stopped: str


@dataclass(frozen=True, slots=True)
class StewardPage:
    """Everything that the page says."""

    nights: tuple[NightShown, ...]
    letters: tuple[Counted, ...]
    reasons: tuple[tuple[str, int], ...]
    queues: tuple[tuple[str, Queue], ...]
    n_workers: int
    jobs: tuple[JobShown, ...]
    n_jobs: int
    n_unreadable: int
    unreadable: list[Unread]
    bounces: list[Bounce]
    mail: list[InboundMessage]
    n_held: int
    held: list[InboundMessage]
    n_refused: int
    refused: list[InboundMessage]
    looked: Looked | None


def steward_page(session: Session, *, address: str, now: datetime) -> StewardPage:
    """Collect the last day of the machine; of one address its letters, when the steward asks about it."""
    counted = watching.letters_by_state(session, since=now - DAY)
    queues = watching.queues(session, now=now)
    n_held, held = watching.held(session)
    n_refused, refused = watching.refused(session)
    return StewardPage(
        nights=tuple(_night(session, each, now) for each in watching.nights_since(session, since=now - DAY)),
        letters=_by_kind(counted),
        reasons=_reasons(counted),
        queues=tuple((QUEUES.get(each.name, each.name), each) for each in queues),
        n_workers=health.n_workers(session),
        jobs=tuple(JobShown(each, words_of(each)) for each in watching.failed_jobs(session)),
        n_jobs=sum(each.n_failed for each in queues),
        n_unreadable=unreadable.n_noted(session),
        unreadable=unreadable.listed(session),
        bounces=watching.bounced(session),
        mail=watching.for_steward(session),
        n_held=n_held,
        held=held,
        n_refused=n_refused,
        refused=refused,
        looked=_looked(session, address) if address else None,
    )


def words_of(job: Failed) -> str:
    """Say what a job was to do."""
    known = defaultdict(lambda: "?", job.arguments)
    return TASKS.get(job.task, job.task).format_map(known)


def since(began: datetime, ended: datetime) -> str:
    """Say how long something took: "4 s", "12 min", "3 h 20 min"."""
    seconds = max(0, round((ended - began).total_seconds()))
    if seconds < 100:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def _night(session: Session, row: Night, now: datetime) -> NightShown:
    stages = nights.progress(session, row.id)
    took = since(row.begun_at, row.ended_at or now) + ("" if row.ended_at else " so far")
    aside = tuple(_set_aside(each) for each in watching.shards_set_aside(session, row.id))
    n_paused = matches.n_paused(session, row.day)
    paused = (f"{counted(n_paused, 'reader', 'readers')} paused until a later day, so skipped",) if n_paused else ()
    return NightShown(row, STATES[row.stage], took, (*(_stage(each) for each in stages), *paused), aside)


def _set_aside(each: NightShard) -> str:
    whom = counted(each.n_taken, *WITHOUT[each.stage]) if each.n_taken else "nobody was told this"
    return f"{whom[0].upper()}{whom[1:]}: {each.error}"


def _stage(each: nights.Progress) -> str:
    taken, made = STAGES[each.stage]
    left = each.n_shards - each.n_done - each.n_failed
    parts = [counted(each.n_taken, *taken), counted(each.n_made, *made)]
    parts += [f"{each.n_late:,} too late for their morning, so skipped"] if each.n_late else []
    parts += [f"{left:,} of {counted(each.n_shards, 'part', 'parts')} still to do"] if left else []
    return ", ".join(parts)


def _by_kind(counted: list[tuple[str, str, str, int]]) -> tuple[Counted, ...]:
    n: dict[tuple[str, str], int] = defaultdict(int)
    for kind, state, _, number in counted:
        n[kind, {"claimed": "waiting"}.get(state, state)] += number
    kinds = sorted(
        {kind for kind, _ in n}, key=lambda kind: (-sum(n[kind, each] for each in ("sent", "waiting")), kind)
    )
    states = ("sent", "waiting", "failed", "dropped")
    return tuple(Counted(KINDS.get(kind, kind), *(n[kind, each] for each in states)) for kind in kinds)


def _reasons(counted: list[tuple[str, str, str, int]]) -> tuple[tuple[str, int], ...]:
    """List why letters were skipped, failed or put off, the most frequent first."""
    n: dict[str, int] = defaultdict(int)
    for _, state, why, number in counted:
        if state == "dropped":
            n[f"Skipped: {CAUSES.get(why, why)}"] += number
        elif state == "failed":
            n[f"Refused for good: {why}"] += number
        elif why:
            n[f"Put off, tried again by itself: {why}"] += number
    return tuple(sorted(n.items(), key=lambda each: (-each[1], each[0])))


def _looked(session: Session, address: str) -> Looked:
    stopped = letters.why_no_digest(session, address)
    return Looked(address, watching.letters_to(session, address), CAUSES.get(stopped, stopped))
