"""An address whose owner wants to be erased → what was kept of it is gone; said with numbers."""

import click

from jobs.ground import ground, log, now
from jobs.replay import rehearsal
from matcher.exchange import erase
from web.db import transaction


@click.command()
@click.argument("address")
@click.option("--dry-run", is_flag=True, help="Only say what would go; nothing is erased.")
def main(address: str, dry_run: bool) -> None:
    """Erase what is kept of a person: postings, letters, messages, name and address.

    A firm that nobody else reads for leaves; its name stays, and one line for each piece of work that both sides
    confirmed. That the address wants no digests is kept too. Ask first whether it is its owner who wants it.
    """
    with (rehearsal if dry_run else transaction)(ground().engine) as session:
        done = erase(session, address, now=now())
    if done.is_nothing:
        click.echo("Nothing is kept of this address.")
        return
    if not dry_run:
        log.info("erased", postings=done.n_postings, letters=done.n_letters, messages=done.n_messages)
    would = " would go" if dry_run else ""
    click.echo(
        f"Postings: {done.n_postings}{would}\nLetters: {done.n_letters}{would}\nMessages: {done.n_messages}{would}"
    )
    if done.firm:
        click.echo(f"{done.firm} {'would leave' if dry_run else 'has left'}: nobody else reads for it.")


if __name__ == "__main__":
    main()
