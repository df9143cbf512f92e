"""Settings, database, mail, pages, DNS, model, index and disk → one line each: how it is, and what to do about it."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

import click

from jobs import doctor_database, doctor_dns, doctor_machine, doctor_mail, doctor_pages, doctor_settings
from jobs.findings import Finding, Look, fault, looked_at
from jobs.ground import now
from web import dkim, local
from web.settings import BadSetting, Settings, all_problems, environment_of, in_file

NEEDS_DATABASE = ("index", "workers")
COLOURS = {"ok": "green", "skipped": "blue", "warning": "yellow", "fault": "red"}


def look_at_all(settings: Settings, *, to: str = "", skip: tuple[str, ...] = ()) -> Iterator[Finding]:
    """Look at everything but the settings themselves, in the order in which faults explain each other."""
    lost = False
    for check, look in _looks(settings, to).items():
        if check in skip or (lost and check in NEEDS_DATABASE):
            continue
        found = list(looked_at(check, look))
        lost = lost or any((each.check, each.level) in LOST for each in found)
        yield from found


LOST = (("database", "fault"), ("migrations", "fault"))


def _looks(settings: Settings, to: str) -> dict[str, Look]:
    return {
        "database": lambda: doctor_database.of_database(settings, clock=now),
        "mail out": lambda: doctor_mail.of_mail_out(settings, to=to, now=now()),
        "mail in": lambda: doctor_mail.of_mail_in(settings),
        "pages": lambda: doctor_pages.of_pages(settings),
        "signing": lambda: _signing(settings),
        "dns": lambda: doctor_dns.of_dns(settings),
        "model": lambda: doctor_machine.of_model(settings),
        "index": lambda: doctor_machine.of_index(settings, now=now()),
        "workers": lambda: doctor_machine.of_workers(settings, now=now()),
        "disk": lambda: doctor_machine.of_disk(settings),
    }


def _signing(settings: Settings) -> Iterator[Finding]:
    try:
        dkim.signer_of(settings)
    except BadSetting as bad:
        yield fault("signing", str(bad), "No process starts before it is corrected.")


def examine(to: str, skip: tuple[str, ...]) -> Iterator[Finding]:
    """Look at the settings of this environment and at all that they name."""
    settings, problems = all_problems(environment_of())
    yield from doctor_settings.of_settings(settings, problems, named=in_file())
    try:
        settings = local.ready(settings)
    except BadSetting as bad:
        yield fault("database", str(bad), "Correct it first; nothing else can be looked at without it.")
        return
    yield from look_at_all(settings, to=to, skip=skip)


@click.command()
@click.option("--to", default="", metavar="ADDRESS", help="Send one letter to this address, to see whether it arrives.")
@click.option("--skip", multiple=True, metavar="CHECK", help='Leave a check out, such as "mail in" (repeat for more).')
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list in place of lines.")
def main(to: str, skip: tuple[str, ...], as_json: bool) -> None:
    """Check everything that the service needs, and say what to do. Ends in 1 when something is at fault."""
    checks = _looks(Settings(), to)
    if unknown := [each for each in skip if each not in checks]:
        raise click.UsageError(f"--skip {unknown[0]!r}: there is no such check. There is: {', '.join(checks)}.")
    found = []
    for each in examine(to, skip):
        found.append(each)
        if not as_json:
            click.echo(line_of(each))
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=2))
    sys.exit(any(each.level == "fault" for each in found))


def line_of(found: Finding) -> str:
    """Write a finding on one line."""
    level = click.style(f"{found.level:<8}", fg=COLOURS[found.level])
    return f"{level} {found.check:<12} {found.said}" + (f" → {found.do}" if found.do else "")


if __name__ == "__main__":
    main()
