"""A fresh clone → the whole service on the seed network, the story played for real, then pages until Ctrl-C."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic, sleep
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import click
import psycopg
from rich.console import Console
from rich.progress import Progress, track

from jobs import match, refresh, seed
from jobs.ground import Ground, ground_on, log_to, now
from jobs.person import NothingCame
from jobs.story import StoryBroken, tell
from matcher import matching
from matcher.store import postings
from web import create_app
from web.db import transaction
from web.local import migrate, start_private
from web.settings import BadSetting, Settings, address_of, as_environment, load_settings, without_password

PROGRAMS = {
    "web": ["-m", "gunicorn", "--workers", "1", "--threads", "8", "--bind", "{bind}", "{application}"],
    "worker": ["-m", "jobs.worker"],
    "inbound": ["-m", "jobs.inbound", "--listen"],
    "mailbox": ["-m", "jobs.mailbox"],
}
START_S = 60
NAMES = ("secret_key", "mail_from", "inbound_domain", "embedding_model", "embedding_device", "digest_hour")

console = Console(highlight=False, soft_wrap=True)


@click.command()
@click.option("--once", is_flag=True, envvar="ONCE", help="Stop after the story (also ONCE=1).")
def main(once: bool) -> None:
    """Play the whole story on the seed network, then serve it; exits 0 when every step happened."""
    sys.exit(play(once))


def play(once: bool) -> int:
    """Play the demo; 0 when every step of the story happened."""
    began = monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    settings = settings_apart(load_settings(), "demo")
    log_to((settings.folder / "log" / "demo.log").open("w"))
    g = ground_on(create_app(settings))
    fill(g)
    with running(settings):
        try:
            tell(g, console)
        except (StoryBroken, NothingCame) as broken:
            console.print(f"\n[bold red]The story broke:[/] {broken}\nThe programs wrote to {settings.folder / 'log'}.")
            return 1
        console.print(f"\n[bold]Every step happened, in {monotonic() - began:.0f} s.[/]")
        if not once:
            _serve(settings)
    return 0


def settings_apart(settings: Settings, name: str) -> Settings:
    """Choose a database, a folder and ports of its own, so that a run can be repeated and disturbs nothing.

    Of what is set for the real service it keeps the `NAMES`: no mailbox of it is polled and none of its mail is sent.
    """
    if not settings.database_is_local:
        shown = without_password(address_of(settings.database_url))
        raise BadSetting("DATABASE_URL", shown, "the demo shows every letter; it runs only locally.")
    folder = settings.folder.resolve() / name
    shutil.rmtree(folder / "mailbox", ignore_errors=True)
    (folder / "log").mkdir(parents=True, exist_ok=True)
    server = settings.database_url or start_private(folder.parent / "postgresql")
    url = _new_database(server, f"counterpart_{name}")
    migrate(url)
    port = _free(urlsplit(settings.base_url).port or 8000)
    return replace(
        only_names(settings),
        database_url=url,
        folder=folder,
        mailbox=True,
        base_url=f"http://127.0.0.1:{port}",
        mail_server="127.0.0.1",
        mail_port=_free(settings.mail_port),
        inbound_host="127.0.0.1",
        inbound_port=_free(settings.inbound_port),
    )


def only_names(settings: Settings) -> Settings:
    """Leave out what leads to the mail, the monitors and the files of a service."""
    return Settings(**{name: getattr(settings, name) for name in NAMES})


def fill(g: Ground) -> None:
    """Load the seeds, read and embed the network, match the open postings, each with a progress bar."""
    console.rule("[bold]The seed network")
    at = now()
    with transaction(g.engine) as session:
        problems = seed.load(session, seed.SEEDS, at=at, show=seed.with_bar)
        matching.read_partners(session, now=at)
    for each in problems:
        console.print(f"Left out: {each}")
    with Progress(console=console, transient=False) as bar:
        task = bar.add_task("texts embedded ", total=None)
        for n_texts in refresh.embed_all(g):
            bar.update(task, advance=n_texts)
        bar.update(task, total=bar.tasks[0].completed)
    with transaction(g.engine) as session:
        waiting = postings.unmatched(session, limit=1000)
    for opportunity_id in track(waiting, description="postings ranked"):
        match.match_one(g, opportunity_id, at=at)


@contextmanager
def running(settings: Settings, *, application: str = "web:create_app()") -> Iterator[None]:
    """Run the programs of the Procfile beside this one, and end them afterwards."""
    started = [_start(name, settings, application) for name in PROGRAMS]
    try:
        _wait_until_well(settings, started)
        yield
    finally:
        for each in started:
            each.terminate()
        for each in started:
            _end(each)


def _start(name: str, settings: Settings, application: str) -> subprocess.Popen[bytes]:
    bind = urlsplit(settings.base_url).netloc
    command = [sys.executable, *(part.format(bind=bind, application=application) for part in PROGRAMS[name])]
    logs = settings.folder / "log"
    logs.mkdir(exist_ok=True)
    with (logs / f"{name}.log").open("wb") as log:
        return subprocess.Popen(command, env=_environment(settings), stdout=log, stderr=subprocess.STDOUT)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment(settings: Settings) -> dict[str, str]:
    secret = settings.secret_key or (settings.folder / "secret").read_text().strip()
    return os.environ | as_environment(replace(settings, secret_key=secret))


def _wait_until_well(settings: Settings, started: list[subprocess.Popen[bytes]]) -> None:
    until = monotonic() + START_S
    while monotonic() < until:
        dead = [name for name, each in zip(PROGRAMS, started, strict=True) if each.poll() is not None]
        if dead:
            raise SystemExit(f"{dead[0]} stopped at once; see {settings.folder / 'log' / dead[0]}.log")
        if _answers(settings):
            return
        sleep(0.2)
    raise SystemExit(f"The service was not well within {START_S} s; see {settings.folder / 'log'}.")


def _answers(settings: Settings) -> bool:
    try:
        for port in (settings.mail_port, settings.inbound_port):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        with urlopen(f"{settings.base_url}/healthz", timeout=2) as page:
            return page.status == 200
    except (URLError, OSError):
        return False


def _serve(settings: Settings) -> None:
    console.print(f"\nIt goes on running. Home: {settings.base_url}/   every inbox: {settings.base_url}/mailbox")
    console.print("Ctrl-C ends it.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        console.print("\nEnded.")


def _new_database(server: str, name: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    parts = urlsplit(server)
    return urlunsplit(parts._replace(path=f"/{name}"))


def _free(port: int) -> int:
    """Return the port, or another one when something listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
