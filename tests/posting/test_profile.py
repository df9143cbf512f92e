"""A join mail in plain words becomes a profile."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.posting.profile import check_profile, profile_questions, read_profile
from matcher.terms import Profile
from tests.posting.factories import TODAY, linker_keys


def profile(text: str, *, subject: str = "", name: str = "", domain: str = "", signature: str = "") -> Profile:
    return read_profile(
        text,
        subject=subject,
        sender_name=name,
        sender_domain=domain,
        signature=signature,
        linker_keys=linker_keys,
        today=TODAY,
    )


MAIL = """Hello,

we are Fjordpost IT, 12 people in Bergen. We do Citrix and Intune for shipping companies and hospitals.
We don't do SAP. We speak Norwegian and English.

Best regards,
Tom Fielding
Fjordpost IT
"""


def test_a_join_mail_says_who_where_and_what() -> None:
    found = profile(MAIL)
    assert (found.name, found.country, found.city, found.n_people) == ("Fjordpost IT", "NO", "Bergen", 12)
    assert found.competency_keys == ("virtual-desktop", "endpoint")
    assert found.languages == ("no", "en")
    assert "Healthcare" in found.industries
    assert found.missing == ()


def test_greeting_and_signature_are_no_part_of_the_profile() -> None:
    assert profile(MAIL).text.startswith("We are Fjordpost IT")
    assert profile(MAIL).text.endswith("English.")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Wir sind die Hallenfunk GmbH aus Dortmund.", "Hallenfunk GmbH"),
        ("Clic-Sambre is a small firm in Namur.", "Clic-Sambre"),
        ("We do Citrix.\n\nRegards,\nAnna Berg\nWeirside Computing", "Weirside Computing"),
        ("We do Citrix.", "Polder Plank"),
    ],
)
def test_the_name_is_said_signed_or_taken_from_the_domain(text: str, name: str) -> None:
    assert profile(text, domain="polder-plank.example").name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We are Microsoft Gold Partner in Munich.", "Polder Plank"),
        ("We are Azure specialists. We work for Siemens AG.", "Polder Plank"),
        ("Vi er Fjordpost IT, 12 ansatte i Bergen.", "Fjordpost IT"),
        ("siamo Nuvola Verde, 5 persone a Torino.", "Nuvola Verde"),
        ("We do Citrix.\n\nRegards,\nAnna Berg\nManaging Director\nWeirside Computing", "Weirside Computing"),
    ],
)
def test_a_badge_a_customer_or_a_job_is_no_name(text: str, name: str) -> None:
    assert profile(text, domain="polder-plank.example").name == name


def test_a_name_is_spelt_as_the_text_spells_the_domain() -> None:
    assert profile("Red Kite IT. Citrix for schools.", domain="redkiteit.co.uk").name == "Red Kite IT"
    assert profile("Citrix for schools in Leeds.", domain="redkiteit.co.uk").name == "Redkiteit"


def test_a_town_that_no_list_has_is_read_where_a_firm_says_that_it_sits() -> None:
    found = profile("Wir sind ein Systemhaus mit Sitz in Ravensburg.", domain="kern.de")
    assert (found.country, found.city) == ("DE", "Ravensburg")
    assert profile("We are based in Ireland.", domain="kern.ie").city == ""


def test_a_signature_that_was_cut_off_says_who_and_where() -> None:
    found = profile("We do Citrix.", signature="Tom Fielding\nDirector\nWeirside Ltd\n12 High Street, Leeds LS1 4AB")
    assert (found.name, found.country, found.city, found.missing) == ("Weirside Ltd", "GB", "Leeds", ())
    assert found.text == "We do Citrix."


def test_a_letter_quoted_below_a_signature_says_nothing_of_the_firm() -> None:
    quoted = "-- write above this line --\n1. Notes in Leeds\nHarrow Ltd\n12 High Street, Leeds"
    found = profile("We do Citrix.", signature=f"Tom Fielding\n\nOn Mon, 23 Nov 2026 Counterpart wrote:\n{quoted}")
    assert (found.name, found.country, found.city) == ("", "", "")


def test_a_free_mail_domain_names_no_firm() -> None:
    found = profile("We do Citrix.", domain="gmail.com")
    assert found.name == ""
    assert found.missing == ("name", "country")


@pytest.mark.parametrize(
    ("text", "n_people"),
    [
        ("12 people", 12),
        ("a one-man show", 1),
        ("team of 5", 5),
        ("wir sind zu dritt", 3),
        ("seven engineers", 7),
        ("I am a freelancer", 1),
        ("we do Citrix", None),
        ("Wir sind ein Systemhaus mit 8 Leuten.", 8),
        ("Company: Fjordpost\nEmployees: 45\nCitrix.", 45),
        ("Team von fünf in München", 5),
        ("met z'n vijven", 5),
        ("12 ansatte i Bergen", 12),
        ("5 persone a Torino", 5),
        ("12 Mitarbeitende", 12),
        ("une ESN de 40 développeurs", 40),
        ("a two-man band", 2),
        ("We do Citrix for firms with 10 to 50 employees.", None),
        ("We look after 400 staff in hospitals; we are 9 people.", 9),
        ("3 people with AZ-104", None),
        ("We have 3 people with AZ-104, two with SC-300.", None),
        ("3 AZ-104 engineers", None),
        ("Azure. Three of us have CCNP.", None),
        ("3 Leute mit AZ-104, frei ab Januar", None),
        ("15 people with SC clearance", None),
        ("Two consultants speak Dutch.", None),
        ("3 people with AZ-104. We are 12 people in Leeds.", 12),
        ("8 employees, 3 of them with AZ-104", 8),
        ("We are 5 people with AZ-104", 5),
        ("A boutique of six engineers with CCIE", 6),
        ("A firm of 8 people with offices in Leeds and York", 8),
        ("20 employees with ISO 27001 certification", 20),
    ],
)
def test_the_number_of_people_is_read(text: str, n_people: int | None) -> None:
    assert profile(text).n_people == n_people


@pytest.mark.parametrize("text", ["Citrix, but not SAP.", "Citrix. No SAP, please.", "Citrix. We never touch SAP."])
def test_what_a_firm_does_not_do_is_left_out(text: str) -> None:
    assert profile(text).competency_keys == ("virtual-desktop",)


def test_the_country_of_the_domain_is_the_last_resort() -> None:
    assert profile("We do Citrix.", domain="fjordpost.no").country == "NO"
    assert profile("We do Citrix in Oslo.", domain="fjordpost.de").country == "NO"


def test_a_state_behind_the_town_tells_where_a_firm_sits() -> None:
    found = profile("We do Citrix in Cambridge, MA.", domain="fjordpost.com")
    assert (found.country, found.city) == ("US", "Cambridge")


@pytest.mark.parametrize(
    ("text", "country", "city"),
    [
        ("We look after hospitals in Germany and Austria. Our office is in Bristol.", "GB", "Bristol"),
        ("We are 9 people in Porto and work for customers in France.", "PT", "Porto"),
        ("60 developers from Cluj-Napoca, for customers in Germany and Switzerland.", "RO", "Cluj-Napoca"),
        ("Most of our customers are in France.", "MA", ""),
        ("Citrix for hospitals in Germany.", "MA", ""),
        ("Thanks for the talk in Manchester! We are based in Bristol.", "GB", "Bristol"),
    ],
)
def test_a_firm_sits_where_it_says_so_and_not_where_its_customers_are(text: str, country: str, city: str) -> None:
    found = profile(text, domain="fjordpost.ma")
    assert (found.country, found.city) == (country, city)


def test_a_profile_that_says_nothing_is_asked_what_the_firm_does() -> None:
    found = profile("Hello", domain="fjordpost.no")
    assert found.missing == ("what",)
    assert profile_questions(found.missing)[0].startswith("What do you do?")


def test_empty_and_endless_profiles_are_refused() -> None:
    assert "empty" in check_profile("  ")
    assert "20,001 characters" in check_profile("x" * 20_001)
    assert check_profile("We do Citrix.") == ""


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.text(max_size=30))
def test_no_join_mail_breaks_the_reader(text: str, domain: str) -> None:
    assert profile(text, domain=domain) == profile(text, domain=domain)


def test_a_sentence_of_nothing_but_languages_says_which_are_spoken() -> None:
    assert profile("Je fais Citrix à Lyon. Français et anglais.").languages == ("fr", "en")


def test_a_language_named_by_the_way_is_not_spoken() -> None:
    assert profile("We do Citrix for German hospitals.").languages == ("en",)


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("Wir sind ein Systemhaus und machen Citrix für Kliniken.", ("de",)),
        ("We do Citrix. French, German, English, Luxembourgish.", ("fr", "de", "en", "lb")),
        ("Vi talar svenska, engelska och tyska.", ("sv", "en", "de")),
        ("Mówimy po polsku i angielsku.", ("pl", "en")),
        ("Parliamo italiano e francese.", ("it", "fr")),
        ("Moi, Tampere, Finland. AWS ja Kubernetes. Me olemme täällä.", ("fi",)),
    ],
)
def test_a_firm_works_in_the_languages_that_it_names_else_in_the_one_it_writes(
    text: str, languages: tuple[str, ...]
) -> None:
    assert profile(text).languages == languages


def test_a_firm_that_writes_in_the_language_of_its_country_works_in_it_too() -> None:
    found = profile("Cześć, firma z Wrocławia, 8 osób. Angielski i niemiecki też.", domain="danepro.pl")
    assert found.languages == ("pl", "en", "de")


def test_a_list_under_what_we_do_not_do_is_left_out() -> None:
    text = "WHAT WE DO\n* Citrix\n* Intune\n\nWHAT WE DON'T DO\n* SAP\n* Power BI\n\nOUR CLIENTS\nHospitals."
    assert profile(text).competency_keys == ("virtual-desktop", "endpoint")
    assert profile("What we don't do:\n- SAP\n- Power BI\n\nWe do Citrix.").competency_keys == ("virtual-desktop",)


def test_clearances_and_where_data_is_held_are_read() -> None:
    found = profile("We do Citrix in Leeds. All of us are SC cleared. We may hold data in the EU.")
    assert (found.clearances, found.jurisdictions) == (("SC-UK",), ("EU",))
    assert profile("We do Citrix in Leeds. We hold no SC clearance.").clearances == ()
