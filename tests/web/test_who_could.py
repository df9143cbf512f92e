"""The poster's list: who could be asked stands in front, who fits less well is folded away and said not to be asked."""

from collections.abc import Sequence

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from matcher.models import Contact, Match, Opportunity
from tests import factories as make
from tests.web.market import NOW, Market
from tests.web.visiting import firm


def scored(market: Market, opportunity_id: int, scores: Sequence[float]) -> None:
    """Give an opportunity's matches scores, by place."""

    def give(session: Session) -> None:
        for place, score in enumerate(scores, start=1):
            of_place = update(Match).where(Match.opportunity_id == opportunity_id, Match.place == place)
            session.execute(of_place.values(score=score))

    market.do(give)


def posted(market: Market, scores: Sequence[float]) -> int:
    opportunity_id = market.post()
    market.matched(opportunity_id)
    scored(market, opportunity_id, scores)
    return opportunity_id


def listed(client: FlaskClient, path: str) -> tuple[str, str]:
    """Read the list in two halves: who could do it, and who fits less well."""
    front, _, near = " ".join(client.get(path).text.split()).partition("less well and")
    return front, near


def test_who_fits_less_well_is_folded_away_behind_those_who_could_be_asked(client: FlaskClient, market: Market) -> None:
    opportunity_id = posted(market, (0.9, 0.05, 0.3))
    front, near = listed(client, market.draft(opportunity_id) + "/matches")
    assert front.index("Moved 100 mailboxes") < front.index("Moved 300 mailboxes")
    assert '<li value="2"> <span class="place" aria-hidden="true">2</span>' in front
    assert "1 firm fits" in front
    assert "Moved 200 mailboxes" not in front
    assert "Too little shows that they do this." in near
    assert "Moved 200 mailboxes" in near
    assert '<li value="3">' in near


def test_where_all_could_be_asked_nobody_is_said_to_fit_less(client: FlaskClient, market: Market) -> None:
    front, near = listed(client, market.draft(posted(market, (0.9, 0.17, 0.06))) + "/matches")
    assert "Moved 300 mailboxes" in front
    assert not near


def test_no_letter_is_promised_that_is_never_written(client: FlaskClient, market: Market) -> None:
    """The list of who fits goes to nobody by mail, nor does word of a firm that fits and was not asked yet."""
    page = market.page(market.post())
    assert "by mail" not in client.get(page).text.partition('data-late="')[2].partition('"')[0]
    market.do(lambda session: session.execute(update(Opportunity).values(matched_at=NOW)))
    shown = " ".join(client.get(page).text.split())
    assert "Nobody fits it yet. We look again every day from your ok on; saying it in other words above may" in shown
    assert "write to you as soon as" not in shown


def test_where_nobody_could_be_asked_the_page_says_so(client: FlaskClient, market: Market) -> None:
    front, near = listed(client, market.draft(posted(market, (0.05, 0.04, 0.03))) + "/matches")
    assert "Nobody shows enough of this to be asked yet." in front
    assert "saying it in other words above may help" in front
    assert "Best first" not in front
    assert "3 firms fit" in front
    assert all(f"Moved {place}00 mailboxes" in near for place in (1, 2, 3))


def test_an_open_posting_that_asks_nobody_does_not_say_that_it_will(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    page = client.get(market.page(opportunity_id)).text
    assert "The next digest asks the partners that fit best" in page
    scored(market, opportunity_id, (0.05, 0.04, 0.03))
    page = client.get(market.page(opportunity_id)).text
    assert "Nobody fits well enough to be asked yet; we look again every day." in page
    assert "in other words" not in page
    assert "The next digest" not in page


def test_who_was_asked_is_not_said_to_fit_less(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    market.asked(opportunity_id)
    scored(market, opportunity_id, (0.05, 0.04, 0.03))
    for path in (market.page(opportunity_id), market.page(opportunity_id) + "/matches"):
        front, near = listed(client, path)
        assert "Moved 300 mailboxes" in front
        assert not near


def test_whoever_a_team_needs_is_listed_though_it_stands_behind_the_ten(client: FlaskClient, market: Market) -> None:
    opportunity_id = posted(market, (0.9, 0.8, 0.7))
    ids = [firm(market.engine, f"Firm {at}", f"a@firm{at}.example", country="IE", n_people=3) for at in range(4, 13)]

    def add(session: Session) -> None:
        for place, id_ in enumerate(ids, start=4):
            made = make.match(
                session,
                session.get_one(Opportunity, opportunity_id),
                session.get_one(Contact, id_).partner_id,
                score=0.05 if place == 11 else 0.1,
                place=place,
            )
            made.why_them = f"Moved {place}00 mailboxes in 2024."
            made.team_needs = [place - 11] if place > 10 else None

    market.do(add)
    front, near = listed(client, market.draft(opportunity_id) + "/matches")
    assert "Moved 1200 mailboxes" in front
    assert '<li value="4">' in front
    assert "Moved 400 mailboxes" in near
    assert "Moved 1000 mailboxes" not in near
    assert '<li value="11">' in near
    assert "Moved 1100 mailboxes" in near
