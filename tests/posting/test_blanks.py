"""A text with blanks without end is read in bounded time, and no other text is read otherwise."""

import time

import pytest

from matcher.posting import MAX_POSTING, apply_correction, mask, sought_in_vain
from matcher.posting.blanks import squeezed
from matcher.posting.profile import read_profile
from tests.posting.factories import TODAY, linker_keys, reading

GAPS = [" ", "\t", " \n", "\n", "\u00a0", "\r\n", "\n\t"]
ENOUGH_S = 3


def padded(gap: str) -> str:
    return f"We need Intune{gap * ((MAX_POSTING - 100) // len(gap))}in Kiel by May."


@pytest.mark.parametrize("gap", GAPS)
def test_no_reader_is_held_up_by_blanks(gap: str) -> None:
    text, began = padded(gap), time.process_time()
    read = reading(text, subject=text, sender_domain="quay.example")
    apply_correction(read, text, linker_keys=linker_keys, today=TODAY)
    sought_in_vain(read, f"hide the word{gap * 9_000}Tram")
    read_profile(text, subject="", sender_name="Anna", sender_domain="", linker_keys=linker_keys, today=TODAY)
    mask(text)
    assert time.process_time() - began < ENOUGH_S
    assert [each.competency_keys for each in read.needs] == [("endpoint",)]


@pytest.mark.parametrize("text", ["a b", "a\n\n\nb", "a        b", "We need:\n    - Intune\n    - Citrix\n", ""])
def test_a_text_as_people_write_it_stays_as_it_is(text: str) -> None:
    assert squeezed(text) == text


@pytest.mark.parametrize(
    ("text", "shorter"),
    [("a" + " " * 9 + "b", "a  b"), ("a\n" + " " * 20 + "b", "a\nb"), ("a" + "\n" * 30 + "b", "a\n\nb")],
)
def test_a_gap_stays_the_gap_that_it_was(text: str, shorter: str) -> None:
    assert squeezed(text) == shorter
