"""A worker reads texts of ever new lengths and does not grow with each."""

import subprocess
import sys
from pathlib import Path

import pytest

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
