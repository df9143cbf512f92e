"""A synthetic network of any size becomes numbers: how long ranking takes one by one and in a batch, beside its limit.

The limit is the bare product of as many vectors of needs with as many vectors of partners, by BLAS, in the same run.
"""

import argparse
import json
import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from matcher.ranking.embed import SentenceEmbedder
from matcher.ranking.index import VectorIndex
from matcher.ranking.rank import Ranker, build_ranker
from matcher.ranking.vectors import VectorTable
from matcher.terms import Opportunity
from tests.benchmarks.judged import opportunities
from tests.benchmarks.seeds_folder import load
from tests.benchmarks.synthetic import TODAY, Floats, Market

N_RECALL = 200
NEAREST = 100
PRODUCT_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, and of the processor in all threads."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds, milliseconds, megabytes; `ratio` is the batch beside its limit.

    What ends in `cpu` is time of the processor, which hardly depends on what else the machine does, unlike the others.
    """

    partners: int
    rows: int
    texts: int
    make_s: float
    build_s: float
    peak_mb: int
    first_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    p50_cpu_ms: float
    p95_cpu_ms: float
    batch_opportunities: int
    batch_needs: int
    batch_s: float
    batch_ms_each: float
    limit_s: float
    ratio: float
    batch_cpu_s: float
    limit_cpu_s: float
    ratio_cpu: float
    recall_at_100: float


def measure(n_partners: int, *, n_single: int, n_batch: int, seed: int) -> Measured:
    """Build the network, rank some opportunities one by one and many in a batch."""
    encode = SentenceEmbedder().encode
    seeds = load(Path("seeds"))
    with timed() as made:
        market = Market(seeds, n_partners, seed=seed)
        network, (hashes, matrix) = market.network, market.vectors(encode)
        asked, vectors = market.opportunities(opportunities(seeds), encode, n_single + n_batch)
    with timed() as built:
        ranker = build_ranker(network, VectorTable(hashes, matrix))
        ranker.warm()
    first, *alone = _single(ranker, asked[: n_single + 1], vectors[: n_single + 1])
    with timed() as batch:
        n_ranked = sum(1 for _ in ranker.rank_many(asked[n_single:], vectors[n_single:], today=TODAY))
    needs = np.concatenate(vectors[n_single:])
    peak = _peak_mb()
    with timed() as limit:
        _multiply(needs, matrix[:n_partners])
    ms = [one.wall * 1000 for one in alone]
    cpu_ms = [one.cpu * 1000 for one in alone]
    return Measured(
        partners=n_partners,
        rows=len(network.capabilities),
        texts=len(matrix),
        make_s=made[0].wall,
        build_s=built[0].wall,
        peak_mb=peak,
        first_ms=first.wall * 1000,
        p50_ms=float(np.percentile(ms, 50)),
        p95_ms=float(np.percentile(ms, 95)),
        p99_ms=float(np.percentile(ms, 99)),
        p50_cpu_ms=float(np.percentile(cpu_ms, 50)),
        p95_cpu_ms=float(np.percentile(cpu_ms, 95)),
        batch_opportunities=n_ranked,
        batch_needs=len(needs),
        batch_s=batch[0].wall,
        batch_ms_each=batch[0].wall * 1000 / n_ranked,
        limit_s=limit[0].wall,
        ratio=batch[0].wall / limit[0].wall,
        batch_cpu_s=batch[0].cpu,
        limit_cpu_s=limit[0].cpu,
        ratio_cpu=batch[0].cpu / limit[0].cpu,
        recall_at_100=recall(matrix[:n_partners], needs[:N_RECALL]),
    )


def recall(vectors: Floats, queries: Floats, *, exact_until: int = 50_000) -> float:
    """Return the share of the nearest hundred that the index finds."""
    index = VectorIndex(np.arange(len(vectors)), vectors, exact_until=exact_until)
    found = index.search(queries, NEAREST)[1]
    exact = index.search_all(queries, NEAREST)
    shares = [
        len(np.intersect1d(mine, right[:NEAREST])) / NEAREST for mine, (_, right) in zip(found, exact, strict=True)
    ]
    return float(np.mean(shares))


@contextmanager
def timed() -> Iterator[list[Spent]]:
    """Put the seconds that the block took into the list."""
    spent: list[Spent] = []
    wall, cpu = perf_counter(), process_time()
    yield spent
    spent.append(Spent(perf_counter() - wall, process_time() - cpu))


def _single(ranker: Ranker, asked: Sequence[Opportunity], vectors: Sequence[Floats]) -> list[Spent]:
    """Rank one by one; the first makes what is made once a day."""
    found = []
    for opportunity, mine in zip(asked, vectors, strict=True):
        with timed() as spent:
            list(ranker.rank_many([opportunity], [mine], today=TODAY))  # as a posting is ranked
        found += spent
    return found


def _multiply(needs: Floats, vectors: Floats) -> None:
    for begin in range(0, len(needs), PRODUCT_AT_ONCE):
        needs[begin : begin + PRODUCT_AT_ONCE] @ vectors.T


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partners", type=int, default=430_000, help="size of the network (default %(default)s)")
    parser.add_argument("--single", type=int, default=200, help="opportunities ranked one by one")
    parser.add_argument("--batch", type=int, default=10_000, help="opportunities ranked together")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    for name in ("partners", "single", "batch"):
        if getattr(options, name) < 1:
            parser.error(f"--{name} {getattr(options, name)}: give 1 or more")
    measured = measure(options.partners, n_single=options.single, n_batch=options.batch, seed=options.seed)
    print(json.dumps(asdict(measured), indent=2))


if __name__ == "__main__":
    main()
