"""The jobs' steps → tasks of the queue, and when those that repeat come round."""

from collections.abc import Callable
from functools import partial
from typing import Any

from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.tasks import Task

from jobs import deliver, imap, inbound, learn, match, night, refresh, reminders, retain, why_not
from jobs.ground import Ground, ground, now
from jobs.steps import do_all
from jobs.tracing import traced
from web.settings import Settings

# Apart from the application that defers: that one writes through the caller's own connection, this one listens.
machine = App(connector=PsycopgConnector())
# What a person waits for is tried again after 4, 16 and 64 seconds; what repeats comes round by itself.
PATIENT = RetryStrategy(max_attempts=4, exponential_wait=4)


def task(**named: Any) -> Callable[[Callable[..., None]], Task]:
    """Make a task that can be followed through the log."""
    return lambda step: machine.task(pass_context=True, **named)(traced(step))


@task(name="match", queue="now", retry=PATIENT)
def match_task(opportunity_id: int) -> None:
    match.match_soon(ground(), opportunity_id)


@task(name="receive", queue="now", retry=PATIENT)
def receive_task(message_id: int) -> None:
    inbound.receive_one(ground(), message_id)


@task(name="deliver", queue="mail", retry=PATIENT)
def deliver_task() -> None:
    deliver.deliver_all(ground())


@task(name="why_not", queue="now", priority=-1)
def why_not_task(opportunity_id: int, partner_id: int) -> None:
    why_not.answer_one(ground(), opportunity_id, partner_id, at=now())


@task(name="refresh", queue="whenever", retry=PATIENT)
def refresh_task() -> None:
    refresh.refresh(ground())


@machine.periodic(cron="* * * * *")
@task(name="sweep", queue="whenever", queueing_lock="sweep", priority=1)
def sweep_task(timestamp: int) -> None:
    """Do what a lost job left behind."""
    sweep(ground())


def sweep(g: Ground) -> None:
    """Do what lost jobs left behind; a step that fails leaves the others to do, and the first error is raised then."""
    steps: dict[str, Callable[[Ground], object]] = {
        "receive": inbound.receive_waiting,
        "refresh": refresh.refresh,
        "match": match.match_waiting,
        "why_not": why_not.answer_waiting,
        "deliver": deliver.deliver_all,
    }
    do_all({name: partial(_unless_stopping, g, step) for name, step in steps.items()})


def _unless_stopping(g: Ground, step: Callable[[Ground], object]) -> None:
    if not g.stopping.is_set():
        step(g)


@machine.periodic(cron="*/10 * * * *")
@task(name="digest", queue="tonight", queueing_lock="digest")
def digest_task(timestamp: int) -> None:
    night.night_due(ground(), at=now())


@task(name="night", queue="tonight", retry=PATIENT)
def night_task(helper: int) -> None:
    """Help with the nights that are open until there is no shard left to take."""
    night.work(ground())


@machine.periodic(cron="5 * * * *")
@task(name="reminders", queue="whenever", queueing_lock="reminders")
def reminders_task(timestamp: int) -> None:
    reminders.remind_all(ground(), at=now())


@machine.periodic(cron="40 3 * * 1")
@task(name="learn", queue="whenever", queueing_lock="learn")
def learn_task(timestamp: int) -> None:
    """Learn the ranker's weights anew; without enough new outcomes nothing happens."""
    learn.learn_once(ground(), at=now())


@machine.periodic(cron="20 2 * * *")
@task(name="retain", queue="whenever", queueing_lock="retain")
def retain_task(timestamp: int) -> None:
    """Let go of what is past its keeping time."""
    retain.retain(ground(), at=now())


@task(name="imap", queue="now", queueing_lock="imap", lock="imap")
def imap_task(timestamp: int) -> None:
    imap.poll_or_say(ground())


def poll_each_minute(settings: Settings) -> None:
    """Let the worker poll the mailbox of IMAP_HOST, where one is named."""
    if settings.imap_host:
        machine.periodic(cron="* * * * *")(imap_task)
