"""A synthetic network → the rows of a database, by COPY."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import sql

from matcher.ranking.hashing import text_hash
from matcher.terms import Opportunity
from tests.benchmarks import judged
from tests.benchmarks.seeds_folder import Seeds
from tests.benchmarks.synthetic import Encode, Market

MODEL = "synthetic@1"
N_DOMAINS = 997
AT = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
COUNTED = ("partner", "contact", "posting", "opportunity")


def fill(url: str, seeds: Seeds, *, n_partners: int, n_opportunities: int, encode: Encode) -> dict[str, int]:
    """Write a network and its open opportunities; return how many rows each table got."""
    market = Market(seeds, n_partners)
    with psycopg.connect(url) as connection:
        written = _write_network(connection, market, seeds)
        written["embedding"] = _write_vectors(connection, market, encode)
        asked, vectors = market.opportunities(judged.opportunities(seeds), encode, n_opportunities)
        written |= _write_asked(connection, asked)
        needs = {text_hash(need.text): row for one, rows in zip(asked, vectors, strict=True)
                 for need, row in zip(one.needs, rows, strict=True)}  # fmt: skip
        written["embedding"] += _embedded(connection, needs.items())
        for table in COUNTED:
            connection.execute(
                sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))").format(
                    sql.Literal(table), sql.Identifier(table)
                )
            )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return written


def _write_network(connection: psycopg.Connection, market: Market, seeds: Seeds) -> dict[str, int]:
    keys = [
        (
            one.key, one.kind, one.label, one.definition, list(one.synonyms), list(one.old_names), one.valid_from,
            one.valid_until, list(one.replaced_by), list(one.practices),
        )
        for one in seeds.network.competencies.values()
    ]  # fmt: skip
    columns = "key kind label definition synonyms old_names valid_from valid_until replaced_by practices"
    written = {"competency": _copy(connection, "competency", columns, keys)}
    written["partner"] = _write_partners(connection, market)
    written["contact"] = _copy(
        connection, "contact", "id partner_id email name timezone verified_at",
        ((n, n, f"p{n}@firm{n % N_DOMAINS}.example", f"Pat {n}", "Europe/Berlin", AT) for n in market.partners),
    )  # fmt: skip
    written["capability"] = _copy(
        connection, "capability", "partner_id competency_key text text_hash source evidence",
        ((c.partner_id, c.competency_key, c.text, c.text_hash, c.source, c.evidence) for c in market.capabilities),
    )  # fmt: skip
    written["bench_person"] = _copy(
        connection, "bench_person", "partner_id name competency_keys level languages free_from free_days on_site",
        ((p.partner_id, p.name, list(p.competency_keys), p.level, list(p.languages), p.free_from, p.free_days,
          p.on_site) for p in market.people),
    )  # fmt: skip
    badges = {(b.partner_id, b.competency_key, b.awarded_on): b for b in market.badges}
    written["badge"] = _copy(
        connection, "badge", "partner_id competency_key awarded_on level expires_on",
        ((*key, b.level, b.expires_on) for key, b in badges.items()),
    )  # fmt: skip
    works = {(w.lead_id, w.partner_id, w.competency_key, w.started_on, w.summary): w for w in market.collaborations}
    written["collaboration"] = _copy(
        connection, "collaboration",
        "lead_id partner_id competency_key started_on summary ended_on outcome role revenue_eur",
        ((*key, w.ended_on, w.outcome, w.role, w.revenue_eur) for key, w in works.items() if key[0] != key[1]),
    )  # fmt: skip
    return written


def _write_partners(connection: psycopg.Connection, market: Market) -> int:
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
    return _copy(connection, "partner", columns + "created_at changed_at read_at", rows)


def _write_vectors(connection: psycopg.Connection, market: Market, encode: Encode) -> int:
    hashes, vectors = market.vectors(encode)
    return _embedded(connection, zip(hashes, vectors, strict=True))


def _embedded(connection: psycopg.Connection, rows: Iterable[tuple[str, Any]]) -> int:
    return _copy(
        connection,
        "embedding",
        "text_hash model vector",
        ((key, MODEL, row.astype("<f4").tobytes()) for key, row in rows),
    )


def _write_asked(connection: psycopg.Connection, asked: Sequence[Opportunity]) -> dict[str, int]:
    postings = ((o.id, f"night:{o.id}", "seed", o.partner_id, o.text, AT) for o in asked)
    written = {"posting": _copy(connection, "posting", "id key channel contact_id text received_at", postings)}
    columns = (
        "id posting_id partner_id contact_id state title blind_text due_on country on_site value_eur languages "
        "jurisdiction clearances industry created_at opened_at"
    )
    rows = (
        (o.id, o.id, o.partner_id, o.partner_id, "open", o.title, o.text, o.due_on, o.country, o.on_site, o.value_eur,
         list(o.languages), o.jurisdiction, list(o.clearances), o.industry, AT, AT)
        for o in asked
    )  # fmt: skip
    written["opportunity"] = _copy(connection, "opportunity", columns, rows)
    needs = (
        (o.id, position, need.text, text_hash(need.text), list(need.competency_keys))
        for o in asked
        for position, need in enumerate(o.needs)
    )
    written["need"] = _copy(connection, "need", "opportunity_id position text text_hash competency_keys", needs)
    return written


def _copy(connection: psycopg.Connection, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> int:
    fields = sql.SQL(", ").join(map(sql.Identifier, columns.split()))
    n = 0
    with connection.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), fields)) as copy:
        for row in rows:
            copy.write_row([json.dumps(value) if isinstance(value, dict) else value for value in row])
            n += 1
    return n
