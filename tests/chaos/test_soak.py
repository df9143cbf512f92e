"""A line through what was seen tells growth from noise."""

import subprocess
import sys

import psutil

from tests.chaos.soak import Sample, _sum_of, slopes


def seen(values: list[float], *, name: str = "web", pid: int = 1) -> list[Sample]:
    return [Sample(10.0 * n, name, pid, 500.0, value, 20, 5) for n, value in enumerate(values)]


def own_mb(samples: list[Sample], warm_s: float = 0.0) -> list[bool]:
    return [each.leaks for each in slopes(samples, warm_s=warm_s) if each.what == "own_mb"]


def test_what_grows_all_the_time_leaks_and_what_wavers_does_not() -> None:
    assert own_mb(seen([100 + n for n in range(60)])) == [True]
    assert own_mb(seen([100 + n % 7 for n in range(60)])) == [False]


def test_what_grows_in_steps_leaks_and_what_goes_up_and_down_by_more_does_not() -> None:
    assert own_mb(seen([100.0 + 14 * (n // 14) for n in range(60)])) == [True]
    assert own_mb(seen([100.0 + 14 * (n // 45) + 60 * (n % 3) for n in range(60)])) == [False]


def test_what_grows_while_warming_up_is_no_leak() -> None:
    warming = [20.0 * n for n in range(10)] + [200.0] * 50
    assert own_mb(seen(warming)) == [True]
    assert own_mb(seen(warming), warm_s=120) == [False]


def test_a_process_that_was_replaced_is_looked_at_anew() -> None:
    assert own_mb(seen([100.0] * 5) + seen([300.0] * 5, pid=2)) == [False, False]


def test_two_looks_are_too_few_for_a_line() -> None:
    assert slopes(seen([1.0, 900.0]), warm_s=0) == []


def held(what: str) -> float:
    """Return the own megabytes of a process that fills fifty of them, of a kind."""
    code = f"import mmap; held = {what}; print('filled', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        sample = _sum_of(0.0, "postgres", [psutil.Process(process.pid)])
        process.kill()
    return sample.own_mb


def test_a_buffer_that_processes_share_is_nobodys_own_though_one_alone_has_touched_it() -> None:
    nothing = held("None")
    assert held("mmap.mmap(-1, 50_000_000); held.write(bytes(50_000_000))") - nothing < 5
    assert held("bytearray(b'x' * 50_000_000)") - nothing > 45
