"""Members of a team that stand far down the list."""

from matcher.matching import _behind
from matcher.terms import Part, Team
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
