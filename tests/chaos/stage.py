"""A folder → the whole service as real processes on a PostgreSQL of its own, with a sink for its mail and a clock."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import psycopg
from sqlalchemy import select, text, update

from jobs import refresh
from jobs.ground import Ground, ground_on, log_to
from matcher.models import Contact, Opportunity
from tests.chaos import market
from tests.chaos.disk import Disk
from tests.chaos.programs import ROOT, Cluster, Program, new_cluster, python, wait_until
from tests.chaos.shifted import Clock
from tests.jobs.environment import environment_of
from tests.places import free_port
from web import create_app
from web.db import transaction
from web.local import migrate
from web.settings import Settings

N_WORKERS = 2
QUIET_S = 300
N_TO_READ = 60  # opportunities, whose needs are all that will ever be asked
CHANGE = "UPDATE partner SET city = %(city)s, changed_at = now() WHERE id = ANY(%(ids)s)"
# What a night allots is gone when it ends; the judge keeps it, in the transaction that allots.
KEEP_ALLOTTED = (
    "CREATE TABLE chaos_allotted (night_id bigint, contact_id bigint, opportunity_id bigint, partner_id bigint)",
    "CREATE FUNCTION chaos_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO chaos_allotted"
    " SELECT night_id, contact_id, opportunity_id, partner_id FROM made; RETURN NULL; END $$",
    "CREATE TRIGGER chaos_keep AFTER INSERT ON allotment REFERENCING NEW TABLE AS made"
    " FOR EACH STATEMENT EXECUTE FUNCTION chaos_keep()",
)


@dataclass(slots=True)
class Stage:
    """Everything that runs, by name."""

    folder: Path
    settings: Settings
    cluster: Cluster
    clock: Clock
    environment: dict[str, str]
    disk: Disk
    programs: dict[str, Program] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.settings.database_url

    def add(self, name: str, command: list[str], **more: object) -> Program:
        log = self.folder / "log" / f"{name}.log"
        self.programs[name] = Program(name, command, self.environment, log, **more)  # type: ignore[arg-type]
        return self.programs[name]

    def job(self, *arguments: str) -> list[str]:
        return python("tests.chaos.shifted", *arguments)

    def run(self, *arguments: str) -> str:
        """Run a job to its end while nobody is killed; return what it printed."""
        done = subprocess.run(
            self.job(*arguments), cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=QUIET_S
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    def cost_of_a_job_s(self) -> float:
        """Measure how much of a processor a job needs to begin and to end."""
        before = os.times()
        self.run("jobs.deliver", "--dry-run")
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    def care(self) -> None:
        """Start again whatever ended."""
        for each in self.programs.values():
            each.care()

    def change(self, n: int, chance: Random) -> None:
        """Let so many partners change, so that the ranker that was built is no longer the newest one can have."""
        try:
            with psycopg.connect(self.url, connect_timeout=2) as connection:
                ids = [row[0] for row in connection.execute("SELECT id FROM partner WHERE state = 'live' ORDER BY id")]
                values = {"city": f"Town {chance.randrange(1000)}", "ids": chance.sample(ids, min(n, len(ids)))}
                connection.execute(CHANGE, values)
        except psycopg.Error:
            return  # the database was killed just now

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.url, connect_timeout=2) as connection:
                connection.execute("SELECT 1")
            return True
        except psycopg.Error:
            return False


@contextmanager
def set_up(folder: Path, *, n_partners: int, n_opportunities: int, seed: int, to_rank: bool = False) -> Iterator[Stage]:
    """Make the network and its opportunities and describe the processes; end what runs when the block ends.

    The opportunities have their matches already, or a night has them still to rank, in small shards and with pauses.
    """
    Disk(folder).unmount()  # of a run that was killed
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "log").mkdir(parents=True)
    stage = _stage(folder, slowed=to_rank)
    if to_rank:
        stage.disk.mount()
    try:
        postgres = stage.programs["postgres"]
        postgres.start()
        wait_until(lambda: _server_answers(stage.cluster), "PostgreSQL to answer")
        with psycopg.connect(stage.cluster.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE counterpart")
        migrate(stage.url)
        if to_rank:
            _fill_unranked(stage, n_partners=n_partners, seed=seed)
        else:
            _fill(stage, n_partners=n_partners, n_opportunities=n_opportunities, seed=seed)
        yield stage
    finally:
        for each in reversed(list(stage.programs.values())):
            each.stop()
        stage.disk.unmount()


def _stage(folder: Path, *, slowed: bool) -> Stage:
    cluster = new_cluster(folder / "postgresql", free_port())
    settings = Settings(
        database_url=f"postgresql://postgres@127.0.0.1:{cluster.port}/counterpart",
        secret_key="a secret of the chaos", folder=folder, base_url=f"http://127.0.0.1:{free_port()}",
        mail_port=free_port(), inbound_port=free_port(),
    )  # fmt: skip
    environment = environment_of(settings) | {
        "CHAOS_CLOCK": str(folder / "clock"), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false", "CHAOS_SLOWED": "1" if slowed else "",
    }  # fmt: skip
    stage = Stage(folder, settings, cluster, Clock(folder / "clock"), environment, Disk(folder))
    stage.programs["postgres"] = cluster.program(folder / "log" / "postgres.log")
    return stage


def _fill(stage: Stage, *, n_partners: int, n_opportunities: int, seed: int) -> None:
    with noting(stage, "fill") as g, transaction(g.engine) as session:
        market.fill(session, n_partners=n_partners, n_opportunities=n_opportunities, seed=seed)


def _fill_unranked(stage: Stage, *, n_partners: int, seed: int) -> None:
    """Write partners and let the model read them and what will be asked: whoever ranks finds all vectors made."""
    chance, at = Random(seed), datetime.now(UTC)
    with noting(stage, "fill") as g:
        with transaction(g.engine) as session:
            contacts = market.join(session, n_partners, chance, at, read_at=None)
            market.post(session, contacts, N_TO_READ, chance, at)
            session.execute(update(Opportunity).values(state="withdrawn"))
            for statement in KEEP_ALLOTTED:
                session.execute(text(statement))
        refresh.refresh(g)


def post(stage: Stage, n: int, chance: Random) -> None:
    """Let partners post opportunities that the next night will rank."""
    with noting(stage, "fill") as g, transaction(g.engine) as session:
        contacts = list(session.scalars(select(Contact).where(Contact.email.like("p%")).order_by(Contact.id)))
        market.post(session, contacts, n, chance, datetime.now(UTC))


@contextmanager
def noting(stage: Stage, name: str) -> Iterator[Ground]:
    """Work on the stage's database in this process, with a log of its own."""
    with (stage.folder / "log" / f"{name}.log").open("a") as log:
        log_to(log)
        g = ground_on(create_app(stage.settings))
        try:
            yield g
        finally:
            g.engine.dispose()
            log_to(open(os.devnull, "w"))  # noqa: SIM115 - for as long as this process lives


def describe(stage: Stage) -> None:
    """Name the processes of a service, none of them started: those of the Procfile, and the sink."""
    bind = stage.settings.base_url.removeprefix("http://")
    stage.add(
        "sink", python("tests.chaos.sink", "--port", str(stage.settings.mail_port), "--folder", str(stage.folder))
    )
    stage.add("web", python("gunicorn", "--workers", "2", "--threads", "4", "--bind", bind, "web:create_app()"))
    stage.add("inbound", stage.job("jobs.inbound", "--listen"))
    for n in range(1, N_WORKERS + 1):
        stage.add(f"worker{n}", stage.job("jobs.worker"))


def start_all(stage: Stage) -> None:
    """Start what is described and wait until all doors are open."""
    for each in stage.programs.values():
        if not each.is_running:
            each.start()
    ports = [stage.settings.mail_port, stage.settings.inbound_port, int(stage.settings.base_url.rpartition(":")[2])]
    wait_until(lambda: all(is_open(port) for port in ports), "all doors open")


def ground_of(stage: Stage) -> Ground:
    """Stand on the stage's database in this process."""
    return ground_on(create_app(stage.settings))


def is_open(port: int) -> bool:
    """Tell whether somebody listens on a port of loopback."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _server_answers(cluster: Cluster) -> bool:
    try:
        psycopg.connect(cluster.url, connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True
