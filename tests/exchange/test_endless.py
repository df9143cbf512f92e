"""What is corrected again and again, or by a book, stays within what can be read."""

from matcher import exchange
from tests import factories as make
from tests.exchange.conftest import Desk
from tests.factories import NOW

SENTENCE = "We also need somebody who builds a landing zone in Azure with us. "


def test_a_posting_does_not_grow_without_end(desk: Desk) -> None:
    row = make.opportunity(desk.session, make.firm(desk.session, "alder"), state="draft")
    asked = make.letter(desk.session, "confirm", row.contact, [(1, row.id)])
    desk.reply(asked, SENTENCE * 100)
    assert len(row.blind_text) > 6_000
    before = row.blind_text
    for text in (SENTENCE * 250, "book " * 100_000):
        desk.reply(asked, text)
        assert "Nothing was changed. The posting has" in desk.answer(row.contact.email)
    assert row.blind_text == before


def test_a_profile_does_not_grow_without_end(desk: Desk) -> None:
    contact = make.firm(desk.session, "quay")
    contact.partner.profile = "We move mailboxes. " * 900
    said = exchange.correct_profile(desk.session, contact, "We also do Azure. " * 200, how="", now=NOW)
    assert (said.heading, said.tone) == ("Nothing was changed.", "refused")
    assert said.lines[0].startswith("The profile has 20,")
    assert len(contact.partner.profile) == 17_100
    exchange.correct_profile(desk.session, contact, "We also do Azure.", how="", now=NOW)
    assert contact.partner.profile.endswith("We also do Azure.")
