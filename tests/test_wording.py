"""Rows become the words that pages and letters show."""

from types import SimpleNamespace
from typing import cast

from matcher import wording
from matcher.models import Opportunity


def test_a_need_does_not_repeat_the_title_above_it() -> None:
    need = SimpleNamespace(text="Citrix farm in trouble. Somebody who knows the old ones.", competency_keys=[])
    row = cast(Opportunity, SimpleNamespace(title="Citrix farm in trouble", needs=[need]))
    assert [each["text"] for each in wording.needs(row, {})] == ["Somebody who knows the old ones."]


def test_of_a_hidden_name_and_its_parts_only_the_whole_is_listed() -> None:
    masked = [
        ["customer", "Huber Bakery Ltd", "a customer"],
        ["customer", "Huber Bakery", "a customer"],
        ["person", "Anna Moser", "someone"],
        ["person", "Anna", "someone"],
        ["person", "Ann", "someone"],
    ]
    row = cast(Opportunity, SimpleNamespace(masked=masked))
    assert [each["words"] for each in wording.hidden(row)] == ["Huber Bakery Ltd", "Anna Moser", "Ann"]


def test_a_text_without_blanks_is_cut_as_well_at_the_end_of_a_sentence() -> None:
    """As Japanese is written: it had one word, however long it was, and stood in a digest as a whole."""
    cut = wording.shorten("メールを移します。" * 400, 24)
    assert 200 < len(cut) <= 24 * 12
    assert cut.endswith("。")
    assert wording.shorten("メールを移します。" * 3, 24) == "メールを移します。" * 3
    assert wording.shorten("x" * 900, 24) == "x" * 288 + " …"
