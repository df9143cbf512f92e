"""A worker reads texts of ever new lengths and does not grow with each."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, get_ident

import pytest

from jobs.ground import Ground
from matcher.ranking import embed
from tests.fakes import HashEmbedder

ROOT = Path(__file__).resolve().parent.parent.parent
GROWN_MB = 40
READ = """
import sys
from random import Random
import psutil
from jobs import allocating
if sys.argv[1] == "small":
    allocating.keep_small()
from matcher.ranking.embed import SentenceEmbedder
embedder, chance, me = SentenceEmbedder(), Random(1), psutil.Process()
def read(n):
    for _ in range(n):
        embedder.encode(["mail " * chance.randint(4, 60) for _ in range(chance.randint(1, 4))])
    return me.memory_info().rss / 1e6
before = read(20)
print(round(read(80) - before))
"""


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the bounds are those of glibc and oneDNN on Linux")
def test_texts_of_new_lengths_leave_no_kernel_behind() -> None:
    reading = [sys.executable, "-c", READ, "small"]
    done = subprocess.run(reading, cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout.splitlines()[-1]) < GROWN_MB


HOLES = """
import psutil
from jobs import allocating
me = psutil.Process()
kept = [b"x" * 60_000 for _ in range(3000)]
del kept[1::2], kept[1::2]
held = me.memory_info().rss / 1e6
allocating.give_back()
print(round(held - me.memory_info().rss / 1e6))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the heap is that of glibc on Linux")
def test_holes_between_what_lives_on_are_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", HOLES], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) > 60


def test_texts_are_read_in_one_thread_whoever_asks(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    read_in: list[int] = []

    class Noting(HashEmbedder):
        def encode(self, texts: list[str]) -> object:
            read_in.append(get_ident())
            return super().encode(texts)

    monkeypatch.setattr(embed, "SentenceEmbedder", lambda *_, **__: Noting())
    embedder, together = g.embedder, Barrier(4)

    def ask(n: int) -> tuple[int, bool]:
        together.wait()
        return get_ident(), bool((embedder.encode([f"mail {n}"]) == HashEmbedder().encode([f"mail {n}"])).all())

    with ThreadPoolExecutor(4) as threads:
        asked = list(threads.map(ask, range(4)))
    assert all(same for _, same in asked)
    assert len({who for who, _ in asked}) == 4
    assert len(read_in) == 4
    assert len(set(read_in)) == 1


def test_what_goes_wrong_while_reading_is_told_to_whoever_asked(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_texts: list[str]) -> None:
        raise embed.NoDevice("no graphics processor")

    reader = HashEmbedder()
    monkeypatch.setattr(reader, "encode", fail)
    monkeypatch.setattr(embed, "SentenceEmbedder", lambda *_, **__: reader)
    with pytest.raises(embed.NoDevice, match="no graphics processor"):
        g.embedder.encode(["mail"])
