"""An embedder that any thread asks → the same, always at work in one thread of its own."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from matcher.ranking.arrays import FloatArray
from matcher.ranking.embed import Embedder


class Alone:
    """An embedder that keeps to one thread; whoever asks meanwhile waits.

    Torch keeps the kernels of each length of text for each thread apart: a thread that begins to read costs 5 MB.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder, self._thread = embedder, ThreadPoolExecutor(1, "embedder")

    @property
    def model(self) -> str:
        return self._embedder.model

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return float32 (n, d) with unit rows, in the order of the texts."""
        return self._thread.submit(self._embedder.encode, texts).result()
