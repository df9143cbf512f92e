"""Keys become what was made for them lately, so that it is not made again."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
LIMIT = 8192


class Lately(Generic[K, V]):
    """Remembers what a function of the same object returned; forgets everything when there is too much of it.

    A copy in a file begins with nothing: what is remembered can be made again.
    """

    def __init__(
        self,
        make: Callable[[K], V],
        *,
        limit: int = LIMIT,
        make_all: Callable[[Sequence[K]], Iterable[V]] | None = None,
    ) -> None:
        self._make = make
        self._make_all = make_all
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

    def each(self, keys: Sequence[K]) -> list[V]:
        """Return what was made of each key; what was not made lately is made at once, where there is a way."""
        wanted = dict.fromkeys(keys)
        missing = [key for key in wanted if key not in self._known]
        if missing and len(self._known) + len(missing) > self._limit:
            self._known.clear()
            missing = list(wanted)
        if missing:
            made = self._make_all(missing) if self._make_all else map(self._make, missing)
            self._known.update(zip(missing, made, strict=True))
        return [self._known[key] for key in keys]

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_known": {}}
