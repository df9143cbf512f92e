"""Where the pages listen, and a folder in which the processes of one web server add up their metrics while it lives."""

import os
import shutil
import tempfile

from dotenv import dotenv_values

NAME = "PROMETHEUS_MULTIPROC_DIR"
# As all settings are read: the file as its own library reads it, and the environment wins.
bind = {**dotenv_values(".env"), **os.environ}.get("WEB_BIND") or "127.0.0.1:8000"
control_socket_disable = True  # its default path is one for all servers of a user
if NAME not in os.environ:  # HUP reads this file anew
    os.environ[NAME] = tempfile.mkdtemp(prefix="counterpart-metrics-")  # before anybody counts
folder = os.environ[NAME]


def child_exit(server: object, worker: object) -> None:
    """Leave out the gauges of a process that ended; what it counted stays."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[attr-defined, no-untyped-call]


def on_exit(server: object) -> None:
    shutil.rmtree(folder, ignore_errors=True)
