"""A text without a name is read by what it means, and by nothing where nobody can be sure."""

from collections.abc import Sequence

import numpy as np
import pytest

from matcher.ranking.arrays import FloatArray
from matcher.ranking.meaning import OUTSIDE, Meanings, Understood, texts_of
from matcher.terms import Competency, Named

COMPETENCIES = (
    Competency("backup", "practice", "Backup", "Copies of data.", ("restore",)),
    Competency("mail", "practice", "Mail", "Moving mailboxes.", ("exchange",)),
    Competency("tape", "practice", "Tape", "Tapes.", replaced_by=("backup",)),
    Competency("d-work", "designation", "Work", "A badge."),
)
BACKUP, MAIL, WORLD = np.eye(3, dtype=np.float32)
NOTHING = np.zeros(3, np.float32)


def encode(texts: Sequence[str]) -> FloatArray:
    """Lay backup, mail and the rest of the world at right angles."""
    rows = {text: WORLD for text in OUTSIDE}
    rows |= {"Backup: Copies of data.": BACKUP, "Backup": BACKUP, "restore": BACKUP}
    rows |= {"Mail: Moving mailboxes.": MAIL, "Mail": MAIL, "exchange": MAIL}
    return np.stack([rows[text] for text in texts])


MEANINGS = Meanings(COMPETENCIES, encode)


def read(vector: FloatArray, named: Named) -> Understood:
    return MEANINGS.understand(vector[np.newaxis], [named])[0]


def test_a_text_without_a_name_is_about_the_practice_that_it_is_nearest_to() -> None:
    assert read(0.9 * MAIL + 0.2 * BACKUP, Named()) == Understood(("mail",), "meant")


@pytest.mark.parametrize(
    "vector",
    [
        pytest.param(0.2 * MAIL, id="too far from all"),
        pytest.param(0.6 * MAIL + 0.55 * BACKUP, id="between two"),
        pytest.param(0.6 * MAIL + 0.6 * WORLD, id="as near to the world"),
        pytest.param(NOTHING, id="says nothing"),
    ],
)
def test_nobody_is_sure_of_a_text_that_is_near_to_nothing_or_to_several(vector: FloatArray) -> None:
    assert read(vector, Named()) == Understood((), "unsure")


def test_a_name_is_believed_whatever_the_rest_sounds_like() -> None:
    for vector in (WORLD, 0.9 * BACKUP):
        assert read(vector, Named(("mail",), "name")) == Understood(("mail",), "named")


def test_an_everyday_word_is_believed_only_where_the_text_does_not_speak_of_something_else() -> None:
    word = Named(("backup",), "everyday")
    assert read(0.5 * BACKUP + 0.2 * WORLD, word) == Understood(("backup",), "named")
    assert read(0.2 * BACKUP + 0.5 * WORLD, word) == Understood((), "unsure")


def test_a_thing_named_in_passing_stands_behind_what_the_text_is_about() -> None:
    thing = Named(("backup",), "passing")
    assert read(0.9 * MAIL, thing) == Understood(("mail", "backup"), "meant")
    assert read(NOTHING, thing) == Understood(("backup",), "named")


def test_a_phrase_that_denies_a_name_is_not_guessed_at() -> None:
    assert read(MAIL, Named((), "denied")) == Understood((), "unsure")


def test_what_was_replaced_and_what_is_no_practice_has_no_meaning_of_its_own() -> None:
    assert MEANINGS.keys == ("backup", "mail")
    assert "Tape" not in texts_of(COMPETENCIES)
    assert texts_of(COMPETENCIES[2:]) == ()


def test_several_texts_are_read_at_once_each_by_its_own_row() -> None:
    vectors = np.stack([MAIL, BACKUP, NOTHING])
    assert [one.keys for one in MEANINGS.understand(vectors, [Named()] * 3)] == [("mail",), ("backup",), ()]
