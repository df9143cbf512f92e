"""Judged postings become numbers: how well each signal alone and all together rank the partners that a reader chose."""

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from statistics import fmean
from time import perf_counter

from matcher.posting import PostingFacts, read_posting
from matcher.posting.levels import level_asked
from matcher.posting.reach import placed
from matcher.ranking.arrays import FloatArray
from matcher.ranking.embed import Embedder, SentenceEmbedder
from matcher.ranking.leanings import leant
from matcher.ranking.rank import (
    ALL_TOGETHER,
    GRAPH_ONLY,
    MEANING_ONLY,
    WORDS_ONLY,
    Ranker,
    Ranking,
    Recipe,
    build_ranker,
)
from matcher.terms import Need, Opportunity
from tests.benchmarks.seeds_folder import Judgement, Posting, Seeds, judgements_in, load, postings_in

TODAY = date(2026, 11, 22)
PLACES = 10
LATER = Path(__file__).parent / "later"
RELEVANT_GRADE = 2
# A trap with grade 0 must stay out of what a poster reads first, a good answer must be seen at all.
TRAP_PLACES = 5
RECIPES: Mapping[str, Recipe] = {
    "embedding only": MEANING_ONLY,
    "words only": WORDS_ONLY,
    "graph only": GRAPH_ONLY,
    "all together": ALL_TOGETHER,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Means over postings; traps: rows that stand where they should, out of all rows of that trap."""

    ndcg_at_10: float
    recall_at_10: float
    n_postings: int
    ms_each: float
    traps: dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Case:
    """All matches of one posting, and what a reader thought of them."""

    ranking: Ranking
    judgements: list[Judgement]


Asking = tuple[Opportunity, FloatArray, list[Judgement]]


def rankings(seeds: Seeds, embedder: Embedder) -> list[Case]:
    """Rank everybody for every posting that has a good answer."""
    ranker, everybody = ranker_of(seeds, embedder), len(seeds.network.partners)
    return [
        Case(ranker.rank(one, vectors, today=TODAY, limit=everybody), judgements)
        for one, vectors, judgements in _cases(seeds, embedder)
    ]


def measure(seeds: Seeds, embedder: Embedder) -> dict[str, Measured]:
    """Rank every judged posting by every recipe and compare with the judgements."""
    ranker, cases = ranker_of(seeds, embedder), _cases(seeds, embedder)
    return {name: _measure_one(seeds, ranker, cases, recipe) for name, recipe in RECIPES.items()}


def ranker_of(seeds: Seeds, embedder: Embedder) -> Ranker:
    """Embed every capability once and build the index."""
    texts = {one.text_hash: one.text for one in seeds.network.capabilities}
    vectors = embedder.encode(list(texts.values()))
    return build_ranker(seeds.network, dict(zip(texts, vectors, strict=True)))


def opportunities(seeds: Seeds) -> dict[str, Opportunity]:
    """Read every posting as the service would; one in which no need is found is one need as a whole."""
    return {one.key: _opportunity(seeds, one, number) for number, one in enumerate(seeds.postings, start=1)}


def asked(seeds: Seeds, opportunity: Opportunity, embedder: Embedder) -> tuple[Opportunity, FloatArray]:
    """Add to an opportunity what its needs sound like; return it with their vectors."""
    vectors = embedder.encode([need.text for need in opportunity.needs])
    poster = seeds.network.partners.get(opportunity.partner_id)
    needs = [replace(need, level=level_asked(need.text)) for need in opportunity.needs]
    needs = leant(needs, vectors, encoder=embedder.model, own=poster.practices if poster else ())
    return replace(opportunity, needs=needs), vectors


def later(seeds: Seeds, folder: Path = LATER) -> Seeds:
    """Put the later postings and judgements in the place of the seeds' own."""
    return replace(seeds, postings=postings_in(folder), judgements=judgements_in(folder))


def by_posting(judgements: Iterable[Judgement]) -> dict[str, list[Judgement]]:
    grouped: dict[str, list[Judgement]] = defaultdict(list)
    for one in judgements:
        grouped[one.posting].append(one)
    return grouped


def ndcg(places: Sequence[str], grades: Mapping[str, int], *, at: int = PLACES) -> float:
    """Return the normalised discounted gain of the first places, gains 2^grade - 1.

    Source: Järvelin and Kekäläinen, ACM TOIS 20 (2002), with the gains of Burges et al. (2005).
    """

    def discounted(found: Iterable[int]) -> float:
        return sum((2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(found, start=1))

    best = discounted(sorted(grades.values(), reverse=True)[:at])
    return discounted(grades.get(key, 0) for key in places[:at]) / best if best else 0.0


def recall(places: Sequence[str], grades: Mapping[str, int], *, at: int = PLACES) -> float:
    """Return the share of good answers among the first places."""
    good = {key for key, grade in grades.items() if grade >= RELEVANT_GRADE}
    return len(good.intersection(places[:at])) / len(good) if good else 0.0


def _opportunity(seeds: Seeds, posting: Posting, number: int) -> Opportunity:
    poster = seeds.network.partners.get(seeds.ids.get(posting.poster, 0))
    reading = read_posting(
        posting.text,
        subject=posting.subject,
        facts=PostingFacts(due=posting.due, place=posting.place, pays=posting.pays),
        linker_keys=seeds.linker.keys,
        own_keys=frozenset(poster.practices) if poster else frozenset(),
        today=posting.posted_on,
    )
    found = Opportunity(
        id=number,
        partner_id=poster.id if poster else 0,
        title=reading.title,
        text=reading.blind_text,
        needs=reading.needs or (Need(reading.blind_text, seeds.linker.keys(reading.blind_text)),),
        country=reading.country,
        on_site=reading.on_site,
        due_on=reading.due_on,
        value_eur=reading.value_eur,
        languages=reading.languages,
        jurisdiction=reading.jurisdiction,
        clearances=reading.clearances,
        industry=reading.industry,
    )
    return placed(found, reading.place_text)


def _cases(seeds: Seeds, embedder: Embedder) -> list[Asking]:
    judged = by_posting(seeds.judgements)
    return [
        (*asked(seeds, opportunity, embedder), judged[key])
        for key, opportunity in opportunities(seeds).items()
        if any(one.grade >= RELEVANT_GRADE for one in judged.get(key, ()))
    ]


def _measure_one(seeds: Seeds, ranker: Ranker, cases: Sequence[Asking], recipe: Recipe) -> Measured:
    began = perf_counter()
    rankings = [ranker.rank(one, vectors, today=TODAY, recipe=recipe) for one, vectors, _ in cases]
    ms_each = (perf_counter() - began) * 1000 / max(len(cases), 1)
    places = [_keys(seeds, ranking) for ranking in rankings]
    grades = [{one.partner: one.grade for one in judgements} for *_, judgements in cases]
    pairs = list(zip(places, grades, strict=True))
    return Measured(
        ndcg_at_10=fmean(ndcg(*pair) for pair in pairs),
        recall_at_10=fmean(recall(*pair) for pair in pairs),
        n_postings=len(cases),
        ms_each=ms_each,
        traps=_traps((place, judgements) for place, (*_, judgements) in zip(places, cases, strict=True)),
    )


def _keys(seeds: Seeds, ranking: Ranking) -> list[str]:
    return [seeds.network.partners[one.partner_id].key for one in ranking.matches]


def _traps(ranked: Iterable[tuple[list[str], list[Judgement]]]) -> dict[str, tuple[int, int]]:
    right: dict[str, list[bool]] = defaultdict(list)
    for places, judgements in ranked:
        for one in judgements:
            if one.trap and one.grade != 1:
                good = one.grade >= RELEVANT_GRADE
                right[one.trap].append(
                    one.partner in places[:PLACES] if good else one.partner not in places[:TRAP_PLACES]
                )
    return {trap: (sum(found), len(found)) for trap, found in sorted(right.items())}


def as_table(measured: Mapping[str, Measured]) -> str:
    """Write the numbers as a Markdown table."""
    traps = sorted({trap for one in measured.values() for trap in one.traps})
    head = ["ranked by", "nDCG@10", "recall@10", "ms", *traps]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for name, one in measured.items():
        right = [f"{one.traps[trap][0]}/{one.traps[trap][1]}" for trap in traps]
        numbers = [f"{one.ndcg_at_10:.3f}", f"{one.recall_at_10:.3f}", f"{one.ms_each:.0f}"]
        lines.append("| " + " | ".join([name, *numbers, *right]) + " |")
    return "\n".join(lines)


def learned(seeds: Seeds, embedder: Embedder, *, version: str) -> str:
    """Learn a version from all postings, write its file and say what the folds held back came to."""
    from tests.benchmarks import judged_learning

    model = judged_learning.learn(
        judged_learning.judged_of(seeds, rankings(seeds, embedder)), version=version, on=TODAY.isoformat()
    )
    model.save()
    return "\n".join(f"{name}: {value}" for name, value in model.card.measured.items())


def past_works(seeds: Seeds, embedder: Embedder) -> str:
    """Rank the postings by what ranks consortia, without any rule: the model of the other world as it is shipped."""
    from tests.benchmarks import judged_past

    ids = {each.id: each.key for each in seeds.network.partners.values()}
    cases = _cases(seeds, embedder)
    grades = [{one.partner: one.grade for one in judgements} for *_, judgements in cases]
    lines = ["| ranked by | nDCG@10 | recall@10 |", "|---|---|---|"]
    for name, ranked in judged_past.rankings(seeds.network, embedder, [each for each, *_ in cases]):
        places = [[ids[one] for one in each] for each in ranked]
        numbers = [fmean(map(measured, places, grades)) for measured in (ndcg, recall)]
        lines.append(f"| {name} | {numbers[0]:.3f} | {numbers[1]:.3f} |")
    return "\n".join(lines)


def reliability(seeds: Seeds, embedder: Embedder, folder: Path) -> str:
    """Compare scores of postings held back with what was right, in tenths, and draw it."""
    from tests.benchmarks import judged_learning, judged_plot

    judged = judged_learning.judged_of(seeds, rankings(seeds, embedder))
    scored = judged_learning.held_back_scores(judged)
    judged_plot.draw(scored, folder / "reliability.svg")
    return judged_learning.as_reliability(scored)


def parted(seeds: Seeds, embedder: Embedder) -> str:
    """Count who is right among those whom a poster is shown as who could do it, and among those who fit less well."""
    from tests.benchmarks import judged_shown

    return judged_shown.as_table(seeds, rankings(seeds, embedder))


def roads(seeds: Seeds, embedder: Embedder) -> str:
    """Count whom each road to candidates leads to, and how many of the right firms are among them."""
    from tests.benchmarks import judged_roads

    return judged_roads.as_table(judged_roads.led(seeds, ranker_of(seeds, embedder), _cases(seeds, embedder)))


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("seeds"), help="folder of CSV files as in seeds/README.md")
    parser.add_argument("--json", type=Path, help="write the numbers here as well")
    parser.add_argument("--plot", type=Path, metavar="FOLDER", help="draw what scores said and what was right, as SVG")
    parser.add_argument("--learn", metavar="VERSION", help="learn weights from all postings and write their file")
    options = parser.parse_args(argv)
    seeds, embedder = load(options.folder), SentenceEmbedder()
    if not seeds.judgements:
        parser.error(f"--folder {options.folder} has no judgements.csv with rows: there is nothing to compare with")
    if options.learn:
        print(learned(seeds, embedder, version=options.learn))
        return
    measured = measure(seeds, embedder)
    print(as_table(measured))
    print(parted(seeds, embedder))
    print(roads(seeds, embedder))
    if LATER.exists():
        print("postings that nobody had seen when weights and words were chosen (see later/README.md):")
        print(as_table(measure(later(seeds), embedder)))
        print(parted(later(seeds), embedder))
        print(roads(later(seeds), embedder))
    print(past_works(seeds, embedder))
    if options.plot:
        print(reliability(seeds, embedder, options.plot))
    if options.json:
        options.json.write_text(json.dumps({name: asdict(one) for name, one in measured.items()}, indent=2) + "\n")


if __name__ == "__main__":
    main()
