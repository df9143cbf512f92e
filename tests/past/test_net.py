"""A small net learns what it is shown, gives the same from the same seed, and is the same when read again."""

from pathlib import Path

import numpy as np
import pytest
import torch

from matcher.past.model import ALL_COLUMNS, SHIPPED, Card, Learned, Lesson, learn
from matcher.past.net import Net, learn_net
from matcher.past.works import FloatArray, IntArray

COLUMNS = ("plain", "noise", "always one")


def shown(seed: int = 1) -> tuple[FloatArray, IntArray, IntArray]:
    """Make 60 works of 20 candidates, of whom the two largest by the first column are won."""
    dice = np.random.default_rng(seed)
    rows = dice.normal(size=(1200, 3)).astype(np.float32)
    rows[:, 2] = 1
    won = np.zeros(1200, dtype=np.int64)
    for work in range(60):
        won[20 * work + np.argsort(-rows[20 * work : 20 * work + 20, 0])[:2]] = 1
    return rows, won, np.full(60, 20)


def taught(seed: int = 1) -> Net:
    return learn_net(*shown(), columns=COLUMNS, seed=seed)


def test_who_is_won_stands_first_of_works_that_were_not_shown() -> None:
    rows, won, sizes = shown(seed=2)
    scores = taught().scores(rows).reshape(len(sizes), -1)
    first = np.take_along_axis(won.reshape(scores.shape), np.argsort(-scores, axis=1)[:, :2], axis=1)
    assert first.mean() > 0.7  # by chance 0.1


def test_the_same_seed_teaches_the_same_and_another_does_not() -> None:
    rows = shown()[0]
    np.testing.assert_array_equal(taught().scores(rows), taught().scores(rows))
    assert not np.array_equal(taught().scores(rows), taught(seed=2).scores(rows))


def test_a_net_read_again_scores_the_same(tmp_path: Path) -> None:
    net, rows = taught(), shown()[0]
    net.save(tmp_path / "net.npz")
    again = Net.load(tmp_path / "net.npz")
    assert again.columns == COLUMNS
    np.testing.assert_array_equal(again.scores(rows), net.scores(rows))


def test_numpy_scores_as_what_was_learned_does() -> None:
    net, rows = taught(), shown()[0]
    now = torch.from_numpy(
        np.column_stack([np.interp(rows[:, n], net.edges[n], net.heights[n]) for n in range(3)]).astype(np.float32)
    )
    for number, (weights, bias) in enumerate(zip(net.weights, net.biases, strict=True)):
        now = now @ torch.from_numpy(weights) + torch.from_numpy(bias)
        now = torch.nn.functional.gelu(now) if number < 2 else now
    np.testing.assert_allclose(net.scores(rows), now[:, 0].numpy(), rtol=1e-3, atol=1e-4)


def test_values_never_seen_count_as_the_outermost() -> None:
    net, row = taught(), np.zeros((2, 3), dtype=np.float32)
    row[:, 0] = net.edges[0][-1], 1e6
    assert net.scores(row)[0] == pytest.approx(net.scores(row)[1])


def test_a_model_with_nets_is_the_same_when_read_again(tmp_path: Path) -> None:
    dice = np.random.default_rng(3)
    rows = dice.normal(size=(600, len(ALL_COLUMNS))).astype(np.float32)
    won = (rows[:, 0] > 1).astype(np.int64)
    lesson = Lesson(rows, won, np.full(30, 20), kept=0.5, far=rows[:40])
    aims = ("first", "guess", "order.1", "chance.1", "net.1")
    learned = learn(lesson, Card("toy", "2026-11-22", "made up", 30, "nothing"), n_threads=1, aims=aims)
    learned.save(tmp_path)
    again = Learned.load("toy", tmp_path)
    assert set(again.card.spreads) == {"order.1", "chance.1", "net.1"}
    np.testing.assert_allclose(again.scores(rows), learned.scores(rows), rtol=1e-5)
    np.testing.assert_allclose(again.chances(rows), learned.chances(rows), rtol=1e-5)


@pytest.mark.parametrize("version", sorted(each.stem for each in SHIPPED.glob("*.json")))
def test_every_shipped_version_can_be_replayed(version: str) -> None:
    rows = np.random.default_rng(4).random((20, len(ALL_COLUMNS))).astype(np.float32)
    learned = Learned.load(version)
    assert set(learned.trees) | set(learned.nets) == {"first", "guess", *learned.card.spreads}
    assert len(set(learned.scores(rows).tolist())) > 10
    assert ((learned.chances(rows) > 0) & (learned.chances(rows) < 1)).all()
