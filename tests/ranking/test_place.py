"""Work on site is offered as whoever sends an engineer would: near before far, and from afar least for a short job."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.posting.reach import placed
from matcher.ranking.nearness import abroad, at_home
from matcher.ranking.rank import Ranking
from matcher.terms import Opportunity
from tests.ranking.networks import POSTER, firm, match_of, network_of, order_of, person, posted, ranked, rule_of
from tests.ranking.worlds import LAW

WORDS = "We move mailboxes from Notes."
ASKED = "Move 300 mailboxes from Notes"
KM = st.floats(0, 20_000)
# Who could do the work: all alike but for where they sit. The ids say the wrong order where nothing else decides.
SEATS = (("NO", "Bergen"), ("SG", "Singapore"), ("DE", "Hamburg"), ("BE", "Brugge"), ("FR", "Lille"),
         ("NL", "Maastricht"), ("GB", "Glasgow"), ("GB", "London"), ("GB", "York"), ("GB", "Leeds"),
         ("DE", "Köln"), ("DE", "Aachen"))  # fmt: skip


def opportunity(place: str, text: str = ASKED, *, country: str, on_site: bool = True) -> Opportunity:
    """Post work at a place; the country and whether it is on site are what a posting was read for."""
    asked = replace(posted(ASKED), text=text, country=country, on_site=on_site)
    return placed(asked, place)


def cities(ranking: Ranking) -> list[str]:
    return [SEATS[one - 2][1] for one in order_of(ranking)]


def found(asked: Opportunity) -> Ranking:
    firms = {
        firm(number, country=country, city=city, practices=("mail",)): WORDS
        for number, (country, city) in enumerate(SEATS, start=2)
    }
    return ranked(network_of({firm(POSTER): ""} | firms, people=map(traveller, range(2, len(SEATS) + 2))), asked)


def traveller(number: int):  # type: ignore[no-untyped-def]
    return person(number, on_site=True)


@pytest.mark.parametrize(
    ("place", "country", "in_order"),
    [
        ("Leeds, on site", "GB", ["Leeds", "York", "London", "Glasgow", "Brugge", "Bergen", "Singapore"]),
        ("on site in Leeds for the weekend", "GB", ["Leeds", "York", "London", "Brugge", "Bergen"]),
        ("Manchester, on site two days a week", "GB", ["Leeds", "York", "London", "Glasgow", "Lille", "Singapore"]),
        ("vor Ort in Köln", "DE", ["Köln", "Aachen", "Hamburg", "Maastricht", "Lille", "London", "Singapore"]),
        ("on site in Aachen, two nights", "DE", ["Aachen", "Köln", "Hamburg", "Maastricht", "Singapore"]),
        ("sur site à Lille", "FR", ["Lille", "Brugge", "London", "Hamburg", "Bergen", "Singapore"]),
        ("Oslo, on site", "NO", ["Bergen", "Hamburg", "Leeds", "Singapore"]),
        ("on site in Belgium", "BE", ["Brugge", "Lille", "Maastricht", "London", "Hamburg", "Bergen", "Singapore"]),
        ("op locatie in Maastricht", "NL", ["Maastricht", "Aachen", "Köln", "Brugge", "Bergen"]),
        ("on site in Singapore", "SG", ["Singapore", "Bergen"]),
        ("Antwerp, on site", "BE", ["Brugge", "Lille", "London", "Glasgow"]),
        ("on site in Dublin", "IE", ["Leeds", "London", "Hamburg", "Singapore"]),
        ("partly on site in Utrecht", "NL", ["Maastricht", "Brugge", "Hamburg", "Singapore"]),
        ("Rotterdam, on site for six months", "NL", ["Maastricht", "Brugge", "Köln", "Leeds"]),
    ],
)
def test_of_equal_firms_the_nearer_one_in_the_country_comes_first(
    place: str, country: str, in_order: list[str]
) -> None:
    told = cities(found(opportunity(place, country=country)))
    assert [one for one in told if one in in_order] == in_order


@pytest.mark.parametrize("place", ["remote", "Leeds", "remote, the customer is in Leeds", ""])
def test_work_from_afar_knows_no_place(place: str) -> None:
    ranking = found(opportunity(place, country="GB", on_site=False))
    assert order_of(ranking) == sorted(order_of(ranking))
    assert not any(one.name == "place" and one.value for match in ranking.matches for one in match.reasons)
    assert "km" not in " ".join(one.evidence_for_poster for match in ranking.matches for one in match.reasons)


def test_a_weekend_is_worth_less_of_a_journey_from_abroad_than_six_months() -> None:
    weekend = found(opportunity("on site in Leeds for the weekend", country="GB"))
    months = found(opportunity("on site in Leeds for six months", country="GB"))
    at = {city: number for number, (_, city) in enumerate(SEATS, start=2)}
    for city in ("Brugge", "Lille", "Maastricht", "Bergen"):
        assert match_of(weekend, at[city]).score < match_of(months, at[city]).score
    for city in ("Leeds", "York", "London"):
        assert match_of(weekend, at[city]).score == match_of(months, at[city]).score


def test_a_much_better_firm_abroad_still_comes_before_a_neighbour_who_shows_little() -> None:
    network = network_of(
        {
            firm(POSTER): "",
            firm(2, country="GB", city="Leeds"): "Gardens.",
            firm(3, country="NO", city="Bergen", practices=("mail",)): WORDS,
        },
        people=[person(3, on_site=True)],
    )
    assert order_of(ranked(network, opportunity("Leeds, on site", country="GB")))[0] == 3


def test_a_place_that_nobody_knows_takes_nobody_out_and_puts_nobody_first() -> None:
    for place, country in (("on site", ""), ("on site in Little Wobbleton", "")):
        asked = opportunity(place, country=country)
        network = network_of(
            {firm(POSTER): ""} | {firm(one, country="NO", city="Bergen", practices=("mail",)): WORDS for one in (2, 3)},
            people=[person(2, on_site=True), person(3, on_site=False)],
        )
        ranking = ranked(network, asked)
        assert order_of(ranking) == [2, 3]
        assert not ranking.out


def test_a_firm_whose_town_no_list_has_stands_between_the_near_and_the_far_of_its_country() -> None:
    firms = {
        firm(2, country="GB", city="Inverness", practices=("mail",)): WORDS,
        firm(3, country="GB", city="Little Wobbleton", practices=("mail",)): WORDS,
        firm(4, country="GB", city="Exeter", practices=("mail",)): WORDS,
        firm(5, country="FR", city="Lille", practices=("mail",)): WORDS,
    }
    people = [person(one, on_site=True) for one in (2, 3, 4, 5)]
    ranking = ranked(
        network_of({firm(POSTER): ""} | firms, people=people), opportunity("Exeter, on site", country="GB")
    )
    assert order_of(ranking) == [4, 3, 2, 5]


def test_who_sits_too_far_is_out_only_where_the_posting_says_how_far_and_the_town_is_known() -> None:
    asked = opportunity("on site in Leeds, within 50 km", country="GB")
    ranking = found(asked)
    assert cities(ranking) == ["Leeds", "York"]
    assert rule_of(ranking, 8) == "too_far"
    removed = ranking.removed_of(8)
    assert removed
    assert removed.sentence == (
        "The posting asks for somebody within 50 km of Leeds; this partner is in Glasgow, about 290 km away."
    )
    unknown = network_of({firm(POSTER): "", firm(2, country="GB", city="Nowhere", practices=("mail",)): WORDS})
    assert order_of(ranked(unknown, asked)) == [2]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("The partner must be in the UK.", {"Glasgow", "London", "York", "Leeds"}),
        ("Only partners from Germany.", {"Hamburg", "Köln", "Aachen"}),
        ("EU-based partners only.", {"Bergen", "Hamburg", "Brugge", "Lille", "Maastricht", "Köln", "Aachen"}),
        ("Nur Dienstleister aus Deutschland oder Belgien.", {"Hamburg", "Köln", "Aachen", "Brugge"}),
        ("Ideally the partner should be in the UK.", {city for _, city in SEATS}),
        ("The partner need not be in the UK.", {city for _, city in SEATS}),
        ("Our customer is in the UK.", {city for _, city in SEATS}),
    ],
)
def test_where_a_firm_must_sit_is_a_rule_only_where_the_posting_says_so(words: str, left: set[str]) -> None:
    ranking = found(opportunity("remote", f"{ASKED}. {words}", country="", on_site=False))
    assert set(cities(ranking)) == left
    for one in ranking.removed:
        assert one.rule == "based_in"
        assert one.sentence.startswith("The posting asks for a firm in ")


def test_the_reason_says_how_far_and_never_the_town_of_the_firm() -> None:
    ranking = found(opportunity("Leeds, on site", country="GB"))
    told = {
        SEATS[match.partner_id - 2][1]: one.evidence_for_poster
        for match in ranking.matches
        for one in match.reasons
        if one.name == "place"
    }
    assert told["Leeds"] == "is in or near Leeds"
    assert told["York"] == "is about 35 km from Leeds, in the UK"
    assert told["Bergen"] == "is about 840 km from Leeds, in another country"
    assert told["Singapore"] == ""
    assert [one.evidence for one in match_of(ranking, 10).reasons if one.name == "place"] == [
        "you are about 35 km from Leeds, in the UK"
    ]


@LAW
@given(KM, KM)
def test_farther_is_never_nearer_and_abroad_never_nearer_than_home(one: float, other: float) -> None:
    near, far = sorted((one, other))
    for law in (at_home, abroad):
        values = law(np.array([near, far, np.nan]))
        assert 0 <= values[1] <= values[0] <= 1
    assert abroad(np.array([0.0])) <= at_home(np.array([far]))
