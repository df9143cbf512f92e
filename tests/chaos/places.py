"""A folder in which processes say where they are, so that they are killed in the middle of something."""

import os
from pathlib import Path
from threading import get_ident


class Places:
    """Where processes are: `<pid>.night` names night, stage, shard and step of a shard, `<pid>.mail` what is sent.

    `<pid>.file` is there while a builder writes the ranker's file.
    """

    def __init__(self, folder: Path):
        self.folder = folder / "at"
        self.folder.mkdir(exist_ok=True)

    def say(self, what: str, where: str) -> None:
        """Say it at once: whoever is killed in the middle of saying it is where it said last."""
        whole = self.folder / f"{os.getpid()}.{what}"
        begun = whole.with_name(f"{whole.name}.{get_ident()}")
        begun.write_text(where)
        begun.replace(whole)

    def of(self, pid: int, what: str) -> str:
        """Return where a process is; nowhere in particular as long as it has not said so."""
        file = self.folder / f"{pid}.{what}"
        return file.read_text() if file.exists() else ""

    def all_at(self, what: str) -> list[int]:
        """List the ids of those who have said where they are in something, in their order."""
        there = sorted(int(each.stem) for each in self.folder.glob(f"*.{what}"))
        return [pid for pid in there if self.of(pid, what)]

    def forget(self, pid: int, what: str) -> None:
        """Take what a process that was killed has said for ended."""
        (self.folder / f"{pid}.{what}").unlink(missing_ok=True)
