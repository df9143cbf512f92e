"""The seeds' past work and profiles become the file by which a need leans towards practices.

python -m tests.benchmarks.leanings --learn VERSION      writes matcher/ranking/models/leanings/VERSION.json
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from matcher.ranking.embed import Embedder, SentenceEmbedder
from matcher.ranking.leanings import FOLDER, Leanings
from matcher.ranking.records import is_current_practice, practices_of
from matcher.terms import Network
from tests.benchmarks.judged import TODAY
from tests.benchmarks.seeds_folder import load


def examples(network: Network) -> list[tuple[str, str]]:
    """List (text, practice): what a partner did or says of itself in a competency, in the practices that it shows."""
    told = [one for one in network.capabilities if one.competency_key]
    found = {
        (one.text, practice): None
        for one in told
        for practice in practices_of(one.competency_key, network.competencies)
        if is_current_practice(network.competencies[practice])
    }
    return list(found)


def learned(network: Network, embedder: Embedder) -> tuple[Leanings, int]:
    """Learn from a network; return what was learned and from how many examples."""
    rows = examples(network)
    practices = sorted({practice for _, practice in rows})
    place = {practice: at for at, practice in enumerate(practices)}
    vectors = embedder.encode([text for text, _ in rows])
    return Leanings.learned(embedder.model, vectors, np.array([place[one] for _, one in rows]), practices), len(rows)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("seeds"), help="folder of CSV files as in seeds/README.md")
    parser.add_argument("--learn", metavar="VERSION", required=True, help="the name of the file that is written")
    options = parser.parse_args(argv)
    found, n = learned(load(options.folder).network, SentenceEmbedder())
    card = {
        "version": options.learn,
        "learned_on": TODAY.isoformat(),
        "data": f"{options.folder.name}: {n} texts of past work, badges, declared practices and profiles, by practice",
        "how": "Fisher's linear discriminant over their vectors, its covariance drawn towards one with no directions.",
        "must_not_use": ["postings", "judgements"],
    }
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps({"card": card, "leanings": found.as_values()}, ensure_ascii=False)
    (FOLDER / f"{options.learn}.json").write_text(text + "\n")
    print(f"{options.learn}: {n} examples of {len(found.practices)} practices")


if __name__ == "__main__":
    main()
