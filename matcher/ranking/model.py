"""Files of versioned weights with their cards → the model that ranks; an old version can rank again."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from matcher.ranking.version import RANKER_VERSION
from matcher.ranking.weights import SIGNALS, Weights

FOLDER = Path(__file__).parent / "models"
MUST_NOT_USE = ("pay", "number of badges", "size of the firm", "speed of reply")


@dataclass(frozen=True, slots=True)
class Card:
    """What a model is: from what it was learned, when, how well it does, and what it must not use."""

    version: str
    learned_on: str
    data: str
    how: str
    prior: str = ""  # the version that it was drawn towards
    n_examples: int = 0
    n_right: int = 0
    columns: tuple[str, ...] = SIGNALS
    must_not_use: tuple[str, ...] = MUST_NOT_USE
    measured: Mapping[str, float] = field(default_factory=dict)
    folds: tuple[Mapping[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """Weights and their card."""

    weights: Weights
    card: Card

    @property
    def version(self) -> str:
        """Return what is stored with every match that this model made."""
        return self.card.version

    def as_values(self) -> dict[str, Any]:
        """Return what a file or a row of the database holds."""
        return {"card": asdict(self.card), "weights": asdict(self.weights)}

    @classmethod
    def of_values(cls, values: Mapping[str, Any]) -> Self:
        """Read what `as_values` gave. Raises `ValueError` where the columns are other signals than there are now."""
        card = Card(**{**values["card"], **{name: tuple(values["card"][name]) for name in _TUPLES}})
        unknown = [name for name in values["weights"] if name not in (*SIGNALS, "bias")]
        if unknown:
            raise ValueError(
                f"The model {card.version!r} weighs signals that are no longer made ({', '.join(unknown)}): "
                "it needs an older release to be replayed."
            )
        return cls(Weights(**values["weights"]), card)

    def save(self, folder: Path = FOLDER) -> None:
        """Write the file of this version."""
        (folder / f"{self.version}.json").write_text(json.dumps(self.as_values(), indent=1, ensure_ascii=False) + "\n")


_TUPLES = ("columns", "must_not_use", "folds")


def shipped(version: str = RANKER_VERSION, folder: Path = FOLDER) -> Model | None:
    """Read the model of a version that came with this release; None for another."""
    if version not in versions(folder):
        return None
    return Model.of_values(json.loads((folder / f"{version}.json").read_text()))


def versions(folder: Path = FOLDER) -> tuple[str, ...]:
    """List the versions that came with this release."""
    return tuple(sorted(each.stem for each in folder.glob("*.json")))


def _first() -> Model:
    found = shipped()
    if found is None:
        raise FileNotFoundError(f"{FOLDER} has no {RANKER_VERSION}.json: the installation is not complete.")
    return found


SHIPPED = _first()
WEIGHTS = SHIPPED.weights
