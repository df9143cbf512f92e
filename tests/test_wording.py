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
