"""How one web server runs: where it listens, how its master logs, and a folder for its metrics while it lives.

Nothing of `web` is imported here: whoever reads this file lives on through HUP and would keep the old release.
"""

import json
import logging
import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime

from dotenv import dotenv_values
from gunicorn.glogging import Logger

NAME = "PROMETHEUS_MULTIPROC_DIR"
# As all settings are read: the file as its own library reads it, and the environment wins.
bind = {**dotenv_values(".env"), **os.environ}.get("WEB_BIND") or "127.0.0.1:8000"
control_socket_disable = True  # its default path is one for all servers of a user
if NAME not in os.environ:  # HUP reads this file anew
    os.environ[NAME] = tempfile.mkdtemp(prefix="counterpart-metrics-")  # before anybody counts
folder = os.environ[NAME]


class Lines(logging.Formatter):
    """Writes a line as `web.log` does in every other process."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
        told = {"logger": record.name, "event": record.getMessage(), "level": record.levelname.lower(), "timestamp": at}
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told)


class logger_class(Logger):  # noqa: N801 - the name of the setting
    """Says as JSON what the master and workers that are about to begin say; on a terminal, as people read it."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        for each in self.error_log.handlers:
            if not sys.stderr.isatty():
                each.setFormatter(Lines())


def child_exit(server: object, worker: object) -> None:
    """Leave out the gauges of a process that ended; what it counted stays."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[attr-defined, no-untyped-call]


def on_exit(server: object) -> None:
    shutil.rmtree(folder, ignore_errors=True)
