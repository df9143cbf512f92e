"""Questions and answers go both ways without names, each under the letter that it belongs to."""

import pytest

from matcher import exchange
from matcher.models import Letter
from tests import factories as make
from tests.exchange.conftest import Market, says
from tests.factories import NOW


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
