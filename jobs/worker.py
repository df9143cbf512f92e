"""The queue → work done, with one warm model; the sweep among the tasks picks up whatever a lost job left behind."""

import asyncio
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread

import click
from procrastinate import App

from jobs import allocating, match, night, refresh, stalled, tracing
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
    with machine.replace_connector(connector_of(g.settings)) as app:
        asyncio.run(_once(app) if once else _until_stopped(app, g))
    if not once and not g.stopping.is_set():
        sys.exit("The worker lost the database or its own row there, and ends: start it again.")


def catch_up(g: Ground) -> None:
    """Do what was left while no worker ran. It may be long, an hour after a change of the model: jobs do not wait."""
    match.take_ranker(g)
    log.info("ranker taken")
    refresh.refresh(g)
    match.match_waiting(g)


def _caught_up(g: Ground) -> None:
    try:
        catch_up(g)
    except Exception:  # noqa: BLE001 - the sweep of each minute tries again
        if not g.stopping.is_set():  # at the end of a process its threads are refused what they need
            log.exception("not caught up")


async def _once(app: App) -> None:
    async with app.open_async():
        await app.run_worker_async(wait=False, concurrency=4, delete_jobs="successful")


async def _until_stopped(app: App, g: Ground) -> None:
    """Work on each queue; a signal, or the end of one, ends all of them after the jobs they have begun."""
    ended, loop = Event(), asyncio.get_running_loop()
    loop.set_default_executor(thread_for_each_place())
    async with app.open_async(), asyncio.TaskGroup() as group:
        working = [group.create_task(_work_on(app, queue, places)) for queue, places in PLACES.items()]

        def end() -> None:
            if ended.is_set():
                return  # a queue that is cancelled twice does not wait until its jobs are marked as done
            ended.set()
            loop.call_later(STOP_S, leave)
            for each in working:
                each.cancel()

        def stop() -> None:
            g.stopping.set()
            end()

        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, stop)
        for each in working:
            each.add_done_callback(lambda _: end())
        night.call_again(g)
        Thread(target=_caught_up, args=(g,), name="catching up", daemon=True).start()
        stalled.look_out(g, ended)
        allocating.give_back_often(ended)


def leave() -> None:
    """End in the middle of jobs that take too long: what they have not committed is undone, others begin them again."""
    left = sorted(tracing.at_work.values())
    log.warning("left jobs that were not done", jobs=left, after_s=STOP_S, do="Nothing: a worker begins them again.")
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
