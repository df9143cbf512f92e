"""Texts per second through the model: sorted by length or as they come, in short numbers or in float32."""

import argparse
import csv
import json
import random
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np

from jobs.seed import SEEDS
from matcher.ranking.embed import BATCH, SentenceEmbedder

SEED = 7


def main(argv: Sequence[str] | None = None) -> None:
    """Print texts per second of each way, and how far the short numbers are from float32."""
    arguments = _parser().parse_args(argv)
    texts = _texts(arguments.texts)
    kinds = {"as chosen here": SentenceEmbedder(device=arguments.device)}
    kinds["float32"] = SentenceEmbedder(device=arguments.device, numbers="float32")
    result: dict[str, float | str] = {"texts": len(texts), "device": kinds["float32"].device}
    rows = {}
    for name, embedder in kinds.items():
        embedder.encode(texts[:64])  # warm
        result[f"{name}, as they come"] = _rate(embedder, texts, batch=BATCH[embedder.device])[0]
        result[f"{name}, sorted"], rows[name] = _rate(embedder, sorted(texts, key=len), batch=BATCH[embedder.device])
    result["mean cosine"] = round(float((rows["as chosen here"] * rows["float32"]).sum(1).mean()), 5)
    print(json.dumps(result, indent=1))
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=800, help="how many different texts (default 800)")
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"), help="where the model runs")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser


def _texts(n_wanted: int) -> list[str]:
    """Take what firms of the seeds say of themselves: whole profiles, their sentences, and past work."""
    with (SEEDS / "partners.csv").open(encoding="utf-8", newline="") as file:
        profiles = [row["profile"] for row in csv.DictReader(file)]
    with (SEEDS / "collaborations.csv").open(encoding="utf-8", newline="") as file:
        works = [row["summary"] for row in csv.DictReader(file)]
    sentences = [each.strip() for profile in profiles for each in profile.split(". ")]
    texts = sorted({each for each in (*profiles, *works, *sentences) if each})
    random.Random(SEED).shuffle(texts)
    return texts[:n_wanted]


def _rate(embedder: SentenceEmbedder, texts: list[str], *, batch: int) -> tuple[float, np.ndarray]:
    """Encode batch by batch in this order; return texts per second and the rows."""
    began = perf_counter()
    rows = [embedder.encode(texts[first : first + batch]) for first in range(0, len(texts), batch)]
    return round(len(texts) / (perf_counter() - began), 1), np.concatenate(rows)


if __name__ == "__main__":
    main()
