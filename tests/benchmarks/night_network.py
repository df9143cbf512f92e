"""A synthetic network → the rows of a database, by COPY."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import psycopg
from psycopg import sql

from matcher.ranking.hashing import text_hash
from matcher.terms import Opportunity
from tests.benchmarks import night_asked
from tests.benchmarks.seeds_folder import Seeds
from tests.benchmarks.synthetic import Encode, Market

MODEL = "synthetic@1"
N_DOMAINS = 997
AT = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
NUMBERED = ("partner", "contact", "posting", "opportunity")
COUNTED = ("partner", "capability", "collaboration", "opportunity", "need", "embedding")


@dataclass(frozen=True, slots=True)
class Into:
    """A database that is being filled, and whoever wants to hear how far it is."""

    connection: psycopg.Connection
    say: Callable[[str], None]

    def copy(self, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
        fields = sql.SQL(", ").join(map(sql.Identifier, columns.split()))
        began = perf_counter()
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), fields)
        with self.connection.cursor().copy(into) as copy:
            written = sum(1 for row in rows if copy.write_row(row) is None)
        self.say(f"  {written:,} {table}: {perf_counter() - began:.1f} s")


def fill(
    url: str, seeds: Seeds, *, n_partners: int, n_opportunities: int, encode: Encode, say: Callable[[str], None]
) -> None:
    """Write a network and its open opportunities."""
    market = Market(seeds, n_partners)
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")  # no foreign key is looked up for each row
        into = Into(connection, say)
        _write_network(into, market, seeds)
        _write_vectors(into, market, encode)
        _write_opportunities(into, market, encode, n_opportunities)
        for table in NUMBERED:
            connection.execute(
                sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))").format(
                    sql.Literal(table), sql.Identifier(table)
                )
            )
    say("  vacuum and statistics")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _write_network(into: Into, market: Market, seeds: Seeds) -> None:
    keys = [
        (
            one.key, one.kind, one.label, one.definition, list(one.synonyms), list(one.old_names), one.valid_from,
            one.valid_until, list(one.replaced_by), list(one.practices),
        )
        for one in seeds.network.competencies.values()
    ]  # fmt: skip
    columns = "key kind label definition synonyms old_names valid_from valid_until replaced_by practices"
    into.copy("competency", columns, keys)
    _write_partners(into, market)
    into.copy(
        "contact", "id partner_id email name timezone verified_at",
        ((n, n, f"p{n}@firm{n % N_DOMAINS}.example", f"Pat {n}", "Europe/Berlin", AT) for n in market.partners),
    )  # fmt: skip
    into.copy(
        "capability", "partner_id competency_key text text_hash source evidence",
        ((c.partner_id, c.competency_key, c.text, c.text_hash, c.source, c.evidence) for c in market.capabilities),
    )  # fmt: skip
    into.copy(
        "bench_person", "partner_id name competency_keys level languages free_from free_days on_site",
        ((p.partner_id, p.name, list(p.competency_keys), p.level, list(p.languages), p.free_from, p.free_days,
          p.on_site) for p in market.people),
    )  # fmt: skip
    badges = {(b.partner_id, b.competency_key, b.awarded_on): b for b in market.badges}
    into.copy(
        "badge", "partner_id competency_key awarded_on level expires_on",
        ((*key, b.level, b.expires_on) for key, b in badges.items()),
    )  # fmt: skip
    works = {(w.lead_id, w.partner_id, w.competency_key, w.started_on, w.summary): w for w in market.collaborations}
    into.copy(
        "collaboration",
        "lead_id partner_id competency_key started_on summary ended_on outcome role revenue_eur",
        ((*key, w.ended_on, w.outcome, w.role, w.revenue_eur) for key, w in works.items() if key[0] != key[1]),
    )  # fmt: skip


def _write_partners(into: Into, market: Market) -> None:
    lists = ("languages", "industries", "jurisdictions", "clearances", "practices")
    columns = f"id key name country city n_people {' '.join(lists)} min_eur max_eur profile_on state profile "
    rows = (
        (
            one.id, one.key, one.name, one.country, one.city, one.n_people,
            *(list(getattr(one, each)) for each in lists), one.min_eur, one.max_eur,
            one.profile_on, "live", profile, one.joined_on or AT.date(), AT, AT,
        )
        for one, profile in zip(market.partners.values(), market.profiles, strict=True)
    )  # fmt: skip
    into.copy("partner", columns + "created_at changed_at read_at", rows)


def _write_vectors(into: Into, market: Market, encode: Encode) -> None:
    hashes, vectors = market.vectors(encode)
    _embedded(into, zip(hashes, vectors, strict=True))


def _embedded(into: Into, rows: Iterable[tuple[str, Any]]) -> None:
    into.copy("embedding", "text_hash model vector", ((key, MODEL, row.astype("<f4").tobytes()) for key, row in rows))


def _write_opportunities(into: Into, market: Market, encode: Encode, n: int) -> None:
    asked, vectors = night_asked.opportunities(market, encode, n)
    _write_asked(into, asked)
    _embedded(
        into,
        {
            text_hash(need.text): row
            for one, rows in zip(asked, vectors, strict=True)
            for need, row in zip(one.needs, rows, strict=True)
        }.items(),
    )


def _write_asked(into: Into, asked: Sequence[Opportunity]) -> None:
    postings = ((o.id, f"night:{o.id}", "seed", o.partner_id, o.text, AT) for o in asked)
    into.copy("posting", "id key channel contact_id text received_at", postings)
    columns = (
        "id posting_id partner_id contact_id state title blind_text due_on country on_site value_eur languages "
        "jurisdiction clearances industry created_at opened_at"
    )
    rows = (
        (o.id, o.id, o.partner_id, o.partner_id, "open", o.title, o.text, o.due_on, o.country, o.on_site, o.value_eur,
         list(o.languages), o.jurisdiction, list(o.clearances), o.industry, AT, AT)
        for o in asked
    )  # fmt: skip
    into.copy("opportunity", columns, rows)
    needs = (
        (o.id, position, need.text, text_hash(need.text), list(need.competency_keys))
        for o in asked
        for position, need in enumerate(o.needs)
    )
    into.copy("need", "opportunity_id position text text_hash competency_keys", needs)
