"""The name under a reply is not part of what it asks for."""

import pytest

from matcher.inbound import understand, unsigned

NAMES = ("Graham Sugden", "Tallowgate Systems")


@pytest.mark.parametrize(
    "signed", ["ok\n\nGraham", "ok. Graham Sugden", "ok,\nGraham Sugden\nTallowgate Systems", "ok"]
)
def test_an_ok_with_the_writers_name_under_it_is_an_ok(signed: str) -> None:
    assert [act.verb for act in understand(unsigned(signed, NAMES), letter_kind="confirm").acts] == ["ok"]


def test_a_reply_that_is_only_a_name_stays() -> None:
    assert unsigned("Graham", NAMES) == "Graham"


def test_somebody_elses_name_stays() -> None:
    assert unsigned("refer 2 to Anna", NAMES) == "refer 2 to Anna"
