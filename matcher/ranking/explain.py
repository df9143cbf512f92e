"""Signals and the facts behind them become reasons and two sentences: to the partner, and to the poster, blind."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from matcher.ranking.graph import Tie
from matcher.ranking.grounds import WORTH_SAYING
from matcher.ranking.phrases import capitalised, joined
from matcher.ranking.site import about, km_to
from matcher.ranking.told import Fact, Grounds, Told, strongest, strongest_for_poster, told, work_record
from matcher.ranking.weights import SIGNALS, Weights
from matcher.terms import Partner, Reason
from matcher.terms.names import country_name

_SEVERAL = re.compile(r"[,;]\s| and ")
_NO_WORDS = "", ""
# What is said where no fact is: the first where its words come near in meaning, else the second.
COMES_CLOSE = "Your profile comes close to what is asked for.", "Its own words come close to what you ask for."
POINTS_TO_IT = "Only a little that we know of you points to this.", "Only a little that is known of it points to this."
# From these values on it is true in words: all languages, a size within the limits, what comes near in meaning. What is
# fainter is no reason that could be read.
WORTH_READING = {"language": 0.8, "size": 1.0, "meaning": WORTH_SAYING}
ACQUAINTANCE = "prior", "common"
NEXT_DOOR_KM = 10
NEW_HERE = Reason("new_here", 1.0, 0.0, "new here", "new here")


@dataclass(frozen=True, slots=True)
class Explained:
    """Reasons, and a sentence for each side."""

    reasons: tuple[Reason, ...]
    why_you: str
    why_them: str


def explained(grounds: Grounds, weights: Weights) -> Explained:
    """Say what a match rests on: a reason for each signal that has weight or is spoken of, what adds most first.

    To the partner it speaks of its own facts alone, for who posted is not to be guessed; to the poster of what the firm
    did and has: its description and name are left to where it is shown.
    """
    said = told(grounds)
    comes_close = grounds.values["meaning"] >= WORTH_SAYING
    you, them = COMES_CLOSE if comes_close else POINTS_TO_IT
    return Explained(
        _reasons(grounds, weights, said), _why_you(said.to_partner) or you, _why_them(said.to_poster) or them
    )


def _why_you(found: list[Fact]) -> str:
    said = [one.you for one in strongest(found)]
    if not said:
        return ""
    if len(said) > 1 and _SEVERAL.search(said[0]):
        return f"You {said[0]}, and you {joined(said[1:])}."
    return f"You {joined(said)}."


def _why_them(facts: list[Fact]) -> str:
    found = strongest_for_poster(facts)
    deeds = joined([one.firm for one in found if one.firm])
    said = "; ".join(one for one in (deeds, *(one.aside for one in found)) if one)
    return f"{capitalised(said)}." if said else ""


def _reasons(grounds: Grounds, weights: Weights, said: Told) -> tuple[Reason, ...]:
    mine, theirs, values = _by_signal(said.to_partner), _by_signal(said.to_poster), grounds.values
    found = []
    for nothing in _of_nothing(weights):
        name, value = nothing.name, values[nothing.name]
        if name in mine or name in theirs:
            if nothing.weight > 0 or name in mine:
                found.append(_told_reason(name, nothing.weight, value, mine.get(name), theirs.get(name)))
        elif nothing.weight > 0:
            is_nothing = value <= 0 and not (grounds.tie.works and name in ACQUAINTANCE)
            found.append(nothing if is_nothing else _reason(name, nothing.weight, value, grounds))
    if grounds.is_new:
        found.append(NEW_HERE)
    found.sort(key=_by_what_it_adds)
    return tuple(found)


def _by_what_it_adds(one: Reason) -> tuple[float, str]:
    return -one.value * one.weight, one.name


Facts = dict[str, Fact]


def _reason(name: str, weight: float, value: float, grounds: Grounds) -> Reason:
    """Return the reason for a signal that no fact stands behind."""
    if name in ACQUAINTANCE:
        return _of_acquaintance(name, weight, grounds)
    if name == "place":
        return _of_place(weight, round(value, 4), grounds)
    you, firm = _NO_WORDS if value < WORTH_READING.get(name, 0.0) else _plain_evidence(name, grounds)
    return _plain_reason(name, round(value, 4), weight, you, firm)


# Most reasons are those of another match too: their place in memory is shared.
@lru_cache(maxsize=16_384)
def _plain_reason(name: str, value: float, weight: float, you: str, firm: str) -> Reason:
    return Reason(name, value, weight, you, firm)


def _told_reason(name: str, weight: float, value: float, to_partner: Fact | None, to_poster: Fact | None) -> Reason:
    return Reason(
        name=name,
        value=round(value, 4),
        weight=weight,
        evidence=f"you {to_partner.you}" if to_partner else "",
        evidence_for_poster=(to_poster.firm or to_poster.aside) if to_poster else "",
        private=name == "past_work" and to_poster is None,
        rests_on=tuple(dict.fromkeys(one.rests_on for one in (to_partner, to_poster) if one)),
    )


def _of_acquaintance(name: str, weight: float, grounds: Grounds) -> Reason:
    """Word who worked with whom: private, and for the poster alone."""
    value = grounds.values[name]
    rests_on = _rests_on_work(grounds) if name == "prior" else _rests_on_others(grounds)
    if value <= 0:
        return Reason(name, round(value, 4), weight, rests_on=rests_on)
    said = _in_common(grounds) if name == "common" else _prior_words(grounds.tie, grounds.today)
    return Reason(name, round(value, 4), weight, "", said, private=True, rests_on=rests_on)


def _by_signal(found: list[Fact]) -> Facts:
    return {one.signal: one for one in reversed(found)}


@lru_cache(maxsize=64)
def _of_nothing(weights: Weights) -> tuple[Reason, ...]:
    """Give the reason for each signal where it has no value."""
    rests_on = {"common": ("0 common partners",)}
    return tuple(
        Reason(name, 0.0, max(getattr(weights, name), 0.0), rests_on=rests_on.get(name, ())) for name in SIGNALS
    )


def _prior_words(tie: Tie, today: date) -> str:
    if tie.works and tie.works[0].ended_on > today:
        return "works with you"
    return f"worked with you in {tie.last_year}" if tie.last_year else "knows you"


def _in_common(grounds: Grounds) -> str:
    """Count the shared partners and name none: who works with whom is theirs to tell."""
    n_common = len(grounds.common_ids)
    firms = "a firm that has" if n_common == 1 else f"{n_common} firms that have"
    return f"has worked with {firms} worked with you" if n_common else ""


def _rests_on_work(grounds: Grounds) -> tuple[str, ...]:
    return tuple(work_record(one) for one in grounds.tie.works)


def _rests_on_others(grounds: Grounds) -> tuple[str, ...]:
    return (f"{len(grounds.common_ids)} common partners", *(f"partner {one}" for one in grounds.common_ids))


def _plain_evidence(name: str, grounds: Grounds) -> tuple[str, str]:
    """Word a signal with no record of its own behind it."""
    if name == "size" and not _names_a_size(grounds.partner):
        return _NO_WORDS
    return _plain_words(grounds.opportunity.industry, len(grounds.opportunity.languages)).get(name, _NO_WORDS)


def _of_place(weight: float, value: float, grounds: Grounds) -> Reason:
    """Say how far a firm sits from work on site, never in which town: few sit in a small one."""
    opportunity, partner = grounds.opportunity, grounds.partner
    km, at_home = km_to(opportunity, partner.country, partner.city), partner.country == opportunity.country
    country = f"in {country_name(opportunity.country)}"
    if km is None:
        return _plain_reason(
            "place", value, weight, *((f"you are {country}", f"is {country}") if at_home else _NO_WORDS)
        )
    far = f"about {about(km)} km from {opportunity.town}, {country if at_home else 'in another country'}"
    far = f"in or near {opportunity.town}" if at_home and km <= NEXT_DOOR_KM else far
    crow = f"{about(km)} km as the crow flies"
    return Reason("place", value, weight, f"you are {far}", f"is {far}", rests_on=(crow,))


def _names_a_size(partner: Partner) -> bool:
    return partner.min_eur > 0 or partner.max_eur > 0


@lru_cache(maxsize=1024)
def _plain_words(industry: str, n_languages: int) -> dict[str, tuple[str, str]]:
    """Word, for both sides, signals with no record of their own behind them."""
    languages = "language" if n_languages == 1 else "languages"
    return {
        "meaning": ("your own words come close to what is asked for", "its own words come close to what you ask for"),
        "language": (f"you speak the {languages} of the work", f"speaks the {languages} of the work"),
        "industry": (f"you know {industry}", f"knows {industry}"),
        "size": ("you take work of this size", "takes work of this size"),
    }
