"""An introduction as one side sees it: the other side once both agreed, the history, the terms, the outcome."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher import wording
from matcher.models import Contact, Introduction, IntroductionStep, Outcome, Partner
from matcher.store import introductions

MET = ("introduced", "closed")
IN_THE_LINE = ("won", "lost", "confirmed")  # their words are part of the sentence
OWN_AFFAIR = ("declined", "later", "referred")  # what a partner says to us, not to the poster
LINES = {
    "accepted": "{who} said yes.",
    "declined": "{who} said no.",
    "later": "{who} asked to be reminded later.",
    "referred": "{who} named somebody else.",
    "question": "{who} asked:",
    "answer": "{who} answered:",
    "waitlisted": "{who} did not choose {it} for now.",
    "introduced": "{who} chose {it}, and one letter with both addresses went to each side.",
    "closed": "The poster finished looking.",
    "won": "{who} reported: won{sum}.",
    "lost": "{who} reported: lost.",
    "not yet": "{who} could not tell yet what came of it.",
    "disputed": "{who} saw it differently:",
    "confirmed": "Both sides agree. It is on record.",
}


@dataclass(frozen=True, slots=True)
class Mine:
    """An introduction and the side that looks at it."""

    row: Introduction
    side: str  # poster, partner

    @property
    def reader(self) -> Contact:
        return self.row.opportunity.contact if self.side == "poster" else self.row.contact

    @property
    def other(self) -> Contact:
        return self.row.contact if self.side == "poster" else self.row.opportunity.contact

    @property
    def other_firm(self) -> Partner:
        return self.row.partner if self.side == "poster" else self.row.opportunity.partner


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history, told to the side that reads it."""

    at: datetime
    told: str
    words: str


@dataclass(frozen=True, slots=True)
class SidePage:
    """Everything that one side's page says."""

    mine: Mine
    is_met: bool
    who: str
    email: str
    about: list[tuple[str, str]]
    why: str
    facts: list[list[str]]
    text: str
    terms: dict[str, str]
    lines: tuple[Line, ...]
    my_report: Outcome | None
    their_report: Outcome | None
    agreed: Outcome | None  # what is on record, as long as both sides stand by it


def fill(session: Session, mine: Mine) -> SidePage:
    """Collect what the page shows; before both sides agreed, nothing in it names the other one."""
    row, is_met = mine.row, mine.row.state in MET
    reports = introductions.outcomes(session, row.id)
    return SidePage(
        mine=mine,
        is_met=is_met,
        who=mine.other_firm.name if is_met else wording.who(mine.other_firm),
        email=mine.other.email if is_met else "",
        about=_about(mine) if is_met else [],
        why=_why(mine),
        facts=wording.facts(row.opportunity),
        text=_text(mine),
        terms=wording.terms(row.opportunity, side=mine.side),
        lines=(_first_line(mine), *(_line(mine, step) for step in row.steps if _is_told(mine, step))),
        my_report=next((each for each in reports if each.contact_id == mine.reader.id), None),
        their_report=next((each for each in reports if each.contact_id == mine.other.id), None),
        agreed=reports[0] if [each.state for each in reports] == ["confirmed"] * 2 else None,
    )


def _about(mine: Mine) -> list[tuple[str, str]]:
    firm = mine.other_firm
    where = ", ".join(each for each in (firm.city, wording.country_name(firm.country)) if each)
    return [("Name", mine.other.name), ("Firm", firm.name), ("Mail", mine.other.email), ("Place", where),
            ("People", str(firm.n_people or ""))]  # fmt: skip


def _why(mine: Mine) -> str:
    if mine.row.match is None:
        return ""
    return mine.row.match.why_them if mine.side == "poster" else mine.row.match.why_you


def _text(mine: Mine) -> str:
    """Give the poster its own words, and the partner the same words once they met; the blind version before."""
    if mine.side == "poster" or mine.row.state in MET:
        return mine.row.opportunity.posting.text
    return mine.row.opportunity.blind_text


def _first_line(mine: Mine) -> Line:
    asked = (
        "This was put before you, in a digest." if mine.side == "partner" else "Your project was put before a partner."
    )
    return Line(mine.row.created_at, asked, "")


def _is_told(mine: Mine, step: IntroductionStep) -> bool:
    if step.what == introductions.NOT_YET:
        return step.side == mine.side
    return step.what != "asked" and (mine.side == "partner" or step.what not in OWN_AFFAIR)


def _line(mine: Mine, step: IntroductionStep) -> Line:
    told = LINES.get(step.what, "{who}: " + step.what)
    it = "you" if mine.side == "partner" else _other_words(mine)
    amount = f", {step.words}" if step.words else ""
    words = "" if step.what in IN_THE_LINE else step.words
    return Line(step.at, told.format(who=_who(mine, step), it=it, sum=amount), words)


def _who(mine: Mine, step: IntroductionStep) -> str:
    if step.side == mine.side:
        return "You"
    return "Counterpart" if step.side == "counterpart" else _capital(_other_words(mine))


def _other_words(mine: Mine) -> str:
    if mine.row.state in MET:
        return mine.other_firm.name
    return "the partner" if mine.side == "poster" else "the poster"


def _capital(words: str) -> str:
    """Begin a sentence; the names of firms stay as their owners write them."""
    return words.replace("the ", "The ", 1) if words.startswith("the ") else words
