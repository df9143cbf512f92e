"""What people call things becomes numbers: how often the linker is right, errs, or says "not sure"."""

import argparse
import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matcher.competencies import Linker
from matcher.ranking.embed import Embedder, SentenceEmbedder
from matcher.ranking.meaning import Meanings
from matcher.terms import Competency
from tests.benchmarks.seeds_folder import competencies_in

FILE = Path(__file__).parents[1] / "ranking" / "phrasings.csv"
HALVES = ("tuning", "held back")


@dataclass(frozen=True, slots=True)
class Phrasing:
    """What somebody wrote and the competencies that are right; none where the honest answer is "not sure"."""

    text: str
    right: tuple[str, ...]

    @property
    def half(self) -> str:
        """Names and thresholds may be chosen on "tuning" only; a hash decides, so that nobody does."""
        return HALVES[hashlib.sha256(self.text.encode()).digest()[0] % 2]


@dataclass(frozen=True, slots=True)
class Measured:
    """Counts over phrasings; an answer is the first competency."""

    n: int
    n_right: int  # the right competency, or "not sure" where that is right
    n_answered: int
    n_answered_right: int
    n_real: int  # those that have a right competency

    @property
    def accuracy(self) -> float:
        return self.n_right / self.n

    @property
    def precision(self) -> float:
        return self.n_answered_right / max(self.n_answered, 1)

    @property
    def unsure(self) -> float:
        return 1 - self.n_answered / self.n

    @property
    def found(self) -> float:
        return self.n_answered_right / self.n_real


def phrasings() -> tuple[Phrasing, ...]:
    """Read the list; beside the expected competency stand others that are as right."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Phrasing(row["phrase"], tuple(key for key in (row["expected"], *row["also"].split("|")) if key))
            for row in csv.DictReader(lines)
        )


def by_names(linker: Linker, asked: Sequence[Phrasing]) -> dict[str, str]:
    """Answer each text from names alone; "" is "not sure"."""
    return {one.text: next(iter(linker.keys(one.text)), "") for one in asked}


def by_names_and_meaning(
    linker: Linker, competencies: Iterable[Competency], embedder: Embedder, asked: Sequence[Phrasing]
) -> dict[str, str]:
    """Answer each text from names and, where there are none, from meaning; the encoder is called twice in all."""
    meanings = Meanings(competencies, embedder.encode)
    texts = [one.text for one in asked]
    understood = meanings.understand(embedder.encode(texts), [linker.named(text) for text in texts])
    return {text: next(iter(one.keys), "") for text, one in zip(texts, understood, strict=True)}


def measure(asked: Iterable[Phrasing], answers: Mapping[str, str]) -> Measured:
    """Compare answers with what is right."""
    rows = [(answers[one.text], one.right) for one in asked]
    return Measured(
        n=len(rows),
        n_right=sum(answer in right if right else not answer for answer, right in rows),
        n_answered=sum(bool(answer) for answer, _ in rows),
        n_answered_right=sum(answer in right for answer, right in rows),
        n_real=sum(bool(right) for _, right in rows),
    )


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("seeds"), help="folder with competencies.csv")
    options = parser.parse_args(argv)
    competencies, asked = competencies_in(options.folder), phrasings()
    linker = Linker(competencies)
    ways = {
        "names": by_names(linker, asked),
        "names and meaning": by_names_and_meaning(linker, competencies, SentenceEmbedder(), asked),
    }
    print("| half | by | phrasings | right | right when it answers | finds | not sure |\n|---|---|---|---|---|---|---|")
    for half in HALVES:
        chosen = [one for one in asked if one.half == half]
        for way, answers in ways.items():
            got = measure(chosen, answers)
            numbers = (got.accuracy, got.precision, got.found, got.unsure)
            print("|", " | ".join([half, way, str(got.n), *(f"{one:.3f}" for one in numbers)]), "|")


if __name__ == "__main__":
    main()
