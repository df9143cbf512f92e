"""What a partner says to an offer, in every state that the introduction may be in."""

from datetime import UTC, date, datetime, timedelta

import pytest

from matcher import exchange
from matcher.introduction import SAYS
from matcher.models import Introduction, Letter
from matcher.terms import Act
from matcher.wording import Said
from tests import factories as make
from tests.exchange.conftest import Market
from tests.factories import NOW

AFTER = {
    "yes": {"asked": "accepted", "declined": "accepted", "lapsed": "accepted"},
    "no": {"asked": "declined", "accepted": "declined", "waitlisted": "declined"},
    "later": {},
    "ask": {},
}
GRANTED = {
    "yes": set(SAYS),  # where it stands already, it is said so kindly
    "no": {"asked", "accepted", "waitlisted", "declined"},
    "later": {"asked"},
    "ask": {"asked", "accepted", "waitlisted"},
}
EVERY = [(verb, state) for verb in AFTER for state in sorted(SAYS)]


def says(market: Market, row: Introduction, verb: str, text: str = "") -> Said:
    return exchange.answer(market.session, row, Act(verb, 1, text), how="a mail reply", now=NOW)


@pytest.mark.parametrize(("verb", "state"), EVERY)
def test_an_answer_in_any_state_moves_it_or_says_why_not(market: Market, verb: str, state: str) -> None:
    row = market.asked[0]
    row.state = state
    market.session.flush()
    said = says(market, row, verb, "is there a VPN?")
    assert row.state == AFTER[verb].get(state, state)
    assert said.tone == ("done" if state in GRANTED[verb] else "closed")
    assert said.heading.endswith(".")
    if state not in GRANTED[verb]:
        assert SAYS[state] in said.heading


@pytest.mark.parametrize("verb", ["yes", "ask", "later"])
@pytest.mark.parametrize("state", ["closed", "withdrawn"])
def test_an_answer_to_a_closed_opportunity_says_so_and_moves_nothing(market: Market, verb: str, state: str) -> None:
    market.row.state = state
    said = says(market, market.asked[0], verb, "is there a VPN?")
    assert (said.tone, said.heading) == ("closed", "“Move 380 mailboxes” is closed.")
    assert (market.asked[0].state, market.desk.letters()) == ("asked", [])


@pytest.mark.parametrize("verb", ["yes", "no", "later", "ask"])
@pytest.mark.parametrize("after", ["open", "withdrawn"])
def test_who_has_met_the_poster_is_sent_to_it_and_not_told_that_nothing_came_of_it(
    market: Market, verb: str, after: str
) -> None:
    market.asked[0].state, market.row.state = "introduced", after
    market.session.flush()
    said = says(market, market.asked[0], verb, "is there a VPN?")
    assert said.lines == ("You are introduced to Alder Systems: write to them directly.",)
    assert "closed" not in said.heading
    assert (market.asked[0].state, market.desk.letters()) == ("introduced", [])


def test_a_yes_is_told_to_the_poster_without_the_partners_name(market: Market) -> None:
    says(market, market.asked[0], "yes", "Two people are free. Anna Quay, Quay Systems, anna@quay.example")
    (letter,) = market.desk.letters()
    assert (letter.kind, letter.to_address, letter.refs) == (
        "interested", "anna@alder.example", [[1, market.asked[0].id]],
    )  # fmt: skip
    assert "Two people are free" in str(letter.values)
    assert "quay" not in str(letter.values).lower()


def test_a_yes_said_twice_is_passed_on_once(market: Market) -> None:
    says(market, market.asked[0], "yes")
    said = says(market, market.asked[0], "yes")
    assert "stands already" in said.heading
    assert len(market.desk.letters("interested")) == 1
    assert [each.what for each in market.asked[0].steps] == ["accepted"]


def test_partners_are_numbered_in_the_order_of_their_yes(market: Market) -> None:
    for row in reversed(market.asked):
        says(market, row, "yes")
    assert [each.number for each in market.asked] == [3, 2, 1]
    says(market, market.asked[1], "no")
    says(market, market.asked[1], "yes")
    assert market.asked[1].number == 2


def test_the_fourth_yes_within_three_hours_is_gathered(market: Market) -> None:
    rows = [*market.asked, *(make.asked(market.session, market.row, make.firm(market.session, k)) for k in "xy")]
    for row in rows:
        says(market, row, "yes")
    assert len(market.desk.letters("interested")) == 3
    later = NOW + timedelta(hours=3)
    assert exchange.tell_poster(market.session, market.row, now=later)
    assert [each[0] for each in market.desk.letters("interested")[-1].refs] == [1, 2, 3, 4, 5]
    assert not exchange.tell_poster(market.session, market.row, now=later)


def test_a_no_keeps_its_reason_and_bothers_nobody(market: Market) -> None:
    said = says(market, market.asked[0], "no", "no capacity before March")
    assert said.lines == ("Your reason helps us to send you better ones.",)
    assert [(each.what, each.words) for each in market.asked[0].steps] == [("declined", "no capacity before March")]
    assert market.desk.letters() == []


def test_the_last_day_lasts_until_it_is_over_where_the_reader_is(market: Market) -> None:
    row = market.asked[0]
    market.row.closes_on, row.contact.timezone = date(2027, 1, 6), "America/Los_Angeles"
    letter = make.digest(market.session, row.contact, row)
    half_past_four = datetime(2027, 1, 7, 0, 30, tzinfo=UTC)
    assert exchange.lapse(market.session, now=half_past_four) == 0
    market.desk.reply(letter, "1 yes", at=half_past_four)
    assert market.desk.answer("anna@quay.example").startswith("Your yes to")
    assert row.state == "accepted"


def test_a_question_and_its_answer_go_both_ways_without_names(market: Market) -> None:
    says(market, market.asked[0], "ask", "Is there a VPN? Call Anna Quay on +44 20 7946 0018, anna@quay.example")
    question = market.desk.letters("question")[0]
    assert question.to_address == "anna@alder.example"
    assert "Is there a VPN?" in question.values["question"]
    assert not any(each in str(question.values) for each in ("Anna Quay", "7946", "quay.example"))
    words, poster = "Yes. Anna Alder, Alder Systems, www.alder.example", market.row.contact
    exchange.relay(market.session, market.asked[0], words, by=poster, now=NOW)
    answered = market.desk.letters("answered")[0]
    assert answered.to_address == "anna@quay.example"
    assert "Yes" in answered.values["answer"]
    assert "alder" not in str(answered.values).lower()


def two_questions(market: Market) -> Letter:
    """Let a partner ask twice; return the poster's letter with the first question."""
    for question in ("May it be done remotely?", "Must we travel every week?"):
        says(market, market.asked[0], "ask", question)
    return market.desk.letters("question")[0]


def test_a_question_asked_twice_is_passed_on_once_until_it_is_answered(market: Market) -> None:
    said = [says(market, market.asked[0], "ask", "Is there a VPN?").heading for _ in range(2)]
    assert said[1] == "That question was passed on already; nothing was sent twice."
    assert len(market.desk.letters("question")) == 1
    market.desk.reply(market.desk.letters("question")[0], "Which of the two do you mean?")
    says(market, market.asked[0], "ask", "Is there a VPN?")
    assert len(market.desk.letters("question")) == 2


def test_two_questions_may_have_the_same_answer(market: Market) -> None:
    two_questions(market)
    for letter in market.desk.letters("question"):
        market.desk.reply(letter, "Yes.")
    assert len(market.desk.letters("answered")) == 2


def test_a_poster_that_asks_twice_asks_once(market: Market) -> None:
    says(market, market.asked[0], "yes")
    for _ in range(2):
        market.desk.reply(market.desk.letters("interested")[0], "ask 1: are you free in May?")
    assert len(market.desk.letters("question", to="anna@quay.example")) == 1


def test_an_answer_goes_under_the_question_of_the_letter_that_it_answers(market: Market) -> None:
    first = two_questions(market)
    market.desk.reply(first, "Yes, of course.")
    market.desk.reply(market.desk.letters("question")[1], "Once a month.")
    talked = [(each.values["question"], each.values["answer"]) for each in market.desk.letters("answered")]
    assert talked == [("May it be done remotely?", "Yes, of course."), ("Must we travel every week?", "Once a month.")]


def test_an_answer_that_had_to_be_written_again_keeps_its_question(market: Market) -> None:
    market.desk.reply(two_questions(market), "anna@alder.example")
    (refused,) = market.desk.letters("answer")
    market.desk.reply(refused, "Yes, of course.")
    (answered,) = market.desk.letters("answered")
    assert (answered.values["question"], answered.values["answer"]) == ("May it be done remotely?", "Yes, of course.")


def test_the_poster_reads_which_of_its_questions_was_answered(market: Market) -> None:
    says(market, market.asked[0], "yes")
    interested = market.desk.letters("interested")[0]
    for question in ("are you free in May?", "do you speak French?"):
        market.desk.reply(interested, f"ask 1: {question}")
    market.desk.reply(market.desk.letters("question")[0], "All of it.")
    (told,) = (each for each in market.desk.letters("answer") if each.key.startswith("answered"))
    assert (told.values["lines"][0], told.values["quote"]) == ("You asked: are you free in May?", "All of it.")
    assert told.values["quote_of"] == "Number 1 wrote"


def asked_both_ways(market: Market) -> tuple[Letter, Letter]:
    """Let a partner ask, say yes and be asked back; return the poster's letter with a question, and the partner's."""
    row = market.asked[0]
    says(market, row, "ask", "May it be done remotely?")
    says(market, row, "yes")
    market.desk.reply(market.desk.letters("interested")[0], "ask 1: are you free in May?")
    to_poster, to_partner = market.desk.letters("question")
    return to_poster, to_partner


def test_an_answer_after_the_end_is_not_passed_on_as_if_something_could_follow(market: Market) -> None:
    letters = asked_both_ways(market)
    exchange.withdraw(market.session, market.row, now=NOW)
    for each in letters:
        market.desk.reply(each, "Yes, of course.")
        said = market.desk.answer(each.to_address)
        assert said == "“Move 380 mailboxes” is closed, so your answer was not passed on."
    assert [each for each in market.desk.letters() if each.key.startswith("answered")] == []


def test_who_has_met_is_told_to_answer_directly(market: Market) -> None:
    letters = asked_both_ways(market)
    market.desk.reply(market.desk.letters("interested")[0], "1")
    names = ("Quay Systems", "Alder Systems")
    for each, other in zip(letters, names, strict=True):
        market.desk.reply(each, "Yes, of course.")
        said = market.desk.answer(each.to_address)
        assert said == f"You are introduced to {other}, so write to them directly: your answer was not passed on."
    assert market.desk.letters("answered") == []


def test_the_answer_of_somebody_who_took_its_yes_back_promises_no_introduction(market: Market) -> None:
    _, to_partner = asked_both_ways(market)
    says(market, market.asked[0], "no")
    market.desk.reply(to_partner, "No, we are full.")
    (told,) = (each for each in market.desk.letters("answer") if each.key.startswith("answered"))
    assert (told.values["lines"], told.values["quote"]) == (["You asked: are you free in May?"], "No, we are full.")


def test_a_question_without_words_is_asked_for_them(market: Market) -> None:
    said = says(market, market.asked[0], "ask", " ")
    assert (said.tone, market.desk.letters()) == ("unclear", [])


def test_a_friend_who_is_recommended_gets_no_mail_from_us(market: Market) -> None:
    said = says(market, market.asked[0], "refer", "friend@other.example")
    assert said.tone == "refused"
    assert market.desk.letters() == []


def test_the_sender_learns_what_was_taken_out(market: Market) -> None:
    said = says(market, market.asked[0], "ask", "Is there a VPN? Marek from Quay knows: +44 20 7946 0018.")
    assert said.lines[0] == "We took out 1 phone number and 2 names: both sides learn those once they agree."
    said = exchange.relay(market.session, market.asked[0], "Yes.", by=market.row.contact, now=NOW)
    assert said.lines == ("It went as you wrote it.",)


@pytest.mark.parametrize("text", ["Call me: +44 20 7946 0018", "anna@quay.example", "Quay Systems"])
def test_contact_data_and_nothing_else_is_not_passed_on(market: Market, text: str) -> None:
    said = says(market, market.asked[0], "ask", text)
    assert (said.tone, market.desk.letters()) == ("refused", [])
    assert said.heading == "Your message held only names and addresses, so it was not passed on."
    said = exchange.relay(market.session, market.asked[0], f"{text}", by=market.row.contact, now=NOW)
    assert (said.tone, market.desk.letters()) == ("refused", [])
    assert market.asked[0].steps == []


def test_a_yes_with_nothing_but_contact_data_counts_and_its_words_are_dropped(market: Market) -> None:
    said = says(market, market.asked[0], "yes", "Call me: +44 20 7946 0018")
    assert said.heading.startswith("Your yes")
    assert "1 phone number" in said.lines[1]
    assert market.desk.letters("interested")[0].values["partners"][0]["said"] == ""


def test_what_the_posting_hides_is_hidden_in_its_posters_answers(market: Market) -> None:
    market.row.masked = [["customer", "Larkspur Dairies", "a customer"]]
    exchange.relay(market.session, market.asked[0], "Larkspur dairies runs it.", by=market.row.contact, now=NOW)
    assert market.desk.letters("answered")[0].values["answer"] == "[name removed] runs it."


def talk(market: Market) -> list[Letter]:
    """Let a partner ask, the poster answer, the partner say yes and the poster ask back; return what was written."""
    desk, row = market.desk, market.asked[0]
    desk.reply(make.digest(market.session, row.contact, row), "ask 1: is there a VPN?")
    desk.reply(desk.letters("question")[0], "Yes, there is one.")
    desk.reply(desk.letters("answered")[0], "yes, two of us are free")
    desk.reply(desk.letters("interested")[0], "ask 1: when can you start?")
    desk.reply(desk.letters("question")[1], "On 11 January.")
    return [each for each in desk.letters() if each.kind in TALK or each.key.startswith("answered")]


TALK = ("question", "answered")


def test_the_id_of_each_mail_is_kept_with_its_step(market: Market) -> None:
    talk(market)
    sent = [each.key.split()[0] for each in market.desk.messages()]
    assert [step.message_id for step in market.asked[0].steps] == sent
    assert [step.what for step in market.asked[0].steps] == ["question", "answer", "accepted", "question", "answer"]


def test_a_relayed_letter_follows_its_readers_own_mail_and_never_the_other_sides(market: Market) -> None:
    first, answered, second, last = talk(market)
    asked, replied, agreed, asked_back, _ = (step.message_id for step in market.asked[0].steps)
    assert [each.in_reply_to for each in (first, answered, second, last)] == ["", asked, agreed, asked_back]
    assert replied not in {each.in_reply_to for each in market.desk.letters(to="anna@quay.example")}
    keys = {kind: market.desk.letters(kind)[0].key for kind in ("digest", "interested", "answered", "question")}
    follows = [each.values["follows"] for each in (first, answered, second, last)]
    assert follows == ["", keys["digest"], keys["answered"], keys["interested"]]


def test_a_subject_says_re_once_the_talk_goes_on(market: Market) -> None:
    first, _, second, _ = talk(market)
    assert not first.values["goes_on"]
    assert second.values["goes_on"]


def test_two_answers_in_one_session_are_two_letters(market: Market) -> None:
    for words in ("Yes.", "And a second one."):
        exchange.relay(market.session, market.asked[0], words, by=market.row.contact, now=NOW)
    assert [each.values["answer"] for each in market.desk.letters("answered")] == ["Yes.", "And a second one."]


def with_file(sender: str, to: str, text: str) -> bytes:
    return make.with_file(make.mail(sender, to, text), "Quay Systems offer.pdf")


def test_words_are_passed_on_and_the_attachment_is_refused_with_a_sentence(market: Market) -> None:
    row, desk = market.asked[0], market.desk
    digest = make.digest(market.session, row.contact, row)
    to = make.reply_address(digest)
    desk.arrives(with_file(row.contact.email, to, "ask 1: is there a VPN?"), to)
    assert len(desk.letters("question")) == 1
    assert "Quay Systems offer" not in str(desk.letters("question")[0].values)
    assert "Attachments are not passed on before both sides agree" in desk.answer(row.contact.email)


def test_an_attachment_without_words_is_refused_with_the_same_sentence(market: Market) -> None:
    row, desk = market.asked[0], market.desk
    to = make.reply_address(make.digest(market.session, row.contact, row))
    desk.arrives(with_file(row.contact.email, to, "\n"), to)
    assert desk.letters("question") == []
    assert "no words" in desk.answer(row.contact.email)
    assert "Attachments are not passed on" in desk.answer(row.contact.email)
