"""The C library's heap and the caches of kernels → small ones, so that a worker that lives long does not grow."""

import ctypes
import os
import sys
from threading import Event, Thread

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # of glibc's malloc.h
LARGE = 1 << 20
N_ARENAS = 2
EVERY_S = 60.0
# On a processor torch keeps, in each thread, a compiled kernel for each shape it has seen, a thousand of each kind.
# Texts come in ever new lengths: 180 batches took a worker from 540 to 800 MB, with these bounds to 555 MB. That there
# is only one such thread is the matter of `jobs/alone.py`.
KERNELS = {"LRU_CACHE_CAPACITY": "16", "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "16"}


def keep_small() -> bool:
    """Bound the kernels, let large arrays leave when they are freed, and threads share their heaps; before torch comes.

    Returns False where the C library is another.

    Left to itself glibc moves its bound for large blocks up to 32 MB and gives each thread a heap of its own, so that
    every rebuilt ranker leaves holes which the next one does not fill.
    """
    for name, value in KERNELS.items():
        os.environ.setdefault(name, value)
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "mallopt"):
        return False
    return all(libc.mallopt(option, value) == 1 for option, value in (
        (M_MMAP_THRESHOLD, LARGE), (M_TRIM_THRESHOLD, LARGE), (M_ARENA_MAX, N_ARENAS),
    ))  # fmt: skip


def give_back_often(ended: Event) -> Thread:
    """Give the pages of the heap that nobody uses back to the system each minute, until the event is set.

    Where several threads build and free what is large, holes stay between what lives on: a worker grew by 55 MB an hour
    while its own objects did not. One call takes some milliseconds.
    """
    thread = Thread(target=_give_back_often, args=(ended,), name="heap", daemon=True)
    thread.start()
    return thread


def _give_back_often(ended: Event) -> None:
    while not ended.wait(EVERY_S):
        give_back()


def give_back() -> bool:
    """Give back what the heap holds and nobody uses; return whether there was any that could be."""
    libc = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
    return hasattr(libc, "malloc_trim") and libc.malloc_trim(0) == 1
