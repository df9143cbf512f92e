"""The learned ranker on a folder of real consortia: who was really won, found among everybody; beside every signal."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from matcher.past.known import Known
from matcher.past.likely import Circles
from matcher.past.model import SHIPPED, Card, Learned, Lesson, learn
from matcher.past.rank import completed, found, narrowed
from matcher.ranking.embed import SentenceEmbedder
from matcher.ranking.model import SHIPPED as SERVICE
from matcher.ranking.weights import SIGNALS, only
from tests.benchmarks.consortia import COMPANY, Consortia, Query, first_day, queries, read
from tests.benchmarks.ranking_ablation import say_ablation
from tests.benchmarks.ranking_lessons import LEARNED_FROM, learned_from, lesson_of
from tests.benchmarks.ranking_report import (
    Case,
    say,
    say_calibration,
    say_candidates,
    say_companies,
    say_held,
    say_mobility,
    say_ranked,
    say_signals,
)
from tests.benchmarks.ranking_service import learned_weights, looked_up, texts_of
from tests.benchmarks.ranking_vectors import FOLDER as VECTORS
from tests.benchmarks.ranking_vectors import KeptVectors

MODEL = "consortia-5"
FOLDER = Path("..") / "shared" / "data" / "ranking" / "horizon_europe"
SHOWN = 300
COMPANIES_RAISED = 0.5  # chosen on September to December 2023: over a fifth of the first ten are companies then
SERVICE_LEARNS_FROM = "2023-07"  # half a year: so few weights learn nothing from more
MUST_NOT_USE = "Pay, number of badges, speed of reply, anybody's name."


def main(argv: Sequence[str] | None = None) -> None:
    """Rank the projects of a split by the shipped model, or learn one first; write and print what came out."""
    arguments = _parser().parse_args(argv)
    if not arguments.data.exists():
        print(
            f"DATA: there is no folder {arguments.data}; give one in the format of the data's README. Nothing ranked."
        )
        return
    began = perf_counter()
    print("reading; a text that is new is embedded, which takes about 50 ms on one core", file=sys.stderr)
    data = read(arguments.data, KeptVectors(SentenceEmbedder(), arguments.vectors))
    known = queries(data)
    print(f"read {len(known)} projects in {perf_counter() - began:.0f} s", file=sys.stderr)
    if arguments.service:
        rank_by_service(data, known, arguments)
        return
    if arguments.learn:
        lesson, kept = learn_anew(data, known, arguments)
    else:
        kept, _ = measure(data, known, Learned.load(MODEL), arguments)
        lesson = None
    if arguments.ablation:
        lesson = lesson or _lesson(data, known, arguments)
        say_ablation(lesson, _card("ablation"), kept, data, n_threads=arguments.threads)


def rank_by_service(data: Consortia, known: Sequence[Query], arguments: argparse.Namespace) -> None:
    """Rank the projects of the split by the service's own ranker, with its weights and with such as it would learn."""
    began, texts = perf_counter(), texts_of(arguments.data, data)
    found = list(looked_up(data, texts, _of_split(data, known, arguments)))
    say_held([each.partners for each in found], [each.query for each in found], perf_counter() - began)
    taught = [each for each in learned_from(data, known, until=arguments.until) if each.month >= SERVICE_LEARNS_FROM]
    learned = learned_weights(list(looked_up(data, texts, taught)))
    asked = [each.query for each in found]
    for name, weights in ((SERVICE.version, SERVICE.weights), (f"learned from {len(taught)}", learned)):
        rankings = [each.by(weights) for each in found]
        say_ranked(f"the service, {name}", asked, rankings, data)
    print(learned)
    if arguments.json:
        _write(arguments.json, data, asked, rankings)
    for n, name in enumerate(SIGNALS):
        if any(each.signals[:, n].any() for each in found):
            say_ranked(f"the service, {name} alone", asked, [each.by(only(learned, name)) for each in found], data)


def learn_anew(data: Consortia, known: Sequence[Query], arguments: argparse.Namespace) -> tuple[Lesson, list[Case]]:
    """Learn a model, measure it and keep it with its card; return what it learned from and what it ranked."""
    began, lesson = perf_counter(), _lesson(data, known, arguments)
    card = replace(_card(arguments.learn), n_works=len(lesson.sizes))
    learned = learn(lesson, card, n_threads=arguments.threads)
    learned.save()  # before it is measured, so that a run which is broken off there has not learned in vain
    print(f"learned after {perf_counter() - began:.0f} s", file=sys.stderr)
    kept, measured = measure(data, known, learned, arguments)
    replace(learned, card=replace(learned.card, measured=measured)).save()
    return lesson, kept


def _lesson(data: Consortia, known: Sequence[Query], arguments: argparse.Namespace) -> Lesson:
    began = perf_counter()
    lesson = lesson_of(data, known, _card("lesson"), until=arguments.until, n_threads=arguments.threads)
    print(f"a lesson of {len(lesson.sizes)} projects in {perf_counter() - began:.0f} s", file=sys.stderr)
    return lesson


def measure(
    data: Consortia, known: Sequence[Query], learned: Learned, arguments: argparse.Namespace
) -> tuple[list[Case], dict[str, float]]:
    """Rank the projects of the split and say how well."""
    began = perf_counter()
    kept = list(cases(data, _of_split(data, known, arguments), learned))
    raised = arguments.companies * (data.works.partners.kind == COMPANY)
    scored = [learned.scores(each.candidates.table) for each in kept]
    rankings = [each.by(scores + raised[each.candidates.partners]) for each, scores in zip(kept, scored, strict=True)]
    say_candidates(kept, perf_counter() - began)
    if arguments.json:
        _write(arguments.json, data, [each.query for each in kept], rankings)
    measured = say("learned", kept, rankings, data)
    say_mobility(kept, rankings, data)
    if arguments.signals:
        say_signals(kept, data)
    say_companies(kept, scored, data)
    say_calibration(kept, scored, learned, arguments.plot)
    return kept, measured


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=FOLDER, help="a folder of projects and participations")
    parser.add_argument("--vectors", type=Path, default=VECTORS, help=f"where vectors are kept (default {VECTORS})")
    parser.add_argument("--split", default="dev", help="rank the projects of this split (default dev)")
    parser.add_argument("--json", type=Path, help="write the rankings here: {rankings: {project: [organisation, …]}}")
    parser.add_argument(
        "--companies", action="store_const", const=COMPANIES_RAISED, default=0.0, help="show more companies"
    )
    parser.add_argument("--learn", metavar="VERSION", help=f"learn a model first, and keep it in {SHIPPED.name}/")
    parser.add_argument("--threads", type=int, default=2, metavar="N", help="learn on so many cores (default 2)")
    parser.add_argument("--until", default="2023-12", metavar="MONTH", help="learn from projects up to this month")
    parser.add_argument("--after", default="", metavar="MONTH", help="rank only projects that start after this month")
    parser.add_argument("--signals", action="store_true", help="measure every signal by itself too")
    parser.add_argument("--plot", type=Path, metavar="FOLDER", help="plot there which chances came true")
    parser.add_argument("--service", action="store_true", help="rank by the service's own ranker instead")
    parser.add_argument("--ablation", action="store_true", help="then learn two forests without each group of signals")
    return parser


def cases(data: Consortia, chosen: Sequence[Query], learned: Learned) -> Iterator[Case]:
    """Find the candidates of each project from what was known on the first day of its month, ready to be scored."""
    for month in sorted({each.month for each in chosen}):
        of_month = [each for each in chosen if each.month == month]
        circles = Circles(Known(data.works, first_day(month)))
        for each in found(data.works, data.asked(of_month), day=first_day(month)):
            yield Case(of_month[each.row], completed(narrowed(each, learned), learned, circles))


def _card(version: str) -> Card:
    data = f"consortia of the history and train splits from {LEARNED_FROM} on; CORDIS, European Union"
    return Card(version, datetime.now(UTC).date().isoformat(), data, n_works=0, must_not_use=MUST_NOT_USE)


def _of_split(data: Consortia, known: Sequence[Query], arguments: argparse.Namespace) -> list[Query]:
    return [each for each in known if data.splits[each.row] == arguments.split and each.month > arguments.after]


def _write(file: Path, data: Consortia, asked: Sequence[Query], rankings: Sequence[list[int]]) -> None:
    named = [[data.organisations[one] for one in ranking[:SHOWN]] for ranking in rankings]
    file.write_text(json.dumps({"rankings": {each.key: one for each, one in zip(asked, named, strict=True)}}))


if __name__ == "__main__":
    main()
