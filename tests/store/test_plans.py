"""No page, message, delivery or sweep reads a whole large table: each statement is planned for 5,000 firms."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask, request
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from jobs import deliver, inbound
from jobs.ground import ground_on
from matcher import night
from matcher.exchange import keep
from matcher.models import Contact, InboundMessage, Introduction, Letter
from matcher.night import allotting
from matcher.store import (
    bounces,
    embeddings,
    exposures,
    health,
    introductions,
    letters,
    matched,
    matches,
    messages,
    network,
    nights,
    partners,
    postings,
    watching,
)  # fmt: skip
from matcher.terms import Network, Reserve, ScoreFloor
from tests import factories as make
from tests.conftest import settings_at
from tests.store.plans import FOREIGN, Watch, market
from tests.store.visits import Places, visits
from tests.web.market import Market
from web import create_app, limiter
from web.db import engine_of
from web.links import Links
from web.settings import Settings

NOW = datetime.now(UTC)
ANYBODY = ScoreFloor(score=0.0, best_few=0, score_of_few=0.0)
# What is asked for on no page of this test: files, and the local mailbox, which shows files of this machine.
ELSEWHERE = ("static", "mailbox.")


@pytest.fixture(scope="module")
def crowded(server: str, template: str) -> Iterator[str]:
    """Give the URL of a database with 5,000 firms and all that they said to each other, or of PLANS_DATABASE."""
    with market(server, template) as url:
        yield url
        engine_of(url).dispose()


@pytest.fixture(scope="module")
def settings(crowded: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_at(crowded, tmp_path_factory.mktemp("crowded"))


@pytest.fixture(scope="module")
def engine(crowded: str) -> Engine:
    return engine_of(crowded)


@pytest.fixture(scope="module")
def app(settings: Settings) -> Flask:
    made = create_app(settings)
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", False)


@pytest.fixture(scope="module")
def places(engine: Engine, settings: Settings) -> Places:
    market = Market(engine, settings)
    opportunity_id, introduction_id = market.met()
    with Session(engine) as session, session.begin():
        met = session.get_one(Introduction, introduction_id)
        other = session.query(Introduction).filter_by(opportunity_id=opportunity_id, state="asked").first()
        assert other
        offer = session.query(Letter).filter_by(key=f"digest:{other.id}").one()
        about = make.letter(session, "outcome", met.contact, [(1, met.id)])
        newcomer = make.firm(session, "newcomer", state="draft")
        asks = make.letter(session, "colleague", met.contact, [(1, newcomer.id)], who="Bob", firm="Quay")
        held = session.query(InboundMessage).filter_by(state="held").first()
        assert held
        return Places(
            met.contact_id,
            market.page(opportunity_id),
            market.draft(market.post("We need two Windows servers moved to Azure by a person in Dublin.")),
            market.path(market.links.offer(offer.id, 2)),
            other.id,
            market.side(introduction_id, "partner"),
            market.path(market.links.outcome(about.id)),
            market.path(market.links.held(held.id)),
            market.path(market.links.colleague(asks.id)),
            market.links,
        )


def test_no_page_reads_a_whole_table(app: Flask, engine: Engine, places: Places) -> None:
    asked: set[tuple[str, str]] = set()
    app.before_request_funcs.setdefault(None, []).append(lambda: asked.add((request.endpoint or "", request.method)))
    visitor = app.test_client()
    with Watch(engine) as watch:
        for path, fields in visits(places):
            answer = visitor.get(path) if fields is None else visitor.post(path, data=fields)
            assert answer.status_code not in (400, 404, 500), (path, answer.text)
    assert watch.n_planned > 60
    assert watch.found == {}
    assert offered(app) - asked == set(), "visit these in visits(), so that their statements are planned too"


def offered(app: Flask) -> set[tuple[str, str]]:
    """List the pages and buttons that there are."""
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if not rule.endpoint.startswith(ELSEWHERE)
    }


def test_no_message_that_comes_in_makes_us_read_a_whole_table(engine: Engine, settings: Settings) -> None:
    g = ground_on(create_app(settings))
    with Session(engine) as session, session.begin():
        digest = session.query(Letter).filter_by(kind="digest", state="sent").order_by(Letter.id).first()
        assert digest
        assert digest.contact
        links, to = Links(settings, NOW.date()), digest.to_address
        bounced = make.mail("mailer-daemon@quay.example", links.bounce_address(digest.id), "User unknown. 5.1.1")
        mails = [
            (make.mail(to, links.reply_address(digest.id), "1 yes"), links.reply_address(digest.id)),
            (make.mail(to, links.reply_address(digest.id), "1: how many people?"), links.reply_address(digest.id)),
            (make.mail(to, links.unsubscribe_address(digest.contact.id), "stop"), links.unsubscribe_address(8)),
            (bounced, links.bounce_address(digest.id)),
            (make.mail("ann@new.example", links.post_address(), "We need to move 40 mailboxes."), links.post_address()),
            (make.mail("bo@new.example", links.help_address(), "What is this?"), links.help_address()),
            (make.mail("cy@new.example", f"join@{settings.inbound_domain}", "We move mail."), links.post_address()),
        ]
    with Watch(engine) as watch:
        for raw, address in mails:
            with Session(engine) as session, session.begin():
                kept = keep(session, raw, envelope_from="", envelope_to=address, now=NOW)
            assert kept
            inbound.receive_one(g, kept)
        inbound.receive_waiting(g)
    assert watch.n_planned > 30
    assert watch.found == {}


def test_no_delivery_reads_a_whole_table(engine: Engine, settings: Settings) -> None:
    g = ground_on(create_app(settings))
    with Watch(engine) as watch:
        deliver.deliver_all(g)  # no mail server is there: letters are claimed, tried and put back
        with Session(engine) as session:
            letters.n_waiting(session)
            claimed = letters.claim(session, limit=50, now=NOW + timedelta(days=1))
            assert claimed
            letters.held_back(session, claimed, now=NOW)
            letters.mark_sent(session, [claimed[0].id], at=NOW)
            letters.mark_dropped(session, claimed[1].id, "left")
            letters.put_back(session, [claimed[2].id], claimed_at=NOW, error="4.2.2", now=NOW)
            bounces.note(session, claimed[0], hard=False, reason="4.2.2", at=NOW)
            session.rollback()
    assert watch.found == {}


def test_no_sweep_reads_a_whole_table(engine: Engine) -> None:
    today: date = NOW.date()
    with Watch(engine) as watch, Session(engine) as session:
        partners.keys_at_domain(session, "ann@quay.example", but=1)
        matches.n_paused(session, today)
        postings.unmatched(session, limit=100)
        postings.past_closing(session, today=today)
        postings.past_due(session, today=today)
        postings.ending(session, since=today, until=today + timedelta(days=7))
        introductions.unanswered(session, since=NOW - timedelta(days=60), until=NOW - timedelta(days=30))
        messages.waiting(session, limit=100)
        network.unread_partners(session, now=NOW)
        introductions.to_remind(session, today=today)
        introductions.untold(session)
        untold = introductions.without_outcome(session, introduced_before=NOW - timedelta(days=30))
        assert introductions.not_yet(session, [each.id for each in untold]) == {}
        health.n_behind(session, now=NOW)
    assert watch.n_planned == 17
    assert watch.found == {}


def test_no_letter_of_a_night_reads_a_whole_table(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """For few of many: what a night asks about all who read, in one statement, is answered best by reading all."""
    monkeypatch.setattr(exposures, "MOST_RANKINGS", 20)
    today = NOW.date() + timedelta(days=(2 - NOW.weekday()) % 7)  # on weekends nobody reads
    with Session(engine) as session:
        readers = allotting.readers_of(session, today)
        known = Network({}, {}, ())
    with Watch(engine) as watch, Session(engine) as session:
        shard = [each.id for each in readers[:50]]
        told = allotting.allot(session, readers[:50], day=today)
        exposures.waiting(session, shard, today=today)
        exposures.lifts_of(session, known, now=NOW)
        opened = nights.begin(session, today, readers_at=None, at=NOW) or 0
        nights.keep_allotted(session, opened, told, late_at={})
        nights.cut(session, opened, "write", [each.contact_id for each in told], at_once=10)
        one = nights.claim(session, opened, "write", worker="one", now=NOW)
        assert one
        nights.hold(session, one)
        assert night.write_shard(session, one, now=NOW)[1] > 0
        nights.finish(session, one, n_taken=1, n_made=1, n_late=0, at=NOW)
        nights.n_left(session, opened, "write"), nights.progress(session, opened)
        embeddings.texts_without(session, model="bench@1", limit=100, after=embeddings.newest(session))
        session.rollback()
    assert watch.n_planned > 20
    # Reserves are kept by opportunity: who of all of them could be told is asked once a night, of all that there are.
    assert ["FROM reserve JOIN opportunity" in each for each in watch.found] == [True]


def test_who_stands_in_reserve_is_found_by_the_opportunity(engine: Engine) -> None:
    def n_found(session: Session) -> int:
        return matches.n_found(session, 3, floor=ANYBODY, today=NOW.date(), most=1000)

    with Watch(engine) as watch, Session(engine) as session:
        assert n_found(session) == 115  # ten of 125 were asked
        assert list(matches.places_behind(session, {3: [1 + (3 * 5 + 26 * 37)]}).values()) == [
            {1 + 3 * 5 + 26 * 37: 26}
        ]
        matched.replace(session, 3, [], version="other", at=NOW, reserve=Reserve((3, 4), (0.5, 0.4)))
        assert n_found(session) == 2
        session.rollback()
    assert watch.n_planned > 3
    assert watch.found == {}


def test_whoever_deletes_a_row_finds_what_hangs_on_it(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.scalars(text(FOREIGN)).all() == []


def test_the_newest_of_few_messages_are_found_without_a_walk_over_all(engine: Engine) -> None:
    with Session(engine) as session:
        session.execute(text("UPDATE inbound_message SET state = 'held' WHERE id % 10 = 0"))
        session.execute(text("ANALYZE inbound_message"))
        with Watch(engine) as watch:
            assert watching.held(session)[1]
            watching.for_steward(session)
        session.rollback()
    assert watch.n_planned == 3
    assert watch.found == {}


@pytest.mark.parametrize(
    "index",
    [
        "ix_letter_contact_id", "ix_introduction_partner_id", "ix_collaboration_lead_id", "ix_exposure_partner_shown",
    ],
)  # fmt: skip
def test_a_missing_index_is_noticed(engine: Engine, index: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exposures, "MOST_RANKINGS", 20)
    with Session(engine) as session:
        session.execute(text(f"DROP INDEX {index}"))
        with Watch(engine) as watch:
            asked = session.get_one(Contact, 100)
            letters.offered_in(session, asked.id)
            introductions.of_partner(session, asked.partner_id)
            partners.collaborations(session, asked.partner_id)
            exposures.waiting(session, [asked.id], today=NOW.date())
            exposures.lifts_of(session, Network({}, {}, ()), now=NOW)
        session.rollback()
    assert len(watch.found) == 1
