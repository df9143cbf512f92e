"""The verbs of the machine: read partners, embed texts and rank opportunities. For jobs only."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from matcher import teams, wording
from matcher.asking import asked, asked_of
from matcher.competencies import describe
from matcher.models import Opportunity
from matcher.profiles import read_partners
from matcher.ranking.arrays import FloatArray
from matcher.ranking.embed import Embedder
from matcher.ranking.hashing import text_hash
from matcher.ranking.meaning import texts_of
from matcher.ranking.model import Model
from matcher.ranking.order import FAIR
from matcher.ranking.rank import ALL_TOGETHER, Ranker, Ranking, Recipe
from matcher.ranking.tables import only
from matcher.ranking.whatif import LARGE, Reading, Trials, WhyNot
from matcher.shelving import KEPT_FROM, Shelf, build_ahead, shelve
from matcher.store import embeddings, exposures, introductions, matched, matches, network, partners, postings
from matcher.store.matched import Found
from matcher.terms import Match, Network, Reserve, Team
from matcher.terms import Opportunity as Asked

__all__ = ["KEPT_FROM", "Shelf", "build_ahead", "read_partners", "shelve"]

log = logging.getLogger(__name__)

# Reasons are found for as many as a poster is shown; for the others when they are asked. So many stand behind because
# the best have their five offers of the day soon: of the places of 10,000 opportunities among 430,000 partners the best
# 25 fill 59 in a hundred, 50 fill 94, 100 all; a fifth more for those who are out by then.
N_LISTED, N_BEHIND = 10, 110


def to_embed(
    session: Session, model: str, *, limit: int, after: embeddings.Mark = embeddings.ALL
) -> list[tuple[str, str]]:
    """List (hash, text) of what has no vector under this model yet, partners' words before names, short ones first."""
    texts = embeddings.texts_without(session, model=model, limit=limit, after=after)
    return texts or _names_without(session, model)[:limit]


def n_to_embed(session: Session, model: str) -> int:
    """Count the texts, partners' words and names, that have no vector under this model yet."""
    return embeddings.n_without(session, model=model) + len(_names_without(session, model))


def take_texts(session: Session, model: str, todo: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Take those of some (hash, text) that no other machine embeds or has embedded, until this transaction ends."""
    ours = embeddings.taken(session, model=model, hashes=[key for key, _ in todo])
    return [each for each in todo if each[0] in ours]


def embed_texts(session: Session, embedder: Embedder, todo: Sequence[tuple[str, str]]) -> int:
    """Embed some texts and keep their vectors; return how many."""
    if todo:
        vectors = embedder.encode([text for _, text in todo])
        embeddings.save(session, {key: vectors[i] for i, (key, _) in enumerate(todo)}, model=embedder.model)
    return len(todo)


def match(session: Session, shelf: Shelf, embedder: Embedder, opportunity_id: int, *, now: datetime) -> int:
    """Rank the partners for one opportunity and store the matches; return how many were found.

    None are stored when it was rewritten or matched by another worker meanwhile.
    """
    version = postings.as_it_is(session, opportunity_id)  # before its words
    row = postings.opportunity(session, opportunity_id)
    if row is None or row.state not in ("draft", "open"):
        return 0
    found = ranked(session, shelf, embedder, row, now=now)
    if not postings.is_still(session, row.id, version):
        return 0
    matched.replace(session, row.id, found.matches, version=shelf.model.version, at=now, reserve=found.reserve)
    matched.note_team(session, row.id, found.team)
    return len(found.matches)


def ranked(session: Session, shelf: Shelf, embedder: Embedder, row: Opportunity, *, now: datetime) -> Found:
    """Rank the partners for one opportunity, members of a team behind them; no matches are written."""
    ranker = shelve(session, shelf, model=embedder.model)
    excluded = introductions.excluded_partners(session, row.id)
    posted, vectors = asked(session, shelf, embedder, row)
    recipe = _recipe_of_day(session, shelf, now)
    [ranking] = ranker.rank_many(  # of one: nobody asks here whom a rule took out and why, which takes as long again
        [posted],
        [vectors],
        today=now.date(),
        excluded={posted.id: excluded},
        limit=N_LISTED,
        n_behind=N_BEHIND,
        recipe=recipe,
    )
    found = _found(ranker, posted, vectors, ranking=ranking, on=now.date(), n_asked=len(excluded))
    return _without_its_own(session, row, found)


def ranked_many(
    session: Session, shelf: Shelf, embedder: Embedder, rows: Sequence[Opportunity], *, now: datetime
) -> Iterator[Found]:
    """Do for many opportunities, in their order, what `ranked` does for one."""
    ranker = shelve(session, shelf, model=embedder.model)
    excluded = introductions.excluded_of_each(session, [row.id for row in rows])
    pairs = asked_of(session, shelf, embedder, rows)
    posted, vectors = [one for one, _ in pairs], [each for _, each in pairs]
    recipe = _recipe_of_day(session, shelf, now, keep=True)
    rankings = ranker.rank_many(
        posted, vectors, today=now.date(), excluded=excluded, limit=N_LISTED, n_behind=N_BEHIND, recipe=recipe
    )
    for row, one, each, ranking in zip(rows, posted, vectors, rankings, strict=True):
        found = _found(ranker, one, each, ranking=ranking, on=now.date(), n_asked=len(excluded[one.id]))
        yield _without_its_own(session, row, found)


def explain(
    session: Session, shelf: Shelf, embedder: Embedder, wanted: Mapping[int, Sequence[int]], *, now: datetime
) -> Iterator[Found]:
    """Say why partners of the reserve match, by opportunity and their ids; whoever does not any more is left out."""
    ranker = shelve(session, shelf, model=embedder.model)
    rows = postings.opportunities(session, sorted(wanted))
    places = matches.places_behind(session, wanted)
    for posted, vectors in asked_of(session, shelf, embedder, rows):
        found = ranker.explain(posted, vectors, places=places.get(posted.id, {}), today=now.date())
        yield Found(posted.id, found, None)


def replay(
    session: Session, shelf: Shelf, embedder: Embedder, row: Opportunity, *, model: Model, now: datetime
) -> Ranking:
    """Rank for one opportunity with an older model and write no matches.

    Everybody is ranked, those too who were asked already, on the day of the stored matches; what the network has
    learned since is not undone.
    """
    ranker, (posted, vectors) = shelve(session, shelf, model=embedder.model), asked(session, shelf, embedder, row)
    recipe = replace(_recipe_of_day(session, shelf, now), weights=model.weights)
    return ranker.rank(posted, vectors, today=(row.matched_at or now).date(), recipe=recipe)


def why_not(
    session: Session, shelf: Shelf, embedder: Embedder, opportunity_id: int, *, partner_key: str, now: datetime
) -> WhyNot | None:
    """Say why a partner is not among the first five, and what would bring it there; None where either is unknown.

    One that was told already stands in the ranking of all, as if nobody had been told yet.
    """
    row, partner_id = postings.opportunity(session, opportunity_id), network.id_of(session, partner_key)
    if row is None or partner_id is None:
        return None
    ranker, told = shelve(session, shelf, model=embedder.model), introductions.excluded_partners(session, row.id)
    (posted, _), known = asked(session, shelf, embedder, row), shelf.known
    assert known
    trials = Trials(
        known,
        embeddings.load(session, model=embedder.model, hashes=_hashes_tried(known, {partner_id, row.partner_id})),
        reading=Reading(embedder, wording.linker_of(list(known.competencies.values())).keys, describe),
        opportunity=posted,
        today=now.date(),
        excluded=frozenset() if partner_id in told else told,
        ranker=ranker,
        recipe=_recipe_of_day(session, shelf, now),
    )
    return trials.why_not(partner_id)


def _hashes_tried(known: Network, partner_ids: set[int]) -> list[str] | None:
    """List the texts whose vectors a trial needs: in a large network, where others stay as they are, two firms'."""
    if len(known.partners) < LARGE:
        return None
    return [one.text_hash for one in only(known, partner_ids).capabilities]


def _recipe_of_day(session: Session, shelf: Shelf, now: datetime, *, keep: bool = False) -> Recipe:
    """Order by what past rankings owe to bands of partners; worked out once a day, so that a day's rankings agree.

    `keep` says it for all other workers too; they wait until this transaction ends, which nobody should who waits for
    one ranking.
    """
    if shelf.known is None:
        return ALL_TOGETHER
    if shelf.recipe is None or shelf.recipe[0] != (now.date(), keep):
        owed = exposures.lifts_of_day(session, shelf.known, now=now, keep=keep)
        shelf.recipe = (now.date(), keep), replace(ALL_TOGETHER, fairness=replace(FAIR, lifts=owed))
    return shelf.recipe[1]


def _found(ranker: Ranker, posted: Asked, vectors: FloatArray, *, ranking: Ranking, on: date, n_asked: int) -> Found:
    """Add a team to a ranking; once somebody was asked, it is too late for one.

    Places go on behind those who were asked: the best few, who may be asked though little shows that they fit, are
    those of an opportunity and not new ones each day.
    """
    team = None if n_asked else _team(posted, ranking)
    behind = _behind(ranker, posted, vectors, listed=ranking.matches, team=team, on=on)
    found = tuple(replace(each, place=n_asked + each.place) for each in (*ranking.matches, *behind))
    return Found(posted.id, found, team, _without(ranking.reserve, {each.partner_id for each in found}))


def _without_its_own(session: Session, row: Opportunity, found: Found) -> Found:
    """Leave out firms at the mail domain of a poster whose own firm has not joined: it may be a colleague of theirs.

    Not yet while a draft may be anybody's: who is missing from its page would be told.
    """
    if row.partner.state in ("live", "paused") or postings.is_anybodys(row):
        return found
    told = [*(each.partner_id for each in found.matches), *found.reserve.partner_ids]
    own = partners.at_domain_of(session, row.contact.email, told)
    if not own:
        return found
    left = [each for each in found.matches if each.partner_id not in own]
    places = (each.place for each in found.matches)
    team = found.team if found.team and own.isdisjoint(part.partner_id for part in found.team.parts) else None
    listed = tuple(replace(each, place=place) for place, each in zip(places, left, strict=False))
    return replace(found, matches=listed, team=team, reserve=_without(found.reserve, own))


def _without(reserve: Reserve, partner_ids: set[int]) -> Reserve:
    if partner_ids.isdisjoint(reserve.partner_ids):
        return reserve
    left = [pair for pair in zip(reserve.partner_ids, reserve.scores, strict=True) if pair[0] not in partner_ids]
    return Reserve(tuple(one for one, _ in left), tuple(score for _, score in left))


def _team(posted: Asked, ranking: Ranking) -> Team | None:
    """Look for the fewest firms that cover several needs together; None for one need, or when time ran out for any.

    One that time did not prove to be the best covers all the same what it says it does, and is kept.
    """
    if len(posted.needs) < 2:
        return None
    n_needs, poster = len(posted.needs), posted.partner_id
    team = teams.alone(ranking.alone(), n_needs, poster_id=poster)
    team = team or teams.propose(ranking.for_team(), n_needs, poster_id=poster)
    if team.gap > 0:
        log.warning("the team for opportunity %d is not proven to be the best: gap %.3f", posted.id, team.gap)
    return team if team.parts or team.gap == 0 else None


def _behind(
    ranker: Ranker, posted: Asked, vectors: FloatArray, *, listed: tuple[Match, ...], team: Team | None, on: date
) -> Iterator[Match]:
    """Weigh the members of a team who stand behind those listed, so that they can be shown and asked too."""
    there = {each.partner_id for each in listed}
    absent = [part.partner_id for part in team.parts if part.partner_id not in there] if team else []
    for place, partner_id in enumerate(absent, start=len(listed) + 1):
        weighed = ranker.weigh(posted, vectors, partner_id=partner_id, today=on)
        if isinstance(weighed, Match):
            yield replace(weighed, place=place)


def hashes_of_names(session: Session) -> frozenset[str]:
    """List the hashes of what competencies are called; their vectors are used though no row has these texts."""
    return frozenset(text_hash(each) for each in texts_of(network.competencies(session)))


def _names_without(session: Session, model: str) -> list[tuple[str, str]]:
    """List (hash, text) of what competencies are called where there is no vector yet."""
    texts = {text_hash(text): text for text in texts_of(network.competencies(session))}
    known = embeddings.known(session, model=model, hashes=list(texts))
    return [(key, text) for key, text in texts.items() if key not in known]
