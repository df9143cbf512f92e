"""The pages under load on a database of full size, beside a bare Flask view under the same gunicorn."""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from html import unescape
from pathlib import Path
from time import perf_counter
from urllib.request import urlopen

from jobs.demo import settings_apart
from tests.benchmarks import night_database as databases
from tests.benchmarks.web_load import Asked, Taken, figures, load
from tests.benchmarks.web_rows import fill
from tests.benchmarks.web_server import Running, served
from tests.jobs.environment import environment_of
from web.links import Links
from web.settings import Settings, load_settings

AIM_MS = 150
AIM_START_S = 2.0
N_AT_MOST = 50_000  # requests of one kind
TEXT = "We have won a roll-out for a dairy in Cork and need somebody to move 400 mailboxes from Notes. Posting {n}."
PREFIX = "counterpart_web"
MADE_BY = ("web_rows.py",)
BARE = "tests.benchmarks.web_bare:create_app()"
OURS = "tests.benchmarks.unlimited:create_app()"


def main(argv: Sequence[str] | None = None) -> int:
    """Print requests per second and percentiles of each page, and what a process weighs; 1 where it starts late."""
    arguments = _parser().parse_args(argv)
    settings = replace(settings_apart(load_settings(), "bench_web"), secret_key="a secret of the benchmark")
    with market(settings.database_url, arguments) as url:
        measured = _measure(replace(settings, database_url=url), arguments)
    result = {"partners": arguments.partners, "connections": arguments.connections, **measured}
    print(table(result))
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1))
    return int(is_late(result))


def is_late(result: dict[str, object]) -> bool:
    """Tell whether the pages took longer than `AIM_START_S` to answer for the first time."""
    process = result["process"]
    assert isinstance(process, dict)
    return bool(process["start_s"] > AIM_START_S)


@contextmanager
def market(server: str, arguments: argparse.Namespace) -> Iterator[str]:
    """Copy the database of that size, made when there is none, for the length of a block; return the URL."""
    name = databases.named(PREFIX, [arguments.partners], made_by=MADE_BY)
    if not databases.exists(server, name):
        began = perf_counter()
        databases.make(server, name, partial(fill, n_partners=arguments.partners))
        print(f"database of {arguments.partners:,} partners made in {perf_counter() - began:.0f} s", flush=True)
    try:
        with databases.copy_of(server, name) as url:
            yield url
    finally:
        if not arguments.keep:
            databases.drop(server, name)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partners", type=int, default=100_000, help="how many partners (default 100,000)")
    parser.add_argument("--seconds", type=float, default=6, help="how long each page is asked for (default 6)")
    parser.add_argument("--connections", type=int, default=4, help="how many at a time (default 4)")
    parser.add_argument("--keep", action="store_true", help="keep the database; a later run of that size will find it")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser


def _measure(settings: Settings, arguments: argparse.Namespace) -> dict[str, object]:
    environment = {**environment_of(settings), "PYTHONWARNINGS": "ignore"}
    pages: dict[str, dict[str, float]] = {}

    def ask(name: str, server: Running, requests: list[Asked]) -> None:
        load(server.host, requests[:50], n_connections=arguments.connections, seconds=2)  # warm
        before = server.cpu_s()
        taken = load(server.host, requests[50:], n_connections=arguments.connections, seconds=arguments.seconds)
        cpu_ms = (server.cpu_s() - before) * 1000 / max(1, len(taken.each_s))
        pages[name] = {**figures(_believed(name, taken)), "cpu_ms": round(cpu_ms, 1)}

    logs = settings.folder / "log"
    with served(BARE, environment, first="/", log=logs / "bare.log") as bare:
        ask("bare Flask view", bare, [Asked("/")] * N_AT_MOST)
    with served(OURS, environment, first="/how", log=logs / "web.log") as ours:
        before = ours.rss_mb()
        for name, requests in _requests(settings, ours, arguments.partners).items():
            ask(name, ours, requests)
        weight = {"start_s": round(ours.start_s, 2), "rss_mb_at_start": before, "rss_mb": ours.rss_mb()}
        return {"pages": pages, "process": {**weight, "model_libraries": ours.heavy()}}


def _requests(settings: Settings, server: Running, n_partners: int) -> dict[str, list[Asked]]:
    links = Links(settings, datetime.now(UTC).date())
    n_opportunities = n_partners // 5
    form, cookie = _form(server)

    def path(link: str) -> str:
        return link.removeprefix(settings.base_url)

    def posting(n: int) -> Asked:
        told = {"nonce": f"bench{n}", "text": TEXT.format(n=n), "due": "in four months", "place": "remote"}
        whom = {"pays": "the customer pays us, we pay you", "email": f"anna@firm-{1 + n % n_partners}.example"}
        return Asked("/post", {**form, **told, **whom}, cookie, wanted=303)

    numbers = range(1, min(N_AT_MOST, n_partners))
    shown = [1 + n * 7919 % n_opportunities for n in numbers]  # spread over the table, as readers are
    return {
        "home": [Asked("/")] * N_AT_MOST,
        "posting form": [Asked("/post")] * N_AT_MOST,
        "opportunity page": [Asked(path(links.opportunity(n))) for n in shown],
        "one-click unsubscribe": [Asked(path(links.one_click_unsubscribe(n)), {}) for n in numbers],
        "posting (POST)": [posting(n) for n in numbers],
    }


def _form(server: Running) -> tuple[dict[str, str], str]:
    """Open the form once; return its hidden fields and the cookie that belongs to them."""
    with urlopen(f"http://{server.host}/post") as page:
        html, cookie = page.read().decode(), page.headers["Set-Cookie"].partition(";")[0]
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
    assert found
    return {"csrf_token": unescape(found[1])}, cookie


def _believed(name: str, taken: Taken) -> Taken:
    if taken.wrong:
        raise SystemExit(f"{name}: {len(taken.wrong)} of {len(taken.each_s)} answers were wrong: {taken.wrong[:3]}")
    return taken


def table(result: dict[str, object]) -> str:
    """Write the figures as the page of this benchmark keeps them."""
    pages, process = result["pages"], result["process"]
    assert isinstance(pages, dict)
    assert isinstance(process, dict)
    lines = ["| page | requests/s | p50 ms | p95 ms | p99 ms | CPU ms each |", "|---|---|---|---|---|---|"]
    for name, each in pages.items():
        times = " | ".join(str(each[key]) for key in ("p50_ms", "p95_ms", "p99_ms", "cpu_ms"))
        lines.append(f"| {name} | {each['per_s']:.0f} | {times} |")
    slow = [name for name, each in pages.items() if each["p95_ms"] > AIM_MS]
    lines.append(
        f"started in {process['start_s']} s{' (too slow)' if is_late(result) else ''}; "
        f"MB of each process {process['rss_mb']}; "
        f"libraries of the model: {', '.join(process['model_libraries']) or 'none'}; "
        f"slower than {AIM_MS} ms: {', '.join(slow) or 'none'}"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
