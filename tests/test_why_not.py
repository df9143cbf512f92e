"""Why a partner is not among the first five, asked of the whole service."""

from datetime import timedelta

from click.testing import CliRunner
from sqlalchemy.orm import Session

from jobs import match
from matcher import matching
from matcher.matching import Shelf
from tests import factories
from tests import factories as make
from tests.fakes import HashEmbedder

EMBEDDER = HashEmbedder()


def test_a_partner_is_told_the_change_that_a_ranking_after_it_confirms(session: Session) -> None:
    factories.competencies(session)
    poster, late = factories.firm(session, "poster"), factories.firm(session, "late")
    for number in range(6):
        factories.firm(session, f"good{number}").partner.practices = ["mail"]
    late.partner.practices = ["mail"]
    late.partner.profile_on = factories.NOW.date() - timedelta(days=3000)
    row = factories.opportunity(session, poster)
    session.flush()
    matching.read_partners(session, now=factories.NOW)
    while make.embed(session, EMBEDDER):
        pass
    asked = {"partner_key": "late", "now": factories.NOW}
    found = matching.why_not(session, Shelf(), EMBEDDER, row.id, **asked)  # type: ignore[arg-type]
    assert found is not None
    assert [one.kind for one in found.changes] == ["freshen"]
    late.partner.profile_on = factories.NOW.date()
    session.flush()
    again = matching.why_not(session, Shelf(), EMBEDDER, row.id, **asked)  # type: ignore[arg-type]
    assert again is not None
    assert again.place == found.place_after


def test_an_unknown_partner_has_no_answer(session: Session) -> None:
    factories.competencies(session)
    row = factories.opportunity(session, factories.firm(session, "poster"))
    assert matching.why_not(session, Shelf(), EMBEDDER, row.id, partner_key="nobody", now=factories.NOW) is None


def test_the_command_asks_for_which_opportunity() -> None:
    result = CliRunner().invoke(match.main, ["--why-not", "late"])
    assert result.exit_code == 2
    assert "--why-not late needs --opportunity as well: say for which one." in result.output
