"""Values that come in batches become columns."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from datetime import date
from itertools import chain, count
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.columns import (
    ENCODING,
    NO_DAY,
    Codes,
    Column,
    Days,
    Figures,
    Hashes,
    Ids,
    Lists,
    Repeated,
    Texts,
    Words,
)

W = TypeVar("W", bound=Hashable)


class Packer(Protocol):
    """Whatever takes the values of one column, batch after batch."""

    def put(self, values: Sequence[Any]) -> None: ...

    def made(self) -> Column[Any]: ...


class _Blocks:
    """Arrays that are put together at the end."""

    def __init__(self, kind: Any) -> None:
        self._kind = kind
        self._blocks: list[NDArray[Any]] = []

    def add(self, values: Iterable[Any], n: int) -> None:
        self._blocks.append(np.fromiter(values, self._kind, n))

    def together(self) -> NDArray[Any]:
        found = np.concatenate([np.zeros(0, self._kind), *self._blocks])
        self._blocks.clear()
        return found


class FiguresPacker:
    """Makes a column of whole numbers or flags."""

    def __init__(self, kind: Any) -> None:
        self._blocks = _Blocks(kind)

    def put(self, values: Sequence[int]) -> None:
        self._blocks.add(values, len(values))

    def made(self) -> Figures:
        return Figures(self._blocks.together())


class _Coded(Generic[W]):
    """Numbers words in the order in which they first come."""

    def __init__(self) -> None:
        self.known: dict[W, int] = defaultdict(count().__next__)
        self._blocks = _Blocks(np.int32)

    def put(self, values: Collection[W]) -> None:
        self._blocks.add(map(self.known.__getitem__, values), len(values))

    def codes(self) -> Codes:
        return self._blocks.together()


class DaysPacker(_Coded[date | None]):
    """Makes a column of days."""

    def made(self) -> Days:
        ordinals = np.array([NO_DAY if one is None else one.toordinal() for one in self.known], np.int32)
        codes = self.codes()
        return Days(ordinals[codes] if len(codes) else codes)


class WordsPacker(_Coded[str]):
    """Makes a column of words."""

    def made(self) -> Words:
        return Words(self.codes(), tuple(self.known))


class TextsPacker:
    """Makes a column of texts that are all different."""

    def __init__(self) -> None:
        self._letters = bytearray()
        self._lengths = _Blocks(np.int64)

    def put(self, values: Collection[str]) -> None:
        encoded = [one.encode(*ENCODING) for one in values]
        self._letters += b"".join(encoded)
        self._lengths.add(map(len, encoded), len(encoded))

    def made(self) -> Texts:
        begins = np.concatenate([np.zeros(1, np.int64), np.cumsum(self._lengths.together())])
        return Texts(np.frombuffer(self._letters, np.uint8), begins)


class RepeatedPacker(_Coded[str]):
    """Makes a column of texts that come more than once."""

    def made(self) -> Repeated:
        return Repeated(self.codes(), texts_of(self.known))


class HashesPacker(_Coded[str]):
    """Makes a column of hashes."""

    def made(self) -> Hashes:
        return Hashes(self.codes(), hashes_of(self.known))


class ListsPacker(_Coded[tuple[W, ...]]):
    """Makes a column of short lists."""

    def put(self, values: Collection[Iterable[W]]) -> None:
        super().put([tuple(one) for one in values])

    def made(self) -> Lists[W]:
        words: _Coded[W] = _Coded()
        words.put(list(chain.from_iterable(self.known)))
        begins = np.cumsum([0, *map(len, self.known)], dtype=np.int64)
        return Lists(self.codes(), begins, words.codes(), tuple(words.known))


class IdsPacker:
    """Makes a column of sets of ids."""

    def __init__(self) -> None:
        self._lists: ListsPacker[int] = ListsPacker()

    def put(self, values: Sequence[Iterable[int]]) -> None:
        self._lists.put([sorted(one) for one in values])

    def made(self) -> Ids:
        return Ids(self._lists.made())


class OncePacker(TextsPacker):
    """Makes a column of texts that are mostly different."""

    def made(self) -> Repeated:  # type: ignore[override]
        texts = super().made()
        return Repeated(np.arange(len(texts), dtype=np.int32), texts)


def texts_of(values: Collection[str]) -> Texts:
    """Lay texts one behind the other."""
    packer = TextsPacker()
    packer.put(values)
    return packer.made()


def as_repeated(values: Sequence[str] | Repeated) -> Repeated:
    """Put texts into a column, with the number -1 for an empty one; a column is returned as it is."""
    if isinstance(values, Repeated):
        return values
    packer = RepeatedPacker()
    packer.put([one for one in values if one])
    codes = np.full(len(values), -1, np.int32)
    made = packer.made()
    codes[[row for row, one in enumerate(values) if one]] = made.codes
    return Repeated(codes, made.texts)


def hashes_of(values: Collection[str]) -> NDArray[np.bytes_]:
    """Return hashes as an array of bytes, which sorts and is searched a hundred times faster than strings."""
    return np.array([one.encode() for one in values] or [], dtype=np.bytes_)
