"""A version names one way of ranking: the same postings may not rank otherwise under the same name."""

import json
from pathlib import Path

from matcher.ranking.version import RANKER_VERSION
from tests.benchmarks.judged import TODAY, asked, opportunities, ranker_of
from tests.benchmarks.seeds_folder import load
from tests.fakes import HashEmbedder

SEEDS = Path(__file__).parents[2] / "seeds"
GOLDEN = Path(__file__).parents[1] / "golden" / "ranking"
FIRST = 3


def test_whoever_changes_the_order_gives_it_a_new_version() -> None:
    """Compare the first of each posting of the seeds with those written down for this version.

    Where it fails on purpose: name a new version in `matcher/ranking/version.py`, copy the file of the last one in
    `matcher/ranking/models` under that name with what has changed on its card, and put the file that the message names
    where it says.
    """
    file = GOLDEN / f"{RANKER_VERSION}.json"
    found = first_of_each()
    told = json.loads(file.read_text()) if file.exists() else {}
    differ = sorted(key for key in found | told if found.get(key) != told.get(key))
    assert not differ, (
        f"{len(differ)} postings rank otherwise ({differ[:5]}); {file.name} would be: {json.dumps(found)}"
    )


def first_of_each() -> dict[str, list[str]]:
    """Rank every posting of the seeds on vectors that are the same on every machine."""
    seeds, embedder = load(SEEDS), HashEmbedder()
    ranker, partners = ranker_of(seeds, embedder), seeds.network.partners
    found = {}
    for key, one in opportunities(seeds).items():
        ranking = ranker.rank(*asked(seeds, one, embedder), today=TODAY, limit=FIRST)
        found[key] = [partners[each.partner_id].key for each in ranking.matches]
    return found
