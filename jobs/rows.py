"""A CSV file → checked rows as dataclasses; a bad row becomes a sentence with its file, line and column."""

import csv
import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class BadRow:
    """Why a row was left out."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.sentence}"


def read_rows(path: Path, kind: type[Row], problems: list[BadRow]) -> Iterator[tuple[int, Row]]:
    """Yield (line, row) of a file; what is wrong goes to `problems` and the rest is still read."""
    if not path.is_file():
        problems.append(BadRow(path.name, 0, f"there is no such file in {path.parent}."))
        return
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        wanted = [each.name for each in dataclasses.fields(kind)]  # type: ignore[arg-type]
        if list(reader.fieldnames or ()) != wanted:
            found = ", ".join(reader.fieldnames or ()) or "nothing"
            sentence = f"the first line must name the columns {', '.join(wanted)}; it names {found}."
            problems.append(BadRow(path.name, 1, sentence))
            return
        yield from _each(path.name, reader, kind, problems)


def _each(name: str, reader: csv.DictReader, kind: type[Row], problems: list[BadRow]) -> Iterator[tuple[int, Row]]:
    rows = iter(reader)
    while True:
        try:
            raw = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(
                BadRow(name, reader.line_num, f"the line cannot be read as CSV ({error}); check its quotes.")
            )
            continue
        try:
            yield reader.line_num, _checked(raw, kind)
        except ValueError as error:
            problems.append(BadRow(name, reader.line_num, str(error)))


def _checked(raw: dict[str | None, Any], kind: type[Row]) -> Row:
    if None in raw or None in raw.values():
        raise ValueError(f"it does not have {len(dataclasses.fields(kind))} columns; check commas and quotes.")  # type: ignore[arg-type]
    hints = get_type_hints(kind)
    return kind(**{name: PARSERS[hints[str(name)]](str(name), text.strip()) for name, text in raw.items()})


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
