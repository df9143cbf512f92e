"""Signals and the facts behind them become reasons and two sentences: to the partner, and to the poster, blind."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing worth saying: behind "You", of a firm as in "moved 400 mailboxes", or a clause of its own."""

    signal: str
    you: str
    firm: str = ""
    aside: str = ""
    weak: bool = False


def why_you(grounds: Grounds) -> str:
    """Say to the partner why this is for it, from its own facts alone: who posted is not to be guessed."""
    said = [one.you for one in facts(grounds) if one.you]
    if not said:
        return "Your profile comes close to what is asked for."
    if len(said) > 1 and re.search(r"[,;]\s| and ", said[0]):
        return f"You {said[0]}, and you {joined(said[1:])}."
    return f"You {joined(said)}."


def why_them(grounds: Grounds) -> str:
    """Say to the poster why this firm: what it did and has, its description and name left to where it is shown."""
    found = facts(grounds, for_poster=True)
    deeds = joined([one.firm for one in found if one.firm])
    asides = [_unrepeated(one.aside, deeds, grounds) for one in found if one.aside]
    said = "; ".join(one for one in (deeds, *asides) if one)
    return f"{capitalised(said or 'its own words come close to what you ask for')}."


def facts(grounds: Grounds, *, for_poster: bool = False) -> list[Fact]:
    """Return at most three facts, the strongest first; none of them names a firm."""
    works = [one for one in grounds.works if not (for_poster and _by_poster(one, grounds))]
    found = [
        *(_work_fact(one) for one in works[:1]),
        *_person_fact(grounds),
        *_badge_fact(grounds),
        *_named_fact(grounds),
        *_declared_fact(grounds),
        *_said_fact(grounds),
    ]
    speakable = (one for one in found if not _names_a_firm(f"{one.you} {one.firm}", grounds))
    return _without_echo(speakable, for_poster=for_poster)[:MOST_FACTS]


def reasons(grounds: Grounds, weights: Weights) -> tuple[Reason, ...]:
    """Return a reason for every signal that has weight, the one that adds most first."""
    found = [
        Reason(name, round(grounds.values[name], 4), weight, *_evidence(name, grounds))
        for name in SIGNALS
        if (weight := getattr(weights, name)) > 0
    ]
    if grounds.is_new:
        found.append(Reason("new_here", 1.0, 0.0, "new here", "new here"))
    return tuple(sorted(found, key=lambda one: (-one.value * one.weight, one.name)))


def _work_fact(work: Collaboration) -> Fact:
    deed = as_deed(work.summary, work.ended_on.year)
    return Fact("past_work", deed, deed)


def _person_fact(grounds: Grounds) -> Iterable[Fact]:
    person, competency = grounds.coverage.person, grounds.competency
    if person is None or competency is None:
        return
    who = {"architect": "an architect", "senior": "a senior", "junior": "a junior"}.get(person.level, "somebody")
    free = when_free(person.free_from, grounds.today)
    able = f"{who} for {in_sentence(competency.label)}"
    yield Fact("free", f"have {able} {free}", aside=f"{able} is {free}")


def _unrepeated(aside: str, deeds: str, grounds: Grounds) -> str:
    """Leave the competency out of an aside where the sentence has named it already."""
    label = in_sentence(grounds.competency.label) if grounds.competency else ""
    return aside.replace(f" for {label}", "", 1) if label and label in deeds else aside


def _badge_fact(grounds: Grounds) -> Iterable[Fact]:
    badge = grounds.coverage.badge
    if badge is None or not grounds.coverage.badge_valid or not grounds.badge_label:
        return
    kind = badge.level if badge.level in ("designation", "specialization") else f"{badge.level} competency"
    held = f"the {kind} “{grounds.badge_label}”"
    yield Fact("coverage", f"hold {held}", f"holds {held}")


def _named_fact(grounds: Grounds) -> Iterable[Fact]:
    told = f"{grounds.badge_label} {grounds.competency.label if grounds.competency else ''}".split()
    fresh = [one for one in grounds.named if one not in told]
    if fresh:
        names = joined(fresh[:3])
        yield Fact("words", f"name {names} in your profile", f"names {names} in its profile")


def _declared_fact(grounds: Grounds) -> Iterable[Fact]:
    if grounds.coverage.declared and grounds.competency:
        label = in_sentence(grounds.competency.label)
        yield Fact("coverage", f"sell {label}", f"sells {label}", weak=True)


def _said_fact(grounds: Grounds) -> Iterable[Fact]:
    """Quote the partner to itself only: the poster could find the firm by its words."""
    if grounds.said and grounds.said.source == "profile" and quotable(grounds.said.text):
        yield Fact("meaning", f"say in your profile {quoted(grounds.said.text)}", weak=True)


def _without_echo(found: Iterable[Fact], *, for_poster: bool) -> list[Fact]:
    """Drop labels and quotes behind stronger facts; what the poster reads keeps one deed at least."""
    kept: list[Fact] = []
    for one in found:
        stronger = [other for other in kept if other.firm or not for_poster]
        if one.weak and stronger:
            continue
        kept.append(one)
    return kept


def _by_poster(work: Collaboration, grounds: Grounds) -> bool:
    return work.lead_id == grounds.opportunity.partner_id


def _names_a_firm(text: str, grounds: Grounds) -> bool:
    names = [name.casefold() for name in grounds.unspoken if len(name) > 2]
    plain = text.casefold()
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", plain) for name in names)


def _evidence(name: str, grounds: Grounds) -> tuple[str, str, bool]:
    """Give the evidence of one signal for the partner, for the poster, and whether it is private."""
    if grounds.values[name] <= 0:
        return "", "", False
    if name == "prior":
        return "", f"worked with you in {grounds.tie.last_year}" if grounds.tie.last_year else "knows you", True
    if name == "common":
        return "", "", True
    told = next((one for one in _all_facts(grounds) if one.signal == name), None)
    if told is not None:
        shown = name != "past_work" or not _by_poster(grounds.works[0], grounds)
        return f"you {told.you}", (told.firm or told.aside) if shown else "", not shown
    return (*_plain_evidence(name, grounds), False)


def _all_facts(grounds: Grounds) -> list[Fact]:
    found = [
        *(_work_fact(one) for one in grounds.works[:1]), *_person_fact(grounds), *_badge_fact(grounds),
        *_declared_fact(grounds), *_named_fact(grounds), *_said_fact(grounds),
    ]  # fmt: skip
    return [one for one in found if not _names_a_firm(f"{one.you} {one.firm}", grounds)]


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
