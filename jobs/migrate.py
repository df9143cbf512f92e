"""A database → its tables up to date."""

import click
from sqlalchemy.exc import ProgrammingError

from matcher.store.restoring import skip_numbers
from web import fit
from web.db import connect, transaction
from web.local import migrate, ready, revisions
from web.settings import BadSetting, address_of, load_settings, without_password


@click.command()
@click.option("--to", default="head", help="A revision, head (newest) or base (no tables).")
@click.option("--restored", is_flag=True, help="After a back-up was restored: let links sent since then open nothing.")
def main(to: str, restored: bool) -> None:
    """Bring the tables of DATABASE_URL (or of the private database) up to date."""
    if to not in ("head", "base", *revisions()):
        raise click.UsageError(f"--to {to}: there is no such revision. There is: head, base, {', '.join(revisions())}.")
    settings = ready(load_settings())
    shown, engine = without_password(address_of(settings.database_url)), connect(settings)
    try:
        _refuse_backwards(fit.revision(engine), to, shown)
        migrate(settings.database_url, to=to)
    except ProgrammingError as error:
        if not (unfit := fit.of_error(error)):
            raise
        raise BadSetting("DATABASE_URL", shown, f"{unfit}.") from None
    if restored:
        with transaction(engine) as session:
            skip_numbers(session)
    click.echo(f"The tables are at {to}.")


def _refuse_backwards(at: str, to: str, shown: str) -> None:
    """Refuse tables that are newer than this program or than what was asked for. Raises `BadSetting`, `UsageError`."""
    if at and at not in revisions():
        advice = f"its tables are at {at}, which this version does not know. Install the newer version that made them."
        raise BadSetting("DATABASE_URL", shown, advice)
    if to < at and to != "base":  # revisions are digits, and stand before "head"
        raise click.UsageError(f"--to {to}: the tables are at {at}, and go forward only, or to base, which drops them.")


if __name__ == "__main__":
    main()
