"""Keys become what was made for them lately, so that it is not made again."""

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
LIMIT = 8192


class Lately(Generic[K, V]):
    """Remembers what a function of the same object returned; forgets everything when there is too much of it.

    A copy in a file begins with nothing: what is remembered can be made again.
    """

    def __init__(self, make: Callable[[K], V], *, limit: int = LIMIT) -> None:
        self._make = make
        self._limit = limit
        self._known: dict[K, V] = {}

    def __call__(self, key: K) -> V:
        try:
            return self._known[key]
        except KeyError:
            made = self._make(key)
        if len(self._known) >= self._limit:
            self._known.clear()
        self._known[key] = made
        return made

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_known": {}}
