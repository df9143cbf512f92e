"""The jobs' steps → tasks of the queue, and when those that repeat come round."""

from procrastinate import App, PsycopgConnector

from jobs import deliver, digest, imap, inbound, match, refresh, reminders
from jobs.ground import ground, now
from web.settings import Settings

# Apart from the application that defers: that one writes through the caller's own connection, this one listens.
machine = App(connector=PsycopgConnector())


@machine.task(name="match", queue="now")
def match_task(opportunity_id: int) -> None:
    match.match_one(ground(), opportunity_id, at=now())


@machine.task(name="receive", queue="now")
def receive_task(message_id: int) -> None:
    inbound.receive_one(ground(), message_id)


@machine.task(name="deliver", queue="now")
def deliver_task() -> None:
    deliver.deliver_all(ground())


@machine.task(name="refresh", queue="tonight")
def refresh_task() -> None:
    refresh.refresh(ground())


@machine.periodic(cron="* * * * *")
@machine.task(name="sweep", queue="tonight", queueing_lock="sweep")
def sweep_task(timestamp: int) -> None:
    """Do what a lost job left behind."""
    g = ground()
    inbound.receive_waiting(g)
    refresh.refresh(g)
    match.match_waiting(g)
    deliver.deliver_all(g)


@machine.periodic(cron="*/10 * * * *")
@machine.task(name="digest", queue="tonight", queueing_lock="digest")
def digest_task(timestamp: int) -> None:
    digest.digest_due(ground(), at=now())


@machine.periodic(cron="5 * * * *")
@machine.task(name="reminders", queue="tonight", queueing_lock="reminders")
def reminders_task(timestamp: int) -> None:
    reminders.remind_all(ground(), at=now())


@machine.task(name="imap", queue="now", queueing_lock="imap", lock="imap")
def imap_task(timestamp: int) -> None:
    imap.poll_or_say(ground())


def poll_each_minute(settings: Settings) -> None:
    """Let the worker poll the mailbox of IMAP_HOST, where one is named."""
    if settings.imap_host:
        machine.periodic(cron="* * * * *")(imap_task)
