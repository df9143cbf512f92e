"""The seeds' past work and profiles, and a list of askings, become the file by which a need leans towards practices.

python -m tests.benchmarks.leanings --learn VERSION      writes matcher/ranking/models/leanings/VERSION.json
"""

import argparse
import csv
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

ASKED = Path(__file__).parent / "asked.csv"
ASKED_WORTH = 2.0  # of an asking beside a text of a firm: needs are told in such words


def askings(file: Path = ASKED) -> list[tuple[str, str]]:
    """Read (text, practice): what somebody might ask for without naming it."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [(row["asked"], row["practice"]) for row in csv.DictReader(lines)]


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
    told, asked = examples(network), askings()
    rows, worth = [*told, *asked], np.array([1.0] * len(told) + [ASKED_WORTH] * len(asked))
    practices = sorted({practice for _, practice in told})
    place = np.array([practices.index(practice) for _, practice in rows])
    vectors = embedder.encode([text for text, _ in rows]).astype(np.float64)
    return Leanings.learned(embedder.model, vectors, place, practices, worth=worth), len(rows)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("seeds"), help="folder of CSV files as in seeds/README.md")
    parser.add_argument("--learn", metavar="VERSION", required=True, help="the name of the file that is written")
    options = parser.parse_args(argv)
    found, n = learned(load(options.folder).network, SentenceEmbedder())
    card = {
        "version": options.learn,
        "learned_on": TODAY.isoformat(),
        "data": f"{n} texts by practice: past work, badges, declared practices and profiles of {options.folder.name}, "
        f"and {len(askings())} askings written for this ({ASKED.name})",
        "how": "Fisher's linear discriminant over their vectors, its covariance drawn towards one with no directions.",
        "must_not_use": ["postings", "judgements"],
    }
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps({"card": card, "leanings": found.as_values()}, ensure_ascii=False)
    (FOLDER / f"{options.learn}.json").write_text(text + "\n")
    print(f"{options.learn}: {n} examples of {len(found.practices)} practices")


if __name__ == "__main__":
    main()
