"""A folder of real projects and who did them together → works, asked works and the truth, month by month."""

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer

from matcher.past.works import About, Asked, FloatArray, IntArray, Partners, Sparse, Works
from matcher.ranking.embed import Embedder

KINDS = {"PRC": 0, "HES": 1, "REC": 2, "PUB": 3}
OTHER_KIND = 4
COMPANY = KINDS["PRC"]
PLACES = 10
TITLE_CHARS = 300
# Kinds of funding that differ in who joins, by what the subject calls them: the column `scheme` is empty.
FAMILIES = (
    r"doctoral network|\bITN\b|innovative training|joint doctor|industrial doctor",
    r"staff exchange|\bRISE\b",
    r"postdoctoral fellow|individual fellow|global fellow|ERA fellowship",
    r"cofund",
    r"researchers.? night|msca|sk.odowska",
    r"\bERC\b|european research council|frontier research",
    r"EIC |sme instrument|women techeu|innovation in small",
    r"twinning|era chair|excellence hub|widening|teaming|spreading excellence|brain circulation",
)
MOBILITY = range(5)  # of them: Marie Skłodowska-Curie actions, and what is like them
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Query:
    """One project to find partners for: its row among all works, and who took part, without its lead."""

    row: int
    key: str
    month: str
    truth: frozenset[int]
    met: frozenset[int]  # whom the lead had worked with


@dataclass(frozen=True, slots=True)
class Consortia:
    """All works of a folder, the split and month of each, and names of projects and organisations."""

    works: Works
    keys: list[str]
    splits: list[str]
    months: list[str]
    organisations: list[str]

    def asked(self, queries: Sequence[Query]) -> Asked:
        rows = np.array([each.row for each in queries])
        works, families = self.works, self.works.families
        return Asked(
            works.about.rows(rows - works.n_early),
            works.subjects[rows],
            works.leads[rows],
            None if families is None else families[rows],
        )


def read(folder: Path, embedder: Embedder) -> Consortia:
    """Read the five files of a folder; every text is embedded."""
    early = _in_order(_rows(folder / "earlier_projects.parquet"))
    told = _in_order(_rows(folder / "projects.parquet"))
    members = [*_rows(folder / "earlier_participation.parquet"), *_rows(folder / "participation.parquet")]
    firms = _rows(folder / "organisations.parquet")
    at = {each["org_id"]: n for n, each in enumerate(firms)}
    projects = [*early, *told]
    works = Works(
        days=np.array([date.fromisoformat(each["started_on"]).toordinal() for each in projects], dtype=np.float32),
        leads=np.array([at.get(each["lead_org_id"], -1) for each in projects]),
        took_part=_took_part(projects, members, at),
        subjects=_present([_subject(each) for each in projects]),
        about=_about(told, embedder),
        n_early=len(early),
        partners=_partners(firms),
        families=np.array([_family(_subject(each)) for each in projects]),
    )
    splits = ["earlier"] * len(early) + [each["split"] for each in told]
    months = [each["started_on"][:7] for each in projects]
    return Consortia(works, [each["project_id"] for each in projects], splits, months, list(at))


def first_day(month: str) -> float:
    return float(date.fromisoformat(f"{month}-01").toordinal())


def queries(found: Consortia) -> list[Query]:
    """Name every project with a known lead, at least three organisations and somebody to find, in order."""
    works, active = found.works, np.zeros(len(found.organisations), dtype=bool)
    met: dict[int, set[int]] = defaultdict(set)
    chosen: list[Query] = []
    for month in sorted(set(found.months)):
        rows = [row for row, each in enumerate(found.months) if each == month]
        parties = {row: set(works.took_part[row].indices.tolist()) for row in rows}
        chosen += [each for row in rows if (each := _query(found, row, parties[row], active, met))]
        for party in parties.values():
            active[list(party)] = True
            for one in party:
                met[one] |= party - {one}
    return chosen


def _query(found: Consortia, row: int, party: set[int], active: FloatArray, met: dict[int, set[int]]) -> Query | None:
    lead = int(found.works.leads[row])
    truth = frozenset(one for one in party if active[one] and one != lead)
    if found.splits[row] == "earlier" or lead not in party or len(party) < 3 or not truth:
        return None
    return Query(row, found.keys[row], found.months[row], truth, frozenset(met[lead]))


def ndcg(ranking: Sequence[int], truth: frozenset[int]) -> float:
    """Normalised discounted cumulative gain of the first ten places. Source: Järvelin and Kekäläinen, 2002."""
    gained = sum(1 / math.log2(place + 1) for place, one in enumerate(ranking[:PLACES], start=1) if one in truth)
    return gained / sum(1 / math.log2(place + 1) for place in range(1, min(PLACES, len(truth)) + 1))


def recall(ranking: Sequence[int], truth: frozenset[int], n: int = 100) -> float:
    return len(truth.intersection(ranking[:n])) / len(truth)


def _rows(file: Path) -> Rows:
    rows: Rows = pq.read_table(file).to_pylist()
    return rows


def _in_order(projects: Rows) -> Rows:
    return sorted(projects, key=lambda each: (each["started_on"], each["project_id"]))


def _took_part(projects: Rows, members: Rows, at: dict[str, int]) -> Sparse:
    row = {each["project_id"]: n for n, each in enumerate(projects)}
    pairs = {
        (row[each["project_id"]], at[each["org_id"]])
        for each in members
        if each["project_id"] in row and each["org_id"] in at
    }
    rows, columns = np.array(sorted(pairs)).T
    ones = np.ones(len(rows), dtype=np.float32)
    return sparse.csr_matrix((ones, (rows, columns)), shape=(len(projects), len(at)))


def _subject(project: dict[str, Any]) -> str:
    return f"{project['topic_title'] or ''} {project.get('programme_text') or ''}"


def _family(subject: str) -> int:
    """Number the kind of funding that a subject names; the last number is for all others."""
    return next((n for n, each in enumerate(FAMILIES) if re.search(each, subject, re.IGNORECASE)), len(FAMILIES))


def _about(told: Rows, embedder: Embedder) -> About:
    titles = [f"{each['title']}. {each['keywords'] or ''}"[:TITLE_CHARS] for each in told]
    return About(
        meaning=embedder.encode([each["text"] for each in told]),
        title=embedder.encode(titles),
        subject=embedder.encode([each["topic_title"] or "" for each in told]),
        words=_counts([f"{each['text']} {each['keywords'] or ''}" for each in told]),
        names=_counts([f"{each['keywords'] or ''} {each['title']}" for each in told]),
        fields=_present([" ".join(_fields(each["euroscivoc"] or "")) for each in told], whole=True),
    )


def _fields(path: str) -> list[str]:
    return [re.sub(r"\s+", "_", each.strip()) for each in re.split(r"[;/]", path) if each.strip()]


def _counts(texts: Sequence[str]) -> Sparse:
    counts = _words().transform(texts).tocsr().astype(np.float32)
    counts.data = 1 + np.log(counts.data)
    return counts


def _present(texts: Sequence[str], *, whole: bool = False) -> Sparse:
    present = (_words(r"\S+", stop_words=None) if whole else _words()).transform(texts).tocsr().astype(np.float32)
    present.data[:] = 1
    return present


def _words(pattern: str = r"(?u)\b\w\w+\b", *, stop_words: str | None = "english") -> HashingVectorizer:
    """Hash words: nothing is fitted, so nothing of later texts is in it."""
    return HashingVectorizer(
        n_features=2**20, alternate_sign=False, norm=None, stop_words=stop_words, token_pattern=pattern
    )


def _partners(firms: Rows) -> Partners:
    countries = [each["country"] or "" for each in firms]
    return Partners(
        country=_numbered(countries),
        town=_numbered([f"{each['country']}/{(each['city'] or '').lower()}" for each in firms]),
        kind=np.array([KINDS.get(each["type"], OTHER_KIND) for each in firms]),
        is_small=np.array([str(each["sme"]).lower() in ("true", "1") for each in firms], dtype=np.float32),
    )


def _numbered(words: Sequence[str]) -> IntArray:
    return np.asarray(np.unique(words, return_inverse=True)[1], dtype=np.int64)
