"""Words of one side of an introduction → the letter that the other side reads, which threads in its mail program."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from matcher import wording
from matcher.models import Contact, Introduction
from matcher.relay import TOOK_OUT, Passed
from matcher.store import introductions, network
from matcher.store.letters import Draft
from matcher.terms import Inbound
from matcher.wording import Said

OTHER = {"poster": "partner", "partner": "poster"}
TALK = ("question", "answer")
ATTACHED = "Attachments are not passed on before both sides agree; describe in words what is in it."


def passable(session: Session, row: Introduction, text: str, mail: Inbound | None) -> Passed:
    """Take out of a text what the other side must not know yet."""
    people = [
        person.name for firm in (row.opportunity.partner, row.partner) for person in network.people_of(session, firm.id)
    ]
    keys = wording.linker_of(network.competencies(session)).keys
    return wording.scrub(text, wording.known(row, mail, people), keys)


def refusal(passed: Passed, what: str) -> Said:
    """Say that nothing was left to pass on."""
    lines = (passed.sentence, f"Write {what} in words, and it is passed on.")
    return Said("Your message held only names and addresses, so it was not passed on.", lines, tone="refused")


def what_was_taken(passed: Passed, *lines: str) -> tuple[str, ...]:
    """Put the sentence about what was taken out before other lines."""
    return tuple(line for line in (passed.sentence, *lines) if line)


def taken_in(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Pick the sentence about what was taken out from the lines of an answer."""
    return tuple(line for line in lines if line.startswith(TOOK_OUT))


def without_files(said: Said, mail: Inbound) -> Said:
    """Tell a sender whose words were dealt with that the attachment was not."""
    return replace(said, lines=(*said.lines, ATTACHED)) if mail.attachments else said


def only_files() -> Said:
    """Answer a mail that has an attachment and no words."""
    return Said("Your mail had an attachment and no words, so nothing was passed on.", (ATTACHED,), tone="refused")


def was_asked_last(session: Session, row: Introduction, side: str, words: str) -> bool:
    """Tell whether the newest that both sides said is this very question of one of them."""
    session.expire(row, ["steps"])  # those of before the lock may lack what a twin of this wish has written
    last = next((step for step in reversed(row.steps) if step.what in TALK), None)
    return last is not None and (last.side, last.what, last.words) == (side, "question", words)


def threaded(session: Session, draft: Draft, row: Introduction, to: str) -> Draft:
    """Let a letter to one side follow that side's own newest mail and letter; never an id of the other side's."""
    contact = _contact(row, to)
    values: dict[str, Any] = {**draft.values, "follows": introductions.newest_letter(session, row, contact.id)}
    values["goes_on"] = _has_talked(row, to)
    return replace(draft, values=values, in_reply_to=introductions.newest_mail(row, to))


def _contact(row: Introduction, side: str) -> Contact:
    return row.opportunity.contact if side == "poster" else row.contact


def _has_talked(row: Introduction, side: str) -> bool:
    """Tell whether this side got a letter of the conversation before: every step of the other side but the newest."""
    return sum(step.side == OTHER[side] and step.what in TALK for step in row.steps) > 1
