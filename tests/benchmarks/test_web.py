"""The benchmark of the pages fails when they start too late."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.benchmarks import web

PAGE = {"per_s": 100.0, "p50_ms": 9, "p95_ms": 20, "p99_ms": 30, "cpu_ms": 5}


@contextmanager
def no_market(*_: object) -> Iterator[str]:
    yield "postgresql://nowhere"


@pytest.mark.parametrize(("start_s", "is_late"), [(1.6, False), (2.0, False), (2.1, True)])
def test_pages_that_start_too_late_end_the_benchmark_with_1(
    start_s: float, is_late: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    process = {"start_s": start_s, "rss_mb": [120], "model_libraries": []}
    monkeypatch.setattr(web, "settings_apart", lambda settings, _: settings)
    monkeypatch.setattr(web, "market", no_market)
    monkeypatch.setattr(web, "_measure", lambda *_: {"pages": {"home": PAGE}, "process": process})
    assert web.main([]) == is_late
    assert ("(too slow)" in capsys.readouterr().out) == is_late
