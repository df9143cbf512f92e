"""The disk of the ranker's file → full and empty again, and its file torn, as the trouble maker wants it.

Where we may mount one (as root, on Linux) it is a disk of its own in memory, which other bytes fill: the builder meets
a real "No space left on device". Elsewhere its own limit for a file (RLIMIT_FSIZE) stops it: "File too large".
"""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

ROOM_MB = 64
SHORT_AT = 20_000  # bytes of a file, where the disk is not our own
FULL = ("No space left on device", "File too large")


class Disk:
    """The place of the ranker's file."""

    def __init__(self, stage_folder: Path):
        self.folder = stage_folder / "ranker"
        self.ballast = self.folder / "others.bytes"
        self.short = stage_folder / "disk-is-short"
        self.notes = stage_folder / "builders"

    def mount(self) -> bool:
        """Make the folder a disk of its own if we may; tell whether it is one."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if not sys.platform.startswith("linux") or os.geteuid():
            return False
        asked = ["mount", "-t", "tmpfs", "-o", f"size={ROOM_MB}m,mode=700", "tmpfs", str(self.folder)]
        return subprocess.run(asked, capture_output=True).returncode == 0

    def unmount(self) -> None:
        """Give the disk back, also while a builder whose worker was killed still writes to it."""
        if os.path.ismount(self.folder):
            subprocess.run(["umount", "--lazy", str(self.folder)], capture_output=True)

    def fill(self, chance: Random) -> None:
        """Let other bytes take the room, all of it or all but less than the file needs."""
        if not os.path.ismount(self.folder):
            self.short.touch()
            return
        with self.ballast.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(1 << 16)):
                    pass
            except OSError:
                file.truncate(max(0, file.tell() - chance.choice((0, SHORT_AT))))

    def empty(self) -> None:
        """Give the room back."""
        self.short.unlink(missing_ok=True)
        self.ballast.unlink(missing_ok=True)

    @property
    def is_short(self) -> bool:
        return self.short.exists()

    def tear(self, chance: Random) -> bool:
        """Put a file in the place of the ranker's that ends too early or has a wrong byte; tell whether there was one.

        It is put there as a new file: those who have mapped the old one keep that.
        """
        file, new = self.folder / "ranker.snapshot", self.folder / "torn"
        try:
            whole = bytearray(file.read_bytes())
            at = chance.randrange(len(whole))
            if chance.random() < 0.5:
                whole[at] ^= 255
            else:
                del whole[at:]
            new.touch(mode=0o600)
            new.write_bytes(whole)
            new.replace(file)
        except (OSError, ValueError):
            new.unlink(missing_ok=True)
            return False
        return True

    def note(self, what: str) -> None:
        """Write down what came of a builder: written, or why not."""
        with self.notes.open("a") as notes:
            notes.write(f"{os.getpid()} {what}\n")

    def noted(self) -> list[str]:
        """Return what came of the builders, in their order."""
        lines = self.notes.read_text().splitlines() if self.notes.exists() else []
        return [each.partition(" ")[2] for each in lines]
