"""Fakes by hand: what stands in for the heavy or the outside world."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class HashEmbedder:
    """An embedder without a model: each word has its own fixed direction, so texts are near that share words."""

    def __init__(self, n_dimensions: int = 256, model: str = "hash@1") -> None:
        self.n_dimensions = n_dimensions
        self.model = model

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.n_dimensions), np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()) or [""]:
                rows[row] += self._direction(word)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True) if len(texts) else rows

    def _direction(self, word: str) -> NDArray[np.float32]:
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
        return np.random.default_rng(seed).normal(size=self.n_dimensions).astype(np.float32)
