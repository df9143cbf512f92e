"""Races of people who answer: for the last place at once, or just as the other side takes it back."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.ground import Ground
from matcher import exchange
from matcher.exchange.answering import N_AT_ONCE
from matcher.models import Collaboration, Introduction, Letter, Opportunity
from matcher.terms import Act as Wish
from matcher.wording import Said
from tests import factories as make
from tests.factories import NOW
from tests.races.race import Act, done, holds
from web.db import transaction

HOW = "a race"
PASSED_ON, INTRODUCED = "is with the poster", "You are introduced to"


def says(g: Ground, introduction_id: int, verb: str) -> Said:
    """Let a partner say something about an offer."""

    def answer(session: Session) -> Said:
        row = session.get_one(Introduction, introduction_id)
        return exchange.answer(session, row, Wish(verb, 1), how=HOW, now=NOW)

    return done(g, answer)  # type: ignore[no-any-return]


class LastPlace:
    """Two partners say yes when one place is left among those that the poster is told of at once."""

    name, head_start_s = "two accepts for the last place", 0.008

    def __init__(self, g: Ground):
        self.g = g

    def prepare(self, k: int) -> tuple[Act, Act]:
        with transaction(self.g.engine) as session:
            row = make.opportunity(session, make.firm(session, f"alder{k}"))
            for n in range(N_AT_ONCE - 1):
                make.asked(session, row, make.firm(session, f"early{k}-{n}"), state="accepted", told_at=NOW)
            late = [make.asked(session, row, make.firm(session, f"late{k}-{n}")).id for n in range(2)]
            self.opportunity_id, self.late = row.id, late
        return lambda: says(self.g, late[0], "yes"), lambda: says(self.g, late[1], "yes")

    def judge(self, first: Said, second: Said) -> str:
        holds(PASSED_ON in first.heading and PASSED_ON in second.heading, f"told: {first.heading} {second.heading}")
        with transaction(self.g.engine) as session:
            of_it = select(Introduction).where(Introduction.opportunity_id == self.opportunity_id)
            rows = {each.id: each for each in session.scalars(of_it)}
            numbers = sorted(each.number or 0 for each in rows.values())
            letters = list(session.scalars(select(Letter.refs).where(Letter.kind == "interested")))
            told = [each for each in self.late if rows[each].told_at]
        holds(numbers == list(range(1, N_AT_ONCE + 2)), f"the poster sees the numbers {numbers}")
        holds(len(told) == 1, f"{len(told)} got the last place")
        holds(len(letters) == 1, f"the poster got {len(letters)} letters")
        shown = [ref[1] for ref in letters[0]]
        holds(told[0] in shown and len(shown) == N_AT_ONCE, f"{told} got the place, and the letter shows {shown}")
        return ("first", "second")[self.late.index(told[0])]

    def close(self) -> None:
        """Nothing was started."""


class YesAndWithdrawal:
    """A partner says yes while the poster withdraws; in every other round, takes its yes back while it is chosen."""

    name, head_start_s = "reply and withdrawal", 0.008

    def __init__(self, g: Ground):
        self.g = g

    def prepare(self, k: int) -> tuple[Act, Act]:
        self.is_choice = k % 2 == 1
        with transaction(self.g.engine) as session:
            row = make.opportunity(session, make.firm(session, f"alder{k}"))
            state = {"state": "accepted", "told_at": NOW} if self.is_choice else {}
            asked = make.asked(session, row, make.firm(session, f"quay{k}"), **state)
            self.opportunity_id, self.asked = row.id, asked.id
        if self.is_choice:
            return lambda: says(self.g, self.asked, "no"), self._choose
        return lambda: says(self.g, self.asked, "yes"), self._withdraw

    def _choose(self) -> Said:
        def choose(session: Session) -> Said:
            row = session.get_one(Opportunity, self.opportunity_id)
            session.get_one(Introduction, self.asked)  # as a page or a reply has read it before
            return exchange.choose(session, row, [1], how=HOW, now=NOW)

        return done(self.g, choose)  # type: ignore[no-any-return]

    def _withdraw(self) -> Said:
        def withdraw(session: Session) -> Said:
            return exchange.withdraw(session, session.get_one(Opportunity, self.opportunity_id), now=NOW)

        return done(self.g, withdraw)  # type: ignore[no-any-return]

    def judge(self, partner: Said, poster: Said) -> str:
        with transaction(self.g.engine) as session:
            state = session.get_one(Introduction, self.asked).state
            kinds = sorted(session.scalars(select(Letter.kind)))
        found = f"state {state}, letters {kinds}, partner told “{partner.heading}”, poster told “{poster.heading}”"
        legal = _after_choice if self.is_choice else _after_withdrawal
        winner = legal(state, kinds, partner.heading, poster.heading)
        holds(bool(winner), found)
        return winner

    def close(self) -> None:
        """Nothing was started."""


def _after_withdrawal(state: str, kinds: list[str], partner: str, poster: str) -> str:
    """Name the winner where it ended lawfully: whoever was told that its yes counts is told of the end as well."""
    if state != "lapsed" or not poster.endswith("is closed."):
        return ""
    if PASSED_ON in partner and kinds == ["interested", "waitlisted"]:
        return "the yes"
    return "the withdrawal" if "is closed" in partner and kinds == [] else ""


def _after_choice(state: str, kinds: list[str], partner: str, poster: str) -> str:
    if state == "introduced" and INTRODUCED in poster and "not possible any more" in partner:
        return "the choice" if kinds == ["introduction", "introduction"] else ""
    told = partner.startswith("Noted") and "introduced" not in poster
    return "the no" if state == "declined" and told and kinds == [] else ""


class OkAndNewSum:
    """The poster agrees to a sum while the partner reports another one."""

    name, head_start_s = "ok and another sum", 0.008

    def __init__(self, g: Ground):
        self.g = g

    def prepare(self, k: int) -> tuple[Act, Act]:
        with transaction(self.g.engine) as session:
            row = make.opportunity(session, make.firm(session, f"alder{k}"))
            met = make.asked(session, row, make.firm(session, f"quay{k}"), state="introduced")
            exchange.record_outcome(session, met, met.contact, result="won", revenue_eur=12000, now=NOW)
            self.met = met.id
        return self._agree, self._report

    def _agree(self) -> Said:
        def agree(session: Session) -> Said:
            row = session.get_one(Introduction, self.met)
            return exchange.confirm_outcome(session, row, row.opportunity.contact, shown=("won", "€12,000"), now=NOW)

        return done(self.g, agree)  # type: ignore[no-any-return]

    def _report(self) -> Said:
        def report(session: Session) -> Said:
            row = session.get_one(Introduction, self.met)
            return exchange.record_outcome(session, row, row.contact, result="won", revenue_eur=120000, now=NOW)

        return done(self.g, report)  # type: ignore[no-any-return]

    def judge(self, poster: Said, partner: Said) -> str:
        with transaction(self.g.engine) as session:
            edges = list(
                session.scalars(select(Collaboration.revenue_eur).where(Collaboration.introduction_id == self.met))
            )
        agreed = poster.heading == "Confirmed by both sides."
        holds(edges == ([12000] if agreed else []), f"edges {edges}, poster told “{poster.heading}”, {partner.heading}")
        holds(agreed or "now reports: won, worth €120,000" in poster.heading, f"poster told “{poster.heading}”")
        return "the ok" if agreed else "the other sum"

    def close(self) -> None:
        """Nothing was started."""


RACES: tuple[Any, ...] = (LastPlace, YesAndWithdrawal, OkAndNewSum)
