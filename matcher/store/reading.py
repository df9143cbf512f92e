"""Tables of the database → tables in columns, streamed, so that no row is ever an object of its own."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, LiteralString, TypeVar

from psycopg import sql
from sqlalchemy.orm import Session

from matcher.ranking.tables import Badges, ById, Capabilities, Partners, People, Rows, TablePacker, Works
from matcher.store import bulk, network
from matcher.terms import Network

R = TypeVar("R", bound=Rows[Any])
AT_ONCE = 16_384


@dataclass(frozen=True, slots=True)
class Source:
    """What is selected for each column, with its type, and from where; rows stand in order of id."""

    columns: tuple[tuple[str, str], ...]
    table: str
    owners: tuple[str, ...]  # the columns that name a partner


def _columns(words: str) -> tuple[tuple[str, str], ...]:
    pairs = (one.split(":") for one in words.split())
    return tuple((name, kind) for name, kind in pairs)


CONFLICTS = (
    "CASE WHEN conflict_keys = '{}' THEN '{}'::int8[] ELSE ARRAY(SELECT other.id FROM partner other "
    "WHERE other.key = ANY (partner.conflict_keys) AND other.state <> 'draft') END"
)
SOURCES: dict[type[Rows[Any]], Source] = {
    Partners: Source(
        (
            *_columns("id:int8 key:text name:text country:text city:text"),
            ("coalesce(nullif(n_people, 0), 1)", "int4"),
            *_columns("languages:text[] industries:text[] jurisdictions:text[] clearances:text[] practices:text[]"),
            (CONFLICTS, "int8[]"),
            *_columns("min_eur:int8 max_eur:int8 profile_on:date"),
            ("created_at", "date"),
            ("state", "text"),
        ),
        "partner",
        ("id",),
    ),
    Capabilities: Source(
        _columns("partner_id:int8 text:text text_hash:text competency_key:text source:text evidence:text"),
        "capability",
        ("partner_id",),
    ),
    People: Source(
        _columns(
            "partner_id:int8 name:text competency_keys:text[] level:text languages:text[] free_from:date "
            "free_days:int4 on_site:bool"
        ),
        "bench_person",
        ("partner_id",),
    ),
    Badges: Source(
        _columns("partner_id:int8 competency_key:text level:text awarded_on:date expires_on:date source:text"),
        "badge",
        ("partner_id",),
    ),
    Works: Source(
        _columns(
            "lead_id:int8 partner_id:int8 competency_key:text started_on:date ended_on:date outcome:text "
            "summary:text role:text revenue_eur:int8"
        ),
        "collaboration",
        ("lead_id", "partner_id"),
    ),
}


def load(session: Session) -> Network:
    """Read everything that ranking needs; partners in draft are no part of it yet."""
    return Network(
        partners=partners(session),
        competencies={each.key: each for each in network.competencies(session)},
        capabilities=table(session, Capabilities),
        people=table(session, People),
        badges=table(session, Badges),
        collaborations=table(session, Works),
    )


def told(session: Session, partner_ids: Collection[int]) -> Network:
    """Read what there is to know of some partners alone, work on either side included."""
    ids = list(partner_ids)
    return Network(
        partners=ById(_read(session, Partners, _of(Partners, ids, "state <> 'draft' AND "))),
        competencies={each.key: each for each in network.competencies(session)},
        capabilities=_read(session, Capabilities, _of(Capabilities, ids)),
        people=_read(session, People, _of(People, ids)),
        badges=_read(session, Badges, _of(Badges, ids)),
        collaborations=_read(session, Works, _of(Works, ids)),
    )


def partners(session: Session) -> ById:
    """Read all partners that are no drafts."""
    return ById(_read(session, Partners, sql.SQL("WHERE state <> 'draft'")))


def table(session: Session, kind: type[R]) -> R:
    """Read a whole table, in order of id."""
    return _read(session, kind, sql.SQL(""))


def _of(kind: type[Rows[Any]], partner_ids: list[int], also: LiteralString = "") -> sql.Composable:
    ids = sql.Literal(partner_ids)
    of = sql.SQL(" OR ").join(sql.SQL("{} = ANY ({})").format(sql.Identifier(one), ids) for one in SOURCES[kind].owners)
    return sql.SQL("WHERE {} ({})").format(sql.SQL(also), of)


def _read(session: Session, kind: type[R], where: sql.Composable) -> R:
    source, packer = SOURCES[kind], TablePacker(kind)
    query = sql.SQL("SELECT {} FROM {} {} ORDER BY id").format(
        sql.SQL(", ").join(
            sql.SQL("{}::{}").format(sql.SQL(name), sql.SQL(type_name))  # both from SOURCES
            for name, type_name in source.columns
        ),
        sql.Identifier(source.table),
        where,
    )
    with bulk.driver(session).cursor("read", binary=True) as found:
        found.execute(query)
        while batch := found.fetchmany(AT_ONCE):
            packer.put(list(zip(*batch, strict=True)))
    return packer.made()
