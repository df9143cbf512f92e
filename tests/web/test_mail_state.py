"""What a partner's page says of mail that came back, and the one press that lets it go again."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher import exchange
from matcher.models import Contact, Letter, Suppression
from matcher.store import bounces, letters
from matcher.store.letters import Draft
from tests.web.market import Market
from tests.web.visiting import Visitor, firm, links, path
from web.settings import Settings

NOW = datetime.now(UTC)
A_DAY = timedelta(days=1)
AGAIN = "Mail me again"
GONE = "550 5.1.1 no such user"
FULL = "552 5.2.2 mailbox full"


@pytest.fixture
def ana(engine: Engine) -> int:
    return firm(engine, "Quay Nets", "ana@quay.example")


@pytest.fixture
def own_page(visitor: Visitor, ana: int, settings: Settings) -> str:
    """Sign in as Ana."""
    visitor.press(path(links(settings).sign_in(ana)))
    return "/partner"


@pytest.fixture
def choices(ana: int, settings: Settings) -> str:
    return path(links(settings).digest(ana))


def colleague(session: Session, of: int) -> int:
    row = Contact(partner_id=session.get_one(Contact, of).partner_id, email="ben@quay.example", verified_at=NOW)
    session.add(row)
    session.commit()
    return row.id


def sent(session: Session, contact_id: int, kind: str, at: datetime) -> int:
    key = f"{kind}:{contact_id}:{at}"
    written = letters.write(session, Draft(key, kind, session.get_one(Contact, contact_id), {}), at=at)
    assert written
    row = session.get_one(Letter, written)
    row.state, row.sent_at = "sent", at
    session.flush()
    return written


def bounced(session: Session, contact_id: int, *, reason: str = GONE, at: datetime = NOW) -> None:
    """Let a digest come back."""
    letter_id = sent(session, contact_id, "digest", at)
    exchange.returned(session, letter_id, hard=True, reason=reason, now=at)
    session.commit()


def probed(session: Session, *, at: datetime) -> int:
    assert exchange.probe(session, now=at) == 1
    row = session.scalars(select(Letter).where(Letter.kind == "probe")).one()
    row.state, row.sent_at = "sent", at
    session.commit()
    return row.id


def cut(session: Session, contact_id: int) -> None:
    bounced(session, contact_id, at=NOW - 3 * A_DAY)
    exchange.returned(session, probed(session, at=NOW - A_DAY), hard=True, reason=GONE, now=NOW - A_DAY)
    session.commit()


def complained(session: Session, contact_id: int) -> None:
    contact = session.get_one(Contact, contact_id)
    exchange.unsubscribe(session, contact, how="complaint by mail", cause="complaint", now=NOW)
    session.commit()


def stands(session: Session, email: str = "ana@quay.example") -> str:
    session.expire_all()
    return bounces.standings(session, [email], now=NOW)[email].name


def on(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def test_the_page_says_of_each_reader_that_mail_arrives(
    visitor: Visitor, own_page: str, ana: int, session: Session
) -> None:
    colleague(session, ana)
    page = visitor.read(own_page)
    assert page.count("mail arrives") == 2
    assert AGAIN not in page


def test_a_full_mailbox_is_named_and_nothing_needs_to_be_pressed(
    visitor: Visitor, own_page: str, ana: int, session: Session
) -> None:
    bounced(session, ana, reason=FULL)
    page = visitor.read(own_page)
    assert f"a letter came back on {on(NOW)}: the mailbox is full" in page
    assert AGAIN not in page


def test_a_pause_says_since_when_why_and_what_happens_next(
    visitor: Visitor, own_page: str, ana: int, session: Session
) -> None:
    bounced(session, ana)
    page = visitor.read(own_page)
    assert "Digests to ana@quay.example wait" in page
    assert f"Our mail came back on {on(NOW)}: the mail server does not know the address." in page
    assert f"On {on(NOW + A_DAY)} we send one short letter" in page


def test_while_a_probe_is_out_the_page_names_the_day_digests_go_on(
    visitor: Visitor, own_page: str, ana: int, session: Session
) -> None:
    bounced(session, ana, at=NOW - 3 * A_DAY)
    probed(session, at=NOW - A_DAY)
    assert f"all goes on from {on(NOW + 6 * A_DAY)}" in visitor.read(own_page)


def test_an_address_that_is_cut_is_shown_and_one_press_lets_mail_go_again(
    visitor: Visitor, own_page: str, ana: int, session: Session
) -> None:
    cut(session, ana)
    assert "We stopped writing to ana@quay.example" in visitor.read(own_page)
    assert stands(session) == "cut"
    answer = visitor.press(own_page, f"/partner/mail-again/{ana}")
    assert (answer.status_code, answer.location) == (303, own_page)
    assert stands(session) == "well"
    page = visitor.read(own_page)
    assert "We write to ana@quay.example again." in page
    assert AGAIN not in page


def test_a_press_without_the_page_behind_it_is_refused(
    visitor: Visitor, own_page: str, ana: int, session: Session
) -> None:
    bounced(session, ana)
    assert visitor.client.post(f"/partner/mail-again/{ana}").status_code == 400
    assert stands(session) == "paused"


def test_nobody_presses_without_signing_in_or_for_another_firm(
    visitor: Visitor, choices: str, own_page: str, ana: int, engine: Engine, session: Session
) -> None:
    other = firm(engine, "Fjord Mail", "ola@fjord.example")
    bounced(session, other)
    assert visitor.press(own_page, f"/partner/mail-again/{other}").status_code == 404
    assert visitor.press(own_page, "/partner/mail-again/999999").status_code == 404
    visitor.press(own_page, "/sign-out")
    assert visitor.press(choices, f"/partner/mail-again/{ana}").status_code == 403
    assert stands(session, "ola@fjord.example") == "paused"


def test_looking_changes_nothing(visitor: Visitor, own_page: str, choices: str, ana: int, session: Session) -> None:
    bounced(session, ana)
    visitor.read(own_page)
    visitor.read(choices)
    assert visitor.client.get(f"/partner/mail-again/{ana}").status_code == 405
    assert visitor.client.get(f"{choices}/again").status_code == 405
    assert stands(session) == "paused"


def test_a_colleague_says_that_an_address_works_but_takes_no_complaint_back(
    visitor: Visitor, own_page: str, ana: int, session: Session
) -> None:
    ben = colleague(session, ana)
    bounced(session, ben)
    assert "Mail this address again" in visitor.read(own_page)
    visitor.press(own_page, f"/partner/mail-again/{ben}")
    assert stands(session, "ben@quay.example") == "well"
    complained(session, ben)
    page = visitor.read(own_page)
    assert f"marked a letter as spam on {on(NOW)}" in page
    assert "Mail this address again" not in page
    visitor.press(own_page, f"/partner/mail-again/{ben}")
    assert session.scalars(select(Suppression.cause)).all() == ["complaint"]


def test_a_complaint_is_shown_to_whoever_made_it_and_taken_back_by_one_press(
    visitor: Visitor, own_page: str, ana: int, session: Session
) -> None:
    complained(session, ana)
    page = visitor.read(own_page)
    assert f"You, or your mail program, marked a letter of ours as spam on {on(NOW)}" in page
    visitor.press(own_page, "/partner/digest", digest="daily", hour="7")
    assert "It stays stopped until you press “Mail me again”" in visitor.read(own_page)
    visitor.press(own_page, f"/partner/mail-again/{ana}")
    assert session.scalars(select(Suppression.cause)).all() == []
    assert AGAIN not in visitor.read(own_page)


def test_the_link_of_a_letter_lets_mail_go_again_but_takes_no_complaint_back(
    visitor: Visitor, choices: str, ana: int, session: Session
) -> None:
    bounced(session, ana)
    assert AGAIN in visitor.read(choices)
    assert visitor.press(choices, f"{choices}/again").location == choices
    assert stands(session) == "well"
    complained(session, ana)
    page = visitor.read(choices)
    assert "marked a letter of ours as spam" in page
    assert AGAIN not in page
    visitor.press(choices, f"{choices}/again")
    assert session.scalars(select(Suppression.cause)).all() == ["complaint"]


def test_whoever_wants_no_digest_is_not_bothered_with_a_pause(
    visitor: Visitor, own_page: str, ana: int, session: Session
) -> None:
    session.get_one(Contact, ana).digest = "paused"
    bounced(session, ana)
    page = visitor.read(own_page)
    assert "a letter came back on" in page
    assert AGAIN not in page


def test_what_a_server_says_stays_text(visitor: Visitor, own_page: str, ana: int, session: Session) -> None:
    bounced(session, ana, reason="550 <script>alert(1)</script> away")
    page = visitor.read(own_page)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_an_answer_on_the_page_of_a_later_offer_proves_that_mail_arrives(market: Market, visitor: Visitor) -> None:
    opportunity_id = market.opened()
    (introduction_id, offer), *_ = market.asked(opportunity_id)
    to = market.introduction(introduction_id).contact_id

    def went_wrong(session: Session) -> None:
        bounced(session, to, at=NOW - A_DAY)
        for each in session.scalars(select(Letter).where(Letter.contact_id == to, Letter.state == "waiting")):
            each.state, each.sent_at = "sent", NOW
        session.commit()

    with Session(market.engine) as session:
        went_wrong(session)
        assert stands(session, "ana@quay.example") == "paused"
        visitor.press(offer, verb="later")
        assert stands(session, "ana@quay.example") == "well"
