"""Texts → vectors that are made once: kept in a folder, by what the encoder sees of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from matcher.glossary import in_english
from matcher.past.works import FloatArray
from matcher.ranking.embed import Embedder
from matcher.ranking.hashing import text_hash

FOLDER = Path(".data") / "bench" / "vectors"
AT_ONCE = 2000  # texts after which what was made is written, so that a run which is broken off loses little


@dataclass(frozen=True)
class KeptVectors:
    """An embedder that asks another one only for texts that no run before embedded.

    A text counts as the same while its English and the weights are: of another glossary, only what it reads otherwise
    is made anew.
    """

    embedder: Embedder
    folder: Path = FOLDER

    @property
    def model(self) -> str:
        return self.embedder.model

    @property
    def file(self) -> Path:
        """Name the file of these weights."""
        return self.folder / f"{self.model.partition('+')[0].replace('/', '_')}.npz"

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return float32 (n, d) with unit rows, in the order of the texts."""
        keys = [text_hash(in_english(text)) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._kept}
        shortest = sorted(new, key=lambda key: (len(new[key]), key))
        for some in _parts(shortest):
            made = self.embedder.encode([new[key] for key in some])
            self._kept.update(zip(some, made, strict=True))
            self._write()
        return np.array([self._kept[key] for key in keys], dtype=np.float32)

    @cached_property
    def _kept(self) -> dict[str, FloatArray]:
        if not self.file.exists():
            return {}
        with np.load(self.file, allow_pickle=False) as there:
            return dict(zip(there["keys"].tolist(), there["rows"], strict=True))

    def _write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.file.with_suffix(".part.npz")
        np.savez(part, keys=np.array(list(self._kept)), rows=np.array(list(self._kept.values()), dtype=np.float32))
        part.replace(self.file)


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]
