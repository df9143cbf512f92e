"""What is known of a partner becomes texts worth embedding."""

from datetime import date

from matcher.ranking.capability import capabilities_of, sentences
from matcher.ranking.hashing import text_hash
from matcher.terms import Badge, Capability
from tests.ranking.networks import COMPETENCIES, firm, link, person, work


def read(profile: str = "", **facts: object) -> tuple[Capability, ...]:
    known = {"badges": (), "people": (), "collaborations": ()} | facts
    return capabilities_of(firm(2, practices=("mail",)), profile=profile, competencies=COMPETENCIES, link=link, **known)  # type: ignore[arg-type]


def test_each_sentence_of_a_profile_is_a_capability_with_its_competency() -> None:
    found = [one for one in read("We move mailboxes. We also run SAP at night.") if one.source == "profile"]
    assert [(one.text, one.competency_key) for one in found] == [
        ("We move mailboxes", "mail"),
        ("We also run SAP at night", "sap"),
    ]


def test_what_a_firm_does_not_do_is_left_out() -> None:
    assert sentences("We don't touch SAP. No servers, phones or printers. We move mailboxes.") == ("We move mailboxes",)
    assert sentences("We don't write software, we sell other people's.") == ("we sell other people's",)
    assert sentences("Projekte machen wir keine. Wir ziehen Postfächer um.") == ("Wir ziehen Postfächer um",)


def test_a_list_under_what_we_do_not_do_is_left_out() -> None:
    profile = (
        "WHAT WE DO\n* Moving mailboxes to the cloud\n\n"
        "WHAT WE DON'T DO\n* Cabling of whole buildings\n* Printers and toner\n"
    )
    assert sentences(profile) == ("WHAT WE DO", "Moving mailboxes to the cloud")
    open_list = "We don't do websites.\n- Moving mailboxes to the cloud"
    assert "Moving mailboxes to the cloud" in " ".join(sentences(open_list))


def test_somebody_elses_not_is_no_refusal() -> None:
    assert sentences("For people who cannot wait a day.") == ("For people who cannot wait a day",)
    assert sentences("Rings for machines you can't be patching.") == ("Rings for machines you can't be patching",)


def test_a_declared_competency_is_embedded_with_its_definition() -> None:
    declared = next(one for one in read() if one.source == "declared")
    assert declared.text == "Messaging and mail migration: Moving company e-mail between systems"


def test_past_work_of_the_partner_counts_and_work_it_led_does_not() -> None:
    found = read(collaborations=[work(9, 2, "moved 400 mailboxes"), work(2, 9, "built a shop")])
    works = [one for one in found if one.source == "collaboration"]
    assert [(one.text, one.evidence) for one in works] == [
        ("Messaging and mail migration: moved 400 mailboxes", "work in 2023")
    ]


def test_a_badge_is_kept_with_its_dates() -> None:
    badge = Badge(2, "s-mail", "specialization", date(2018, 3, 1), date(2019, 3, 1))
    evidence = [one.evidence for one in read(badges=[badge]) if one.source == "badge"]
    assert evidence == ["specialization Mail on Microsoft 365, until 2019-03"]


def test_days_and_names_of_people_stay_out_of_the_texts() -> None:
    found = [one for one in read(people=[person(2, competency_keys=("sap",))]) if one.source == "bench"]
    assert [one.text for one in found] == ["SAP: Running SAP systems"]


def test_a_text_comes_once() -> None:
    texts = [one.text_hash for one in read("We move mailboxes. We move mailboxes.", people=[person(2)])]
    assert len(texts) == len(set(texts))


def test_the_hash_does_not_see_white_space() -> None:
    assert text_hash("moves  mail\n") == text_hash("moves mail")
    assert text_hash("moves mail") != text_hash("Moves mail")
