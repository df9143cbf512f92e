"""What a partner could change about itself, and what each change makes of the network."""

from dataclasses import replace

import pytest

from matcher.ranking.changes import Change, changes_for
from matcher.terms import Badge, Competency, Need, Network
from tests.ranking.networks import COMPETENCIES, TODAY, crowd, firm, network_of, person, posted, trials

DESIGNATION = Competency("d-mail", "designation", "Mail designation", "A badge for mail", practices=("mail",))
CHANGED = [
    (Change("freshen", "", ""), lambda one: one.partners[2].profile_on == TODAY),
    (Change("live", "", ""), lambda one: one.partners[2].state == "live"),
    (Change("language", "sv", ""), lambda one: "sv" in one.partners[2].languages),
    (Change("industry", "Mining", ""), lambda one: "Mining" in one.partners[2].industries),
    (Change("size", "70000", ""), lambda one: one.partners[2].min_eur <= 70_000 <= one.partners[2].max_eur),
    (Change("practice", "sap", ""), lambda one: "sap" in one.partners[2].practices),
    (Change("sentence", "We run SAP at night", ""), lambda one: _says(one, "We run SAP at night", "sap")),
    (Change("calendar", "Ada", ""), lambda one: (one.people[-1].free_from, one.people[-1].free_days) == (TODAY, 10)),
    (Change("travel", "Ada", ""), lambda one: one.people[-1].on_site),
    (Change("residency", "CH", ""), lambda one: "CH" in one.partners[2].jurisdictions),
    (
        Change("person", "sap|senior", ""),
        lambda one: one.people[-1].competency_keys == ("sap",) and len(one.people) == 3,
    ),
    (Change("clearance", "SC", ""), lambda one: "SC" in one.partners[2].clearances),
    (Change("badge", "s-mail|specialization", ""), lambda one: one.badges[-1].partner_id == 2),
]


def _says(network: Network, text: str, key: str) -> bool:
    return any((one.text, one.competency_key, one.source) == (text, key, "profile") for one in network.capabilities)


@pytest.mark.parametrize(("change", "holds"), CHANGED, ids=[change.kind for change, _ in CHANGED])
def test_a_change_changes_what_it_says_and_nobody_else(change: Change, holds) -> None:  # type: ignore[no-untyped-def]
    mine = firm(2, practices=("mail",), state="paused", min_eur=90_000, max_eur=100_000)
    network = network_of(
        crowd() | {mine: "We move mailboxes."},
        people=[person(11), person(2, free_from=None, free_days=0)],
        badges=[Badge(11, "s-mail", "specialization", TODAY)],
    )
    changed = trials(network, posted()).changed(2, [change])
    assert not holds(network)
    assert holds(changed)
    assert _without(changed, 2) == _without(network, 2)


def _without(network: Network, partner_id: int) -> Network:
    return replace(
        network,
        partners={one: partner for one, partner in network.partners.items() if one != partner_id},
        capabilities=tuple(one for one in network.capabilities if one.partner_id != partner_id),
        people=tuple(one for one in network.people if one.partner_id != partner_id),
        badges=tuple(one for one in network.badges if one.partner_id != partner_id),
    )


def test_changes_come_with_the_least_effort_first_and_never_with_the_posters_words() -> None:
    mine = firm(2, profile_on=None)
    network = replace(
        network_of(crowd() | {mine: "Of Cork."}, people=[person(2, free_days=0)]),
        competencies=COMPETENCIES | {DESIGNATION.key: DESIGNATION},
    )
    opportunity = posted(languages=("sv",), industry="Mining", on_site=True, country="SE", clearances=("SC",))
    found = changes_for(network, 2, opportunity=opportunity, today=TODAY)
    assert [one.kind for one in found] == [
        "freshen", "language", "industry", "practice", "sentence", "calendar", "travel", "person", "clearance",
        "badge", "badge",
    ]  # fmt: skip
    assert not any("300" in one.words for one in found)


def test_where_nothing_is_named_what_a_need_sounds_like_can_be_listed_learned_and_earned() -> None:
    network = replace(network_of(crowd() | {firm(2): "Of Cork."}), competencies=COMPETENCIES)
    unnamed = replace(posted(), needs=(Need("Letters do not arrive", leanings=(("mail", 0.9),)),))
    found = {one.kind: one.value for one in changes_for(network, 2, opportunity=unnamed, today=TODAY)}
    assert (found["practice"], found["person"]) == ("mail", "mail|senior")
    assert "badge" in found
    named = replace(posted(), needs=(Need("Move SAP", ("sap",), leanings=(("mail", 0.9),)),))
    assert "mail" not in {one.value for one in changes_for(network, 2, opportunity=named, today=TODAY)}


@pytest.mark.parametrize(
    ("country", "held", "wanted", "offered"),
    [
        ("US", "DE", "EU", []),
        ("NO", "NO", "UK|EU", []),
        ("DE", "EU", "DE", []),
        ("US", "US", "UK|EU", ["UK", "EU"]),
        ("IE", "EU", "DE", ["DE"]),
    ],
)
def test_a_place_for_data_is_offered_only_to_who_may_hold_none_where_it_must_stay(
    country: str, held: str, wanted: str, offered: list[str]
) -> None:
    network = network_of(crowd() | {firm(2, country=country, jurisdictions=(held,)): "Of Cork."})
    found = changes_for(network, 2, opportunity=posted(jurisdiction=wanted), today=TODAY)
    assert [one.value for one in found if one.kind == "residency"] == offered
