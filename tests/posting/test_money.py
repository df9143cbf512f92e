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
        ("$90/hr.", "$90/hr"),
        ("$90 an hour.", "$90 an hour"),
        ("£500 p/d.", "£500 p/d"),
        ("€600/MD.", "€600/MD"),
        ("You get a referral fee of 8 %.", "You get a referral fee of 8 %"),
        ("Tagessatz 950 €.", "Tagessatz 950 €"),
        ("7 500 NOK a day.", "7 500 NOK a day"),
        ("1200 CHF/day.", "1200 CHF/day"),
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
        ("Festpreis 15.000,00 EUR", 15_000),
        ("we pay 9.500,00 €", 9_500),
        ("15,000.00 USD", 13_500),
        ("1.250.000,50 €", 1_250_000),
        ("12.500,00 - 15.500,00 €", 14_000),
        ("budget 12,500.00 GBP", 14_375),
        ("Budget 28.000,00, paid by the family", 28_000),
        ("Budget 28.000,- all in", None),
        ("Budget 28.000,-.", 28_000),
        ("Budget 250.000,- kr.", None),
        ("Budget 250.000,- DKK.", 33_500),
        ("Festpreis 12'000.- CHF", 12_600),
    ],
)
def test_the_value_of_the_work_is_read_in_euros(text: str, eur: int | None) -> None:
    assert find_value(text).eur == eur


@pytest.mark.parametrize(
    "rate",
    [
        "$90/hr", "$90 an hour", "$95 hourly", "€95 per hr", "$75-$90/hr", "hourly rate of $90", "€90 die Stunde",
        "90 € de l'heure", "$4,000/mo", "€4,000 monthly", "$900/wk", "$5 per license", "£40 p/m", "€20 je Nutzer",
        "$8,000 a sprint", "€7,000 per consultant", "$50 each", "€300 por dispositivo", "budget $90/hr",
        "we pay per store, 350 euro", "per site 400 EUR", "they pay per ticket ($12)", "Stundensatz max. 95 €",
    ],
)  # fmt: skip
def test_a_rate_is_never_the_worth_of_the_whole(rate: str) -> None:
    assert find_value(f"Citrix help, {rate}.").eur is None
    assert find_value(f"Citrix help for 20 days, {rate}.").eur is None


@pytest.mark.parametrize(
    "text",
    [
        "€600 a day for three months. We pay within 30 days",
        "€600 a day, to be done within 20 days",
        "day rate up to £500, 45 days payment terms",
        "£500/day, net 30 days",
        "£500/day, 30 days net",
        "£500 a day, payment after 30 days",
        "£500 a day, invoices are paid in 30 days",
        "600 € pro Tag, Zahlungsziel 30 Tage",
        "600 € par jour, paiement à 30 jours",
        "3 days/week from January to June, €650/day",
        "€650 a day, 3 days every week",
        "650 € pro Tag, 3 Tage die Woche",
        "650 € par jour, 3 jours par semaine",
    ],
)
def test_days_of_payment_and_of_a_week_are_no_days_of_work(text: str) -> None:
    assert find_value(text).eur is None


@pytest.mark.parametrize(
    ("text", "eur"),
    [
        ("40 days at €650 per day", 26_000),
        ("20 days at £550 per day", 12_650),
        ("We pay €600 a day for 20 days, net 30 days", 12_000),
        ("We pay net 30 days, €600 a day, 20 days", 12_000),
        ("The customer pays 20 days at €600 a day.", 12_000),
        ("€600 a day, the audit takes 3 days", 1_800),
    ],
)
def test_days_of_work_are_found_beside_those_of_payment(text: str, eur: int) -> None:
    assert find_value(text).eur == eur


@pytest.mark.parametrize(
    "rate",
    [
        "£500 p/d", "£500 p.d.", "£500 + VAT per day", "€575/MD", "€575/PT", "€575/T", "€575 per man-day",
        "€575 per working day", "€575 per consultant per day", "€575 per person/day", "575 € pro Berater und Tag",
        "575 € HT par jour", "575 € pro Personentag", "575 € daily", "575 € le jour",
    ],
)  # fmt: skip
def test_a_day_rate_is_worth_its_days_however_it_is_written(rate: str) -> None:
    assert find_value(f"Citrix help, {rate}.").eur is None
    assert find_value(f"Citrix help for 20 days, {rate}.").eur == 11_500


@pytest.mark.parametrize(
    "text",
    [
        "20.000 € por el proyecto", "€ 20.000 per il progetto", "€ 20.000 per migrare la posta",
        "20 000 € par virement", "20 000 € par le client", "€20,000/£17,000", "€20,000 / 3 months", "€20,000/fixed",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_rate_is_a_sum(text: str) -> None:
    assert find_value(text).eur in (20_000, 19_775)


def test_a_highest_day_rate_is_no_sum() -> None:
    assert find_value("Ihr stellt uns Tagessätze in Rechnung (max. 950 €).").eur is None
    assert find_value("20 Tage, Tagessatz max. 950 €.").eur == 19_000
    assert find_value("About 200 days at €500.").eur == 100_000


@pytest.mark.parametrize(
    "text",
    [
        "Kunden betaler oss.",
        "Vi fakturerar kunden, ni fakturerar oss.",
        "Budget 15.000 euro, paghiamo noi.",
        "Platíme my.",
        "O cliente paga-nos.",
        "In sede, 400 euro al giorno.",
        "950 kr/tim",
    ],
)
def test_who_pays_is_read_in_other_languages(text: str) -> None:
    assert find_pays(text)


def test_a_converted_value_says_its_rate() -> None:
    assert find_value("budget £20,000").note == "£20,000 counted as 23,000 EUR (1 GBP = 1.15 EUR, a fixed rate)"
    assert find_value("budget 20,000 €").note == ""
    assert find_value("budget 12,500.00 GBP").note.startswith("12,500.00 GBP counted as 14,375 EUR")


def test_a_bare_number_in_the_form_is_euros() -> None:
    assert read_value("15000").eur == 15_000
