"""What one side writes reaches the other without anything that tells who it is, and loses nothing else."""

import base64

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matcher.relay import plain
from matcher.relay.plain import skeleton
from tests.relay.speaking import passed

EMAIL = "anna.berg@nordlicht-it.example"


@pytest.mark.parametrize(
    "written",
    [
        EMAIL,
        EMAIL.upper(),
        f"<{EMAIL}>",
        "anna.berg (at) nordlicht-it (dot) example",
        "anna.berg[at]nordlicht-it.example",
        "anna.berg at nordlicht-it dot example",
        "anna.berg @ nordlicht-it . example",
        "anna.berg arroba nordlicht-it punto example",
        "anna-at-firm-dot-example",
        "anna(a)firm.example",
        "bob@localhost",
        " ".join(EMAIL),
        "\u200b".join(EMAIL),
        EMAIL.replace("a", "а"),
        EMAIL.replace("@", "＠"),
        EMAIL.replace("@", "%40"),
        EMAIL.replace("@", "=40"),
        EMAIL.replace("@", "&#64;"),
        EMAIL.replace("@", "\\u0040"),
        base64.b64encode(EMAIL.encode()).decode(),
        "reply+aaaaaaaahmfe4p7v4dfbl7a36lni4@in.counterpart.example",
        "<1234.abc@mail.nordlicht-it.example>",
    ],
)
def test_an_address_is_taken_out_in_any_spelling(written: str) -> None:
    said = passed(f"Is the VPN site-to-site? Send it to {written} please.")
    assert said.text.startswith("Is the VPN site-to-site? Send it to [")
    assert said.text.endswith("] please.")
    assert "berg" not in said.text.lower()
    assert "nordlicht" not in said.text.lower()


@pytest.mark.parametrize(
    "written",
    [
        "+44 20 7946 0123",
        "+44 (0)20 7946-0123",
        "0044 20 7946 0123",
        "(020) 7946 0123",
        "020.7946.0123",
        "01 23 45 67 89",
        "02.12.20.15.10",
        "030/901820",
        "(415) 555-0123",
        "612 34 56 78",
        "98765 43210",
        "07946012345",
        "+44 20 7946 0123 ext. 12",
        "+44\u00a020\u20117946\u20110123",
        "zero two zero seven nine four six zero one two three",
    ],
)
def test_a_telephone_number_is_taken_out_in_the_ways_of_many_countries(written: str) -> None:
    said = passed(f"Two of us are free. The line is {written} on weekdays.")
    assert said.text == "Two of us are free. The line is [phone removed] on weekdays."
    assert said.removed == (("phone", 1),)


@pytest.mark.parametrize(
    "written",
    [
        "400 mailboxes on 2008 R2, 12.000,- EUR, version 10.5.2 and 10.0.19045.1",
        "between 01.02.2027 and 2027-03-15, 22:00-04:00, tickets 1400-1600",
        "1,400 users, 20 000 EUR, 1.250.000 documents, 2016 2019 and 2022",
        "01/2027-06/2027 at 95 % of 3000 GB, KB5034441, CVE-2026-12345",
        "ASP.NET, SAP.NET, Node.js, web.config, Office 365, draw.io and power.bi",
        "data-at-rest, look-at-me dashboards, part (a) of point (d), 2 days @ 800 EUR",
        "Supply Chain Management, Visual Studio, System Center and Direct Routing",
        "Windows 10.0.0.1 gateway, C# and F#, AS/400 with RPG IV",
        "Teams is multi-tenant, Slack is on-prem, Skype: replaced by Teams",
        "50 Google Drive accounts and pro Arbeitsplatz 20 Euro",
        "done.It works, e.g. z.B. u.a.",
        "InternetExplorerCompatibility2016 and Exchange2016/Exchange2019",
        "a Cassandra cluster, Julia and Ruby code, an Iris scanner, JSON, Chef and Jenkins",
        "it. Will you do it? May we call? Mark the boxes. Grant us access.",
    ],
)
def test_what_belongs_to_the_trade_is_passed_on_as_it_was_written(written: str) -> None:
    assert passed(f"We have {written}").text == f"We have {written}"
    assert passed(f"We have {written}").removed == ()


@pytest.mark.parametrize(
    "written",
    [
        "Nordlicht IT GmbH", "Nordlicht", "NORDLICHT", "nordlicht-it", "NordlichtTeam", "Nordlichts",
        "N o r d l i c h t",
        "N0rdlicht", "Nord-licht", "Blue Horizon", "bluehorizon", "Contoso Foods", "CONTOSO FOODS",
    ],
)  # fmt: skip
def test_a_firm_is_taken_out_however_it_is_written(written: str) -> None:
    assert passed(f"We at {written} do that.").text in ("We at [name removed] do that.", "We at [name removed].")


@pytest.mark.parametrize(
    "text",
    [
        "Best, Anna", "Frau Berg decides.", "Anna here.", "ANNA BERG leads it.", "A. Berg signs.", "ask anna",
        "B e r g", "Jörg knows.", "Joerg knows.", "JORG knows.", "Talk to Will.", "Will, from our office.",
        "Ask Will Marsh.", "Please talk to Marek about it.", "Please talk to Xylka about it.", "ask rajesh",
        "Cheers,\n\nXiulan", "and bye\n/anna",
    ],
)  # fmt: skip
def test_a_name_is_taken_out_wherever_it_stands(text: str) -> None:
    said = passed(f"Two of us are free from 11 January. {text}").text.lower()
    names = ("anna", "berg", "jörg", "joerg", "jorg", "will", "marsh", "marek", "xylka", "rajesh", "xiulan", "b e r g")
    assert not [name for name in names if name in said]
    assert said.startswith("two of us are free from 11 january.")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See https://www.nordlicht-it.example/team?x=1.", "See [web address removed]."),
        ("See nordlicht-it dot example.", "See [web address removed]."),
        ("Skype: anna.firm works.", "Skype: [account removed] works."),
        ("My profile is linkedin.com/in/anna-berg.", "My profile is [web address removed]."),
        ("We sit at Hauptstraße 12, 80331 München.", "We sit at [street removed]."),
        ("We sit Am Sandtorkai 5, 20457 Hamburg.", "We sit [street removed]."),
        ("We sit at An der Alster 12, Hamburg.", "We sit at [street removed], Hamburg."),
        ("Unter den Linden 77, 10117 Berlin.", "[street removed]."),
        ("We sit at Hafenring 3.", "We sit at [street removed]."),
        ("\n\nIm Zollhafen 18", "\n\n[street removed]"),
        ("\n\nNeuer Wall 50\n20354 Hamburg", "\n\n[street removed]\n[street removed]"),
        ("VAT GB 987 6543 21 is ours.", "[number removed] is ours."),
        ("IBAN DE89 3704 0044 0532 0130 00.", "[number removed]."),
        ("See id 3f2504e0-4f89-11d3-9a0c-0305e82c3301.", "See id [code removed]."),
    ],
)
def test_what_leads_to_a_firm_is_taken_out(text: str, shown: str) -> None:
    assert passed(f"We can start in May. {text}").text == f"We can start in May. {shown}"


@pytest.mark.parametrize(
    "text",
    [
        "Am Montag 5 Stunden, Am 5. Mai",
        "An der Schule 12 Geräte, Hamburg",
        "Am Montag 5, Hamburg 3 Tage",
        "Im Projekt 2, Hamburg",
        "Spring 5, Monitoring 24, Engineering 5, Firewall 2, Substring 3.",
        "Windows Server 22, Hamburg",
        "Exchange Server 2016, 2019 Hamburg",
    ],
)
def test_words_and_numbers_that_are_no_street_stay(text: str) -> None:
    assert passed(f"We can start in May. {text}").text == f"We can start in May. {text}"


def test_what_was_taken_out_is_counted_in_words() -> None:
    said = passed(f"Two of us are free. Anna or Marek, +44 20 7946 0123, {EMAIL}")
    assert said.sentence == (
        "We took out 1 e-mail address, 1 phone number and 2 names: both sides learn those once they agree."
    )
    assert passed("Two of us are free.").sentence == ""


@pytest.mark.parametrize(
    "text", ["call me on +44 20 7946 0123", f"My address is {EMAIL}, thanks", "Nordlicht", "Anna Berg"]
)
def test_contact_data_and_nothing_else_says_nothing(text: str) -> None:
    assert not passed(text).says_something


@pytest.mark.parametrize("text", ["Yes.", "No", "Frankfurt", "9.0.1", "är det klart?", "はい"])
def test_the_shortest_answer_says_something(text: str) -> None:
    assert passed(text).says_something


def test_a_spelling_that_no_pattern_foresaw_costs_its_line() -> None:
    said = passed("Is it on site?\nan***na***be***rg at no====rd====li====cht====it====ex====am====ple\nOr remote?")
    assert said.text == "Is it on site?\nOr remote?"
    assert passed("elpmaxe.ti-thcildron@greb.anna backwards").text.count("nordlicht") == 0


PIECES = [EMAIL, "Anna", "Nordlicht", "VPN", "[", "\n", "@", "+44 20 7946 0123"]
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(PIECES)).map(" ".join),
)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
@example("[name removed] " * 20)
def test_no_text_breaks_the_relay_and_nothing_known_is_left(text: str) -> None:
    said = passed(text)
    assert EMAIL not in said.text
    assert "nordlicht" not in said.text.lower()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=100))
def test_a_skeleton_is_as_long_as_its_text(text: str) -> None:
    assert len(skeleton(plain(text))) == len(plain(text))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 20_000,
        "a@" * 10_000,
        "1 " * 10_000,
        "+49 " * 5_000,
        "a.b" * 6_000,
        "N o r d " * 2_500,
        "Anna " * 4_000,
        "A-" * 10_000,
    ],
)
def test_the_longest_mail_is_passed_on_in_seconds(text: str) -> None:
    assert passed(text).text is not None
