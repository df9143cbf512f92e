"""Laws that hold for the ranking of whatever network and posting."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matcher.ranking.order import FIRST_PLACES, OLD_TIES_SHARE
from matcher.terms import BenchPerson, Collaboration, Opportunity, Partner
from tests.ranking.networks import POSTER, TODAY, firm, network_of, order_of, posted
from tests.ranking.worlds import (
    BY_SCORE,
    LAW,
    SUMMARIES,
    World,
    ranked,
    remote_postings,
    scores_of,
    strict_postings,
    works,
    worlds,
)

pytestmark = pytest.mark.slow

# Scores are 32-bit numbers, added up in the order of the rows.
ALIKE = 1e-5
TWIN = 99


@LAW
@given(worlds(), remote_postings(), st.randoms(use_true_random=False))
def test_where_partners_sit_changes_nothing_for_remote_work(world: World, opportunity: Opportunity, at: Random) -> None:
    """Places are countries and towns; where data may be held and which languages are spoken stay with their firm."""
    seats = [(one.country, f"Town {one.id}") for one in world.profiles]
    at.shuffle(seats)
    moved = {
        replace(one, country=country, city=city): words
        for (one, words), (country, city) in zip(world.profiles.items(), seats, strict=True)
    }
    assert ranked(replace(world, profiles=moved).network, opportunity) == ranked(world.network, opportunity)


def violations(world: World, opportunity: Opportunity, partner: Partner) -> Iterator[str]:
    """Say the hard rules once more, from the facts alone."""
    bench = [one for one in world.people if one.partner_id == partner.id]
    poster = next(one for one in world.profiles if one.id == POSTER)
    spoken = {*partner.languages, *(language for one in bench for language in one.languages)}
    held = {*partner.jurisdictions, *([partner.country] if "EU" in partner.jurisdictions else [])}
    held |= {"EU"} if "DE" in held else set()
    if partner.id == POSTER or partner.state != "live":
        yield "own firm or not live"
    if POSTER in partner.conflict_ids or partner.id in poster.conflict_ids:
        yield "conflict"
    if opportunity.jurisdiction and not held & set(opportunity.jurisdiction.split("|")):
        yield "jurisdiction"
    if set(opportunity.clearances) - set(partner.clearances):
        yield "clearance"
    if opportunity.languages and not spoken & set(opportunity.languages):
        yield "language"
    if bench and not any(one.free_days for one in bench):
        yield "nobody free"
    if opportunity.on_site and bench and partner.country != opportunity.country and not any(p.on_site for p in bench):
        yield "on site"
    yield from _wrong_size(opportunity, partner)


def _wrong_size(opportunity: Opportunity, partner: Partner) -> Iterator[str]:
    value, most = opportunity.value_eur or 0, partner.max_eur
    if 0 < value < partner.min_eur * 2 / 3:
        yield "too small"
    if len(opportunity.needs) == 1 and most and value > most * 4 / 3:
        yield "too large"


@LAW
@given(worlds(), strict_postings())
def test_whoever_breaks_a_hard_rule_is_no_match(world: World, opportunity: Opportunity) -> None:
    partners = {one.id: one for one in world.profiles}
    ranking = ranked(world.network, opportunity)
    for one in ranking.matches:
        assert list(violations(world, opportunity, partners[one.partner_id])) == []
    assert not {one.partner_id for one in ranking.removed} & set(order_of(ranking))


ALIKE_FIRMS = {firm(number, practices=("mail",)): "We move mailboxes from Notes." for number in (1, 2, 3)}
AN_OLD_JOB = Collaboration(1, 2, "erp", date(2015, 1, 5), date(2015, 2, 5), "won", SUMMARIES[0])
THREE_SENIORS = tuple(BenchPerson(2, name, ("mail",), free_days=9) for name in ("Ada", "Ben", "Cleo"))


@LAW
@given(worlds(), remote_postings(), st.integers(2, 3), works(3))
@example(World(ALIKE_FIRMS, (), (), ()), posted(), 2, AN_OLD_JOB)
def test_a_confirmed_job_for_the_poster_never_lowers_who_did_it(
    world: World, opportunity: Opportunity, partner_id: int, job: Collaboration
) -> None:
    """Its score never falls, and by score nobody passes it but who has worked with it.

    The job is told in words that were heard before: new ones make the same words of others, and its own, less rare,
    which shows in a network of three firms (0.05 of a score) and little in one of sixty (0.1 of log-odds). Two more
    things are wanted and not forbidden here: whoever worked with it is now a partner of a partner of the poster and may
    gain more, and the cap on old ties, see the next test, may keep it out of the first five.
    """
    job = replace(job, lead_id=POSTER, partner_id=partner_id, outcome="won")
    world = with_all_words(world)
    before = scores_of(ranked(world.network, opportunity, recipe=BY_SCORE))
    after = scores_of(ranked(replace(world, works=(*world.works, job)).network, opportunity, recipe=BY_SCORE))
    if partner_id not in before:
        return
    assert after[partner_id] >= before[partner_id] - ALIKE
    known = {one for each in world.works for one in (each.lead_id, each.partner_id) if partner_id in _ends(each)}
    behind = {one for one, score in before.items() if score < before[partner_id] - ALIKE} - known
    assert [one for one in behind if after[one] > after[partner_id] + ALIKE] == []


def with_all_words(world: World) -> World:
    """Let two firms far from all others have done every job that a test may tell of."""
    told = [(key, summary) for key in ("mail", "erp", "sap") for summary in SUMMARIES]
    jobs = (Collaboration(50, 51, key, TODAY, TODAY, "won", summary) for key, summary in told)
    profiles = world.profiles | {firm(50): "Gardens.", firm(51): "Gardens."}
    return replace(world, profiles=profiles, works=(*world.works, *jobs))


def _ends(job: Collaboration) -> tuple[int, int]:
    return job.lead_id, job.partner_id


def test_only_the_cap_on_old_ties_puts_somebody_back_for_a_job_and_never_behind_a_lesser_tie() -> None:
    ties = {firm(number, practices=("mail",)): "We move mailboxes from Notes." for number in (2, 3, 4)}
    others = {firm(number, practices=("mail",)): "People in Sligo." for number in range(20, 26)}
    jobs = [Collaboration(POSTER, number, "mail", TODAY, TODAY, "won", SUMMARIES[0]) for number in (2, 2, 3, 3, 4)]
    profiles = {firm(POSTER): ""} | ties | others
    before = ranked(network_of(profiles, works=jobs[:-1]), posted())
    after = ranked(network_of(profiles, works=jobs), posted())
    assert order_of(before)[:3] == [2, 3, 4]
    assert scores_of(after)[4] > scores_of(before)[4]
    assert order_of(after)[: FIRST_PLACES + 1].index(4) == FIRST_PLACES
    assert sum(one in (2, 3, 4) for one in order_of(after)[:FIRST_PLACES]) == int(OLD_TIES_SHARE * FIRST_PLACES)


@LAW
@given(worlds(), remote_postings(), st.integers(2, 3))
def test_two_accounts_of_one_firm_stand_no_higher_than_one(
    world: World, opportunity: Opportunity, partner_id: int
) -> None:
    """Its place, that is: every text more makes the words of all others rarer, which moves all scores together.

    Jobs are confirmed by two, so the second account has none. Where the first one's jobs speak against it (lost, or had
    done by others), one without them could stand higher: that is for whoever lets partners join to see.
    """
    world = replace(world, works=tuple(one for one in world.works if not speaks_against(one, partner_id)))
    before, after = ranked(world.network, opportunity), ranked(twice(world, partner_id).network, opportunity)
    places = {one.partner_id: one.place for one in after.matches}
    if partner_id not in order_of(before):
        assert not {partner_id, TWIN} & set(places)
        return
    assert min(places[partner_id], places.get(TWIN, len(places))) >= order_of(before).index(partner_id) + 1


def speaks_against(job: Collaboration, partner_id: int) -> bool:
    return job.lead_id == partner_id or (job.partner_id == partner_id and job.outcome == "lost")


def twice(world: World, partner_id: int) -> World:
    """Let a firm join a second time with all that it says of itself."""
    original = next(one for one in world.profiles if one.id == partner_id)
    people = (replace(one, partner_id=TWIN) for one in world.people if one.partner_id == partner_id)
    badges = (replace(one, partner_id=TWIN) for one in world.badges if one.partner_id == partner_id)
    return World(
        world.profiles | {replace(original, id=TWIN): world.profiles[original]},
        (*world.people, *people),
        (*world.badges, *badges),
        world.works,
    )


@LAW
@given(worlds(), remote_postings(), st.randoms(use_true_random=False))
@example(World(ALIKE_FIRMS, THREE_SENIORS, (), ()), posted(), Random(1))
def test_the_order_in_which_facts_come_in_changes_nothing(world: World, opportunity: Opportunity, at: Random) -> None:
    network = world.network
    mixed = replace(
        network,
        partners=dict(shuffled(at, network.partners.items())),
        competencies=dict(shuffled(at, network.competencies.items())),
        capabilities=tuple(shuffled(at, network.capabilities)),
        people=tuple(shuffled(at, network.people)),
        badges=tuple(shuffled(at, network.badges)),
        collaborations=tuple(shuffled(at, network.collaborations)),
    )
    one, other = ranked(network, opportunity), ranked(mixed, opportunity)
    assert [replace(match, score=0) for match in one.matches] == [replace(match, score=0) for match in other.matches]
    assert scores_of(one) == pytest.approx(scores_of(other), abs=ALIKE)
    assert one.removed == other.removed


def shuffled(at: Random, rows):  # type: ignore[no-untyped-def]
    found = list(rows)
    at.shuffle(found)
    return found
