"""A need that names nothing is matched by what it is about, once the worker knows what things are called."""

from sqlalchemy.orm import Session

from matcher import matching
from matcher.matching import Shelf
from matcher.models import Competency, Match
from tests import factories
from tests import factories as make
from tests.fakes import HashEmbedder

EMBEDDER = HashEmbedder()
UNNAMED = "migration mail"  # the words of a label in an order in which they are no name


def scores(session: Session, opportunity_id: int, shelf: Shelf) -> dict[str, float]:
    matching.match(session, shelf, EMBEDDER, opportunity_id, now=factories.NOW)
    return {one.partner.key: one.score for one in session.query(Match).filter_by(opportunity_id=opportunity_id)}


def test_a_need_without_a_name_favours_whoever_does_what_it_is_about(session: Session) -> None:
    factories.competencies(session)
    poster, mailer, other = (factories.firm(session, key) for key in ("poster", "mailer", "other"))
    mailer.partner.practices, other.partner.practices = ["mail"], ["azure"]
    mailer.partner.profile = other.partner.profile = "We do migration mail for small firms."
    row = factories.opportunity(session, poster)
    row.needs[0].text, row.needs[0].competency_keys = UNNAMED, []
    session.flush()
    matching.read_partners(session, now=factories.NOW)
    shelf = Shelf()
    assert make.embed(session, EMBEDDER) > 0
    before = scores(session, row.id, shelf)
    while make.embed(session, EMBEDDER, limit=10):
        pass
    after = scores(session, row.id, shelf)
    assert after["mailer"] / after["other"] > 1.2 * before["mailer"] / before["other"]


def test_without_competencies_there_is_nothing_to_name(session: Session) -> None:
    assert session.query(Competency).count() == 0
    assert make.embed(session, EMBEDDER) == 0
