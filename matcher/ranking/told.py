"""The grounds of a match become the facts worth saying: to the partner, and to the poster, blind."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from matcher.ranking.coverage import Shown
from matcher.ranking.graph import Tie
from matcher.ranking.phrases import as_deed, in_sentence, joined, quotable, quoted, when_free
from matcher.terms import Capability, Collaboration, Competency, Opportunity, Partner

MOST_FACTS = 3
BY_ITS_WORD = "(by its own word, which nobody checked)"


@dataclass(frozen=True, slots=True)
class Grounds:
    """Everything that one match rests on."""

    opportunity: Opportunity
    partner: Partner
    unspoken: tuple[str, ...]  # names of firms that no sentence may hold
    today: date
    values: dict[str, float]  # by signal
    competency: Competency | None  # the one of the best need that is covered best
    shown: Shown
    badge_label: str
    tie: Tie
    works: tuple[Collaboration, ...] = ()  # fitting past work won, best first
    said: Capability | None = None  # the row of its own words that comes nearest
    named: tuple[str, ...] = ()  # exact names that posting and profile share
    is_new: bool = False
    common_ids: tuple[int, ...] = ()  # partners that worked with both sides


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing worth saying: behind "You", of a firm as in "moved 400 mailboxes", or a clause of its own."""

    signal: str
    you: str
    firm: str = ""
    aside: str = ""
    weak: bool = False
    rests_on: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What may be said of one match to each side, the strongest kind first."""

    to_partner: list[Fact]
    to_poster: list[Fact]


def told(grounds: Grounds) -> Told:
    """Find what may be said of a match: facts that name no firm, and to the poster none that it knows already."""
    others = _standing_facts(grounds)
    work = [_work_fact(one) for one in grounds.works[:1]]
    mine = _speakable([*work, *others], grounds)
    if grounds.works and grounds.works[0].lead_id == grounds.opportunity.partner_id:
        elsewhere = [one for one in grounds.works if one.lead_id != grounds.opportunity.partner_id]
        return Told(mine, _told_to_poster(_speakable([*map(_work_fact, elsewhere[:1]), *others], grounds), grounds))
    return Told(mine, _told_to_poster(mine, grounds))


def _told_to_poster(found: list[Fact], grounds: Grounds) -> list[Fact]:
    """Leave out what only the firm may read; what the poster knows already is not among these facts.

    The competency stands once: an aside leaves it out where a deed has named it.
    """
    found = [one for one in found if one.firm or one.aside]
    deeds = " ".join(one.firm for one in strongest_for_poster(found))
    label = in_sentence(grounds.competency.label) if grounds.competency else ""
    if not label or label not in deeds:
        return found
    return [replace(one, aside=one.aside.replace(f" for {label}", "", 1)) if one.aside else one for one in found]


def _standing_facts(grounds: Grounds) -> list[Fact]:
    """List all facts but past work, the strongest kind first."""
    return [
        *_person_fact(grounds),
        *_badge_fact(grounds),
        *_named_fact(grounds),
        *_declared_fact(grounds),
        *_said_fact(grounds),
    ]


def _speakable(found: list[Fact], grounds: Grounds) -> list[Fact]:
    """Keep the facts that name no firm: a look at all of them together, and at each where that finds a name."""
    names = [_folded(name) for name in grounds.unspoken if len(name) > 2]
    together = "\n".join([f"{one.you} {one.firm}" for one in found]).casefold()
    there = [name for name in names if name in together]
    return [one for one in found if not _names_a_firm(f"{one.you} {one.firm}", there)] if there else found


def strongest(found: list[Fact]) -> list[Fact]:
    """Keep at most three; labels and quotes say nothing behind stronger facts."""
    strong = [one for one in found if not one.weak]
    return (strong or found[:1])[:MOST_FACTS]


def strongest_for_poster(found: list[Fact]) -> list[Fact]:
    """Keep at most three, among them what the firm sells where it would be left without a deed."""
    strong = [one for one in found if not one.weak]
    if not any(one.firm for one in strong):
        strong += [one for one in found if one.weak and one.firm][:1]
    return strong[:MOST_FACTS]


def _work_fact(work: Collaboration) -> Fact:
    deed = as_deed(work.summary, work.ended_on.year)
    return Fact("past_work", deed, deed, rests_on=work_record(work))


def _person_fact(grounds: Grounds) -> Iterable[Fact]:
    person, competency = grounds.shown.person, grounds.competency
    if person is None or competency is None:
        return
    who = {"architect": "an architect", "senior": "a senior", "junior": "a junior"}.get(person.level, "somebody")
    free = when_free(person.free_from, grounds.today)
    able = f"{who} for {in_sentence(competency.label)}"
    record = f"{person.level} {person.name} free from {person.free_from} for {competency.label}"
    yield Fact("free", f"have {able} {free}", aside=f"{able} is {free}", rests_on=record)


def _badge_fact(grounds: Grounds) -> Iterable[Fact]:
    badge = grounds.shown.badge
    if badge is None or not grounds.shown.badge_valid or not grounds.badge_label:
        return
    kind = badge.level if badge.level in ("designation", "specialization") else f"{badge.level} competency"
    held = f"the {kind} “{grounds.badge_label}”"
    unproven = f" {BY_ITS_WORD}" if badge.source else ""
    record = f"badge {badge.competency_key} {badge.level} {grounds.badge_label}, {badge.awarded_on}–{badge.expires_on}"
    yield Fact("coverage", f"hold {held}", f"holds {held}{unproven}", rests_on=record)


def _named_fact(grounds: Grounds) -> Iterable[Fact]:
    if not grounds.named:
        return
    labels = f"{grounds.badge_label} {grounds.competency.label if grounds.competency else ''}".split()
    fresh = [one for one in grounds.named if one not in labels]
    if fresh:
        names = joined(fresh[:3])
        record = f"profile and posting both say {names}"
        yield Fact("words", f"name {names} in your profile", f"names {names} in its profile", rests_on=record)


def _declared_fact(grounds: Grounds) -> Iterable[Fact]:
    if grounds.shown.declared and grounds.competency:
        yield _sells(grounds.competency.key, grounds.competency.label)


@lru_cache(maxsize=1024)
def _sells(key: str, label: str) -> Fact:
    plain = in_sentence(label)
    verb = "offer" if plain.startswith("selling ") else "sell"
    return Fact("coverage", f"{verb} {plain}", f"{verb}s {plain}", weak=True, rests_on=f"declared {key} {label}")


def _said_fact(grounds: Grounds) -> Iterable[Fact]:
    """Quote the partner to itself only: the poster could find the firm by its words."""
    if grounds.said and grounds.said.source == "profile":
        yield from _quote(grounds.said.text)


def _quote(text: str) -> tuple[Fact, ...]:
    if not quotable(text):
        return ()
    return (Fact("meaning", f"say in your profile {quoted(text)}", weak=True, rests_on=f"profile {text}"),)


def work_record(work: Collaboration) -> str:
    return f"work {work.lead_id}→{work.partner_id} {work.ended_on} {work.outcome}: {work.summary}"


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return name.casefold()


def _names_a_firm(text: str, names: list[str]) -> bool:
    plain = text.casefold()
    return any(name in plain and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", plain) for name in names)
