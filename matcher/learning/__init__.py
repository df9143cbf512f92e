"""What came of introductions → better weights for the ranker, or the sentence that says why not."""

from matcher.learning.relearn import Verdict, go_back, learn

__all__ = ["Verdict", "go_back", "learn"]
