"""A CSV file → checked rows as dataclasses; a bad row becomes a sentence with its file, line and column."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

Row = TypeVar("Row")
NOT_UTF_8 = re.compile(r"[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class BadRow:
    """Why a row was left out."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.sentence}"


def read_rows(path: Path, kind: type[Row], problems: list[BadRow]) -> Iterator[tuple[int, Row]]:
    """Yield (first line, row) of a file; what is wrong goes to `problems` and the rest is still read."""
    try:
        # Bytes that are not UTF-8 are carried along, so that only the row that has them is left out.
        text = path.read_bytes().decode("utf-8-sig", errors="surrogateescape")
    except OSError as error:
        is_there = not isinstance(error, FileNotFoundError)
        why = f"it cannot be read ({error.strerror})." if is_there else f"there is no such file in {path.parent}."
        problems.append(BadRow(path.name, 0, why))
        return
    lines, hints = list(StringIO(text, newline="")), get_type_hints(kind)
    if (found := _named(lines)) != list(hints):
        named, commas = ", ".join(found) or "nothing", " with commas between them" * (len(found) == 1)
        sentence = f"the first line must name the columns {', '.join(hints)}{commas}; it names {named}."
        problems.append(BadRow(path.name, 1, sentence))
        return
    for line, fields in _records(path.name, lines, problems):
        try:
            yield line, kind(**_checked(fields, hints))
        except ValueError as error:
            problems.append(BadRow(path.name, line, str(error)))


def _named(lines: list[str]) -> list[str]:
    try:
        return next(csv.reader(lines), [])
    except csv.Error:
        return []  # a quote that is never closed, or no text at all


def _records(name: str, lines: list[str], problems: list[BadRow]) -> Iterator[tuple[int, list[str]]]:
    """Yield (first line, fields) of each record; after one that cannot be read, begin again at the line below."""
    first = 2
    while first <= len(lines):
        above, reader = first, csv.reader(lines[first - 1 :], strict=True)
        try:
            for fields in reader:
                if fields:
                    yield first, fields
                first = above + reader.line_num
        except csv.Error as error:
            problems.append(BadRow(name, first, f"the line cannot be read as CSV ({error}); check its quotes."))
            first += 1


def _checked(fields: list[str], hints: dict[str, Any]) -> dict[str, Any]:
    if len(fields) != len(hints):
        raise ValueError(f"it does not have {len(hints)} columns; check commas and quotes.")
    return {name: _read(name, hints[name], text.strip()) for name, text in zip(hints, fields, strict=True)}


def _read(column: str, hint: Any, text: str) -> Any:
    if NOT_UTF_8.search(text):
        raise ValueError(f"{column} has bytes that are not UTF-8; save the file as UTF-8.")
    return PARSERS[hint](column, text)


def _number(column: str, text: str) -> int:
    if not text.isdecimal():
        raise ValueError(f"{column} is {text!r}; give a whole number.")
    return int(text)


def _date(column: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{column} is {text!r}; give a date such as 2026-03-01.") from None


def _switch(column: str, text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(f"{column} is {text!r}; give yes or no.")
    return text == "yes"


PARSERS: dict[Any, Callable[[str, str], Any]] = {
    str: lambda _column, text: text,
    int: _number,
    bool: _switch,
    date: _date,
    date | None: lambda column, text: _date(column, text) if text else None,
    tuple[str, ...]: lambda _column, text: tuple(each.strip() for each in text.split("|") if each.strip()),
}
