"""A day that somebody typed → fine, or the sentence that says why its letters are not written today."""

from datetime import date

import click

from matcher import night

ahead_option = click.option(
    "--ahead", is_flag=True, help="Also a day that has not come: its letters leave now, and none on that day."
)


class TooEarly(ValueError):
    """Say in a sentence why a day's digests are not written yet."""

    def __init__(self, day: date, today: date) -> None:
        super().__init__(
            f"{day} has not come (today is {today}, UTC), and its letters would leave now. "
            "Name today, look with --dry-run, or add --ahead if you mean it."
        )


def check(day: date, *, today: date, ahead: bool) -> None:
    """Refuse a day whose digests are not sent any more, and one that has not come unless `ahead` is asked for.

    Raises `click.UsageError`.
    """
    try:
        night.refuse_late(day, today=today)
        if day > today and not ahead:
            raise TooEarly(day, today)
    except (night.TooLate, TooEarly) as error:
        raise click.UsageError(f"--day: {error}") from None
