"""How often somebody hears from us, and never again once they said so."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import exchange
from matcher.models import Consent, Contact, Suppression
from matcher.store import letters
from matcher.terms import Refused
from tests import factories as make
from tests.exchange.conftest import Desk
from tests.factories import DAY, NOW


def reads(session: Session, contact: Contact) -> bool:
    return make.reads(session, contact, on=DAY)


@pytest.mark.parametrize("digest", ["daily", "weekly"])
def test_a_reader_chooses_how_often_and_at_which_hour(desk: Desk, digest: str) -> None:
    to = make.firm(desk.session, "quay")
    said = exchange.set_digest(desk.session, to, digest=digest, hour=18, how="the page", now=NOW)
    assert (to.digest, to.digest_hour, reads(desk.session, to)) == (digest, 18, True)
    assert said.lines[0].endswith(" (UTC).")


def test_a_paused_reader_gets_nothing(desk: Desk) -> None:
    to = make.firm(desk.session, "quay")
    exchange.set_digest(desk.session, to, digest="paused", hour=7, how="the page", now=NOW)
    assert not reads(desk.session, to)


def test_a_paused_firm_is_told_that_its_choice_waits(desk: Desk) -> None:
    to = make.firm(desk.session, "quay")
    to.partner.state = "paused"
    said = exchange.set_digest(desk.session, to, digest="daily", hour=7, how="the page", now=NOW)
    assert said.lines == ("Your firm is paused: no digest comes until you resume on your own page.",)
    assert said.tone == "unclear"


@pytest.mark.parametrize(("digest", "hour", "said"), [("hourly", 7, "“hourly” is not a choice"), ("daily", 24, "24")])
def test_a_choice_that_there_is_not_is_refused_by_name(desk: Desk, digest: str, hour: int, said: str) -> None:
    to = make.firm(desk.session, "quay")
    with pytest.raises(Refused, match=said):
        exchange.set_digest(desk.session, to, digest=digest, hour=hour, how="the page", now=NOW)
    assert (to.digest, to.digest_hour) == ("daily", 7)


def test_unsubscribing_stops_digests_and_leaves_introductions(desk: Desk) -> None:
    to = make.firm(desk.session, "quay")
    for _ in range(2):
        exchange.unsubscribe(desk.session, to, how="one click", now=NOW)
    assert not reads(desk.session, to)
    digest, meeting = (make.letter(desk.session, kind, to, []) for kind in ("digest", "introduction"))
    assert letters.held_back(desk.session, [digest, meeting], now=NOW) == {digest.id: "unsubscribed"}
    assert {(each.subject, each.given) for each in desk.session.scalars(select(Consent))} == {("digest", False)}


def test_whoever_comes_back_gets_digests_again(desk: Desk) -> None:
    to = make.firm(desk.session, "quay")
    exchange.unsubscribe(desk.session, to, how="one click", now=NOW)
    exchange.set_digest(desk.session, to, digest="daily", hour=7, how="the page", now=NOW)
    assert reads(desk.session, to)


def test_a_complaint_and_a_bounce_are_not_undone_by_a_click(desk: Desk) -> None:
    for key, cause in (("quay", "complaint"), ("fjord", "bounce")):
        to = make.firm(desk.session, key)
        letters.suppress(desk.session, to.email, scope="digest", cause=cause, at=NOW)
        exchange.set_digest(desk.session, to, digest="daily", hour=7, how="the page", now=NOW)
        assert not reads(desk.session, to)


def test_a_partner_that_left_and_joins_again_gets_digests_again(desk: Desk) -> None:
    to = make.firm(desk.session, "quay")
    exchange.leave(desk.session, to, how="the page", now=NOW)
    assert not reads(desk.session, to)
    words = "We are Quay Systems, six people in Cork, Ireland. We move mailboxes to Exchange Online."
    exchange.join(desk.session, exchange.Application(to.email, words, "your form"), now=NOW + timedelta(days=9))
    exchange.confirm_profile(desk.session, to, how="a mail reply", now=NOW + timedelta(days=9))
    assert to.partner.state == "live"
    assert reads(desk.session, to)


def test_a_partner_that_left_has_its_words_erased(desk: Desk) -> None:
    to = make.firm(desk.session, "quay")
    to.partner.profile, to.partner.practices = "We move mailboxes.", ["mail"]
    said = [exchange.leave(desk.session, to, how="the page", now=NOW) for _ in range(2)]
    assert [each.tone for each in said] == ["done", "closed"]
    assert (to.partner.profile, to.partner.practices, to.partner.state) == ("", [], "left")
    assert desk.session.scalars(select(Suppression.cause)).all() == ["left"]


def test_a_sign_in_link_goes_to_known_addresses_only_and_once_a_minute(desk: Desk) -> None:
    make.firm(desk.session, "quay")
    for email in ("anna@quay.example", "ANNA@quay.example ", "nobody@quay.example"):
        exchange.request_link(desk.session, email, now=NOW)
    assert [each.to_address for each in desk.letters("sign-in")] == ["anna@quay.example"]
