"""A folder of projects → rankings in a file, by the command that others will run on a year that nobody has seen."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matcher.past.model import ALL_COLUMNS
from matcher.ranking.order import BY_SCORE_ONLY
from matcher.ranking.rank import Ranker, Recipe
from matcher.ranking.rules import FEWEST_RULES
from matcher.ranking.vectors import VectorTable
from tests.benchmarks import ranking, ranking_ablation, ranking_service
from tests.benchmarks.consortia import first_day, queries, read
from tests.fakes import HashEmbedder

WORDS = ("harbour", "grain", "turbine", "lichen", "enzyme", "glacier", "tram", "orchard", "loom", "kelp", "quartz")
N_FIRMS, N_PARTY = 40, 4
KINDS = ("PRC", "HES", "REC", "PUB", "OTH")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the five files; firms of one circle work together, on what its word says."""
    here, dice = tmp_path_factory.mktemp("projects"), np.random.default_rng(5)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in FILES}
    for n in range(N_FIRMS):
        place = {"country": ("SE", "PT")[n % 2], "city": f"Town {n % 7}"}
        rows["organisations"].append(
            {"org_id": f"o{n}", "name": f"Firm {n}", "sme": str(n % 3 == 0).lower(), "type": KINDS[n % 5]} | place
        )
    for n in range(120):
        early, circle = n < 40, n % len(WORDS)
        year = (2020, 2023, 2024)[(n >= 40) + (n >= 100)]
        party = [f"o{(circle * 3 + step) % N_FIRMS}" for step in dice.permutation(6)[:N_PARTY]]
        key = {"project_id": f"p{n}", "started_on": f"{year}-{n % 12 + 1:02}-{n % 28 + 1:02}", "lead_org_id": party[0]}
        word = WORDS[circle]
        if early:
            rows["earlier_projects"].append(key | {"topic_title": word, "programme_text": None})
        else:
            told = {"title": f"On {word}", "keywords": word, "topic_title": word, "euroscivoc": f"/science/{word}"}
            told |= {"scheme": None, "text": f"On {word}: we measure {word} in {n} places.", "split": split_of(year)}
            rows["projects"].append(key | told)
        took = [{"project_id": f"p{n}", "org_id": one, "role": "participant"} for one in party]
        rows["earlier_participation" if early else "participation"] += took
    for name, each in rows.items():
        pq.write_table(pa.Table.from_pylist(each), here / f"{name}.parquet")
    return here


FILES = ("earlier_projects", "projects", "earlier_participation", "participation", "organisations")


def split_of(year: int) -> str:
    return "dev" if year == 2024 else "train"


def test_the_file_names_whom_history_knew_then_never_the_lead_and_the_circle_first(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ranking, "SentenceEmbedder", HashEmbedder)
    written = tmp_path / "rankings.json"
    ranking.main([str(folder), "--split", "dev", "--vectors", str(tmp_path / "vectors"), "--json", str(written)])
    rankings = json.loads(written.read_text())["rankings"]
    asked = {each["project_id"]: each for each in pq.read_table(folder / "projects.parquet").to_pylist()}
    took = pq.read_table(folder / "participation.parquet").to_pylist()
    took += pq.read_table(folder / "earlier_participation.parquet").to_pylist()
    started = {each["project_id"]: each["started_on"][:7] for name in FILES[:2] for each in
               pq.read_table(folder / f"{name}.parquet").to_pylist()}  # fmt: skip
    assert set(rankings) == {key for key, each in asked.items() if each["split"] == "dev"}
    gains = []
    for key, found in rankings.items():
        known = {each["org_id"] for each in took if started[each["project_id"]] < started[key]}
        assert asked[key]["lead_org_id"] not in found
        assert len(set(found)) == len(found)
        assert set(found) <= known
        truth = {each["org_id"] for each in took if each["project_id"] == key} & known - {asked[key]["lead_org_id"]}
        ideal = sum(1 / np.log2(place + 2) for place in range(min(10, len(truth))))
        gains.append(sum(1 / np.log2(place + 2) for place, one in enumerate(found[:10]) if one in truth) / ideal)
    assert np.mean(gains) > 0.6
    line = next(each for each in capsys.readouterr().out.splitlines() if each.lstrip("| ").startswith("learned"))
    assert f"{np.mean(gains):.3f}" in line


def test_without_each_group_every_signal_that_it_names_is_gone_and_each_is_in_a_group() -> None:
    for group, starts in ranking_ablation.GROUPS.items():
        left = [each.removeprefix("place_by_") for each in ranking_ablation.columns_without(group)]
        for start in starts:
            assert any(each.startswith(start) for each in ALL_COLUMNS), (group, start)
            assert not any(each.startswith(start) for each in left), (group, start)
    grouped = {one for group in ranking_ablation.GROUPS for one in ALL_COLUMNS if one not in without(group)}
    assert set(ALL_COLUMNS) - grouped == set()


def without(group: str) -> set[str]:
    return set(ranking_ablation.columns_without(group))


def test_the_ablation_says_what_each_group_is_worth_project_by_project(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ranking, "SentenceEmbedder", HashEmbedder)
    monkeypatch.setattr(ranking_ablation, "GROUPS", {"nothing": ("no such",), "all but one": tuple(ALL_COLUMNS[1:])})
    ranking.main([str(folder), "--ablation", "--threads", "1", "--vectors", str(tmp_path / "vectors")])
    said = capsys.readouterr().out.partition("two forests, all signals")[2].splitlines()
    assert [each for each in said if "nothing" in each]
    at = next(n for n, each in enumerate(said) if "without nothing" in each)
    assert said[at + 1 : at + 3] == ["    nDCG@10 +0.0000 ± 0.0000", "    R@100 +0.0000 ± 0.0000"]
    at = next(n for n, each in enumerate(said) if "without all but one" in each)
    assert said[at + 1].startswith("    nDCG@10 ")
    assert not said[at + 1].endswith("± 0.0000")


def test_an_interval_is_two_standard_errors_of_the_mean_wide_on_either_side() -> None:
    assert ranking_ablation.interval([1.0, 2.0, 3.0, 4.0]) == pytest.approx(1.96 * 1.2909944 / 2)
    assert ranking_ablation.interval([1.0]) == float("inf")


def test_the_service_ranks_a_folder_as_it_ranks_its_own_network_and_knows_nothing_of_that_month(folder: Path) -> None:
    data = read(folder, HashEmbedder())
    texts = ranking_service.texts_of(folder, data)
    asked = [each for each in queries(data) if data.splits[each.row] == "dev"]
    looked = list(ranking_service.looked_up(data, texts, asked))
    assert [each.query.key for each in looked] == [each.key for each in asked]
    for one in looked:
        before = first_day(one.query.month)
        network = ranking_service.network_of(data, texts, before=before)
        assert all(each.ended_on.toordinal() < before for each in network.collaborations)
        vectors = data.works.about.meaning
        ranker = Ranker(network, VectorTable(texts.hashes[data.works.n_early :], vectors))
        found = ranker.rank(
            ranking_service.opportunity_of(data, texts, one.query),
            vectors[[one.query.row - data.works.n_early]],
            today=date.fromordinal(int(before)),
            limit=N_FIRMS,
            recipe=Recipe(None, FEWEST_RULES, BY_SCORE_ONLY),
        )
        ranked = [each.partner_id - 1 for each in found.matches]
        assert one.by(ranker.weights) == ranked
        assert int(data.works.leads[one.query.row]) not in ranked


def test_the_service_learns_from_a_folder_and_writes_whom_it_would_show(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ranking, "SentenceEmbedder", HashEmbedder)
    written = tmp_path / "rankings.json"
    ranking.main([str(folder), "--service", "--vectors", str(tmp_path / "vectors"), "--json", str(written)])
    assert len(json.loads(written.read_text())["rankings"]) == 20
    said = capsys.readouterr().out
    assert "the service, service-" in said
    assert "the service, learned from" in said
    assert "the service, past_work alone" in said
    assert "the service, language alone" not in said  # a folder tells no languages
