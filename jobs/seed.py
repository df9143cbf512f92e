"""A folder of CSV files → partners, people, past work and open opportunities in the database; safe to repeat."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.progress import track
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from jobs.doctor_settings import is_public
from jobs.ground import ground, now
from jobs.rows import BadRow, read_rows
from jobs.seed_rows import (
    BadgeRow,
    CollaborationRow,
    CompetencyRow,
    ContactRow,
    PartnerRow,
    PersonRow,
    PostingRow,
    Seen,
    refuse_wrong,
)
from matcher.exchange import Submission
from matcher.exchange.publishing import publish_known
from matcher.posting import PostingFacts
from matcher.store import seeds
from matcher.terms import Refused
from matcher.terms.names import one_language
from web.db import transaction
from web.forms import ADDRESS
from web.wording import counted

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
INVENTED = (
    "--folder: name a folder of your own. The firms of seeds/ are invented, and MAIL_SERVER={!r} would carry letters "
    "about them to real people."
)
COUNTRY = re.compile(r"(?!UK)[A-Z]{2}")
OLDEST = 1970  # programs write the year 1 for a day that they do not know
SEEN_FOR = timedelta(days=365)  # a seed partner joined this long before it last touched its profile


@dataclass(slots=True)
class Loading:
    """One load: the session, the ids of keys seen so far, and what went wrong."""

    session: Session
    at: datetime
    partners: dict[str, int]
    competencies: set[str]
    digests: dict[str, PartnerRow]
    problems: list[BadRow]

    def partner_id(self, column: str, key: str) -> int:
        if key not in self.partners:
            raise ValueError(f"{column} is {key!r}; there is no partner with that key in partners.csv.")
        return self.partners[key]

    def known_competencies(self, column: str, keys: Iterable[str]) -> list[str]:
        unknown = [key for key in keys if key not in self.competencies]
        if unknown:
            raise ValueError(f"{column} has {unknown[0]!r}; there is no such key in competencies.csv.")
        return list(keys)


def load(session: Session, folder: Path, *, at: datetime, show: Callable[..., Iterable[Any]]) -> list[BadRow]:
    """Load every file of a folder; return the rows that were left out, each with its reason."""
    loading = Loading(session, at, seeds.partner_ids(session), seeds.competency_keys(session), {}, [])
    for name, kind, write in STEPS:
        rows, seen = list(read_rows(folder / f"{name}.csv", kind, loading.problems)), Seen()
        if name == "competencies":
            loading.competencies |= {row.key for _, row in rows}  # they name each other, whichever comes first
        for line, row in show(rows, name):
            try:
                refuse_wrong(name, line, row, seen)
                with session.begin_nested():
                    write(loading, row)
            except (ValueError, DBAPIError) as error:
                if isinstance(error, DBAPIError) and not seeds.is_about_row(error):
                    raise
                loading.problems.append(BadRow(f"{name}.csv", line, _first_line(error)))
        if name == "competencies":
            loading.competencies = seeds.competency_keys(session)
    return loading.problems


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().splitlines()[0]


def _competency(loading: Loading, row: CompetencyRow) -> None:
    for column in ("replaced_by", "practices"):
        loading.known_competencies(column, getattr(row, column))
    seeds.add(loading.session, "competency", {name: _plain(getattr(row, name)) for name in row.__slots__})


def _partner(loading: Loading, row: PartnerRow) -> None:
    loading.known_competencies("practices", row.practices)
    _check_habits(row)
    if row.profile_on.year < OLDEST:
        raise ValueError(f"profile_on is {row.profile_on}; give the day when the profile was last touched.")
    own = ("conflicts", "digest", "digest_hour", "timezone")
    values = {name: _plain(getattr(row, name)) for name in row.__slots__ if name not in own}
    values["languages"] = _languages(row.languages)
    joined = datetime.combine(row.profile_on, time(9), UTC) - SEEN_FOR
    told = [name for name, value in values.items() if value not in ("", [], 0)]
    values |= {
        "conflict_keys": list(row.conflicts),
        "state": "live",
        "created_at": joined,
        "changed_at": loading.at,
        "sources": dict.fromkeys(told, f"the seed file, {row.profile_on}"),
    }
    loading.partners[row.key] = seeds.add_partner(loading.session, values)
    loading.digests[row.key] = row


def _check_habits(row: PartnerRow) -> None:
    """Refuse a country, an hour or a time zone that there is not. Raises `ValueError`."""
    if row.country and not COUNTRY.fullmatch(row.country):
        raise ValueError(f"country is {row.country!r}; give two letters of ISO 3166 such as PT, and GB for the UK.")
    if row.digest_hour > 23:
        raise ValueError(f"digest_hour is {row.digest_hour}; give an hour from 0 to 23.")
    try:
        ZoneInfo(row.timezone)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"timezone is {row.timezone!r}; give a name such as Europe/Lisbon.") from None


def _contact(loading: Loading, row: ContactRow) -> None:
    partner_id = loading.partner_id("partner", row.partner)
    if not ADDRESS.fullmatch(row.email):
        raise ValueError(f"email is {row.email!r}; give an address such as ana@firm.example.")
    reader = loading.digests.get(row.partner)
    values = {
        "partner_id": partner_id,
        "email": row.email.lower(),
        "name": row.name,
        "level": row.level,
        "language": row.language,
        "verified_at": loading.at,
    }
    if reader:
        values |= {"digest": reader.digest, "digest_hour": reader.digest_hour, "timezone": reader.timezone}
    if not seeds.add(loading.session, "contact", values):
        owner = seeds.owner_of(loading.session, row.email.lower())
        if owner.id != partner_id:
            raise ValueError(f"email is {row.email!r}, which is an address of the partner {owner.key!r} already.")


def _person(loading: Loading, row: PersonRow) -> None:
    values = {
        "partner_id": loading.partner_id("partner", row.partner),
        "name": row.person,
        "competency_keys": loading.known_competencies("practices", row.practices),
        "level": row.level,
        "languages": _languages(row.languages),
        "free_from": row.free_from,
        "free_days": row.free_days,
        "on_site": row.on_site,
    }
    seeds.add(loading.session, "bench_person", values)


def _badge(loading: Loading, row: BadgeRow) -> None:
    loading.known_competencies("competency", [row.competency])
    values = {
        "partner_id": loading.partner_id("partner", row.partner),
        "competency_key": row.competency,
        "level": row.level,
        "awarded_on": row.awarded_on,
        "expires_on": row.expires_on,
    }
    seeds.add(loading.session, "badge", values)


def _collaboration(loading: Loading, row: CollaborationRow) -> None:
    if row.ended_on < row.started_on:
        raise ValueError(f"ended_on is {row.ended_on}, before started_on ({row.started_on}).")
    values = {
        "lead_id": loading.partner_id("lead", row.lead),
        "partner_id": loading.partner_id("partner", row.partner),
        "competency_key": loading.known_competencies("practice", [row.practice])[0],
        "role": row.role,
        "started_on": row.started_on,
        "ended_on": row.ended_on,
        "summary": row.summary,
        "outcome": row.outcome,
        "revenue_eur": row.revenue_eur,
    }
    seeds.add(loading.session, "collaboration", values)


def _posting(loading: Loading, row: PostingRow) -> None:
    if not row.poster:
        return  # its sender is not a partner yet; it is there to be tried by hand
    contact = seeds.first_contact(loading.session, loading.partner_id("poster", row.poster))
    if contact is None:
        raise ValueError(f"poster is {row.poster!r}, which has no contact in contacts.csv.")
    sent = Submission(
        key=f"seed:{row.key}",
        channel="seed",
        email=contact.email,
        text=row.text,
        subject=row.subject,
        facts=PostingFacts(due=row.due, place=row.place, pays=row.pays),
    )
    try:
        publish_known(loading.session, sent, now=loading.at)
    except Refused as refusal:
        raise ValueError(str(refusal)) from None


def _languages(codes: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(map(one_language, codes)))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


STEPS: tuple[tuple[str, type[Any], Callable[[Loading, Any], None]], ...] = (
    ("competencies", CompetencyRow, _competency),
    ("partners", PartnerRow, _partner),
    ("contacts", ContactRow, _contact),
    ("people", PersonRow, _person),
    ("badges", BadgeRow, _badge),
    ("collaborations", CollaborationRow, _collaboration),
    ("postings", PostingRow, _posting),
)


def quietly(rows: list[Any], _name: str) -> Iterable[Any]:
    return rows


def with_bar(rows: list[Any], name: str) -> Iterable[Any]:
    return track(rows, description=f"{name:<15}")


@click.command()
@click.option(
    "--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=SEEDS,
    help="A folder like seeds/ (see its README).",
)  # fmt: skip
def main(folder: Path) -> None:
    """Load a folder of CSV files; rows that are there already stay as they are."""
    g = ground()
    if folder.resolve() == SEEDS and is_public(g.settings):
        raise click.UsageError(INVENTED.format(g.settings.mail_server))
    with transaction(g.engine) as session:
        before = seeds.n_of_each(session)
        problems = load(session, folder, at=now(), show=with_bar)
        after = seeds.n_of_each(session)
    new = ", ".join(f"{after[name] - n:,} {name}" for name, n in before.items() if after[name] > n)
    click.echo(f"New: {new or 'nothing'}. What was there already stays as it is.")
    for each in problems:
        click.echo(str(each), err=True)
    if problems:
        raise click.ClickException(f"{counted(len(problems), 'row was', 'rows were')} left out, the others are loaded.")


if __name__ == "__main__":
    main()
