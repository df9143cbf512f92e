"""The page of an introduction: each side its own, names only once both agreed, and an outcome that both confirm."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matcher.exchange import ask_for_outcomes, choose_none
from matcher.exchange.outcomes import not_yet
from matcher.models import Collaboration, Introduction, Opportunity, Outcome
from matcher.tokens import seal
from tests.web.filling import form_for, send
from tests.web.market import NOW, Market
from tests.web.visiting import plain
from web.links import pair_number


@pytest.fixture
def introduction_id(market: Market) -> int:
    return market.met()[1]


@pytest.fixture
def poster(market: Market, introduction_id: int) -> str:
    return market.side(introduction_id, "poster")


@pytest.fixture
def partner(market: Market, introduction_id: int) -> str:
    return market.side(introduction_id, "partner")


def outcomes(session: Session) -> list[tuple[str, int, str]]:
    session.expire_all()
    return [(each.result, each.revenue_eur, each.state) for each in session.query(Outcome).order_by(Outcome.id)]


def test_each_side_reads_who_the_other_one_is(client: FlaskClient, poster: str, partner: str) -> None:
    theirs, ours = client.get(poster).text, client.get(partner).text
    assert "Quay Nets" in theirs
    assert "ana@quay.example" in theirs
    assert "Alder IT" in ours
    assert "anna@alder.example" in ours
    assert "Hallmann Brewery GmbH" in ours


def test_the_button_writes_to_an_address_with_odd_signs(
    client: FlaskClient, market: Market, introduction_id: int, poster: str
) -> None:
    def rename(session: Session) -> None:
        session.get_one(Introduction, introduction_id).contact.email = "o'hara?50%&co@quay.example"

    market.do(rename)
    assert 'href="mailto:o%27hara%3F50%25%26co@quay.example"' in client.get(poster).text


def test_before_the_introduction_nobody_is_named(client: FlaskClient, market: Market) -> None:
    introduction_id = market.asked(market.opened())[0][0]
    theirs = client.get(market.side(introduction_id, "poster")).text
    ours = client.get(market.side(introduction_id, "partner")).text
    assert "Not introduced yet" in theirs
    assert not any(name in theirs for name in ("Quay Nets", "ana@quay.example"))
    assert not any(name in ours for name in ("Alder", "anna@", "Hallmann"))


def test_a_poster_that_chose_nobody_is_not_said_to_have_chosen_others(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    introduction_id = market.asked(opportunity_id)[0][0]
    market.says(introduction_id, "yes")
    market.do(lambda session: choose_none(session, session.get_one(Opportunity, opportunity_id), now=NOW))
    ours = client.get(market.side(introduction_id, "partner")).text
    theirs = client.get(market.side(introduction_id, "poster")).text
    assert "The poster did not choose you for now." in ours
    assert "You did not choose the partner for now." in theirs
    assert "others" not in ours + theirs


def test_the_history_tells_each_side_its_own_part(client: FlaskClient, poster: str, partner: str) -> None:
    theirs, ours = plain(client.get(poster).text), plain(client.get(partner).text)
    assert "Quay Nets said yes." in theirs
    assert "You chose Quay Nets" in theirs
    assert "You said yes." in ours
    assert "Alder IT chose you" in ours
    assert "Two people are free." in theirs
    assert f">{NOW.day} {NOW:%B %Y}</time>" in theirs  # the link opens for two years


def test_who_could_not_tell_yet_reads_it_alone(
    client: FlaskClient, session: Session, introduction_id: int, poster: str, partner: str
) -> None:
    row = session.get_one(Introduction, introduction_id)
    not_yet(session, row, row.opportunity.contact, now=NOW + timedelta(days=20))
    session.commit()
    assert "You could not tell yet what came of it." in plain(client.get(poster).text)
    assert "could not tell yet" not in plain(client.get(partner).text)


def test_why_a_partner_said_no_before_is_not_the_posters_affair(client: FlaskClient, market: Market) -> None:
    introduction_id = market.asked(market.opened())[0][0]
    market.says(introduction_id, "no", "They pay too little.")
    assert "They pay too little." not in client.get(market.side(introduction_id, "poster")).text
    assert "They pay too little." in client.get(market.side(introduction_id, "partner")).text


def test_looking_changes_nothing(client: FlaskClient, poster: str, session: Session) -> None:
    for path in (poster, poster + "/outcome", poster + "/confirm", poster + "/dispute"):
        client.get(path)
    assert outcomes(session) == []


def test_an_outcome_counts_when_both_sides_say_the_same(
    client: FlaskClient, poster: str, partner: str, session: Session
) -> None:
    send(client, partner, "/outcome", result="won", revenue="€12,000")
    assert outcomes(session) == [("won", 12000, "reported")]
    assert session.query(Collaboration).count() == 0
    shown = plain(client.get(poster).text)
    assert "Quay Nets reports: won, worth €12,000" in shown
    send(client, poster, "/confirm")
    assert outcomes(session) == [("won", 12000, "confirmed")] * 2
    assert session.query(Collaboration).one().revenue_eur == 12000
    assert "Both sides agree: won, worth €12,000" in plain(client.get(partner).text)


def test_a_sum_that_was_changed_while_the_page_was_open_is_shown_before_it_counts(
    client: FlaskClient, poster: str, partner: str, session: Session
) -> None:
    send(client, partner, "/outcome", result="won", revenue="12000")
    form = form_for(client.get(poster).text, "/confirm")
    send(client, partner, "/outcome", result="won", revenue="120000")
    answer = client.post(form.action, data=form.fields)
    assert outcomes(session) == [("won", 120000, "reported")]
    shown = plain(client.get(answer.location).text)
    assert "Quay Nets now reports: won, worth €120,000." in shown
    assert "Nothing was recorded" in shown
    send(client, poster, "/confirm")
    assert outcomes(session) == [("won", 120000, "confirmed")] * 2


def test_a_sum_that_is_corrected_after_both_agreed_can_be_confirmed_on_the_other_page(
    client: FlaskClient, poster: str, partner: str, session: Session
) -> None:
    send(client, partner, "/outcome", result="won", revenue="12000")
    send(client, poster, "/confirm")
    send(client, poster, "/outcome", result="won", revenue="15000")
    shown = plain(client.get(partner).text)
    assert "Alder IT reports: won, worth €15,000" in shown
    assert "Until then what you both agreed on before counts: won, worth €12,000." in shown
    assert "Both sides agree: " not in shown
    send(client, partner, "/confirm")
    assert outcomes(session) == [("won", 15000, "confirmed")] * 2
    assert "Both sides agree: won, worth €15,000" in plain(client.get(partner).text)


def test_whoever_sees_a_correction_differently_reads_what_counts_until_then(
    client: FlaskClient, poster: str, partner: str
) -> None:
    send(client, partner, "/outcome", result="won", revenue="12000")
    send(client, poster, "/confirm")
    send(client, poster, "/outcome", result="won", revenue="15000")
    send(client, partner, "/dispute", text="It was 12000.")
    shown = plain(client.get(partner).text)
    assert "Alder IT reported won, worth €15,000, and you see it differently" in shown
    assert "counts: won, worth €12,000." in shown
    assert "Quay Nets sees it differently" in plain(client.get(poster).text)


def test_both_pages_name_the_sum_that_was_recorded(client: FlaskClient, poster: str, partner: str) -> None:
    send(client, partner, "/outcome", result="won", revenue="12000")
    send(client, poster, "/outcome", result="won", revenue="12100")
    for page in (poster, partner):
        assert "Both sides agree: won, worth €12,000." in plain(client.get(page).text)


def test_a_no_on_a_page_that_was_open_while_the_sum_changed_disputes_nothing(
    client: FlaskClient, poster: str, partner: str, session: Session
) -> None:
    send(client, partner, "/outcome", result="won", revenue="12000")
    form = form_for(client.get(poster).text, "/dispute")
    send(client, partner, "/outcome", result="won", revenue="9000")
    client.post(form.action, data=form.fields | {"dispute-text": "It was 9000."})
    assert outcomes(session) == [("won", 9000, "reported")]
    assert "Quay Nets now reports: won, worth €9,000." in plain(client.get(poster).text)


def test_a_loss_is_confirmed_on_the_page(client: FlaskClient, poster: str, partner: str, session: Session) -> None:
    send(client, partner, "/outcome", result="lost")
    send(client, poster, "/confirm")
    assert outcomes(session) == [("lost", 0, "confirmed")] * 2


def test_a_side_that_sees_it_differently_says_so_and_nothing_is_recorded(
    client: FlaskClient, poster: str, partner: str, session: Session
) -> None:
    send(client, partner, "/outcome", result="won", revenue="12000")
    assert send(client, poster, "/dispute", text=" ").status_code == 422
    send(client, poster, "/dispute", text="It was 9000.")
    assert outcomes(session) == [("won", 12000, "disputed")]
    assert "Alder IT sees it differently" in plain(client.get(partner).text)


@pytest.mark.parametrize(
    ("result", "revenue", "sentence"),
    [
        ("", "", "Choose one: won, or lost."),
        ("maybe", "", "“maybe” is no outcome. Choose won, or lost."),
        ("won", "a lot", "Worth: “a lot” could not be read as a sum. Write it like 12000."),
        ("won", "$12,000", "Worth: “$12,000” is not in euros."),
        ("won", "1000 or 2000", "could not be read as a sum"),
    ],
)
def test_an_outcome_that_cannot_be_read_is_asked_again(
    client: FlaskClient, poster: str, session: Session, result: str, revenue: str, sentence: str
) -> None:
    answer = send(client, poster, "/outcome", result=result, revenue=revenue)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert form_for(answer.text, "/outcome").fields["revenue"] == revenue
    assert outcomes(session) == []


def test_a_loss_has_no_sum(client: FlaskClient, poster: str, session: Session) -> None:
    send(client, poster, "/outcome", result="lost", revenue="12000")
    assert outcomes(session) == [("lost", 0, "reported")]


def test_an_outcome_before_the_introduction_is_refused(client: FlaskClient, market: Market, session: Session) -> None:
    introduction_id = market.asked(market.opened())[0][0]
    page = market.side(introduction_id, "partner")
    assert "Report it" not in client.get(page).text
    token = form_for(client.get("/post").text, "/post").fields["csrf_token"]
    client.post(page + "/outcome", data={"csrf_token": token, "result": "won", "revenue": "12000"})
    assert outcomes(session) == []
    assert "you have not been introduced" in client.get(page).text


def test_a_form_from_another_site_reports_nothing(client: FlaskClient, poster: str, session: Session) -> None:
    assert client.post(poster + "/outcome", data={"result": "won", "revenue": "12000"}).status_code == 400
    assert outcomes(session) == []


def test_one_sides_link_does_not_open_the_others_page(client: FlaskClient, poster: str) -> None:
    assert client.get(poster.replace("/poster", "/partner")).status_code == 404
    assert client.get(poster.removesuffix("/poster")).location == poster


def test_a_forged_token_opens_nothing_and_a_stale_one_says_so(
    client: FlaskClient, market: Market, poster: str, introduction_id: int
) -> None:
    token = poster.split("/")[2]
    forged = ("b" if token[5] == "a" else "a").join((token[:5], token[6:]))
    assert client.get(poster.replace(token, forged)).status_code == 404
    number = pair_number(introduction_id, "poster")
    stale = seal(market.settings.secret_key, "introduction", number, expires_on=NOW.date() - timedelta(days=1))
    assert client.get(f"/introduction/{stale}/poster").status_code == 410


def test_the_letter_that_asks_for_the_outcome_leads_to_the_readers_own_side(
    client: FlaskClient, market: Market, poster: str, partner: str
) -> None:
    market.do(lambda session: ask_for_outcomes(session, now=NOW + timedelta(days=15)))
    found = {each.to_address: market.path(market.links.outcome(each.id)) for each in market.letters("outcome")}
    assert client.get(found["anna@alder.example"]).location == poster
    assert client.get(found["ana@quay.example"]).location == partner
    digest = market.path(market.links.outcome(market.letters("digest")[0].id))
    assert client.get(digest).status_code == 404
