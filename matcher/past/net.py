"""A small neural network over rows of the table: learned by PyTorch, used by NumPy; only this file knows PyTorch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np
from scipy.special import erf, ndtri

from matcher.past.works import FloatArray, IntArray

N_QUANTILES, N_LEARNED_FROM = 64, 60_000
OUTERMOST = 0.004  # quantiles beyond it count as it
WIDTHS = (128, 64)
DROPPED = 0.15  # share of a layer that is left out by chance while learning
N_EPOCHS, N_AT_ONCE, PACE, DECAY = 6, 24, 2e-3, 1e-3
CHANCE_WEIGHT = 10.0  # of the loss of each candidate's chance beside the loss of the order within a work


@dataclass(frozen=True, slots=True)
class Net:
    """Columns become places in a normal distribution, then pass three layers."""

    columns: tuple[str, ...]
    edges: tuple[FloatArray, ...]
    heights: tuple[FloatArray, ...]
    weights: tuple[FloatArray, ...]  # (n_in, n_out) of each layer
    biases: tuple[FloatArray, ...]

    def scores(self, rows: FloatArray) -> FloatArray:
        """Score rows (n, n_columns), higher for likelier: (n,)."""
        now = _levelled(rows, self.edges, self.heights)
        for weights, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            now = now @ weights + bias
            now = (now * 0.5 * (1 + erf(now / np.sqrt(2)))).astype(np.float32)
        return np.asarray(now @ self.weights[-1] + self.biases[-1])[:, 0]

    def save(self, file: Path) -> None:
        """Write it as arrays without pickles."""
        lists = {"edges": self.edges, "heights": self.heights, "weights": self.weights, "biases": self.biases}
        arrays = {f"{name}_{n}": each for name, listed in lists.items() for n, each in enumerate(listed)}
        np.savez_compressed(file, columns=np.array(self.columns), **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, file: Path) -> Self:
        with np.load(file, allow_pickle=False) as kept:
            columns = tuple(str(each) for each in kept["columns"])
            places, layers = range(len(columns)), range(len(WIDTHS) + 1)
            edges, heights = (tuple(kept[f"{name}_{n}"] for n in places) for name in ("edges", "heights"))
            weights, biases = (tuple(kept[f"{name}_{n}"] for n in layers) for name in ("weights", "biases"))
        return cls(columns, edges, heights, weights, biases)


def learn_net(
    rows: FloatArray, took_part: IntArray, sizes: IntArray, *, columns: Sequence[str], seed: int, n_threads: int = 1
) -> Net:
    """Learn from works in turn: the order within each, and chances. The same seed gives the same net."""
    import torch

    torch.set_num_threads(n_threads)
    torch.manual_seed(seed)
    edges, heights = _levels(rows)
    layers = _layers(len(columns))
    network = torch.nn.Sequential(*layers)
    _fit(network, _levelled(rows, edges, heights), took_part, sizes, seed=seed)
    linear = [each for each in layers if isinstance(each, torch.nn.Linear)]
    weights = tuple(each.weight.detach().numpy().T.copy() for each in linear)
    return Net(tuple(columns), edges, heights, weights, tuple(each.bias.detach().numpy().copy() for each in linear))


def _levels(rows: FloatArray) -> tuple[tuple[FloatArray, ...], tuple[FloatArray, ...]]:
    """Find where to cut each column, and the height in a normal distribution at each cut."""
    shares = np.linspace(0, 1, N_QUANTILES)
    normal = ndtri(np.clip(shares, OUTERMOST, 1 - OUTERMOST))
    some = rows[np.random.default_rng(0).permutation(len(rows))[:N_LEARNED_FROM]]
    cuts = [np.quantile(column, shares) for column in some.T]
    edges = [np.unique(each) for each in cuts]
    heights = [
        np.array([normal[cut == edge].mean() for edge in edge_s]) for cut, edge_s in zip(cuts, edges, strict=True)
    ]
    return tuple(each.astype(np.float32) for each in edges), tuple(each.astype(np.float32) for each in heights)


def _levelled(rows: FloatArray, edges: Sequence[FloatArray], heights: Sequence[FloatArray]) -> FloatArray:
    columns = zip(rows.T, edges, heights, strict=True)
    levelled = [np.interp(column, edge, height) for column, edge, height in columns]
    return np.column_stack(levelled).astype(np.float32)


def _layers(n_columns: int) -> list[Any]:
    from torch import nn

    layers: list[Any] = []
    for n_in, n_out in pairwise((n_columns, *WIDTHS)):
        layers += [nn.Linear(n_in, n_out), nn.GELU(), nn.Dropout(DROPPED)]
    return [*layers, nn.Linear(WIDTHS[-1], 1)]


def _fit(network: Any, rows: FloatArray, took_part: IntArray, sizes: IntArray, *, seed: int) -> None:
    import torch

    at, won = torch.from_numpy(rows), torch.from_numpy(took_part.astype(np.float32))
    batches = list(_batches(sizes, seed))
    steps = torch.optim.AdamW(network.parameters(), lr=PACE, weight_decay=DECAY)
    pace = torch.optim.lr_scheduler.OneCycleLR(steps, PACE, total_steps=len(batches) + 1, pct_start=0.2)
    network.train()
    for chosen, work in batches:
        loss = _loss(network(at[chosen])[:, 0], won[chosen], torch.from_numpy(work))
        steps.zero_grad()
        loss.backward()
        steps.step()
        pace.step()
    network.eval()


def _batches(sizes: IntArray, seed: int) -> Iterator[tuple[IntArray, IntArray]]:
    """Draw works by chance: the rows of some, and which of them each row is of."""
    ends, dice = np.cumsum(sizes), np.random.default_rng(seed)
    for _ in range(N_EPOCHS):
        order = dice.permutation(len(sizes))
        for start in range(0, len(order), N_AT_ONCE):
            works = order[start : start + N_AT_ONCE]
            rows = [np.arange(ends[one] - sizes[one], ends[one]) for one in works]
            yield np.concatenate(rows), np.repeat(np.arange(len(works)), sizes[works])


def _loss(scores: Any, won: Any, work: Any) -> Any:
    """Sum the cross-entropy of each candidate and of each work's list.

    Source: Cao, Qin, Liu, Tsai and Li, "Learning to rank: from pairwise approach to listwise approach", 2007.
    """
    import torch

    n_works = int(work[-1]) + 1
    nothing = torch.zeros(n_works)
    chance = torch.nn.functional.binary_cross_entropy_with_logits(scores, won)
    sums = nothing.index_add(0, work, scores.clamp(max=30).exp())
    n_won = nothing.index_add(0, work, won).clamp(min=1)
    order = -((scores - sums.log()[work]) * won / n_won[work]).sum() / n_works
    return CHANCE_WEIGHT * chance + order
