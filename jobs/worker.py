"""The queue → work done, with one warm model; the sweep among the tasks picks up whatever a lost job left behind."""

import click
from procrastinate import PsycopgConnector

from jobs import match, refresh
from jobs.ground import ground, log
from jobs.tasks import machine, poll_each_minute
from web import metrics


@click.command()
@click.option("--once", is_flag=True, help="Stop when the queue is empty.")
def main(once: bool) -> None:
    """Run jobs until stopped."""
    g = ground()
    refresh.refresh(g)
    match.match_waiting(g)
    g.embedder.encode(["warm"])
    poll_each_minute(g.settings)
    metrics.serve(g.settings.metrics_host, g.settings.worker_metrics_port)
    log.info("worker ready", model=g.embedder.model)
    with machine.replace_connector(PsycopgConnector(conninfo=g.settings.database_url)) as app:
        app.run_worker(wait=not once, concurrency=4, delete_jobs="successful", shutdown_graceful_timeout=20)


if __name__ == "__main__":
    main()
