"""Seeds become a network of any size, as skewed as the field: few large firms, communities, stale words.

Firms, people, badges and work are drawn from the seeds with a seed of their own; nothing in them is true. Vectors are
made up as well: the vector of a seed text, bent towards another one's and shaken, of length 1.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.capability import work_text
from matcher.ranking.hashing import text_hash
from matcher.terms import Badge, BenchPerson, Capability, Collaboration, Network, Opportunity, Partner
from tests.benchmarks.seeds_folder import Seeds

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]

TODAY = date(2026, 11, 22)
WORKS_EACH = 4.7
COMMUNITY = 200  # firms that mostly work among themselves
AT_HOME = 0.8
PEOPLE_EACH = 1.5
BADGES_EACH = 0.5
LARGE_OFTENER = 0.7
N_SUMMARIES = 20_000
WORDED_WORK = 0.1  # of all work has words of its own
OLDEST_WORK_DAYS = 12 * 365
TOWARDS_ANOTHER, SHAKEN = 0.35, 0.3
WORDS_ADDED = 4
BLOCK = 16_384


@dataclass(frozen=True, slots=True)
class Columns:
    """What was drawn, one array a column; a template is the position of a seed row."""

    partner_template: Ints
    n_people: Ints
    profile_age: Ints
    member_days: Ints
    person_partner: Ints
    person_template: Ints
    badge_partner: Ints
    badge_template: Ints
    lead: Ints
    done_by: Ints
    work_practice: Ints
    work_age: Ints
    work_won: NDArray[np.bool_]
    work_summary: Ints  # -1: none


class Market:
    """A synthetic network; partners have the ids 1 to n, and the parts are made when they are asked for."""

    def __init__(self, seeds: Seeds, n_partners: int, *, seed: int = 0) -> None:
        self.n = n_partners
        self.seeds = seeds
        self._seed = seed
        self._templates = tuple(seeds.network.partners.values())
        self._practices = tuple(
            one.key for one in seeds.network.competencies.values() if one.kind == "practice" and not one.replaced_by
        )
        self.vocabulary = sorted({word for one in seeds.network.capabilities for word in one.text.split()})
        self.columns = _drawn(n_partners, seeds, len(self._practices), self._random("columns"))

    def _random(self, part: str) -> np.random.Generator:
        return np.random.default_rng([self._seed, *part.encode()])

    @cached_property
    def partners(self) -> dict[int, Partner]:
        """Firms like the seeds' under other names."""
        drawn = self.columns
        rows = zip(drawn.partner_template, drawn.n_people, drawn.profile_age, drawn.member_days, strict=True)
        days = [TODAY - timedelta(days=age) for age in range(OLDEST_WORK_DAYS + 1)]
        return {
            number: replace(
                self._templates[template], id=number, key=f"firm{number:06}", name=f"Firm {number:06}",
                n_people=int(people), profile_on=days[age], joined_on=days[member], conflict_ids=frozenset(),
            )
            for number, (template, people, age, member) in enumerate(rows, start=1)
        }  # fmt: skip

    @cached_property
    def people(self) -> tuple[BenchPerson, ...]:
        seeds = self.seeds.network.people
        rows = zip(self.columns.person_partner.tolist(), self.columns.person_template.tolist(), strict=True)
        return tuple(
            replace(seeds[template], partner_id=partner, name=f"Person {number}")
            for number, (partner, template) in enumerate(rows)
        )

    @cached_property
    def badges(self) -> tuple[Badge, ...]:
        seeds = self.seeds.network.badges
        drawn = zip(self.columns.badge_partner.tolist(), self.columns.badge_template.tolist(), strict=True)
        return tuple(replace(seeds[template], partner_id=partner) for partner, template in drawn)

    @cached_property
    def collaborations(self) -> tuple[Collaboration, ...]:
        drawn = self.columns
        days = [TODAY - timedelta(days=age) for age in range(OLDEST_WORK_DAYS + 91)]
        rows = zip(
            drawn.lead.tolist(), drawn.done_by.tolist(), drawn.work_practice.tolist(), drawn.work_age.tolist(),
            drawn.work_won.tolist(), drawn.work_summary.tolist(), strict=True,
        )  # fmt: skip
        return tuple(
            Collaboration(
                lead, done_by, self._practices[practice], days[age + 90], days[age], "won" if won else "lost",
                self._summaries[summary][1] if summary >= 0 else "",
            )
            for lead, done_by, practice, age, won, summary in rows
        )  # fmt: skip

    @cached_property
    def profiles(self) -> tuple[str, ...]:
        """The own words of each firm, one sentence that nobody else has, in order of id."""
        random = self._random("profiles")
        rarity = random.zipf(1.3, (self.n, WORDS_ADDED)) % len(self.vocabulary)
        words, said, chosen = (
            self.vocabulary,
            [one.text for one in self.sentences],
            self.sentence_of_partner.tolist(),
        )
        return tuple(
            f"{said[at]} {words[a]} {words[b]} {words[c]} {words[d]} {number}"
            for number, (at, (a, b, c, d)) in enumerate(zip(chosen, rarity.tolist(), strict=True), start=1)
        )

    @cached_property
    def capabilities(self) -> tuple[Capability, ...]:
        """One to four each: the own words, up to two declared competencies, the newest work that has words."""
        own = zip(self.sentence_of_partner.tolist(), self.profiles, strict=True)
        profile = (
            Capability(number, text, text_hash(text), self.sentences[at].competency_key, "profile", "your profile")
            for number, (at, text) in enumerate(own, start=1)
        )
        return (*profile, *self._declared(), *self._worked())

    @cached_property
    def network(self) -> Network:
        """Everything together, as ranking reads it."""
        known = self.seeds.network.competencies
        return Network(self.partners, known, self.capabilities, self.people, self.badges, self.collaborations)

    def vectors(self, encode: Encode) -> tuple[tuple[str, ...], Floats]:
        """Return the hashes of all texts and their vectors, float32 (n_texts, d); `encode` is asked for seed texts."""
        random = self._random("vectors")
        own = dict.fromkeys(one.text_hash for one in self.capabilities[: self.n])
        declared = {one.text_hash: one.text for one in self._declared()}
        worked = {text_hash(text): at for at, (_, text) in enumerate(self._worked_texts)}
        base = _unit(encode([one.text for one in self.sentences]))
        done = _unit(encode([text for _, text in self._seed_works]))
        made = [
            _bent(base, self.sentence_of_partner, random),
            _unit(encode(list(declared.values()))) if declared else base[:0],
            _bent(done, np.arange(N_SUMMARIES) % len(done), random)[list(worked.values())],
        ]
        return (*own, *declared, *worked), np.concatenate(made)

    def opportunities(
        self, asked: Mapping[str, Opportunity], encode: Encode, n: int
    ) -> tuple[tuple[Opportunity, ...], list[Floats]]:
        """Draw n opportunities like the `asked` ones, of other posters and in other words, and their needs' vectors."""
        random = self._random("opportunities")
        seeds = [one for one in asked.values() if one.needs]
        encoded = [_unit(encode([need.text for need in one.needs])) for one in seeds]
        chosen, posters = random.integers(0, len(seeds), n), random.integers(1, self.n + 1, n)
        words = random.integers(0, len(self.vocabulary), (n, 2))
        drawn, vectors = [], []
        for number, (at, poster) in enumerate(zip(chosen.tolist(), posters.tolist(), strict=True)):
            added = " ".join(self.vocabulary[word] for word in words[number])
            needs = tuple(replace(need, text=f"{need.text} {added}") for need in seeds[at].needs)
            drawn.append(replace(seeds[at], id=number + 1, partner_id=poster, needs=needs))
            shaken = random.standard_normal(encoded[at].shape, dtype=np.float32) / np.sqrt(encoded[at].shape[1])
            vectors.append(_unit(encoded[at] + np.float32(SHAKEN) * shaken))
        return tuple(drawn), vectors

    @cached_property
    def sentences(self) -> tuple[Capability, ...]:
        """What seed firms say of themselves, sentence by sentence."""
        return tuple(one for one in self.seeds.network.capabilities if one.source == "profile")

    @cached_property
    def sentence_of_partner(self) -> Ints:
        """A sentence of the seed firm that the partner is like."""
        said = np.array([one.partner_id for one in self.sentences])
        choices = [np.flatnonzero(said == one.id).tolist() or [0] for one in self._templates]
        lucky = self._random("sentences").random(self.n)
        rows = zip(self.columns.partner_template.tolist(), lucky.tolist(), strict=True)
        return np.array([choices[template][int(luck * len(choices[template]))] for template, luck in rows], np.int64)

    @cached_property
    def _seed_works(self) -> tuple[tuple[str, str], ...]:
        known = self.seeds.network.competencies
        return tuple((one.summary, work_text(one, known)) for one in self.seeds.network.collaborations if one.summary)

    @cached_property
    def _summaries(self) -> tuple[tuple[int, str], ...]:
        works = self._seed_works
        return tuple((at % len(works), f"{works[at % len(works)][0]} {at}") for at in range(N_SUMMARIES))

    @cached_property
    def _worked_texts(self) -> tuple[tuple[str, str], ...]:
        """The practice and the whole text of each summary."""
        works = [one for one in self.seeds.network.collaborations if one.summary]
        told = [replace(works[at], summary=summary) for at, summary in self._summaries]
        return tuple((one.competency_key, work_text(one, self.seeds.network.competencies)) for one in told)

    def _declared(self) -> Iterator[Capability]:
        by_key = {one.competency_key: one for one in self.seeds.network.capabilities if one.source == "declared"}
        lists = [[by_key[key] for key in one.practices[:2] if key in by_key] for one in self._templates]
        for number, template in enumerate(self.columns.partner_template.tolist(), start=1):
            for one in lists[template]:
                yield Capability(number, one.text, one.text_hash, one.competency_key, "declared", one.evidence)

    def _worked(self) -> Iterator[Capability]:
        drawn, hashes = self.columns, [text_hash(text) for _, text in self._worked_texts]
        worded = np.flatnonzero(drawn.work_summary >= 0)
        newest = worded[np.lexsort((drawn.work_age[worded], drawn.done_by[worded]))]
        partners, first = np.unique(drawn.done_by[newest], return_index=True)
        for partner, row in zip(partners.tolist(), newest[first].tolist(), strict=True):
            key, text = self._worked_texts[drawn.work_summary[row]]
            year = (TODAY - timedelta(days=int(drawn.work_age[row]))).year
            yield Capability(partner, text, hashes[drawn.work_summary[row]], key, "collaboration", f"work in {year}")


def _drawn(n: int, seeds: Seeds, n_practices: int, random: np.random.Generator) -> Columns:
    n_works, n_bench, n_badges = int(n * WORKS_EACH), int(n * PEOPLE_EACH), int(n * BADGES_EACH)
    size = np.minimum(random.pareto(1.1, n) * 4 + 1, 20_000)
    templates = _like_neighbours(n, len(seeds.network.partners), random)
    lead, done_by = _pairs(n, n_works, size, random)
    summary_of = random.integers(0, N_SUMMARIES, n_works)
    works = [one for one in seeds.network.collaborations if one.summary]
    keys = [one.key for one in seeds.network.competencies.values() if one.kind == "practice" and not one.replaced_by]
    practice_of = np.array([keys.index(one.competency_key) if one.competency_key in keys else 0 for one in works])
    worded = random.random(n_works) < WORDED_WORK
    practice = np.where(worded, practice_of[summary_of % len(works)], random.zipf(1.3, n_works) % n_practices)
    return Columns(
        partner_template=templates,
        n_people=size.astype(np.int64),
        profile_age=np.minimum(random.exponential(900, n), OLDEST_WORK_DAYS).astype(np.int64),
        member_days=np.minimum(random.exponential(1000, n), OLDEST_WORK_DAYS).astype(np.int64),
        person_partner=_skewed(n, n_bench, size, random),
        person_template=random.integers(0, len(seeds.network.people), n_bench),
        badge_partner=_skewed(n, n_badges, size, random),
        badge_template=random.integers(0, len(seeds.network.badges), n_badges),
        lead=lead,
        done_by=done_by,
        work_practice=practice,
        work_age=np.minimum(random.exponential(1200, n_works), OLDEST_WORK_DAYS).astype(np.int64),
        work_won=random.random(n_works) < 0.7,
        work_summary=np.where(worded, summary_of, -1),
    )


def _like_neighbours(n: int, n_templates: int, random: np.random.Generator) -> Ints:
    """Let firms of one community be like a few seed firms, and a third of them like any."""
    few = random.integers(0, n_templates, (n // COMMUNITY + 1, 12))
    mine = few[np.arange(n) // COMMUNITY, random.integers(0, 12, n)]
    return np.where(random.random(n) < 0.33, random.integers(0, n_templates, n), mine).astype(np.int64)


def _skewed(n: int, n_rows: int, size: NDArray[Any], random: np.random.Generator) -> Ints:
    """Draw ids of partners, the large ones oftener."""
    share = np.cumsum(size**LARGE_OFTENER)
    return np.searchsorted(share, random.random(n_rows) * share[-1]).clip(0, n - 1) + 1


def _pairs(n: int, n_works: int, size: NDArray[Any], random: np.random.Generator) -> tuple[Ints, Ints]:
    """Draw who led and who did the part: four in five from the same community, the others from anywhere."""
    lead = _skewed(n, n_works, size, random)
    near = (lead - 1) // COMMUNITY * COMMUNITY + random.integers(0, COMMUNITY, n_works) + 1
    other = np.where(random.random(n_works) < AT_HOME, np.minimum(near, n), _skewed(n, n_works, size, random))
    return lead, np.where(other == lead, lead % n + 1, other)


def _bent(base: Floats, chosen: Ints, random: np.random.Generator) -> Floats:
    """Make the vectors block by block: all at once would take three times the memory."""
    made = np.empty((len(chosen), base.shape[1]), np.float32)
    for begin in range(0, len(chosen), BLOCK):
        mine = chosen[begin : begin + BLOCK]
        shaken = random.standard_normal((len(mine), base.shape[1]), np.float32)
        shaken *= np.float32(SHAKEN / base.shape[1] ** 0.5)
        shaken += base[mine]
        shaken += np.float32(TOWARDS_ANOTHER) * base[random.integers(0, len(base), len(mine))]
        made[begin : begin + BLOCK] = _unit(shaken)
    return made


def _unit(vectors: NDArray[Any]) -> Floats:
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.asarray(vectors / lengths, dtype=np.float32)
