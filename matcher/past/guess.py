"""What a first model makes of the candidates of one asked work, before it is known who else is likely."""

from dataclasses import dataclass, field, replace

import numpy as np

from matcher.past.works import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Guess:
    """Candidates of one work with what a first model makes of them: log-odds, and chances in (0, 1).

    `lead` leads the work, -1 for nobody; `alike` (n_told,) is how alike known works with a text are to it, empty where
    nothing is known of that.
    """

    partners: IntArray
    odds: FloatArray
    lead: int = -1
    alike: FloatArray = field(default_factory=lambda: np.empty(0, dtype=np.float32))

    @property
    def chances(self) -> FloatArray:
        return np.asarray(1 / (1 + np.exp(-self.odds)))

    def rows(self, chosen: IntArray) -> "Guess":
        """Keep some candidates, in the order given."""
        return replace(self, partners=self.partners[chosen], odds=self.odds[chosen])
