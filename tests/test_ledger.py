"""The ledger: what a partner gave and got, and when two reports say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.ledger import Balance, Entry, agreed, balance

EUR = st.integers(0, 10_000_000)
IDS = st.integers(1, 5)
ENTRIES = st.lists(st.builds(Entry, IDS, IDS, EUR), max_size=20)
REPORTS = st.tuples(st.sampled_from(["won", "lost"]), EUR)


def test_work_passed_on_is_given_and_work_received_is_got() -> None:
    entries = [Entry(1, 2, 9000), Entry(1, 3, 500), Entry(3, 1, 12000), Entry(2, 3, 77)]
    assert balance(1, entries) == Balance(gave_eur=9500, got_eur=12000, n_gave=2, n_got=1)


def test_a_partner_without_confirmed_work_has_an_empty_balance() -> None:
    assert balance(1, []) == Balance()


def test_entries_are_counted_even_when_they_come_only_once() -> None:
    assert balance(1, iter([Entry(1, 2, 10), Entry(2, 1, 20)])) == Balance(10, 20, 1, 1)


@given(ENTRIES)
def test_what_all_give_is_what_all_get(entries: list[Entry]) -> None:
    sums = [balance(each, entries) for each in range(1, 6)]
    assert sum(each.gave_eur for each in sums) == sum(each.got_eur for each in sums)
    assert sum(each.n_gave for each in sums) == sum(each.n_got for each in sums) == len(entries)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (("won", 12000), ("won", 12000), True),
        (("won", 12000), ("won", 12120), True),
        (("won", 12000), ("won", 12122), False),
        (("won", 12000), ("lost", 12000), False),
        (("lost", 0), ("lost", 0), True),
        (("won", 12000), ("won", 0), False),
    ],
)
def test_two_reports_agree_on_the_result_and_the_sum_within_one_per_cent(
    first: tuple[str, int], second: tuple[str, int], same: bool
) -> None:
    assert agreed(first, second) is same


@given(REPORTS, REPORTS)
def test_it_does_not_matter_who_reported_first(first: tuple[str, int], second: tuple[str, int]) -> None:
    assert agreed(first, second) == agreed(second, first)
    assert agreed(first, first)
