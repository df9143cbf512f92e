"""Partners whose words changed → capabilities read anew and texts embedded."""

from collections.abc import Iterator
from dataclasses import replace

import click
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from jobs.ground import Ground, ground, log, now
from matcher import matching
from matcher.store import damaged, embeddings, network
from web.db import transaction

AT_ONCE = 64  # on two cores they take half a second, for which whoever wants to be matched waits
LOOKED_AT = 20_000  # texts that are sorted by their length together


def refresh(g: Ground) -> tuple[int, int]:
    """Read changed partners and embed what has no vector yet; return (partners, texts)."""
    with transaction(g.engine) as session:
        n_partners = matching.read_partners(session, now=now())
    n_texts = sum(embed_all(g))
    if n_partners or n_texts:
        log.info("refreshed", partners=n_partners, texts=n_texts)
    return n_partners, n_texts


def embed_all(g: Ground) -> Iterator[int]:
    """Embed what has no vector yet, each batch in a transaction of its own; yield the size of each.

    What was done when a run is stopped is not done again. In between batches a posting can be matched, and what came in
    since the run began has its turn: after a change of the model a run may take an hour. Nothing is done while another
    thread of this process is at it. Machines that do this at the same time share the texts; one that finds all that is
    left in others' hands ends.
    """
    if not g.embedding.acquire(blocking=False):
        return
    try:
        yield from _embed_all(g)
    finally:
        g.embedding.release()


def _embed_all(g: Ground) -> Iterator[int]:
    with transaction(g.engine) as session:
        begun = embeddings.newest(session)
    n_done = 1
    while n_done and (todo := _look(g)):
        n_done, listed = 0, {key for key, _ in todo}
        for first in range(0, len(todo), AT_ONCE):
            if g.stopping.is_set():
                return
            new = [one for one in _new(g, begun) if one[0] not in listed][:AT_ONCE]
            for some in (new, todo[first : first + AT_ONCE]):
                if n := _embed(g, some):
                    n_done += n
                    yield n


def _embed(g: Ground, todo: list[tuple[str, str]]) -> int:
    """Embed those of some texts that no other machine is embedding; return how many."""
    if not todo:
        return 0
    with g.lock, transaction(g.engine) as session:
        ours = matching.take_texts(session, g.embedder.model, todo)
        return matching.embed_texts(session, g.embedder, ours)


def _new(g: Ground, begun: embeddings.Mark) -> list[tuple[str, str]]:
    with transaction(g.engine) as session:
        most = AT_ONCE + 2 * embeddings.OPEN_IDS  # some of them were there when the run began, and are listed
        return embeddings.texts_without(session, model=g.embedder.model, limit=most, after=begun)


def _look(g: Ground) -> list[tuple[str, str]]:
    """List texts to embed, among those that came since a look that found none; once an hour among all there are."""
    asked = f"{now():%Y-%m-%d %H} {g.embedder.model}"
    after = g.looked[1] if g.looked[0] == asked else embeddings.ALL
    with transaction(g.engine) as session:
        up_to = embeddings.newest(session)
        todo = matching.to_embed(session, g.embedder.model, limit=LOOKED_AT, after=after)
    if not todo:
        g.looked = (asked, up_to)
    return todo


def forget_damaged(g: Ground) -> int:
    """Forget stored vectors that are no numbers, so that they are made again; return how many."""
    with transaction(g.engine) as session:
        found = damaged.listed(session, model=g.embedder.model)
        if found:
            damaged.forget(session, found, model=g.embedder.model)
    return len(found)


def preview(g: Ground) -> tuple[int, int]:
    """Count the partners who would be read and the texts that would be embedded now; return (partners, texts)."""
    with transaction(g.engine) as session:
        return network.n_unread(session), matching.n_to_embed(session, g.embedder.model)


def build_ahead(g: Ground) -> str:
    """Build the ranker that workers of this program begin with; return a sentence that says what came of it."""
    kept = g.shelf.kept
    if kept is None:
        raise click.UsageError(
            "--ranker: without SECRET_KEY no ranker is kept in a file. Set it as the workers have it."
        )
    try:
        with transaction(g.engine) as session:
            built = matching.build_ahead(session, kept, model=g.embedder.model)
    except OSError as error:
        raise click.UsageError(f"--ranker: RANKER_FOLDER={str(kept.folder)!r} cannot be written ({error}).") from None
    if built is None:
        return f"No ranker is kept for fewer than {matching.KEPT_FROM:,} partners: workers build it in a moment."
    return f"The ranker {'was built' if built else 'of this program is there'}: {kept.path}"


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say how many partners would be read and how many texts embedded.")
@click.option("--model", metavar="NAME", help="Embed with this model, before EMBEDDING_MODEL names it.")
@click.option("--ranker", is_flag=True, help="Only build the ranker's file, before workers of a new release begin.")
def main(dry_run: bool, model: str | None, ranker: bool) -> None:
    """Read partners whose words changed and embed their texts; stopped, it goes on where it was."""
    if dry_run and ranker:
        raise click.UsageError("--dry-run and --ranker do not go together: name one of them.")
    if model == "":
        raise click.UsageError("--model: it names no model.")
    g = ground()
    if model is not None:
        g = replace(g, settings=replace(g.settings, embedding_model=model), _embedder=None)
    if ranker:
        click.echo(build_ahead(g))
        return
    if dry_run:
        n_partners, n_known = preview(g)
        more = " and what those partners say anew" if n_partners else ""
        click.echo(f"Partners that would be read: {n_partners:,}\nTexts that would be embedded: {n_known:,}{more}")
        return
    if n_damaged := forget_damaged(g):
        click.echo(f"Damaged vectors to be made anew: {n_damaged:,}")
    with transaction(g.engine) as session:
        click.echo(f"Partners read: {matching.read_partners(session, now=now())}")
        n_texts = matching.n_to_embed(session, g.embedder.model)
    columns = (*Progress.get_default_columns(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as bar:
        task = bar.add_task("Texts embedded", total=n_texts or None)
        for n_done in embed_all(g):
            bar.update(task, advance=n_done)


if __name__ == "__main__":
    main()
