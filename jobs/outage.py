"""A database that went away → one line of the log, and a wait until it answers again."""

import asyncio
import logging
from collections.abc import Coroutine
from time import monotonic
from typing import Any

import psycopg
from procrastinate.exceptions import ConnectorException

from jobs.ground import log
from web.db import AWAY
from web.fit import is_away as is_away

LOST = (ConnectorException, psycopg.OperationalError, psycopg.InterfaceError, *AWAY)
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
STEADY_S = 60.0  # who worked for so long before the next loss begins again with a short pause
CONNECT_S = 10
SAY_SO = ("procrastinate.utils", "procrastinate.worker", "procrastinate.periodic", "asyncio")


class Hush(logging.Filter):
    """Leave tracebacks of connections that broke out of the log: a line of our own says it."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and is_away(record.exc_info[1]))


def hush(queues: tuple[str, ...]) -> None:
    """Let the queue, of which each part tells of an outage in its own traceback, be quiet about it."""
    for name in (*SAY_SO, *(f"procrastinate.worker.{queue}" for queue in queues)):
        logging.getLogger(name).addFilter(Hush())
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # it warns of each connection and of each try


class Absence:
    """The times that a database was away; those that follow each other soon are waited for longer and longer."""

    def __init__(self, url: str) -> None:
        self.url, self.pause_s, self.back_at = url, FIRST_PAUSE_S, 0.0

    async def over(self, why: BaseException | None) -> None:
        """Wait 1, 2, 4 … up to 30 s at a time until the database answers."""
        began = monotonic()
        if began - self.back_at > STEADY_S:
            self.pause_s = FIRST_PAUSE_S
        log.warning("the queue was lost", error=_in_a_line(why), do="Nothing: work goes on once the database answers.")
        while True:
            await asyncio.sleep(self.pause_s)
            self.pause_s = min(2 * self.pause_s, LONGEST_PAUSE_S)
            if await self._answers():
                break
        self.back_at = monotonic()
        log.info("the database answers", after_s=round(self.back_at - began))

    async def _answers(self) -> bool:
        try:
            async with await psycopg.AsyncConnection.connect(self.url, connect_timeout=CONNECT_S) as connection:
                await connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True


async def unless(asked: asyncio.Event, what: Coroutine[Any, Any, None]) -> None:
    """Wait for something, but no longer than until this process is asked to end."""
    both = [asyncio.create_task(what), asyncio.create_task(asked.wait())]
    done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    for each in both:
        each.cancel()
    await asyncio.gather(*both, return_exceptions=True)
    for each in done:
        each.result()


def _in_a_line(error: BaseException | None) -> str:
    cause = error and (error.__cause__ or error)
    return str(cause).strip().split("\n")[0] if cause else "its connections were closed"
