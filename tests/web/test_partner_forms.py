"""The form in which a partner changes its facts: read as people write them, kept with their source."""

import re

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matcher.posting.languages import find_languages
from tests.web.visiting import Visitor, firm, practice, sign_in, the_firm
from web.settings import Settings


def test_a_change_is_kept_with_its_source(
    visitor: Visitor, engine: Engine, session: Session, quay: int, settings: Settings
) -> None:
    practice(engine, "network", "Networks")
    sign_in(visitor, quay, settings)
    changed = {
        "name": "Quay Nets", "profile": "We lay cables.", "country": "IE", "city": "Cork", "n_people": "1,200",
        "languages": "Polish, German, en", "jurisdictions": "EU, United Kingdom", "clearances": "sc-uk",
        "practices": ["network"], "industries": ["Retail"], "max_eur": "90.000",
    }  # fmt: skip
    assert visitor.press("/partner/edit", **changed).location == "/partner"
    row = the_firm(session)
    assert (row.city, row.n_people, row.max_eur, row.practices) == ("Cork", 1200, 90000, ["network"])
    assert (row.languages, row.jurisdictions, row.clearances) == (["pl", "de", "en"], ["EU", "UK"], ["SC-UK"])
    assert row.sources["city"].startswith("your own page on")
    assert row.sources["country"] == "your form of 2026-11-02"


def test_a_country_that_is_named_later_sets_the_hour_of_the_digest(
    visitor: Visitor, engine: Engine, session: Session, settings: Settings
) -> None:
    """It was one of UTC for good: seven in the morning came at four in the afternoon in Tokyo."""
    contact_id = firm(engine, "Kawa Nets", "ana@kawa.example")
    sign_in(visitor, contact_id, settings)
    assert "UTC time" in visitor.read("/partner")
    visitor.press("/partner/edit", name="Kawa Nets", profile="Kawa Nets looks after networks.", country="JP")
    assert "Asia/Tokyo time" in visitor.read("/partner")
    visitor.press("/partner/edit", name="Kawa Nets", profile="Kawa Nets looks after networks.", country="IE")
    assert the_firm(session).contacts[0].timezone == "Europe/Dublin"
    the_firm(session).contacts[0].timezone = "Asia/Tokyo"  # they may have a reason for another one
    session.commit()
    visitor.press("/partner/edit", name="Kawa Nets", profile="Kawa Nets looks after networks.", country="FR")
    assert the_firm(session).contacts[0].timezone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("written", "euros"),
    [
        ("2.500,00", 2500), ("12000.50", 12000), ("€2,500.00", 2500), ("2 500 EUR", 2500), ("1’200’000", 1200000),
        ("3.000", 3000), ("0", 0), ("900", 900),
    ],
)  # fmt: skip
def test_cents_are_not_read_as_thousands(
    visitor: Visitor, session: Session, quay: int, settings: Settings, written: str, euros: int
) -> None:
    sign_in(visitor, quay, settings)
    same = {"name": "Quay Nets", "profile": "Quay Nets looks after networks.", "country": "IE"}
    assert visitor.press("/partner/edit", **same, min_eur=written).location == "/partner"
    assert the_firm(session).min_eur == euros


def test_a_firm_that_speaks_norwegian_is_found_by_whoever_asks_for_it(
    visitor: Visitor, session: Session, quay: int, settings: Settings
) -> None:
    sign_in(visitor, quay, settings)
    same = {"name": "Quay Nets", "profile": "Quay Nets looks after networks.", "country": "IE"}
    visitor.press("/partner/edit", **same, languages="English, Norwegian, nb")
    assert the_firm(session).languages == ["en", *find_languages("Norwegian must be spoken.")]


def test_clearances_are_kept_as_postings_ask_for_them(
    visitor: Visitor, session: Session, quay: int, settings: Settings
) -> None:
    sign_in(visitor, quay, settings)
    same = {"name": "Quay Nets", "profile": "Quay Nets looks after networks.", "country": "IE"}
    written = "SC, dv cleared, BPSS, ü2, SC-UK, hemmelig-no"
    assert visitor.press("/partner/edit", **same, clearances=written).location == "/partner"
    assert the_firm(session).clearances == ["SC-UK", "DV-UK", "BPSS-UK", "Ü2-DE", "HEMMELIG-NO"]


def test_saving_the_form_as_it_stands_changes_nothing(visitor: Visitor, quay: int, settings: Settings) -> None:
    sign_in(visitor, quay, settings)
    same = {"name": "Quay Nets", "profile": "Quay Nets looks after networks.", "country": "IE"}
    visitor.press("/partner/edit", **same)
    assert "Nothing was changed." in visitor.read("/partner")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("n_people", "a dozen", "“a dozen” is not a whole number"),
        ("n_people", "1.5", "“1.5” is not a whole number"),
        ("n_people", "²", "“²” is not a whole number"),
        ("min_eur", "2,5k", "“2,5k” is not a whole number"),
        ("min_eur", "$2,500", "“$2,500” is not a whole number"),
        ("max_eur", "1.20.000", "“1.20.000” is not a whole number"),
        ("languages", "Klingon", "“Klingon” is not known here"),
        ("jurisdictions", "Atlantis", "“Atlantis” is not a place we know"),
        ("founded", "12", "Founded: write a year"),
        ("profile", "", "The profile is empty."),
    ],
)
def test_a_fact_that_cannot_be_is_named_and_nothing_is_written(
    visitor: Visitor, session: Session, quay: int, settings: Settings, field: str, value: str, sentence: str
) -> None:
    sign_in(visitor, quay, settings)
    answer = visitor.press("/partner/edit", **{"name": "New name", "profile": "Words.", "country": "IE", field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert value in answer.text
    assert "too much to read" not in answer.text
    assert the_firm(session).name == "Quay Nets"


def test_a_browser_sends_a_number_as_it_was_typed(visitor: Visitor, quay: int, settings: Settings) -> None:
    """Of what a box of type number does not understand, such as “2 500 EUR”, browsers send nothing."""
    sign_in(visitor, quay, settings)
    boxes = re.findall(r"<input[^>]*>", visitor.read("/partner/edit"))
    written = [each for each in boxes if re.search(r'name="(?:n_people|founded|min_eur|max_eur)"', each)]
    assert len(written) == 4
    assert all('type="text"' in each and 'inputmode="numeric"' in each for each in written)
