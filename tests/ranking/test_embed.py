"""Texts become unit vectors, whatever the model makes of one of them."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from matcher.ranking.embed import SentenceEmbedder


class Broken:
    """A model that makes no numbers of one text, as some processors do of a few."""

    def encode(self, texts: Sequence[str], **_: object) -> NDArray[np.float32]:
        return np.array([[np.nan, 1.0] if "odd" in each else [3.0, 4.0] for each in texts], np.float32)


def test_a_text_of_which_the_model_makes_no_numbers_is_near_to_nothing_and_spoils_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    embedder = SentenceEmbedder(device="cpu")
    embedder.__dict__["_loaded"] = Broken()
    rows = embedder.encode(["Mailboxes.", "Something odd.", "Printers."])
    assert rows.dtype == np.float32
    assert rows == pytest.approx(np.array([[0.6, 0.8], [0, 0], [0.6, 0.8]]))
    assert caplog.messages == ["the model made no numbers of 1 texts; they are ranked by their words alone"]
