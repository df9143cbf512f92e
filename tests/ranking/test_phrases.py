"""Facts and words of a firm become phrases that fit into a sentence."""

from datetime import date

import pytest

from matcher.ranking.phrases import as_deed, in_sentence, joined, quotable, quoted, when_free
from tests.ranking.networks import TODAY


@pytest.mark.parametrize(
    ("said", "reads_well"),
    [
        ("We get a firm's own papers to answer questions", True),
        ("Unsere Auftraggeber sind Systemhäuser, die nachts schlafen möchten", True),
        ("Do we know Notes like nobody else?", False),
        ("Ask us about the adoption week with the raft", False),
        ("Hospital bed occupancy, tram punctuality, margins per crate", False),
        ("and we also do the phones of hotels", False),
        ("We move mail", False),
    ],
)
def test_only_a_whole_sentence_in_which_a_firm_speaks_of_itself_is_quoted(said: str, reads_well: bool) -> None:
    assert quotable(said) == reads_well


def test_a_long_quote_is_cut_where_it_pauses() -> None:
    said = "We get a firm's own papers to answer questions: contracts, claims and leaflets for patients and doctors"
    assert quoted(said) == "“We get a firm's own papers to answer questions: contracts …”"
    assert quoted("We move mail.") == "“We move mail”"


@pytest.mark.parametrize(
    ("summary", "deed"),
    [
        ("Moved 12 sites to SIP.", "moved 12 sites to SIP in 2024"),
        ("built a shop in 2024 for a mill", "built a shop in 2024 for a mill"),
        ("red-teamed a bank", "red-teamed a bank in 2024"),
        ("number plan for 900 extensions", "delivered this in 2024: “number plan for 900 extensions”"),
        ("Cloud-based backup for a bakery", "delivered this in 2024: “Cloud-based backup for a bakery”"),
        ("Co-managed a tenant", "co-managed a tenant in 2024"),
        ("GPU cluster for a lab", "delivered this in 2024: “GPU cluster for a lab”"),
        ("moved 3,800 mailboxes", "moved 3,800 mailboxes in 2024"),
        ("moved a mill, later than planned", "moved a mill, later than planned (2024)"),
    ],
)
def test_a_summary_becomes_a_phrase_that_fits_behind_you(summary: str, deed: str) -> None:
    assert as_deed(summary, 2024) == deed


def test_words_in_mid_sentence() -> None:
    assert [in_sentence(one) for one in ("Databases", "Microsoft 365", "SAP", "Azure foundations")] == [
        "databases",
        "Microsoft 365",
        "SAP",
        "Azure foundations",
    ]
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert joined([]) == ""


def test_when_somebody_is_free() -> None:
    days = [None, TODAY, date(2026, 12, 1), date(2027, 3, 1), date(2028, 1, 3)]
    assert [when_free(one, TODAY) for one in days] == [
        "free now",
        "free now",
        "free from 1 December",
        "free from March",
        "free from January 2028",
    ]
