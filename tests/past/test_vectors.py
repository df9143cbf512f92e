"""Vectors that a run made are found by the next one, wherever it starts and whatever else changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from matcher.past.works import FloatArray
from tests.benchmarks import ranking_vectors
from tests.benchmarks.ranking_vectors import KeptVectors

TEXTS = ["Batteries of sodium.", "Waves, and what they carry.", "Batteries of sodium."]


@dataclass
class Counting:
    """An embedder that remembers what it was asked."""

    model: str = "tiny@1+words-1"
    asked: list[str] = field(default_factory=list)

    def encode(self, texts: Sequence[str]) -> FloatArray:
        self.asked += texts
        return np.array([[len(text), text.count("a"), 1] for text in texts], dtype=np.float32)


def test_a_text_is_embedded_once_and_found_by_the_next_run(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    made = KeptVectors(first, tmp_path).encode(TEXTS)
    found = KeptVectors(second, tmp_path).encode(TEXTS[::-1])
    assert (sorted(first.asked), second.asked) == (sorted(set(TEXTS)), [])
    np.testing.assert_array_equal(found, made[::-1])
    np.testing.assert_array_equal(made[:, 0], [len(text) for text in TEXTS])


def test_only_what_is_new_is_embedded(tmp_path: Path) -> None:
    KeptVectors(Counting(), tmp_path).encode(TEXTS)
    later = Counting()
    KeptVectors(later, tmp_path).encode([*TEXTS, "Rails."])
    assert later.asked == ["Rails."]


def test_another_glossary_makes_anew_only_what_it_reads_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    KeptVectors(Counting(), tmp_path).encode(TEXTS)
    monkeypatch.setattr(ranking_vectors, "in_english", lambda text: text.replace("Waves", "Tides"))
    later = Counting(model="tiny@1+words-2")
    KeptVectors(later, tmp_path).encode(TEXTS)
    assert later.asked == [TEXTS[1]]


def test_other_weights_make_everything_anew(tmp_path: Path) -> None:
    KeptVectors(Counting(), tmp_path).encode(TEXTS)
    later = Counting(model="tiny@2+words-1")
    KeptVectors(later, tmp_path).encode(TEXTS)
    assert sorted(later.asked) == sorted(set(TEXTS))


def test_a_run_that_is_broken_off_keeps_what_it_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking_vectors, "AT_ONCE", 1)
    broken = Counting()
    monkeypatch.setattr(broken, "encode", _until("Waves", broken.encode))
    with pytest.raises(KeyboardInterrupt):
        KeptVectors(broken, tmp_path).encode(TEXTS)
    later = Counting()
    KeptVectors(later, tmp_path).encode(TEXTS)
    assert later.asked == [TEXTS[1]]


def _until(word: str, encode):  # type: ignore[no-untyped-def]
    def stopped(texts: Sequence[str]) -> FloatArray:
        if texts[0].startswith(word):
            raise KeyboardInterrupt
        return encode(texts)

    return stopped
