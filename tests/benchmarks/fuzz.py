"""Broken messages by the hundred thousand through the reader of inbound mail: none may raise, dawdle or pile up."""

import argparse
import json
import logging
import resource
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter, thread_time

from matcher.inbound import is_authentic, message_key, read, understand
from tests.mutations import corpus, mutated

LIMIT_MS = 200
N_WORST = 5
LETTERS = ("digest", "confirm", "interested", "question", "outcome", "confirm_outcome", "introduction")
DOMAIN = "in.counterpart.example"


@dataclass(slots=True)
class Tally:
    """What one process saw; times are of the processor, so that a busy machine does not count as a slow reader."""

    n: int = 0
    took_ms: list[float] = field(default_factory=list)
    failed: list[tuple[int, str]] = field(default_factory=list)
    slow: list[tuple[float, int]] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)
    mib: list[float] = field(default_factory=list)


def main(argv: Sequence[str] | None = None) -> None:
    """Print how many were read, how long the slowest took, what failed, and memory at the start and at the end."""
    arguments = _parser().parse_args(argv)
    began = perf_counter()
    with ProcessPoolExecutor(arguments.processes) as pool:
        shares = [(n, arguments.messages, arguments.processes, arguments.seed) for n in range(arguments.processes)]
        tallies = list(pool.map(run, *zip(*shares, strict=True)))
    result = _summary(tallies, perf_counter() - began)
    print(json.dumps(result, indent=1))
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1))
    if arguments.keep:
        _keep(arguments.keep, tallies, arguments.seed)
    if result["failed"] or result["over_limit"]:
        sys.exit("some messages failed or took too long; run again with --keep FOLDER to look at them")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=200_000, help="how many broken messages (default 200,000)")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="write messages that failed or took too long into this folder")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser


def message_of(number: int, seed: int, messages: Sequence[bytes]) -> bytes:
    """Make the broken message of a number: the same for ever."""
    random = Random(f"{seed}:{number}")
    return mutated(random.choice(messages), random, messages)


def run(share: int, n_messages: int, n_shares: int, seed: int) -> Tally:
    """Read every n-th broken message."""
    logging.disable()  # what the reader says about broken messages is of no use here
    messages, tally = corpus(), Tally()
    for number in range(share, n_messages, n_shares):
        raw = message_of(number, seed, messages)
        began = thread_time()
        try:
            found = read_wholly(raw, LETTERS[number % len(LETTERS)])
        except Exception as error:  # noqa: BLE001 - to find them is what this is for
            found = "raised"
            tally.failed.append((number, f"{type(error).__name__}: {error}"[:200]))
        took_ms = (thread_time() - began) * 1000
        if found.startswith("unreadable"):
            tally.failed.append((number, found))
        if took_ms > LIMIT_MS:
            tally.slow.append((took_ms, number))
        tally.n += 1
        tally.took_ms.append(took_ms)
        tally.kinds[found.split(":")[0]] = tally.kinds.get(found.split(":")[0], 0) + 1
        if tally.n % 1000 == 500:
            tally.mib.append(_resident_mib())
    return tally


def read_wholly(raw: bytes, letter_kind: str) -> str:
    """Put a message through all that inbound mail goes through without a database; return its kind."""
    message_key(raw)
    found = read(raw, domain=DOMAIN)
    is_authentic(raw, authserv_id="mx", sender=found.sender)
    understand(found.text, letter_kind=letter_kind, n_choices=5)
    return found.reason if found.reason.startswith("unreadable") else found.kind


def _resident_mib() -> float:
    """Return the memory in use now; the peak where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * resource.getpagesize() / 2**20


def _summary(tallies: list[Tally], took_s: float) -> dict[str, object]:
    took = sorted(ms for each in tallies for ms in each.took_ms)
    kinds: dict[str, int] = {}
    for each in tallies:
        for kind, n in each.kinds.items():
            kinds[kind] = kinds.get(kind, 0) + n
    return {
        "messages": len(took),
        "seconds": round(took_s, 1),
        "ms_median": round(took[len(took) // 2], 2),
        "ms_p999": round(took[int(len(took) * 0.999)], 1),
        "ms_slowest": [round(each, 1) for each in took[-N_WORST:]],
        "over_limit": sum(len(each.slow) for each in tallies),
        "failed": sum(len(each.failed) for each in tallies),
        "reasons": sorted({reason for each in tallies for _, reason in each.failed})[:10],
        "mib_at_quarters": [_at_quarters(each.mib) for each in tallies if each.mib],
        "kinds": dict(sorted(kinds.items())),
    }


def _at_quarters(mib: list[float]) -> list[int]:
    """Round the memory at the start, after each quarter and at the end: caches fill up, and then it stays."""
    return [round(mib[len(mib) * quarter // 4]) for quarter in range(4)] + [round(mib[-1])]


def _keep(folder: Path, tallies: list[Tally], seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    messages = corpus()
    for number in {n for each in tallies for n, _ in each.failed} | {n for each in tallies for _, n in each.slow}:
        (folder / f"{number}.eml").write_bytes(message_of(number, seed, messages))


if __name__ == "__main__":
    main()
