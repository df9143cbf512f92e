"""Who pays whom, and what the work is worth in euros."""

import pytest

from matcher.posting.money import find_pays, find_value, read_value


@pytest.mark.parametrize(
    ("text", "pays"),
    [
        ("Citrix help. The customer pays us and we pay you.", "The customer pays us and we pay you"),
        ("End of March, remote, customer pays you directly", "customer pays you directly"),
        ("Fixed price, please.", "Fixed price"),
        ("600 a day.", "600 a day"),
        ("You get a referral fee of 8 %.", "You get a referral fee of 8 %"),
        ("Tagessatz 950 €.", "Tagessatz 950 €"),
        ("Le client paie directement.", "Le client paie directement"),
        ("The app shows bushels, margin, cheques.", ""),
    ],
)
def test_who_pays_is_read(text: str, pays: str) -> None:
    assert find_pays(text) == pays


@pytest.mark.parametrize(
    ("text", "eur"),
    [
        ("Budget 20k", 20_000),
        ("about 12.000 €", 12_000),
        ("EUR 15,500 fixed", 15_500),
        ("8k fixed price", 8_000),
        ("120-150k EUR", 135_000),
        ("1.5 million euros", 1_500_000),
        ("£20,000", 23_000),
        ("$10k", 9_000),
        ("600 € a day for 20 days", 12_000),
        ("600 € a day", None),
        ("40 € per user", None),
        ("400 mailboxes, 20k users", None),
        ("a firm with a turnover of 5 million euros", None),
        ("Budżet na start 60 tys. euro", 60_000),
        ("zhruba 40 tis. EUR", 40_000),
        ("rundt regnet 25 tusen euro", 25_000),
        ("około 80 tys. zł", 18_800),
        ("rozpočet 500 000 Kč", 20_000),
        ("30 à 35.000 €", 32_500),
        ("30 bis 35.000 Euro", 32_500),
        ("900 to 1,200 €", 1_050),
        ("February is also possible. Budget 28.000, paid by the family", 28_000),
        ("budget rond 120.000, de klant betaalt u", 120_000),
        ("The budget is about 45 000.", 45_000),
        ("a budget tool for 28,000 users", None),
        ("the budget covers 28.000 seats", None),
        ("our budget process, 28.000 lines of it", None),
    ],
)
def test_the_value_of_the_work_is_read_in_euros(text: str, eur: int | None) -> None:
    assert find_value(text).eur == eur


def test_a_converted_value_says_its_rate() -> None:
    assert find_value("budget £20,000").note == "£20,000 counted as 23,000 EUR (1 GBP = 1.15 EUR, a fixed rate)"
    assert find_value("budget 20,000 €").note == ""


def test_a_bare_number_in_the_form_is_euros() -> None:
    assert read_value("15000").eur == 15_000
