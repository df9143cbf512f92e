"""Requests to send → how long each took, over a few connections that are kept open, from a process of its own."""

import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from time import perf_counter
from urllib.parse import urlencode

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TIMEOUT_S = 30
PERCENTILES = (("p50_ms", 0.5), ("p95_ms", 0.95), ("p99_ms", 0.99))


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: a path, what is sent with it (None: a GET), the cookie of whoever asks, and the right answer."""

    path: str
    fields: dict[str, str] | None = None
    cookie: str = ""
    wanted: int = 200


@dataclass(slots=True)
class Taken:
    """What a load measured: seconds of each request, in all, and requests without the right answer."""

    each_s: list[float] = field(default_factory=list)
    wall_s: float = 0.0
    wrong: list[str] = field(default_factory=list)


def load(host: str, requests: list[Asked], *, n_connections: int, seconds: float) -> Taken:
    """Send requests one after the other on each connection until time is up or none is left."""
    told = pickle.dumps((host, requests, n_connections, seconds))
    done = subprocess.run([sys.executable, "-m", __spec__.name], input=told, stdout=subprocess.PIPE, check=True)
    taken = pickle.loads(done.stdout)
    assert isinstance(taken, Taken)
    return taken


def _load(host: str, requests: list[Asked], n_connections: int, seconds: float) -> Taken:
    taken, left, lock = Taken(), iter(requests), threading.Lock()
    began = perf_counter()

    def following() -> Asked | None:
        with lock:
            return next(left, None) if perf_counter() - began < seconds else None

    callers = [threading.Thread(target=_call, args=(host, following, taken)) for _ in range(n_connections)]
    for each in callers:
        each.start()
    for each in callers:
        each.join()
    taken.wall_s = perf_counter() - began
    return taken


def _call(host: str, following: Callable[[], Asked | None], taken: Taken) -> None:
    connection = HTTPConnection(host, timeout=TIMEOUT_S)
    for asked in iter(following, None):
        began = perf_counter()
        status = _ask(connection, asked)
        taken.each_s.append(perf_counter() - began)
        if status != str(asked.wanted):
            taken.wrong.append(f"{asked.path}: {status}")
    connection.close()


def _ask(connection: HTTPConnection, asked: Asked) -> str:
    headers = {"Cookie": asked.cookie} if asked.cookie else {}
    try:
        if asked.fields is None:
            connection.request("GET", asked.path, headers=headers)
        else:
            connection.request("POST", asked.path, urlencode(asked.fields), headers | FORM)
        answer = connection.getresponse()
        answer.read()
        return str(answer.status)
    except (OSError, HTTPException) as error:
        connection.close()  # the next request opens it again
        return type(error).__name__


def figures(taken: Taken) -> dict[str, float]:
    """Say requests per second, and in milliseconds what half, 95 and 99 of 100 requests took at most."""
    ms = sorted(each * 1000 for each in taken.each_s)
    at = {name: round(ms[min(len(ms) - 1, int(len(ms) * share))], 1) for name, share in PERCENTILES} if ms else {}
    return {"requests": len(ms), "per_s": round(len(ms) / taken.wall_s, 1), **at, "wrong": len(taken.wrong)}


if __name__ == "__main__":
    from tests.benchmarks import web_load  # its classes, by the name under which they were sent

    asked = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(pickle.dumps(web_load._load(*asked)))
