"""A synthetic network → open opportunities as many-sided as its firms, so that a night has many readers to write to."""

from dataclasses import replace

import numpy as np

from matcher.terms import Capability, Need, Opportunity, Partner
from tests.benchmarks import judged
from tests.benchmarks.synthetic import SHAKEN, Encode, Floats, Market

SECOND_NEED = 0.16  # as among the postings of the seeds


def opportunities(market: Market, encode: Encode, n: int) -> tuple[tuple[Opportunity, ...], list[Floats]]:
    """Draw opportunities that ask, in its own words, for what some firm says of itself, in its country and language.

    Those of the seeds are sixty, so that ten thousand drawn from them ask the same few thousand firms. What else an
    opportunity says (its day, its value, whether it is on site) is that of a seed posting.
    """
    random = np.random.default_rng([0, *b"asked"])
    seeds = [one for one in judged.opportunities(market.seeds).values() if one.needs]
    sentences = market.sentences
    base = _unit(encode([one.text for one in sentences]))
    like, posters = random.integers(1, market.n + 1, n), random.integers(1, market.n + 1, n)
    seconds = np.where(random.random(n) < SECOND_NEED, random.integers(0, len(sentences), n), -1)
    drawn, vectors = [], []
    for number, (firm, poster, second) in enumerate(
        zip(like.tolist(), posters.tolist(), seconds.tolist(), strict=True)
    ):
        chosen = [int(market.sentence_of_partner[firm - 1]), *([second] if second >= 0 else [])]
        texts = [market.profiles[firm - 1].rpartition(" ")[0], *(market.sentences[at].text for at in chosen[1:])]
        needs = tuple(_need(market.sentences[at], text) for at, text in zip(chosen, texts, strict=True))
        asked = _as_the_firm(seeds[number % len(seeds)], market.partners[firm], needs)
        drawn.append(replace(asked, id=number + 1, partner_id=poster))
        shaken = random.standard_normal((len(chosen), base.shape[1]), dtype=np.float32) / np.sqrt(base.shape[1])
        vectors.append(_unit(base[chosen] + np.float32(SHAKEN) * shaken))
    return tuple(drawn), vectors


def _need(said: Capability, text: str) -> Need:
    return Need(text, (said.competency_key,) if said.competency_key else ())


def _as_the_firm(seed: Opportunity, firm: Partner, needs: tuple[Need, ...]) -> Opportunity:
    return replace(
        seed, needs=needs, text=" ".join(each.text for each in needs), country=firm.country,
        languages=firm.languages[:1], jurisdiction="", clearances=(), industry="",
    )  # fmt: skip


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)
