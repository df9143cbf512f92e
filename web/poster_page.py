"""An opportunity and who opened its page → what the page shows, blind until two sides agreed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort
from sqlalchemy.orm import Session

from matcher import wording
from matcher.exchange import own_reading
from matcher.models import Introduction, IntroductionStep, Match, Opportunity
from matcher.posting import questions
from matcher.store import introductions, matches, network, postings
from matcher.terms import FLOOR
from web import saying
from web.together import Together, together

N_SHOWN = 10
N_REASONS = 3
NEW_HERE = "new_here"  # the name of a reason
MET = ("introduced", "closed")


@dataclass(frozen=True, slots=True)
class Access:
    """Who looks: `page` came by mail and proves the address, `draft` was given to whoever filled in the form."""

    token: str
    purpose: str
    row: Opportunity

    @property
    def is_owner(self) -> bool:
        return self.purpose == "page"

    @property
    def is_shown(self) -> bool:
        """Tell whether there is anything to see: once it is open, only for who has proven the address."""
        return self.is_owner or self.row.state == "draft"


@dataclass(frozen=True, slots=True)
class Shown:
    """One match, as the poster reads it: its number in the list, no name."""

    number: int
    who: str
    why: str
    reasons: tuple[str, ...]
    new: bool = False  # here for a short time; it says why somebody with little to show stands so far up


@dataclass(frozen=True, slots=True)
class Found:
    """Who fits well enough to be asked, and behind them who fits less well; and who of them covers it together."""

    matches: tuple[Shown, ...]
    near: tuple[Shown, ...]
    together: Together


@dataclass(frozen=True, slots=True)
class Asked:
    """A partner's question that waits for an answer."""

    introduction_id: int
    who: str
    words: str
    step_id: int


@dataclass(frozen=True, slots=True)
class Met:
    """A partner that the poster was introduced to, by name, with the link to their page."""

    firm: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class PosterPage:
    """Everything that a poster's page says."""

    access: Access
    title: str
    blind_text: str
    needs: list[dict[str, Any]]
    left_out: list[str]  # what the poster does itself; told to nobody else
    facts: list[list[str]]
    hidden: list[dict[str, str]]
    questions: tuple[str, ...]
    address: str
    found: Found
    n_asked: int
    interested: list[dict[str, Any]]
    waitlisted: list[dict[str, Any]]
    asked: tuple[Asked, ...]
    met: tuple[Met, ...]
    terms: dict[str, str]
    closes: str


def access(session: Session, token: str) -> Access:
    """Open an opportunity's page by its token; 404 or 410 when the token opens nothing."""
    purpose, number = saying.opened_as(token, "page", "draft")
    row = postings.with_needs(session, number)
    return Access(token, purpose, row) if row else abort(404)


def owned(session: Session, token: str) -> Opportunity:
    """Open an opportunity to decide something about it; 403 when the address is not proven."""
    opened = access(session, token)
    return opened.row if opened.is_owner else abort(403)


def fill(session: Session, opened: Access, *, now: datetime) -> PosterPage:
    """Collect what the page shows to whoever opened it."""
    row = opened.row
    read = postings.as_poster_reads(row) if opened.is_owner else row
    keys = {key for need in row.needs for key in need.competency_keys}
    known = {each.key: each for each in network.competencies(session, keys=keys)}
    listed = introductions.for_poster(session, row.id, "accepted", "waitlisted", *MET)
    asked = introductions.excluded_partners(session, row.id)
    return PosterPage(
        access=opened,
        title=read.title,
        blind_text=read.blind_text,
        needs=wording.needs(read, known),
        left_out=own_reading.left_out(row, known) if opened.is_owner else [],
        facts=wording.facts(read),
        hidden=wording.hidden(read),
        questions=questions(tuple(read.missing)) if row.state == "draft" else (),
        address=hidden_address(row.contact.email),
        found=found(session, opened, asked),
        n_asked=len(asked),
        interested=[wording.interested(each, now=now) for each in listed if each.state == "accepted"],
        waitlisted=[wording.interested(each, now=now) for each in listed if each.state == "waitlisted"],
        asked=tuple(_asked(each, step) for each in listed if (step := introductions.open_question(each))),
        met=tuple(_met(each) for each in listed if each.state in MET),
        terms=wording.terms(row, side="poster"),
        closes=wording.day(row.closes_on),
    )


def found(session: Session, opened: Access, asked: Collection[int]) -> Found:
    """List the best matches, those first who are or could be asked, and who covers it together.

    `asked` are the partners that were asked already. An unproven address does not see who worked with whom.
    """
    row, visible = opened.row, _all_reasons if opened.is_owner else _public_reasons
    best = matches.for_poster(session, row.id, limit=N_SHOWN)
    fits = [each for each in best if each.partner_id in asked or _could_be_asked(each)]
    ordered = [*fits, *(each for each in best if each not in fits)]
    listed = [each for at, each in enumerate(ordered) if at < N_SHOWN or each.team_needs]
    shown = [_shown(number, each, visible(each)) for number, each in enumerate(listed, start=1)]
    n_fit = sum(each in fits for each in listed)
    return Found(tuple(shown[:n_fit]), tuple(shown[n_fit:]), together(row, listed))


def hidden_address(email: str) -> str:
    """Show an address to somebody who may not be its owner: "a…@firm.example"."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"


def question(row: Introduction, step_id: str) -> str:
    """Return the partner's question with this number; empty when it asked no such one."""
    asked = (step for step in row.steps if (step.side, step.what) == ("partner", "question"))
    return next((step.words for step in asked if str(step.id) == step_id), "")


def _all_reasons(match: Match) -> list[dict[str, Any]]:
    return list(match.reasons)


def _public_reasons(match: Match) -> list[dict[str, Any]]:
    return [each for each in match.reasons if not each.get("private")]


def _could_be_asked(match: Match) -> bool:
    return FLOOR.asks(match.score, place=match.place, in_team=bool(match.team_needs))


def _shown(number: int, match: Match, reasons: list[dict[str, Any]]) -> Shown:
    is_new = any(each["name"] == NEW_HERE for each in reasons)
    others = [each for each in reasons if each["name"] != NEW_HERE]
    told = [each for reason in others if (each := str(reason.get("evidence_for_poster", "")))]
    new = [each for each in dict.fromkeys(told) if each.lower() not in match.why_them.lower()]
    n_left = max(0, N_REASONS - (len(set(told)) - len(new)))
    return Shown(number, wording.who(match.partner), match.why_them, tuple(new[:n_left]), is_new)


def _asked(row: Introduction, step: IntroductionStep) -> Asked:
    return Asked(row.id, wording.who(row.partner), step.words, step.id)


def _met(row: Introduction) -> Met:
    path = saying.path_of(saying.links().introduction(row.id, "poster"))
    return Met(row.partner.name, row.contact.name, path)
