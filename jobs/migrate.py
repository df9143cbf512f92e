"""A database → its tables up to date."""

import click

from web.db import connect
from web.local import migrate, ready
from web.settings import load_settings


@click.command()
@click.option("--to", default="head", help="A revision, head (newest) or base (no tables).")
def main(to: str) -> None:
    """Bring the tables of DATABASE_URL (or of the private database) up to date."""
    settings = ready(load_settings())
    connect(settings)
    migrate(settings.database_url, to=to)
    click.echo(f"The tables are at {to}.")


if __name__ == "__main__":
    main()
