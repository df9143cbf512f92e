"""`make bench`: what it returns."""

from types import SimpleNamespace

import pytest

from tests.benchmarks import __main__ as bench


def test_one_benchmark_that_finds_a_bound_broken_is_not_hidden_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    returned = {"tests.benchmarks.fairness": 1, "tests.benchmarks.fuzz": None}
    monkeypatch.setattr(bench, "import_module", lambda name: SimpleNamespace(main=lambda _: returned[name]))
    assert bench.main(["fairness", "fuzz"]) == 1
    assert bench.main(["fuzz"]) == 0
    assert bench.main(["no such"]) == 2
