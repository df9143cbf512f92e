"""The corpus, broken: a small and always equal share of what `make bench BENCH=fuzz` reads."""

from tests.benchmarks.fuzz import LIMIT_MS, message_of, read_wholly
from tests.mutations import corpus

N_MESSAGES = 1500
KINDS = {"reply", "posting", "join", "unsubscribe", "bounce", "complaint", "auto", "loop", "unknown"}


def test_no_broken_message_stops_the_reader() -> None:
    messages = corpus()
    found = {read_wholly(message_of(number, 7, messages), "digest") for number in range(N_MESSAGES)}
    assert found <= KINDS
    assert len(found) > 3
    assert LIMIT_MS == 200
