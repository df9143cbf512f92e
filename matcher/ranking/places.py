"""Different texts become places that are found by their text, without an object for each."""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.columns import ENCODING, Codes, Repeated, Texts


class Places:
    """Where each of many different texts stands; their check sums are sorted, and the text itself decides."""

    def __init__(self, texts: Sequence[str] | Texts | Repeated) -> None:
        self.texts = texts
        sums = np.fromiter((crc32(one.encode(*ENCODING)) for one in texts), np.uint32, len(texts))
        self._order: Codes = np.argsort(sums, kind="stable").astype(np.int32)
        self._sums: NDArray[np.uint32] = sums[self._order]

    def __len__(self) -> int:
        return len(self.texts)

    def of(self, text: str) -> int:
        """Return the place of a text, -1 for one that is not here."""
        wanted = np.uint32(crc32(text.encode(*ENCODING)))
        begin, end = self._sums.searchsorted(wanted, "left"), self._sums.searchsorted(wanted, "right")
        alike = self._order[begin:end].tolist()
        return next((place for place in alike if self.texts[place] == text), -1)
