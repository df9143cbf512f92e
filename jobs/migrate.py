"""A database → its tables up to date."""

import click
from sqlalchemy.exc import ProgrammingError

from web import fit
from web.db import connect
from web.local import migrate, ready
from web.settings import BadSetting, address_of, load_settings, without_password


@click.command()
@click.option("--to", default="head", help="A revision, head (newest) or base (no tables).")
def main(to: str) -> None:
    """Bring the tables of DATABASE_URL (or of the private database) up to date."""
    settings = ready(load_settings())
    connect(settings)
    try:
        migrate(settings.database_url, to=to)
    except ProgrammingError as error:
        if not (unfit := fit.of_error(error)):
            raise
        shown = without_password(address_of(settings.database_url))
        raise BadSetting("DATABASE_URL", shown, f"{unfit}.") from None
    click.echo(f"The tables are at {to}.")


if __name__ == "__main__":
    main()
