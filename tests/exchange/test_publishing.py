"""A posting: read back to its sender, opened by ok, corrected before that, closed in time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from matcher import exchange
from matcher.exchange import Submission
from matcher.models import Consent, Contact, Opportunity, Posting, Reserve
from matcher.terms import Refused
from tests import factories as make
from tests.exchange.conftest import Desk, Market
from tests.factories import DOMAIN, FACTS, NOW

TEXT = "We need somebody who moves 380 mailboxes to Exchange Online over one weekend."


def sent(text: str = TEXT, key: str = "nonce-1", **more: object) -> Submission:
    return Submission(key, "web", "graham@tallow.example", text, **({"firm": "Tallow", "facts": FACTS} | more))  # type: ignore[arg-type]


def published(desk: Desk, **more: object) -> Opportunity:
    row = exchange.publish(desk.session, sent(**more), now=NOW)  # type: ignore[arg-type]
    desk.session.expire_all()  # what follows comes in a transaction of its own
    return row


def test_a_posting_is_read_back_to_a_sender_we_do_not_know_yet(desk: Desk) -> None:
    row = exchange.publish(desk.session, sent(), now=NOW)
    (letter,) = desk.letters()
    assert (letter.kind, letter.to_address) == ("confirm", "graham@tallow.example")
    assert (row.state, row.contact.verified_at, row.contact.partner.state) == ("draft", None, "draft")
    assert [each.competency_keys for each in row.needs] == [["mail"]]


def test_the_same_posting_sent_twice_is_one_opportunity_and_one_letter(desk: Desk) -> None:
    first, second = (exchange.publish(desk.session, sent(), now=NOW) for _ in range(2))
    assert first.id == second.id
    assert desk.session.scalar(select(func.count(Posting.id))) == 1
    assert len(desk.letters("confirm")) == 1


@pytest.mark.parametrize(
    ("text", "said"), [("", "empty"), ("  \n ", "empty"), ("x" * 200_000, "200,000 characters; at most 20,000")]
)
def test_an_empty_or_endless_posting_is_refused_in_a_sentence_and_nothing_is_kept(
    desk: Desk, text: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        exchange.publish(desk.session, sent(text), now=NOW)
    assert desk.letters() == []
    assert desk.session.scalar(select(func.count(Contact.id))) == 0


@pytest.mark.parametrize(
    ("listed", "behind", "n_told"),
    [
        ((), (), 0),
        ((0.05, 0.04), (), 0),
        ((0.1, 0.1, 0.1, 0.1), (0.1,), 3),
        ((0.5, 0.2, 0.1, 0.1), (0.3, 0.18, 0.1), 5),
    ],
)
def test_the_poster_is_told_how_many_fit_well_enough_to_be_asked(
    desk: Desk, listed: tuple[float, ...], behind: tuple[float, ...], n_told: int
) -> None:
    row = published(desk)
    firms = [make.firm(desk.session, f"firm{n}").partner_id for n in range(len(listed) + len(behind))]
    for place, score in enumerate(listed):
        make.match(desk.session, row, firms[place], score=score, place=place + 1)
    if behind:
        ids = firms[len(listed) :]
        desk.session.add(Reserve(opportunity_id=row.id, partner_ids=ids, scores=list(behind)))
        desk.session.flush()
    exchange.confirm(desk.session, row, how="", now=NOW)
    (letter,) = desk.letters("opened")
    assert letter.values["n_found"] == n_told


def test_ok_opens_an_opportunity_once_and_proves_the_address(desk: Desk) -> None:
    row = published(desk)
    said = [exchange.confirm(desk.session, row, how="a mail reply", now=NOW) for _ in range(2)]
    assert [each.heading for each in said] == ["It is open.", f"“{row.title}” is open already."]
    assert (row.state, row.contact.verified_at, row.opened_at) == ("open", NOW, NOW)
    assert len(desk.letters("opened")) == 1
    consents = desk.session.scalars(select(Consent)).all()
    assert [(each.subject, each.given, each.how) for each in consents] == [("posting", True, "a mail reply")]


def test_an_opportunity_closes_when_its_work_is_due_and_at_the_latest_after_45_days(desk: Desk) -> None:
    first = published(desk)
    exchange.confirm(desk.session, first, how="", now=NOW)
    soon = make.PostingFacts(due="11 December 2026", place="Leeds", pays="we pay you")
    second = published(desk, key="nonce-2", facts=soon)
    exchange.confirm(desk.session, second, how="", now=NOW)
    assert (first.closes_on, second.closes_on) == (NOW.date() + timedelta(days=45), date(2026, 12, 11))


def test_an_ok_after_the_day_on_which_it_was_due_is_asked_for_another_day_once(desk: Desk) -> None:
    soon = make.PostingFacts(due="11 December 2026", place="Leeds", pays="we pay you")
    row = published(desk, facts=soon)
    late = datetime(2026, 12, 14, 9, tzinfo=UTC)
    desk.reply(desk.letters("confirm")[0], "ok", at=late)
    asked = desk.letters("confirm")[1]
    assert (row.state, row.due_on) == ("draft", None)
    assert asked.values["questions"] == ["By when? A date, a month or “as soon as possible” will do."]
    assert "By when" not in [name for name, _ in asked.values["facts"]]
    desk.reply(asked, "ok", at=late)
    assert (row.state, row.closes_on) == ("open", late.date() + timedelta(days=45))


def test_a_correction_is_read_and_asked_about_again(desk: Desk) -> None:
    row = exchange.publish(desk.session, sent(), now=NOW)
    row.matched_at = NOW
    said = exchange.correct(desk.session, row, "The budget is 5000 euros", now=NOW)
    assert said.sent
    assert (row.value_eur, row.state, row.matched_at) == (5000, "draft", None)
    assert [each.key for each in desk.letters("confirm")] == [f"confirm:{row.id}:0", f"confirm:{row.id}:1"]


def test_a_reply_that_asks_to_hide_a_word_hides_it_and_shows_the_new_reading(desk: Desk) -> None:
    row = published(desk, text="We need somebody for Exchange at the tram works in Leeds, 40 mailboxes.")
    desk.reply(desk.letters("confirm")[0], "hide the word Tram")
    again = desk.letters("confirm")[1].values
    assert "tram" not in f"{row.title} {row.blind_text} {' '.join(each.text for each in row.needs)}".casefold()
    assert "Tram" in [each["words"] for each in again["masked"]]
    assert ("tram" in again["blind_text"], row.state) == (False, "draft")


def test_an_ok_to_an_older_reading_opens_nothing(desk: Desk) -> None:
    row = published(desk)
    for said in ("pays: we pay you 600 euros a day", "hide the word weekend"):
        desk.reply(desk.letters("confirm")[-1], said)
    first, second, third = desk.letters("confirm")
    for older in (first, second):
        desk.reply(older, "ok")
        assert row.state == "draft"
        assert desk.answer(row.contact.email).startswith("It was read again in the meantime. Nothing was opened.")
    desk.reply(third, "ok")
    assert row.state == "open"


def test_an_ok_to_an_older_letter_with_the_same_words_counts(desk: Desk) -> None:
    row = published(desk, text="Hello, can you help us?")
    for _ in range(3):
        desk.reply(desk.letters("confirm")[0], "ok")
    assert (row.state, len(desk.letters("confirm"))) == ("open", 3)


def test_a_word_to_hide_that_is_not_in_the_posting_is_named_in_the_answer(desk: Desk) -> None:
    row = published(desk, text="We need somebody for Exchange at the tram works in Leeds, 40 mailboxes.")
    before = row.blind_text
    asked = desk.letters("confirm")[0]
    desk.reply(asked, "hide the word Tramway")
    [answer] = desk.letters("answer")
    assert answer.values["heading"] == "We did not find “Tramway” in your posting, so nothing was hidden for it."
    assert (len(desk.letters("confirm")), row.blind_text) == (1, before)


def test_beside_a_word_that_is_hidden_the_one_that_is_not_there_is_named(desk: Desk) -> None:
    published(desk, text="We need somebody for Exchange at the tram works in Leeds, 40 mailboxes.")
    desk.reply(desk.letters("confirm")[0], "Hide the word Tram. Hide the name Oakworth. Hide the name Brontë.")
    again = desk.letters("confirm")[1].values
    assert again["not_found"] == (
        "We did not find “Oakworth” or “Brontë” in your posting, so nothing was hidden for them."
    )
    desk.reply(desk.letters("confirm")[1], "Hide the word Tram. The budget is 5000 euros.")
    assert desk.letters("confirm")[2].values["not_found"] == ""


def test_an_opportunity_that_is_open_is_not_changed_any_more(desk: Desk) -> None:
    row = exchange.publish(desk.session, sent(), now=NOW)
    exchange.confirm(desk.session, row, how="", now=NOW)
    said = exchange.correct(desk.session, row, "The budget is 5000 euros", now=NOW)
    assert (said.tone, row.value_eur) == ("closed", None)
    assert "was not changed" in said.heading


@pytest.mark.parametrize(
    ("reply", "heading"),
    [
        ("The budget is 5000 euros", "“{}” is closed already, so it was not changed."),
        ("ok", "“{}” is closed already."),
    ],
)
def test_whoever_threw_a_posting_away_is_not_told_that_it_is_open_nor_asked_for_more(
    desk: Desk, reply: str, heading: str
) -> None:
    row = published(desk, text="Hello, can you help us?")
    desk.reply(desk.letters("confirm")[0], "no")
    desk.reply(desk.letters("confirm")[0], reply)
    said = desk.answer("graham@tallow.example")
    assert said == f"{heading.format(row.title)} If you look for somebody again, post it anew."
    assert (row.state, row.n_asked, len(desk.letters("confirm"))) == ("withdrawn", 0, 1)


def test_what_is_missing_is_asked_for_twice_and_then_let_go(desk: Desk) -> None:
    row = published(desk, text="Hello, can you help us?")
    assert "what" in row.missing
    said = [exchange.confirm(desk.session, row, how="", now=NOW) for _ in range(3)]
    assert [each.tone for each in said] == ["unclear", "unclear", "done"]
    assert row.state == "open"


def test_a_withdrawn_opportunity_lapses_for_all_and_those_who_said_yes_are_told(market: Market) -> None:
    market.asked[0].state = "accepted"
    said = exchange.withdraw(market.session, market.row, now=NOW)
    again = exchange.withdraw(market.session, market.row, now=NOW)
    assert (said.heading, again.tone) == (f"“{market.row.title}” is closed.", "closed")
    assert {each.state for each in market.asked} == {"lapsed"}
    (letter,) = market.desk.letters("waitlisted")
    assert (letter.to_address, letter.values["over"]) == ("anna@quay.example", True)


def test_an_opportunity_is_extended_only_while_it_is_open(market: Market) -> None:
    assert "30 January 2027" in exchange.extend(market.session, market.row, now=NOW).heading
    exchange.withdraw(market.session, market.row, now=NOW)
    refused = exchange.extend(market.session, market.row, now=NOW)
    assert (refused.tone, "cannot be extended" in refused.heading) == ("closed", True)


def test_an_opportunity_past_its_last_day_is_closed_once(market: Market) -> None:
    over = datetime(2027, 1, 1, 12, tzinfo=UTC)  # when the last day of December ends west of everybody
    assert exchange.lapse(market.session, now=over - timedelta(minutes=1)) == 0
    assert exchange.lapse(market.session, now=over) == 1
    assert exchange.lapse(market.session, now=over) == 0
    assert market.session.get_one(Opportunity, market.row.id).state == "closed"
    assert {each.state for each in market.asked} == {"lapsed"}


def test_a_firm_that_we_know_is_named_nowhere_in_what_it_posts_and_corrects(desk: Desk) -> None:
    poster = make.firm(desk.session, "nordlicht", email="a.bergstroem@gmail.com", name="Anneliese Bergström")
    poster.partner.name = "Nordlicht IT GmbH"
    text = f"Nordlicht has won a move. {TEXT} Bergström knows the plant."
    row = exchange.publish(desk.session, Submission("nonce-9", "web", poster.email, text), now=NOW)
    desk.reply(desk.letters("confirm")[-1], "where: on site at Nordlicht in Leeds, ask for Bergström")
    assert len(desk.letters("confirm")) == 2
    told = str(desk.letters("confirm")[-1].values | {"masked": []})
    desk.reply(desk.letters("confirm")[-1], "ok")
    said = f"{row.title} {row.blind_text} {row.place_text} {' '.join(each.text for each in row.needs)} {told}"
    assert "Leeds" in said
    assert all(each not in said for each in ("Nordlicht", "Bergström"))


def test_a_poster_reads_how_its_sum_became_euros(desk: Desk) -> None:
    words = "We need somebody to move 380 mailboxes to Exchange Online by 31 January 2027, remote. We pay £20,000."
    desk.arrives(make.mail("Ann <ann@firm.example>", f"post@{DOMAIN}", words, subject="Mail"), f"post@{DOMAIN}")
    told = desk.letters("confirm")[-1]
    assert told.values["worth_note"] == "£20,000 counted as 23,000 EUR (1 GBP = 1.15 EUR, a fixed rate)"
    desk.reply(told, "budget is 5000 EUR")
    assert desk.letters("confirm")[-1].values["worth_note"] == ""
