"""Partners whose words changed → capabilities read anew and texts embedded."""

import click
from rich.progress import Progress

from jobs.ground import Ground, ground, log, now
from matcher import matching
from web.db import transaction


def refresh(g: Ground) -> tuple[int, int]:
    """Read changed partners and embed what has no vector yet; return (partners, texts)."""
    with transaction(g.engine) as session:
        n_partners = matching.read_partners(session, now=now())
    n_texts = sum(iter(lambda: embed_some(g), 0))
    if n_partners or n_texts:
        log.info("refreshed", partners=n_partners, texts=n_texts)
    return n_partners, n_texts


def embed_some(g: Ground) -> int:
    """Embed one batch; 0 when nothing is left."""
    with g.lock, transaction(g.engine) as session:
        return matching.embed(session, g.embedder)


@click.command()
def main() -> None:
    """Read partners whose words changed and embed their texts."""
    g = ground()
    with transaction(g.engine) as session:
        click.echo(f"Partners read: {matching.read_partners(session, now=now())}")
    with Progress() as bar:
        task = bar.add_task("Texts embedded", total=None)
        while n_texts := embed_some(g):
            bar.update(task, advance=n_texts)


if __name__ == "__main__":
    main()
