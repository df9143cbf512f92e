"""Signals and the facts behind them become reasons and two sentences: to the partner, and to the poster, blind."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from matcher.ranking.coverage import Coverage
from matcher.ranking.graph import Tie
from matcher.ranking.phrases import as_deed, capitalised, in_sentence, joined, place_name, quotable, quoted, when_free
from matcher.ranking.weights import SIGNALS, Weights
from matcher.terms import Capability, Collaboration, Competency, Opportunity, Partner, Reason

MOST_FACTS = 3


@dataclass(frozen=True, slots=True)
class Grounds:
    """Everything that one match rests on."""

    opportunity: Opportunity
    partner: Partner
    unspoken: tuple[str, ...]  # names of firms that no sentence may hold
    today: date
    values: dict[str, float]  # by signal
    competency: Competency | None  # the one of the best need that is covered best
    coverage: Coverage
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


def why_you(grounds: Grounds) -> str:
    """Say to the partner why this is for it, from its own facts alone: who posted is not to be guessed."""
    said = [one.you for one in _strongest(_told_to_partner(grounds))]
    if not said:
        return "Your profile comes close to what is asked for."
    if len(said) > 1 and re.search(r"[,;]\s| and ", said[0]):
        return f"You {said[0]}, and you {joined(said[1:])}."
    return f"You {joined(said)}."


def why_them(grounds: Grounds) -> str:
    """Say to the poster why this firm: what it did and has, its description and name left to where it is shown."""
    found = _strongest_for_poster(_told_to_poster(grounds))
    deeds = joined([one.firm for one in found if one.firm])
    said = "; ".join(one for one in (deeds, *(one.aside for one in found)) if one)
    return f"{capitalised(said or 'its own words come close to what you ask for')}."


def reasons(grounds: Grounds, weights: Weights) -> tuple[Reason, ...]:
    """Return a reason for every signal that has weight or is spoken of, the one that adds most first."""
    mine, theirs = _by_signal(_told_to_partner(grounds)), _by_signal(_told_to_poster(grounds))
    found = [
        Reason(
            name=name,
            value=round(grounds.values[name], 4),
            weight=max(getattr(weights, name), 0.0),
            evidence=_to_partner(name, grounds, mine),
            evidence_for_poster=_to_poster(name, grounds, mine, theirs),
            private=_is_private(name, grounds, mine, theirs),
            rests_on=_rests_on(name, grounds, mine, theirs),
        )
        for name in SIGNALS
        if getattr(weights, name) > 0 or name in mine
    ]
    if grounds.is_new:
        found.append(Reason("new_here", 1.0, 0.0, "new here", "new here"))
    return tuple(sorted(found, key=lambda one: (-one.value * one.weight, one.name)))


Facts = dict[str, Fact]


def _by_signal(found: list[Fact]) -> Facts:
    return {one.signal: one for one in reversed(found)}


def _told_to_partner(grounds: Grounds) -> list[Fact]:
    return _speakable(grounds, grounds.works)


def _told_to_poster(grounds: Grounds) -> list[Fact]:
    """Leave out what the poster knows already, which would also tell it who this is, and what only the firm may read.

    The competency stands once: an aside leaves it out where a deed has named it.
    """
    found = _speakable(grounds, [one for one in grounds.works if one.lead_id != grounds.opportunity.partner_id])
    found = [one for one in found if one.firm or one.aside]
    deeds = " ".join(one.firm for one in _strongest_for_poster(found))
    label = in_sentence(grounds.competency.label) if grounds.competency else ""
    if not label or label not in deeds:
        return found
    return [replace(one, aside=one.aside.replace(f" for {label}", "", 1)) for one in found]


def _speakable(grounds: Grounds, works: Sequence[Collaboration]) -> list[Fact]:
    """List all facts that name no firm, the strongest kind first."""
    found = [
        *(_work_fact(one) for one in works[:1]),
        *_person_fact(grounds),
        *_badge_fact(grounds),
        *_named_fact(grounds),
        *_declared_fact(grounds),
        *_said_fact(grounds),
    ]
    return [one for one in found if not _names_a_firm(f"{one.you} {one.firm}", grounds)]


def _strongest(found: list[Fact]) -> list[Fact]:
    """Keep at most three; labels and quotes say nothing behind stronger facts."""
    strong = [one for one in found if not one.weak]
    return (strong or found[:1])[:MOST_FACTS]


def _strongest_for_poster(found: list[Fact]) -> list[Fact]:
    """Keep at most three, among them what the firm sells where it would be left without a deed."""
    strong = [one for one in found if not one.weak]
    if not any(one.firm for one in strong):
        strong += [one for one in found if one.weak and one.firm][:1]
    return strong[:MOST_FACTS]


def _work_fact(work: Collaboration) -> Fact:
    deed = as_deed(work.summary, work.ended_on.year)
    return Fact("past_work", deed, deed, rests_on=_work_record(work))


def _person_fact(grounds: Grounds) -> Iterable[Fact]:
    person, competency = grounds.coverage.person, grounds.competency
    if person is None or competency is None:
        return
    who = {"architect": "an architect", "senior": "a senior", "junior": "a junior"}.get(person.level, "somebody")
    free = when_free(person.free_from, grounds.today)
    able = f"{who} for {in_sentence(competency.label)}"
    record = f"{person.level} {person.name} free from {person.free_from} for {competency.label}"
    yield Fact("free", f"have {able} {free}", aside=f"{able} is {free}", rests_on=record)


def _badge_fact(grounds: Grounds) -> Iterable[Fact]:
    badge = grounds.coverage.badge
    if badge is None or not grounds.coverage.badge_valid or not grounds.badge_label:
        return
    kind = badge.level if badge.level in ("designation", "specialization") else f"{badge.level} competency"
    held = f"the {kind} “{grounds.badge_label}”"
    record = f"badge {badge.competency_key} {badge.level} {grounds.badge_label}, {badge.awarded_on}–{badge.expires_on}"
    yield Fact("coverage", f"hold {held}", f"holds {held}", rests_on=record)


def _named_fact(grounds: Grounds) -> Iterable[Fact]:
    told = f"{grounds.badge_label} {grounds.competency.label if grounds.competency else ''}".split()
    fresh = [one for one in grounds.named if one not in told]
    if fresh:
        names = joined(fresh[:3])
        record = f"profile and posting both say {names}"
        yield Fact("words", f"name {names} in your profile", f"names {names} in its profile", rests_on=record)


def _declared_fact(grounds: Grounds) -> Iterable[Fact]:
    if grounds.coverage.declared and grounds.competency:
        label = in_sentence(grounds.competency.label)
        record = f"declared {grounds.competency.key} {grounds.competency.label}"
        yield Fact("coverage", f"sell {label}", f"sells {label}", weak=True, rests_on=record)


def _said_fact(grounds: Grounds) -> Iterable[Fact]:
    """Quote the partner to itself only: the poster could find the firm by its words."""
    if grounds.said and grounds.said.source == "profile" and quotable(grounds.said.text):
        quote = quoted(grounds.said.text)
        yield Fact("meaning", f"say in your profile {quote}", weak=True, rests_on=f"profile {grounds.said.text}")


def _work_record(work: Collaboration) -> str:
    return f"work {work.lead_id}→{work.partner_id} {work.ended_on} {work.outcome}: {work.summary}"


def _names_a_firm(text: str, grounds: Grounds) -> bool:
    plain = text.casefold()
    names = [name.casefold() for name in grounds.unspoken if len(name) > 2]
    return any(name in plain and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", plain) for name in names)


def _to_partner(name: str, grounds: Grounds, mine: Facts) -> str:
    if name in ("prior", "common"):
        return ""
    if name in mine:
        return f"you {mine[name].you}"
    return _plain_evidence(name, grounds)[0] if grounds.values[name] > 0 else ""


def _to_poster(name: str, grounds: Grounds, mine: Facts, theirs: Facts) -> str:
    if name in theirs:
        return theirs[name].firm or theirs[name].aside
    if grounds.values[name] <= 0 or name in mine:
        return ""
    if name == "prior":
        return f"worked with you in {grounds.tie.last_year}" if grounds.tie.last_year else "knows you"
    if name == "common":
        return _in_common(grounds)
    return _plain_evidence(name, grounds)[1]


def _in_common(grounds: Grounds) -> str:
    """Count the shared partners and name none: who works with whom is theirs to tell."""
    n_common = len(grounds.common_ids)
    firms = "a firm that has" if n_common == 1 else f"{n_common} firms that have"
    return f"has worked with {firms} worked with you" if n_common else ""


def _is_private(name: str, grounds: Grounds, mine: Facts, theirs: Facts) -> bool:
    """Tell whether a reason rests on who worked with whom."""
    if name in ("prior", "common"):
        return grounds.values[name] > 0
    return name == "past_work" and name in mine and name not in theirs


def _rests_on(name: str, grounds: Grounds, mine: Facts, theirs: Facts) -> tuple[str, ...]:
    if name == "prior":
        return tuple(_work_record(one) for one in grounds.tie.works)
    if name == "common":
        return (f"{len(grounds.common_ids)} common partners", *(f"partner {one}" for one in grounds.common_ids))
    told = [found[name].rests_on for found in (mine, theirs) if name in found]
    return tuple(dict.fromkeys(told))


def _plain_evidence(name: str, grounds: Grounds) -> tuple[str, str]:
    where = place_name(grounds.opportunity.country)
    same_country = grounds.partner.country == grounds.opportunity.country
    told = {
        "meaning": ("your own words come close to what is asked for", "its own words come close to what you ask for"),
        "place": (f"you are in {where}", f"is in {where}")
        if same_country
        else ("your people travel", "its people travel"),
        "language": ("you speak the language of the work", "speaks the language of the work"),
        "industry": (f"you know {grounds.opportunity.industry}", f"knows {grounds.opportunity.industry}"),
        "size": ("you take work of this size", "takes work of this size"),
    }
    return told.get(name, ("", ""))
