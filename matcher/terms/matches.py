"""Who fits and why: candidates, matches with reasons, teams, and whoever a rule took out."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a candidate stands where it does: a signal, its value in [0, 1], its weight, the evidence in plain words."""

    name: str
    value: float
    weight: float
    evidence: str = ""  # as the matched partner reads it: "you migrated 400 Notes mailboxes in 2023"
    evidence_for_poster: str = ""  # the same fact as the poster may read it, without the firm's name
    private: bool = False  # rests on who worked with whom: shown to the poster only once its address is proven
    rests_on: tuple[str, ...] = ()  # the records behind it, for whoever checks; names people and firms: never shown


@dataclass(frozen=True, slots=True)
class Match:
    """A scored candidate. Score in [0, 1]; place counts from 1."""

    opportunity_id: int
    partner_id: int
    place: int
    score: float
    reasons: tuple[Reason, ...]
    why_you: str  # one sentence, to the matched partner
    why_them: str  # one sentence, to the poster, without the partner's name
    signals: tuple[tuple[float, ...], ...] = ()  # a row of values for each need, in the order of the model's columns


@dataclass(frozen=True, slots=True)
class TeamPerson:
    """One person whom a partner could put on an opportunity: its needs by position, its free days a month."""

    name: str  # unlike any other of the same partner
    serves: frozenset[int]
    free_days: int = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A partner for a team: it passed every hard rule and has a score in [0, 1] for each need that it covers."""

    partner_id: int
    scores: Mapping[int, float]  # by position of the need
    people: tuple[TeamPerson, ...]
    conflict_ids: frozenset[int] = frozenset()
    tied_ids: frozenset[int] = frozenset()  # partners that it has worked with


@dataclass(frozen=True, slots=True)
class Part:
    """What one partner does in a team: its needs by position, which person serves which, its scores summed up."""

    partner_id: int
    needs: tuple[int, ...]
    people: tuple[tuple[int, str], ...] = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Team:
    """The fewest partners with distinct people that cover an opportunity; `gap` 0.0: proven that none is better."""

    parts: tuple[Part, ...]
    uncovered: tuple[int, ...] = ()  # needs that nobody covers, by position
    n_ties: int = 0
    score: float = 0.0
    gap: float = 0.0


@dataclass(frozen=True, slots=True)
class Reserve:
    """Who stands behind the matches of an opportunity, in order: asked where those before have enough already."""

    partner_ids: tuple[int, ...] = ()
    scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Removed:
    """A candidate that a hard rule took out, and the sentence that says which."""

    partner_id: int
    rule: str
    sentence: str
