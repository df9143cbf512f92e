"""Whoever was allotted an offer must be told of it once; only a proven reason may keep a letter back."""

from dataclasses import replace

import pytest

from tests.chaos.due import Due, Event, Offered, SetAside, Told, undone

OFFER, TOLD = Offered(1, 7, 3), Told("digest:1:7", 7, 3)
ASIDE = SetAside(1, "write", 2, 5, 9)
KILL = Event(1, "kill", "night", where=("1 write 2 held",))


def said(due: Due, *events: Event) -> str:
    (sentence,) = undone(due, events)
    return sentence


def test_a_night_that_told_all_that_it_allotted_is_well() -> None:
    assert undone(Due(offered=[OFFER], told=[TOLD], n_asked={3: 25}), ()) == []


def test_an_offer_that_no_letter_tells_of_is_lost() -> None:
    due = Due(offered=[OFFER, replace(OFFER, opportunity_id=4)], told=[TOLD])
    assert said(due) == "allotted and told by no letter: 1, such as contact 7 of 4 in night 1"
    due.given_up = {1}
    assert undone(due, ()) == []


def test_a_shard_set_aside_is_a_reason_only_when_its_worker_died_so_often() -> None:
    due = Due(offered=[OFFER], set_aside=[ASIDE])
    assert undone(due, [KILL] * 3) == []
    assert said(due, KILL, KILL) == "set aside though its worker did not die so often: 1, such as 1 write 2"
    other = replace(KILL, where=("1 write 12 held", "12 write 2 held"))
    assert "set aside" in said(due, KILL, KILL, other)


@pytest.mark.parametrize(
    "aside", [replace(ASIDE, night_id=2), replace(ASIDE, first_id=8), replace(ASIDE, stage="match", first_id=1)]
)
def test_a_shard_set_aside_excuses_only_what_was_in_it(aside: SetAside) -> None:
    kills = [replace(KILL, where=(f"{aside.name} held",))] * 3
    assert said(Due(offered=[OFFER], set_aside=[aside]), *kills).startswith("allotted and told by no letter: 1")


def test_a_shard_that_could_not_be_ranked_excuses_its_opportunities_alone() -> None:
    due = Due(unranked=[3, 9], set_aside=[SetAside(1, "match", 1, 2, 4)])
    assert said(due, *[replace(KILL, where=("1 match 1 worked",))] * 3) == "1 opportunities were never ranked anew"


def test_what_could_not_be_explained_excuses_its_opportunity() -> None:
    due = Due(offered=[OFFER], set_aside=[SetAside(1, "explain", 1, 3, 3)])
    assert undone(due, [replace(KILL, where=("1 explain 1 worked",))] * 3) == []


def test_too_many_partners_offers_and_tellings_are_seen() -> None:
    assert said(Due(n_asked={3: 26, 4: 25})) == (
        "more partners asked than an opportunity may ask: 1, such as opportunity 3: 26"
    )
    told = [replace(TOLD, opportunity_id=n) for n in range(6)]
    assert said(Due(told=told)) == "more offers than a letter may have: 1, such as digest:1:7: 6"
    assert (
        said(Due(told=[TOLD, replace(TOLD, letter="digest:2:7")]))
        == "told twice of the same: 1, such as contact 7 of 3"
    )


def test_who_was_left_out_what_was_not_ranked_and_nights_without_end_are_seen() -> None:
    assert said(Due(left_out=["a@x"])).endswith("got no letter: 1, such as a@x")
    assert said(Due(unranked=[3, 9])) == "2 opportunities were never ranked anew"
    assert said(Due(n_open=1)) == "1 nights are still open"
