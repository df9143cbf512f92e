"""Needs and a network become ranked matches with reasons; heavy libraries load on first use of `build_ranker`."""

from typing import TYPE_CHECKING, Any

from matcher.ranking.hashing import text_hash
from matcher.ranking.version import RANKER_VERSION

if TYPE_CHECKING:
    from matcher.ranking.capability import capabilities_of
    from matcher.ranking.embed import Embedder, SentenceEmbedder
    from matcher.ranking.rank import Ranker, Ranking, build_ranker

_HOMES = {
    "capabilities_of": "capability",
    "Embedder": "embed",
    "SentenceEmbedder": "embed",
    "Ranker": "rank",
    "Ranking": "rank",
    "build_ranker": "rank",
}

__all__ = [
    "RANKER_VERSION",
    "Embedder",
    "Ranker",
    "Ranking",
    "SentenceEmbedder",
    "build_ranker",
    "capabilities_of",
    "text_hash",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"matcher.ranking has no {name!r}")
    from importlib import import_module

    return getattr(import_module(f"matcher.ranking.{_HOMES[name]}"), name)
