"""The processes of one web server add up their metrics in a folder that lives as long as the server."""

import os
import shutil
import tempfile

NAME = "PROMETHEUS_MULTIPROC_DIR"
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
