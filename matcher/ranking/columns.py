"""Values of one kind for many rows become arrays; a value is made again when its row is asked for.

A dataclass of the network takes some 500 bytes, its values in columns some 50.
"""

from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from typing import Any, Generic, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.arrays import IntArray

Codes = NDArray[np.int32]
NO_DAY = 0
ENCODING = ("utf-8", "surrogatepass")

W = TypeVar("W", bound=Hashable)
V_co = TypeVar("V_co", covariant=True)


class Column(Protocol[V_co]):
    """One value a row."""

    def __len__(self) -> int: ...

    def __getitem__(self, row: int) -> V_co: ...

    def several(self, rows: IntArray) -> Sequence[V_co]: ...

    def taken(self, rows: IntArray) -> Self: ...


class Figures:
    """Whole numbers or flags."""

    def __init__(self, values: NDArray[Any]) -> None:
        self.values = values

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, row: int) -> Any:
        return self.values.item(row)

    def several(self, rows: IntArray) -> list[Any]:
        """Return the values of some rows, quicker than one by one."""
        found: list[Any] = self.values[rows].tolist()
        return found

    def taken(self, rows: IntArray) -> "Figures":
        """Return the values of some rows."""
        return Figures(self.values[rows])


class Days:
    """Days as ordinals; `NO_DAY` where there is none."""

    def __init__(self, values: Codes) -> None:
        self.values = values

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, row: int) -> date | None:
        ordinal = self.values.item(row)
        return None if ordinal == NO_DAY else date.fromordinal(ordinal)

    def several(self, rows: IntArray) -> list[date | None]:
        """Return the days of some rows, quicker than one by one."""
        return [None if one == NO_DAY else date.fromordinal(one) for one in self.values[rows].tolist()]

    def taken(self, rows: IntArray) -> "Days":
        """Return the days of some rows."""
        return Days(self.values[rows])


class Words:
    """Words of which there are few different ones, under numbers."""

    def __init__(self, codes: Codes, words: Sequence[str]) -> None:
        self.codes = codes
        self.words = tuple(words)

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> str:
        return self.words[self.codes.item(row)]

    def several(self, rows: IntArray) -> list[str]:
        """Return the words of some rows, quicker than one by one."""
        words = self.words
        return [words[code] for code in self.codes[rows].tolist()]

    def taken(self, rows: IntArray) -> "Words":
        """Return the words of some rows."""
        return Words(self.codes[rows], self.words)

    def are(self, *wanted: str) -> NDArray[np.bool_]:
        """Tell for each row whether it has one of some words."""
        return np.asarray(self.each([word in wanted for word in self.words], np.bool_), np.bool_)

    def each(self, values: Sequence[Any], kind: Any) -> NDArray[Any]:
        """Return for each row what stands beside its word, `values` being in the order of the words."""
        return np.asarray(np.array([*values], dtype=kind)[self.codes] if len(self.codes) else np.zeros(0, kind))


class Texts:
    """Texts of any length, one behind the other."""

    def __init__(self, letters: NDArray[np.uint8], begins: IntArray) -> None:
        self.letters = letters
        self.begins = begins

    def __len__(self) -> int:
        return len(self.begins) - 1

    def __getitem__(self, row: int) -> str:
        if row < 0 or row >= len(self):
            raise IndexError(row)
        letters: bytes = self.letters[self.begins.item(row) : self.begins.item(row + 1)].tobytes()
        return letters.decode(*ENCODING)

    def __iter__(self) -> Iterator[str]:
        return (self[row] for row in range(len(self)))

    def taken(self, rows: IntArray) -> "Repeated":
        """Return the texts of some rows, the letters where they are."""
        return Repeated(np.asarray(rows, dtype=np.int32), self)


class Repeated:
    """Texts of which some come many times, each kept once; the number -1 stands for an empty one."""

    def __init__(self, codes: Codes, texts: Texts) -> None:
        self.codes = codes
        self.texts = texts

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> str:
        code = self.codes.item(row)
        return self.texts[code] if code >= 0 else ""

    def several(self, rows: IntArray) -> list[str]:
        """Return the texts of some rows, quicker than one by one."""
        texts = self.texts
        return [texts[code] if code >= 0 else "" for code in self.codes[rows].tolist()]

    def __iter__(self) -> Iterator[str]:
        return (self[row] for row in range(len(self)))

    def taken(self, rows: IntArray) -> "Repeated":
        """Return the texts of some rows."""
        return Repeated(self.codes[rows], self.texts)


class Hashes:
    """Hashes of texts, each kept once."""

    def __init__(self, codes: Codes, values: NDArray[np.bytes_]) -> None:
        self.codes = codes
        self.values = values

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> str:
        return bytes(self.values[self.codes[row]]).decode()

    def several(self, rows: IntArray) -> list[str]:
        """Return the hashes of some rows, quicker than one by one."""
        return [one.decode() for one in self.values[self.codes[rows]].tolist()]

    def taken(self, rows: IntArray) -> "Hashes":
        """Return the hashes of some rows."""
        return Hashes(self.codes[rows], self.values)

    @property
    def order(self) -> IntArray:
        """Give for each row where its hash stands among all."""
        places = np.empty(len(self.values), np.int64)
        places[np.argsort(self.values, kind="stable")] = np.arange(len(self.values))
        return places[self.codes]


class Lists(Generic[W]):
    """A short list of words for each row; like lists are kept once."""

    def __init__(self, kinds: Codes, begins: IntArray, codes: Codes, words: Sequence[W]) -> None:
        self.kinds = kinds
        self.begins = begins
        self.codes = codes
        self.words = tuple(words)

    def __len__(self) -> int:
        return len(self.kinds)

    def __getitem__(self, row: int) -> tuple[W, ...]:
        return self._of_kind(self.kinds.item(row))

    def several(self, rows: IntArray) -> list[tuple[W, ...]]:
        """Return the lists of some rows, quicker than one by one."""
        kinds = self.kinds[rows].tolist()
        made = {kind: self._of_kind(kind) for kind in dict.fromkeys(kinds)}
        return [made[kind] for kind in kinds]

    def _of_kind(self, kind: int) -> tuple[W, ...]:
        codes = self.codes[self.begins.item(kind) : self.begins.item(kind + 1)]
        return tuple([self.words[code] for code in codes.tolist()]) if len(codes) else ()

    def taken(self, rows: IntArray) -> Self:
        """Return the lists of some rows."""
        return type(self)(self.kinds[rows], self.begins, self.codes, self.words)

    @property
    def kind_of_code(self) -> IntArray:
        """Give for each entry of `codes` whose it is."""
        return np.repeat(np.arange(len(self.begins) - 1), np.diff(self.begins))


class Ids:
    """A set of ids for each row; most rows have none."""

    def __init__(self, lists: Lists[int]) -> None:
        self.lists = lists

    def __len__(self) -> int:
        return len(self.lists)

    def __getitem__(self, row: int) -> frozenset[int]:
        return frozenset(self.lists[row])

    def several(self, rows: IntArray) -> list[frozenset[int]]:
        """Return the sets of some rows, quicker than one by one."""
        return [frozenset(one) for one in self.lists.several(rows)]

    @property
    def are_there(self) -> NDArray[np.bool_]:
        """Tell which rows have any."""
        return (np.diff(self.lists.begins) > 0)[self.lists.kinds]

    def taken(self, rows: IntArray) -> "Ids":
        """Return the sets of some rows."""
        return Ids(self.lists.taken(rows))
