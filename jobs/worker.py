"""The queue → work done, with one warm model; the sweep among the tasks picks up whatever a lost job left behind."""

import asyncio
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread
from threading import enumerate as enumerate_threads

import click
from procrastinate import App

from jobs import allocating, match, night, outage, refresh, stalled, tracing
from jobs.connections import connector_of
from jobs.ground import Ground, ground, log
from jobs.tasks import machine, poll_each_minute
from web import metrics
from web.db import act_as

# Each queue has places of its own, so that nobody who waits stands behind the night or its letters, and the night not
# behind itself: a second helper in the same process would only wait for the ranker.
PLACES = {"now": 3, "mail": 2, "tonight": 1, "whenever": 2}
# So long a worker that ends waits for its jobs. It beats no more meanwhile, and thirty seconds after its last beat
# others begin them again: by then it must be gone.
STOP_S = 20
WAIT_S = 8  # for a connection to the queue: to mark a job and to sign off take two such waits, less than STOP_S
CATCHING_UP = "catching up"
Tasks = set[asyncio.Task[None]]


@click.command()
@click.option("--once", is_flag=True, help="Stop when the queue is empty.")
def main(once: bool) -> None:
    """Run jobs until stopped."""
    allocating.keep_small()
    act_as("worker")
    g = ground()
    if once:
        catch_up(g)
    g.embedder.encode(["warm"])
    poll_each_minute(g.settings)
    metrics.serve(g.settings.metrics_host, g.settings.worker_metrics_port)
    log.info("worker ready", model=g.embedder.model)
    if once:
        asyncio.run(_once(g))
        return
    outage.hush(tuple(PLACES))
    asyncio.run(_until_stopped(g))


def catch_up(g: Ground) -> None:
    """Do what was left while no worker ran. It may be long, an hour after a change of the model: jobs do not wait."""
    match.take_ranker(g)
    log.info("ranker taken")
    refresh.refresh(g)
    match.match_waiting(g)


def _caught_up(g: Ground) -> None:
    try:
        catch_up(g)
    except Exception as error:  # noqa: BLE001 - the sweep of each minute tries again
        # At the end of a process its threads are refused what they need; of a database that is away a line tells.
        if not g.stopping.is_set() and not outage.is_away(error):
            log.exception("not caught up")


async def _once(g: Ground) -> None:
    with machine.replace_connector(connector_of(g.settings, wait_s=WAIT_S)) as app:
        async with app.open_async():
            await app.run_worker_async(wait=False, concurrency=4, delete_jobs="successful")


async def _until_stopped(g: Ground) -> None:
    """Work until a signal; a database that goes away is waited for, with model, ranker and threads as they are."""
    ended, asked, loop = Event(), asyncio.Event(), asyncio.get_running_loop()
    loop.set_default_executor(thread_for_each_place())

    def stop() -> None:
        for each in (g.stopping, ended, asked):
            each.set()

    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop)
    stalled.look_out(g, ended)
    allocating.give_back_often(ended)
    absence = outage.Absence(g.settings.database_url)
    while not asked.is_set():
        g.stopping.clear()
        busy, why = await _work(g, asked)
        if not asked.is_set():
            await outage.unless(asked, absence.over(why))
        if not all(each.done() for each in busy):
            leave(again=not asked.is_set())


async def _work(g: Ground, asked: asyncio.Event) -> tuple[Tasks, BaseException | None]:
    """Work on each queue until a signal or the loss of one; return those whose jobs do not end, and why one was lost.

    The loss of one ends all of them after the jobs they have begun: what those jobs hold is soon begun again.
    """
    busy: Tasks = set()
    with machine.replace_connector(connector_of(g.settings, wait_s=WAIT_S)) as app:
        try:
            async with app.open_async():
                night.call_again(g)
                _catch_up_beside(g)
                working = {asyncio.create_task(_work_on(app, queue, places)) for queue, places in PLACES.items()}
                busy, why = await _ended(g, working, asked)
        except outage.LOST as lost:
            why = lost
    return busy, why


async def _ended(g: Ground, working: Tasks, asked: asyncio.Event) -> tuple[Tasks, BaseException | None]:
    signalled = asyncio.create_task(asked.wait())
    await asyncio.wait({*working, signalled}, return_when=asyncio.FIRST_COMPLETED)
    signalled.cancel()
    g.stopping.set()
    for each in working:
        each.cancel()  # once: one that is cancelled twice does not wait until its jobs are marked as done
    done, busy = await asyncio.wait(working, timeout=STOP_S)
    if busy and asked.is_set():
        leave()
    errors = [error for each in done if not each.cancelled() and (error := each.exception())]
    for error in errors:
        if not isinstance(error, outage.LOST):
            raise error
    return busy, next(iter(errors), None)


def _catch_up_beside(g: Ground) -> None:
    """Catch up in a thread of its own, unless one is still at it since before the database went away."""
    if not any(each.name == CATCHING_UP for each in enumerate_threads()):
        Thread(target=_caught_up, args=(g,), name=CATCHING_UP, daemon=True).start()


def leave(*, again: bool = False) -> None:
    """End in the middle of jobs that take too long: what they have not committed is undone, others begin them again.

    Where only the database was away this process then begins `again`, with an empty memory and the same id.
    """
    left = sorted(tracing.at_work.values())
    log.warning("left jobs that were not done", jobs=left, after_s=STOP_S, do="Nothing: a worker begins them again.")
    if again:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    os._exit(1)  # anything less would wait for their threads


def thread_for_each_place() -> ThreadPoolExecutor:
    """Begin all threads that jobs will ever run in.

    Left to itself asyncio has four more than the machine has processors, which on a small one is fewer than there are
    places, and begins each when so many jobs first meet, be it after hours: a worker would seem to grow.
    """
    n_threads = sum(PLACES.values())
    threads, all_here = ThreadPoolExecutor(n_threads, "place"), Barrier(n_threads)
    for begun in [threads.submit(all_here.wait) for _ in range(n_threads)]:
        begun.result()
    return threads


async def _work_on(app: App, queue: str, places: int) -> None:
    await app.run_worker_async(
        queues=[queue], name=queue, concurrency=places, delete_jobs="successful",
        install_signal_handlers=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
