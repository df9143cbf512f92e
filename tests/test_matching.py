"""What a ranking is made of when it is stored: those listed, members of a team, those in reserve."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import matching, profiles, teams
from matcher.asking import asked_of
from matcher.matching import _behind
from matcher.models import Match, Partner
from matcher.ranking.rank import Ranking
from matcher.shelving import Shelf
from matcher.store import network, partners, unreadable
from matcher.terms import Capability, Need, Part, Reserve, Team
from tests import factories
from tests import factories as make
from tests.ranking.networks import EMBEDDER, POSTER, TODAY, firm, network_of, posted, ranked, ranker_of


def test_members_of_a_team_who_are_not_listed_come_behind_those_who_are() -> None:
    texts = {firm(POSTER): "Printers.", firm(2): "We move mailboxes.", firm(3): "Mailboxes of all kinds, and toys."}
    network, opportunity = network_of(texts), posted()
    listed = ranked(network, opportunity, limit=1).matches
    vectors = EMBEDDER.encode([need.text for need in opportunity.needs])
    team = Team((Part(2, (0,)), Part(3, (0,))))
    behind = list(_behind(ranker_of(network), opportunity, vectors, listed=listed, team=team, on=TODAY))
    assert len(listed) == 1
    assert [(each.partner_id, each.place) for each in behind] == [(({2, 3} - {listed[0].partner_id}).pop(), 2)]
    assert behind[0].why_them


def test_whoever_is_listed_does_not_stand_in_reserve_too() -> None:
    reserve = Reserve((5, 6, 7), (0.3, 0.2, 0.1))
    assert matching._without(reserve, {6, 9}) == Reserve((5, 7), (0.3, 0.1))
    assert matching._without(reserve, {9}) is reserve


def test_a_team_that_time_did_not_prove_is_kept_and_one_that_time_did_not_find_is_none(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    needs = (Need("Move mailboxes", ("mail",)), Need("Measure the Wi-Fi", ("network",)))
    two = replace(posted(), needs=needs)
    reached = Team((Part(2, (0,)), Part(3, (1,))), gap=0.25)
    proven = replace(reached, gap=0.0)
    for found, kept in ((reached, reached), (Team((), (0, 1), gap=1.0), None), (proven, proven)):
        monkeypatch.setattr(teams, "propose", lambda *_, found=found, **__: found)
        caplog.clear()
        assert matching._team(two, Ranking()) == kept
        assert ("not proven" in caplog.text) == (found.gap > 0)


def test_the_level_that_a_stored_need_asks_for_is_read_from_its_words(session: Session) -> None:
    factories.competencies(session)
    rows = [factories.opportunity(session, factories.firm(session, key)) for key in ("one", "two")]
    rows[0].needs[0].text = "A senior for Exchange, to move 380 mailboxes. And an architect for the network."
    asked = asked_of(session, Shelf(), EMBEDDER, rows)
    assert [[need.level for need in opportunity.needs] for opportunity, _ in asked] == [["architect"], [""]]
    assert asked[0][0].needs[0].text == rows[0].needs[0].text


def test_a_firm_is_not_asked_about_what_a_colleague_posted_from_an_address_that_we_did_not_know(
    session: Session,
) -> None:
    factories.competencies(session)
    for key in ("alder", "quay"):
        contact = factories.firm(session, key)
        contact.partner.profile, contact.partner.practices = "We move mailboxes of all kinds.", ["mail"]
    poster = factories.firm(session, "newcomer", state="draft", email="bo@alder.example")
    row = factories.opportunity(session, poster)
    matching.read_partners(session, now=factories.NOW)
    while make.embed(session, EMBEDDER):
        pass
    matching.match(session, Shelf(), EMBEDDER, row.id, now=factories.NOW)
    found = list(session.scalars(select(Match).where(Match.opportunity_id == row.id)))
    assert [(session.get_one(Partner, each.partner_id).key, each.place) for each in found] == [("quay", 1)]


def test_two_firms_of_one_domain_that_both_joined_are_asked_about_each_other_s_work(session: Session) -> None:
    factories.competencies(session)
    contact = factories.firm(session, "alder")
    contact.partner.profile, contact.partner.practices = "We move mailboxes of all kinds.", ["mail"]
    row = factories.opportunity(session, factories.firm(session, "sister", email="bo@alder.example"))
    matching.read_partners(session, now=factories.NOW)
    while make.embed(session, EMBEDDER):
        pass
    matching.match(session, Shelf(), EMBEDDER, row.id, now=factories.NOW)
    found = list(session.scalars(select(Match).where(Match.opportunity_id == row.id)))
    assert [each.partner_id for each in found] == [contact.partner_id]


def test_a_partner_whose_words_make_us_stumble_holds_up_the_reading_of_no_other(
    session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    factories.competencies(session)
    for key in ("alder", "bad", "quay"):
        factories.firm(session, key).partner.profile = f"We move mailboxes, says {key}."
    real = profiles.capabilities_of

    def read(*told: Any, profile: str, **named: Any) -> list[Capability]:
        if "bad" in profile:
            raise ValueError("unreadable")
        return real(*told, profile=profile, **named)

    monkeypatch.setattr(profiles, "capabilities_of", read)
    assert [matching.read_partners(session, now=factories.NOW) for _ in range(2)] == [2, 0]
    assert network.unread_partners(session, now=factories.NOW) == []
    (waiting,) = network.unread_partners(session, now=factories.NOW + unreadable.REST)
    assert waiting.key == "bad"
    assert [(each.partner_id, each.error) for each in unreadable.listed(session)] == [
        (waiting.id, "ValueError: unreadable")
    ]
    assert f"partner {waiting.id} could not be read: ValueError" in caplog.messages
    assert caplog.records[0].exc_info


def test_a_domain_that_many_share_makes_nobody_a_colleague(session: Session) -> None:
    firms = [factories.firm(session, key, email=f"{key}@gmail.com").partner_id for key in ("alder", "quay")]
    assert partners.at_domain_of(session, "bo@gmail.com", firms) == set()
