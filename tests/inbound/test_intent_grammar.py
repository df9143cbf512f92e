"""What our letters invite is always understood, in whatever dress; noise never acts, contradictions neither."""

import string
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.inbound import understand
from matcher.terms import Act

REPEATED = settings(max_examples=200, deadline=None, derandomize=True, database=None)
NUMBERS = st.lists(st.integers(1, 12), min_size=1, max_size=5, unique=True).map(lambda found: tuple(sorted(found)))
GREETINGS = st.sampled_from(
    ["", "", "Hi,\n", "Hello Counterpart,\n\n", "Dear all,\n", "Good morning! ", "Hallo,\n", "Bonjour,\n\n", "Hej,\n"]
)
BEFORE = st.sampled_from(["", "", "", "Thanks! ", "Thank you for the list.\n", "Many thanks, ", "Danke. ", "Merci, "])
AFTER = st.sampled_from(["", "", ".", "!", " please", " please.", ", thanks", " thank you!", "\n", "\n\nThanks", " 😊"])
SIGN_OFFS = st.sampled_from(
    [
        "",
        "",
        "\n\nBest regards\nAna",
        "\n\nBest,\nAna Silva\nFirm Ltd\n4 High Street",
        "\nCheers, Ana",
        "\n\nMit freundlichen Grüßen\nAna Silva",
        "\n\nCordialement,\nAna",
        "\n\nSaludos\nAna",
        "\n\nMet vriendelijke groet,\nAna",
    ]
)
CASES = st.sampled_from([str, str, str.lower, str.upper, str.capitalize])
BULLETS = st.sampled_from(["", "", "", "- ", "* ", "• ", "  ", "\t", "\u00a0"])
YES = ["yes", "ja", "oui", "sí", "sim", "tak", "ok", "yes please", "interested", "👍", "gerne", "graag", "d'accord"]
NO = ["no", "nein", "non", "nee", "nej", "no thanks", "not interested", "nao", "👎", "geen interesse"]
LATER = ["later", "not now", "später", "plus tard", "más tarde", "dopo", "senare"]
VERDICTS = {word: act for act, said in (("yes", YES), ("no", NO), ("later", LATER)) for word in said}
SHAPES = [
    "{n} {v}",
    "{n}: {v}",
    "#{n} {v}",
    "{v} {n}",
    "{v}, {n}",
    "{n} - {v}",
    "number {n}: {v}",
    "{n}) {v}",
    "{n}. {v}",
]
PROSE = """
    across after around because before behind between building call coffee computer contract country customer
    delivery desk developer during engineer evening every garden hardware holiday house important invoice
    kitchen language license mailbox management market meeting monday mountain network often orange people
    perhaps phone picture price printer quality quarter river school server several software street summer
    support table team telephone theatre through tomorrow train travel under university update village water
    weather window winter without world yellow
"""  # no word of an answer, and none that politely surrounds one
WORDS = st.sampled_from(PROSE.split())
LETTERS = st.sampled_from(["digest", "interested", "outcome", "confirm_outcome", "introduction", "link", "unknown"])


@st.composite
def dressed(draw: Any, said: str) -> str:
    """Put a plain answer between a greeting and a signature, as people do."""
    core = draw(BULLETS) + draw(CASES)(said) + draw(AFTER)
    return str(draw(GREETINGS) + draw(BEFORE) + core + draw(SIGN_OFFS))


@st.composite
def verdicts(draw: Any) -> tuple[str, tuple[int, ...], list[Act]]:
    """Make an answer to each of some offers of a digest, a line each, and what it means."""
    numbers = draw(NUMBERS)
    chosen = draw(st.lists(st.sampled_from(numbers), min_size=1, max_size=len(numbers), unique=True))
    lines, acts = [], []
    for n in chosen:
        word = draw(st.sampled_from(sorted(VERDICTS)))
        shape = draw(st.sampled_from(SHAPES if VERDICTS[word] != "no" else SHAPES[:4] + SHAPES[5:]))
        lines.append(draw(BULLETS) + draw(CASES)(shape.format(n=n, v=word)))
        acts.append(Act(VERDICTS[word], n))
    text = draw(GREETINGS) + draw(BEFORE) + "\n".join(lines) + draw(AFTER) + draw(SIGN_OFFS)
    return text, numbers, acts


@REPEATED
@given(verdicts())
def test_a_verdict_on_each_offer_is_understood(answer: tuple[str, tuple[int, ...], list[Act]]) -> None:
    text, numbers, acts = answer
    assert understand(text, letter_kind="digest", numbers=numbers).acts == tuple(acts)


@REPEATED
@given(NUMBERS, st.sampled_from([*YES[:6], *NO[:6], *LATER]), st.data())
def test_a_letter_with_one_offer_needs_no_number(numbers: tuple[int, ...], word: str, data: st.DataObject) -> None:
    text = data.draw(dressed(word))
    assert understand(text, letter_kind="digest", numbers=numbers[:1]).acts == (Act(VERDICTS[word], numbers[0]),)


@REPEATED
@given(NUMBERS, st.data(), st.sampled_from(["too far away", "we are busy", "no people free", "wrong region"]))
def test_a_reason_after_a_colon_is_kept(numbers: tuple[int, ...], data: st.DataObject, reason: str) -> None:
    n = data.draw(st.sampled_from(numbers))
    text = data.draw(GREETINGS) + f"{n} no: {reason}" + data.draw(SIGN_OFFS)
    assert understand(text, letter_kind="digest", numbers=numbers).acts == (Act("no", n, reason),)


@REPEATED
@given(NUMBERS, st.data(), st.lists(WORDS, min_size=2, max_size=6).map(" ".join))
def test_a_question_is_taken_whole(numbers: tuple[int, ...], data: st.DataObject, words: str) -> None:
    n = data.draw(st.sampled_from(numbers))
    shape = data.draw(st.sampled_from(["ask {n}: {q}?", "Ask {n} {q}?", "please ask {n}: {q}?", "{n} ask: {q}?"]))
    kind = data.draw(st.sampled_from(["digest", "interested"]))
    text = data.draw(GREETINGS) + shape.format(n=n, q=words) + data.draw(st.sampled_from(["", "\n\nBest regards\nAna"]))
    assert understand(text, letter_kind=kind, numbers=numbers).acts == (Act("ask", n, f"{words}?"),)


@REPEATED
@given(NUMBERS, st.data(), st.sampled_from(["refer {n} to {a}", "please forward {n} to {a}", "{n} refer to {a}"]))
def test_a_referral_is_understood(numbers: tuple[int, ...], data: st.DataObject, shape: str) -> None:
    n = data.draw(st.sampled_from(numbers))
    text = data.draw(dressed(shape.format(n=n, a="anna@firm.example")))
    assert understand(text, letter_kind="digest", numbers=numbers).acts == (Act("refer", n, "anna@firm.example"),)


@REPEATED
@given(NUMBERS, st.data(), st.sampled_from([" ", ", ", " and ", " & ", " + "]))
def test_a_poster_chooses_by_numbers(numbers: tuple[int, ...], data: st.DataObject, between: str) -> None:
    chosen = data.draw(st.lists(st.sampled_from(numbers), min_size=1, max_size=len(numbers), unique=True))
    text = data.draw(dressed(between.join(map(str, chosen))))
    assert understand(text, letter_kind="interested", numbers=numbers).acts == tuple(Act("choose", n) for n in chosen)


@REPEATED
@given(
    NUMBERS, st.data(), st.sampled_from([("none", "none"), ("close", "stop"), ("extend", "extend"), ("stop", "stop")])
)
def test_a_poster_ends_or_extends_in_one_word(
    numbers: tuple[int, ...], data: st.DataObject, said: tuple[str, str]
) -> None:
    found = understand(data.draw(dressed(said[0])), letter_kind="interested", numbers=numbers)
    assert found.acts == (Act(said[1]),)


@REPEATED
@given(NUMBERS, st.data())
def test_groups_mean_the_numbers_of_the_letter(numbers: tuple[int, ...], data: st.DataObject) -> None:
    word = data.draw(
        st.sampled_from(["all", "all of them", "alle", "tous", *(["both", "beide"] * (len(numbers) == 2))])
    )
    found = understand(data.draw(dressed(word)), letter_kind="digest", numbers=numbers)
    assert found.acts == tuple(Act("yes", n) for n in numbers)
    found = understand(data.draw(dressed("the last one")), letter_kind="digest", numbers=numbers)
    assert found.acts == (Act("yes", numbers[-1]),)


@REPEATED
@given(
    st.data(), st.sampled_from(["ok", "yes", "correct", "ja", "oui", "looks good", "sí", "akkoord", "va bene", "👍"])
)
def test_an_ok_is_an_ok(data: st.DataObject, word: str) -> None:
    kind = data.draw(st.sampled_from(["confirm", "confirm_outcome"]))
    assert understand(data.draw(dressed(word)), letter_kind=kind).acts == (Act("ok"),)


@REPEATED
@given(st.data(), st.integers(100, 900_000), st.sampled_from(["outcome", "introduction"]))
def test_a_win_is_understood_in_every_way_to_write_an_amount(data: st.DataObject, euros: int, kind: str) -> None:
    ways = [
        f"{euros}",
        f"€{euros}",
        f"{euros} EUR",
        f"{euros:,} euros",
        f"EUR {euros:,}".replace(",", "."),
        f"{euros} €",
    ]
    verb = data.draw(st.sampled_from(["won", "we won", "Won:", "gewonnen", "gagné", "ganado", "vinto", "vunnit"]))
    text = data.draw(dressed(f"{verb} {data.draw(st.sampled_from(ways))}"))
    assert understand(text, letter_kind=kind).acts == (Act("won", amount_eur=euros),)


@REPEATED
@given(st.data(), st.sampled_from([("lost", "lost"), ("we lost", "lost"), ("verloren", "lost"), ("not yet", "later")]))
def test_a_loss_and_a_delay_are_understood(data: st.DataObject, said: tuple[str, str]) -> None:
    assert understand(data.draw(dressed(said[0])), letter_kind="outcome").acts == (Act(said[1]),)


@REPEATED
@given(st.lists(WORDS, min_size=1, max_size=40), NUMBERS, LETTERS, st.sampled_from([" ", "\n", ". ", ", ", "! ", "? "]))
def test_prose_is_never_an_act(words: list[str], numbers: tuple[int, ...], kind: str, between: str) -> None:
    found = understand(between.join(words), letter_kind=kind, numbers=numbers)
    assert found.acts == ()
    assert found.unclear


@REPEATED
@given(st.lists(WORDS, min_size=3, max_size=12), NUMBERS, st.data())
def test_prose_with_a_number_in_it_is_never_an_act(
    words: list[str], numbers: tuple[int, ...], data: st.DataObject
) -> None:
    at = data.draw(st.integers(1, len(words) - 1))
    said = " ".join([*words[:at], str(data.draw(st.sampled_from(numbers))), *words[at:]])
    assert understand(said, letter_kind="digest", numbers=numbers).acts == ()


@REPEATED
@given(st.text(alphabet=st.characters(exclude_characters=string.digits), max_size=200), NUMBERS)
def test_any_text_without_a_number_acts_on_no_offer_among_many(text: str, numbers: tuple[int, ...]) -> None:
    found = understand(text, letter_kind="digest", numbers=(*numbers, 13, 14, 15))
    assert all(act.number is None or len(found.acts) >= 4 for act in found.acts)


@REPEATED
@given(NUMBERS, st.data())
def test_contradictions_are_asked_about(numbers: tuple[int, ...], data: st.DataObject) -> None:
    n = data.draw(st.sampled_from(numbers))
    first, second = data.draw(st.permutations(["yes", "no", "later"]).map(lambda found: found[:2]))
    between = data.draw(st.sampled_from(["\n", ". ", ", ", "; ", "\n\n"]))
    found = understand(f"{n} {first}{between}{n} {second}", letter_kind="digest", numbers=numbers)
    assert found.acts == ()
    assert found.unclear


@REPEATED
@given(NUMBERS, st.data())
def test_conditions_hedges_and_questions_never_act(numbers: tuple[int, ...], data: st.DataObject) -> None:
    n = data.draw(st.sampled_from(numbers))
    shapes = [
        "{n} yes if it is remote", "{n} yes, unless it is on site", "{n} yes provided the customer pays", "maybe {n}",
        "{n} yes?", "{n} perhaps", "if {n} is remote then yes", "not {n}", "I am not sure about {n}", "all but {n}",
        "{n} ja, wenn der Preis stimmt", "{n} oui, à condition que le client paie", "{n} sí, siempre que sea remoto",
        "{n} yes or no", "{n} yes, probably", "I think {n}", "{n} yes depending on the price", "vielleicht {n}",
    ]  # fmt: skip
    said = data.draw(st.sampled_from(shapes)).format(n=n)
    text = data.draw(GREETINGS) + data.draw(CASES)(said) + data.draw(SIGN_OFFS)
    found = understand(text, letter_kind=data.draw(st.sampled_from(["digest", "interested"])), numbers=(*numbers, 13))
    assert found.acts == ()


@REPEATED
@given(NUMBERS, st.data())
def test_a_quoted_answer_is_not_the_senders(numbers: tuple[int, ...], data: st.DataObject) -> None:
    said, quoted = data.draw(st.sampled_from(numbers)), data.draw(st.sampled_from(numbers))
    text = f"> {quoted} no\n{said} yes\n>> {quoted} later\n"
    assert understand(text, letter_kind="digest", numbers=numbers).acts == (Act("yes", said),)


@REPEATED
@given(st.text(min_size=1, max_size=200).filter(lambda text: text.replace("\x00", "").strip()[:1] not in ("", ">")))
def test_whatever_answers_a_question_is_passed_on_whole(text: str) -> None:
    said = understand(text, letter_kind="question").acts
    assert said == (Act("text", text=text.replace("\r\n", "\n").replace("\x00", "").strip()),)


def test_a_quote_alone_answers_no_question() -> None:
    said = understand("> 1. Which region?\n>> Nobody else sees this.\n", letter_kind="question")
    assert (said.acts, said.unclear[:36]) == ((), "Your reply had no text of its own. W")
