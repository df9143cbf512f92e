"""A folder of seeds becomes a network, postings and judgements, without a database."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from matcher.competencies import Linker, describe
from matcher.ranking.capability import capabilities_of
from matcher.terms import Badge, BenchPerson, Capability, Collaboration, Competency, Network, Partner


@dataclass(frozen=True, slots=True)
class Posting:
    key: str
    poster: str
    posted_on: date
    due: str
    place: str
    pays: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Judgement:
    posting: str
    partner: str
    grade: int
    trap: str


@dataclass(frozen=True, slots=True)
class Seeds:
    network: Network
    linker: Linker
    ids: dict[str, int]  # partner key to id
    postings: tuple[Posting, ...]
    judgements: tuple[Judgement, ...]


def load(folder: Path) -> Seeds:
    """Read the folder; partners are numbered from 1 in the order of the file."""
    rows = _reader(folder)
    competencies = {row["key"]: _competency(row) for row in rows("competencies")}
    ids = {row["key"]: number for number, row in enumerate(rows("partners"), start=1)}
    network = Network(
        partners={ids[row["key"]]: _partner(row, ids) for row in rows("partners")},
        competencies=competencies,
        people=tuple(_person(row, ids) for row in rows("people")),
        badges=tuple(_badge(row, ids) for row in rows("badges")),
        collaborations=tuple(_collaboration(row, ids) for row in rows("collaborations")),
    )
    linker = Linker(competencies.values())
    profiles = {ids[row["key"]]: row["profile"] for row in rows("partners")}
    network = replace(network, capabilities=_capabilities(network, profiles, linker))
    return Seeds(network, linker, ids, postings_in(folder), judgements_in(folder))


def competencies_in(folder: Path) -> tuple[Competency, ...]:
    """Read only the competencies."""
    return tuple(_competency(row) for row in _reader(folder)("competencies"))


def postings_in(folder: Path) -> tuple[Posting, ...]:
    """Read only the postings."""
    return tuple(_posting(row) for row in _reader(folder)("postings"))


def judgements_in(folder: Path) -> tuple[Judgement, ...]:
    """Read only how partners were judged; empty where the folder has no judgements."""
    rows = _reader(folder)("judgements")
    return tuple(Judgement(row["posting"], row["partner"], int(row["grade"]), row["trap"]) for row in rows)


def _capabilities(network: Network, profiles: dict[int, str], linker: Linker) -> tuple[Capability, ...]:
    return tuple(
        capability
        for partner in network.partners.values()
        for capability in capabilities_of(
            partner,
            profile=profiles[partner.id],
            badges=network.badges,
            people=network.people,
            collaborations=network.collaborations,
            competencies=network.competencies,
            link=linker.keys,
            describe=describe,
        )
    )


def _reader(folder: Path) -> Callable[[str], list[dict[str, str]]]:
    def rows(name: str) -> list[dict[str, str]]:
        path = folder / f"{name}.csv"
        if not path.exists():
            return []
        with path.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    return rows


def _list(text: str) -> tuple[str, ...]:
    return tuple(one for one in text.split("|") if one)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _competency(row: dict[str, str]) -> Competency:
    return Competency(
        key=row["key"],
        kind=row["kind"],
        label=row["label"],
        definition=row["definition"],
        synonyms=_list(row["synonyms"]),
        old_names=_list(row["old_names"]),
        valid_from=_day(row["valid_from"]),
        valid_until=_day(row["valid_until"]),
        replaced_by=_list(row["replaced_by"]),
        practices=_list(row["practices"]),
    )


def _partner(row: dict[str, str], ids: dict[str, int]) -> Partner:
    return Partner(
        id=ids[row["key"]],
        key=row["key"],
        name=row["name"],
        country=row["country"],
        city=row["city"],
        n_people=int(row["n_people"]),
        languages=_list(row["languages"]),
        industries=_list(row["industries"]),
        jurisdictions=_list(row["jurisdictions"]),
        clearances=_list(row["clearances"]),
        practices=_list(row["practices"]),
        conflict_ids=frozenset(ids[key] for key in _list(row["conflicts"])),
        min_eur=int(row["min_eur"]),
        max_eur=int(row["max_eur"]),
        profile_on=_day(row["profile_on"]),
    )


def _person(row: dict[str, str], ids: dict[str, int]) -> BenchPerson:
    return BenchPerson(
        partner_id=ids[row["partner"]],
        name=row["person"],
        competency_keys=_list(row["practices"]),
        level=row["level"],
        languages=_list(row["languages"]),
        free_from=_day(row["free_from"]),
        free_days=int(row["free_days"]),
        on_site=row["on_site"] == "yes",
    )


def _badge(row: dict[str, str], ids: dict[str, int]) -> Badge:
    awarded_on = date.fromisoformat(row["awarded_on"])
    return Badge(ids[row["partner"]], row["competency"], row["level"], awarded_on, _day(row["expires_on"]))


def _collaboration(row: dict[str, str], ids: dict[str, int]) -> Collaboration:
    return Collaboration(
        lead_id=ids[row["lead"]],
        partner_id=ids[row["partner"]],
        competency_key=row["practice"],
        started_on=date.fromisoformat(row["started_on"]),
        ended_on=date.fromisoformat(row["ended_on"]),
        outcome=row["outcome"],
        summary=row["summary"],
        role=row["role"],
        revenue_eur=int(row["revenue_eur"]),
    )


def _posting(row: dict[str, str]) -> Posting:
    return Posting(
        key=row["key"],
        poster=row["poster"],
        posted_on=date.fromisoformat(row["posted_on"]),
        due=row["due"],
        place=row["place"],
        pays=row["pays"],
        subject=row["subject"],
        text=row["text"],
    )
