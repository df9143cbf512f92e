"""A partner tells of its people, its badges and the size of its work by mail: shown back first, and held after "ok"."""

from datetime import date

import pytest
from sqlalchemy import select

from matcher.models import Badge, BenchPerson, Competency, Contact, Letter, Partner
from tests import factories as make
from tests.exchange.conftest import Desk
from tests.factories import DAY, NOW

QUAY = "anna@quay.example"


@pytest.fixture
def quay(desk: Desk) -> Contact:
    for key, kind, label in (
        ("sap", "practice", "SAP"),
        ("d-modern-work", "designation", "Modern Work"),
        ("d-security", "designation", "Security"),
    ):
        practices = ["mail"] if kind == "designation" else []
        desk.session.add(
            Competency(key=key, kind=kind, label=label, definition=label, synonyms=[], practices=practices)
        )
    return make.firm(desk.session, "quay")


def live(desk: Desk, quay: Contact) -> Letter:
    return make.letter(desk.session, "live", quay, [(1, quay.id)])


def people(desk: Desk) -> list[tuple[str, str, list[str], int, date | None, bool]]:
    rows = desk.session.scalars(select(BenchPerson).order_by(BenchPerson.id))
    return [
        (each.name, each.level, each.competency_keys, each.free_days, each.free_from, each.on_site) for each in rows
    ]


def badges(desk: Desk) -> list[tuple[str, str, date | None, str]]:
    rows = desk.session.scalars(select(Badge).order_by(Badge.id))
    return [(each.competency_key, each.level, each.expires_on, each.source) for each in rows]


def newest(desk: Desk) -> Letter:
    return desk.letters(to=QUAY)[-1]


def lent(desk: Desk, quay: Contact, name: str = "Beth", **facts: object) -> BenchPerson:
    row = BenchPerson(partner_id=quay.partner_id, name=name, competency_keys=["azure"], level="senior", **facts)
    desk.session.add(row)
    desk.session.flush()
    return row


def test_people_are_shown_back_and_hold_only_after_an_ok(desk: Desk, quay: Contact) -> None:
    quay.partner.languages = ["en", "de"]
    desk.reply(live(desk, quay), "We have 2 senior engineers for Azure, free from 4 January, 5 days a month.")
    assert people(desk) == []
    assert desk.answer(QUAY).startswith(
        "Is this right? 2 more people, senior: Azure · free from 4 January 2027, 5 days a month · works remotely"
    )
    desk.reply(newest(desk), "ok")
    free = date(2027, 1, 4)
    assert people(desk) == [
        ("Person 1", "senior", ["azure"], 5, free, False), ("Person 2", "senior", ["azure"], 5, free, False)
    ]  # fmt: skip
    assert {tuple(each.languages) for each in desk.session.scalars(select(BenchPerson))} == {("en", "de")}
    assert quay.partner.sources["people"] == "your mail of 2026-11-23"
    assert quay.partner.changed_at == NOW


def test_what_is_missing_is_asked_and_not_guessed(desk: Desk, quay: Contact) -> None:
    desk.reply(live(desk, quay), "2 more Azure admins")
    assert "Are they juniors, seniors or architects? From when are they free" in desk.answer(QUAY)
    desk.reply(newest(desk), "ok")
    assert people(desk) == []
    assert "Are they juniors" in desk.answer(QUAY)


def test_an_answer_to_the_question_completes_what_was_told(desk: Desk, quay: Contact) -> None:
    desk.reply(live(desk, quay), "2 more Azure admins")
    desk.reply(newest(desk), "they are juniors, free now")
    assert "2 more people, junior: Azure · free now, 10 days a month" in desk.answer(QUAY)
    desk.reply(newest(desk), "ok")
    assert [each[1:4] for each in people(desk)] == [("junior", ["azure"], 10)] * 2


def test_an_examination_names_what_somebody_does(desk: Desk, quay: Contact) -> None:
    desk.reply(live(desk, quay), "We have 3 seniors with AZ-104, free now")
    assert "3 more people, senior: Azure" in desk.answer(QUAY)


def test_an_examination_that_nobody_knows_is_asked_about(desk: Desk, quay: Contact) -> None:
    desk.reply(live(desk, quay), "We have 3 seniors with XY-104, free now")
    assert "We do not know what “XY-104” is for." in desk.answer(QUAY)
    assert quay.partner.n_people is None


def test_three_are_three_together_and_three_more_are_three_more(desk: Desk, quay: Contact) -> None:
    lent(desk, quay)
    desk.reply(live(desk, quay), "We have 3 seniors for Azure, free now")
    assert "2 more people" in desk.answer(QUAY)
    desk.reply(live(desk, quay), "3 more seniors for Azure, free now")
    assert "3 more people" in desk.answer(QUAY)


def test_somebody_known_by_name_comes_free_travels_and_leaves(desk: Desk, quay: Contact) -> None:
    lent(desk, quay, free_days=6)
    for said in ("Beth is free from 4 January", "Beth travels now"):
        desk.reply(live(desk, quay), said)
        desk.reply(newest(desk), "ok")
    assert people(desk) == [("Beth", "senior", ["azure"], 6, date(2027, 1, 4), True)]
    desk.reply(live(desk, quay), "Beth has left")
    assert "Beth is taken off your people." in desk.answer(QUAY)
    desk.reply(newest(desk), "ok")
    assert people(desk) == []


def test_two_people_of_a_name_are_asked_about(desk: Desk, quay: Contact) -> None:
    lent(desk, quay, "Beth A.")
    lent(desk, quay, "Beth B.")
    desk.reply(live(desk, quay), "Beth is free from 4 January")
    assert "Beth A. or Beth B.?" in desk.answer(QUAY)


def test_a_badge_is_held_by_the_word_of_its_firm_and_says_so(desk: Desk, quay: Contact) -> None:
    desk.reply(live(desk, quay), "We are Solutions Partner for Modern Work and Security until 1 March 2027.")
    assert "nobody checked" in desk.answer(QUAY)
    desk.reply(newest(desk), "ok")
    told = "designation", date(2027, 3, 1), "your mail of 2026-11-23"
    assert badges(desk) == [("d-modern-work", *told), ("d-security", *told)]
    assert quay.partner.practices == []


def test_a_badge_that_is_over_ends_and_one_that_nobody_knows_is_asked_about(desk: Desk, quay: Contact) -> None:
    row = Badge(
        partner_id=quay.partner_id, competency_key="d-security", level="designation", awarded_on=date(2026, 1, 1)
    )
    desk.session.add(row)
    desk.reply(live(desk, quay), "We are no longer Solutions Partner for Security")
    desk.reply(newest(desk), "ok")
    assert row.expires_on == date(2026, 11, 22)
    desk.reply(live(desk, quay), "We are Solutions Partner for gardening")
    assert "we know no badge of that name" in desk.answer(QUAY)


def test_the_size_of_work_is_told_by_mail(desk: Desk, quay: Contact) -> None:
    desk.reply(live(desk, quay), "We take work from 5,000 EUR to 80,000 EUR")
    assert "Size of work: €5,000 to €80,000." in desk.answer(QUAY)
    desk.reply(newest(desk), "ok")
    assert (quay.partner.min_eur, quay.partner.max_eur) == (5_000, 80_000)


def test_words_of_the_profile_change_at_once_beside_what_waits_for_an_ok(desk: Desk, quay: Contact) -> None:
    desk.reply(live(desk, quay), "We are 12 people, and we also do mailboxes. One more senior for Azure, free now.")
    assert quay.partner.n_people == 12
    assert quay.partner.practices == ["mail"]
    said = desk.answer(QUAY)
    assert "Your profile was changed." in said
    assert "1 more person, senior: Azure" in said


def test_no_takes_the_proposal_back(desk: Desk, quay: Contact) -> None:
    desk.reply(live(desk, quay), "One more senior for Azure, free now.")
    desk.reply(newest(desk), "no")
    assert "Nothing was changed." in desk.answer(QUAY)
    assert people(desk) == []


def test_ok_twice_adds_nobody_twice(desk: Desk, quay: Contact) -> None:
    desk.reply(live(desk, quay), "One more senior for Azure, free now.")
    shown = newest(desk)
    desk.reply(shown, "ok")
    desk.reply(shown, "ok")
    assert len(people(desk)) == 1
    assert "That holds already" in desk.answer(QUAY)


def test_all_of_it_still_holds_is_heard(desk: Desk, quay: Contact) -> None:
    desk.reply(live(desk, quay), "Everything is still right.")
    assert quay.partner.profile_on == DAY


def test_a_digest_is_answered_with_facts_of_oneself_too(desk: Desk, quay: Contact) -> None:
    row = make.opportunity(desk.session, make.firm(desk.session, "alder"))
    digest = make.digest(desk.session, quay, make.asked(desk.session, row, quay))
    desk.reply(digest, "1 more senior for Azure, free now")
    assert "1 more person, senior: Azure" in desk.answer(QUAY)
    desk.reply(digest, "profile: we also speak German")
    assert quay.partner.languages == ["de"]
    assert desk.letters("interested") == []


def test_a_number_and_a_yes_stay_an_answer(desk: Desk, quay: Contact) -> None:
    row = make.opportunity(desk.session, make.firm(desk.session, "alder"))
    asked = make.asked(desk.session, row, quay)
    desk.reply(make.digest(desk.session, quay, asked), "1 yes, we have 3 seniors for Azure")
    assert asked.state == "accepted"
    assert people(desk) == []


def test_a_firm_that_has_left_meanwhile_tells_nothing(desk: Desk, quay: Contact) -> None:
    desk.reply(live(desk, quay), "One more senior for Azure, free now.")
    desk.session.get_one(Partner, quay.partner_id).state = "left"
    desk.reply(newest(desk), "ok")
    assert people(desk) == []
