"""A firm's words about its people, badges and size of work are read, in the languages of profiles, or left alone."""

from datetime import date

import pytest

from matcher.posting.badges import Held
from matcher.posting.telling import Known, Told, told
from matcher.posting.work_size import Size, limits
from matcher.terms import Competency
from tests.posting.factories import TODAY, linker_keys

BADGES = {
    key: Competency(key, "designation", label, "", synonyms=(f"Solutions Partner for {label}",))
    for key, label in (("d-work", "Modern Work"), ("d-security", "Security"))
}
KNOWN = Known(("Beth", "Joanne P."), BADGES, linker_keys, TODAY)


def read(text: str) -> Told:
    return told(text, KNOWN)


@pytest.mark.parametrize(
    ("text", "n", "is_more"),
    [
        ("We have 3 people with MD-102", 3, False),
        ("2 more Intune admins", 2, True),
        ("we hired another Intune consultant who travels", 1, True),
        ("wir haben 3 Leute mit Intune", 3, False),
        ("2 weitere Intune-Administratoren", 2, True),
        ("Nous avons 2 consultants pour Intune", 2, False),
        ("Tenemos 4 consultores para Intune", 4, False),
        ("We hebben 2 mensen voor Intune", 2, False),
    ],
)
def test_people_are_counted_for_what_they_do(text: str, n: int, is_more: bool) -> None:
    (one,) = read(text).lent
    assert (one.n, one.keys, one.is_more) == (n, ("endpoint",), is_more)


@pytest.mark.parametrize(
    "text",
    [
        "we have 12 people and do Intune",
        "we are 12 people",
        "we have 4 people in Leeds",
        "we moved 300 people to Intune",
        "we have 3 customers with 5 engineers for Intune",
        "We do Intune for hospitals.",
    ],
)
def test_what_is_about_the_firm_or_its_customers_is_left_to_the_profile(text: str) -> None:
    assert not read(text).says_something
    assert read(text).rest == text


def test_a_sentence_that_goes_on_about_the_firm_is_read_in_two() -> None:
    found = read("We have 3 people with MD-102, and we also do Citrix.")
    assert found.lent[0].keys == ("endpoint",)
    assert found.rest == "we also do Citrix."


@pytest.mark.parametrize(
    ("text", "free_from", "days", "on_site"),
    [
        ("Beth is free from 5 January", date(2027, 1, 5), None, None),
        ("Beth is free now, 5 days a month", TODAY, 5, None),
        ("Beth ist frei ab 5. Januar", date(2027, 1, 5), None, None),
        ("Joanne works on site", None, None, True),
        ("Beth is booked until 1 March", date(2027, 3, 1), None, None),
        ("Beth is busy", None, 0, None),
        ("Beth does not travel", None, None, False),
    ],
)
def test_of_somebody_known_it_is_heard_when_they_are_free(
    text: str, free_from: date | None, days: int | None, on_site: bool | None
) -> None:
    (one,) = read(text).moved
    assert (one.traits.free_from, one.traits.free_days, one.traits.on_site) == (free_from, days, on_site)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("We are Solutions Partner for Modern Work and Security", ("d-work", "d-security")),
        ("We earned the designation “Security”", ("d-security",)),
        ("We do security", ()),
        ("Our specialization is moving mail.", ()),
    ],
)
def test_a_badge_is_heard_where_one_is_claimed(text: str, held: tuple[str, ...]) -> None:
    assert tuple(one.key for one in read(text).held) == held


def test_a_badge_ends_on_the_day_that_is_named_or_with_a_no() -> None:
    assert read("wir sind Solutions Partner for Security bis 1. März 2027").held == (
        Held("d-security", date(2027, 3, 1)),
    )
    assert read("we are no longer Solutions Partner for Security").held == (Held("d-security", is_over=True),)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("we take work of 12,000 EUR", Size(includes=12_000)),
        ("we take work from 5k to 80k EUR", Size(5_000, 80_000)),
        ("we take work from €5,000 to €80,000", Size(5_000, 80_000)),
        ("Wir nehmen Aufträge ab 5.000 EUR", Size(least=5_000)),
        ("we take projects up to €200k", Size(most=200_000)),
        ("we did work for 12,000 EUR", None),
        ("the budget is 5000 EUR", None),
    ],
)
def test_the_size_of_work_is_read_where_it_is_taken(text: str, size: Size | None) -> None:
    assert read(text).size == size


@pytest.mark.parametrize(
    ("said", "after"),
    [
        (Size(includes=12_000), (12_000, 90_000)),
        (Size(includes=200_000), (20_000, 200_000)),
        (Size(least=100_000), (100_000, 0)),
        (Size(most=5_000), (0, 5_000)),
        (Size(1_000, 2_000), (1_000, 2_000)),
    ],
)
def test_limits_never_contradict_each_other(said: Size, after: tuple[int, int]) -> None:
    assert limits(20_000, 90_000, said) == after


@pytest.mark.parametrize("text", ["Everything still holds.", "nothing has changed", "All of it is still right"])
def test_that_all_still_holds_is_heard(text: str) -> None:
    assert read(text).still_holds
