"""A small market for tests of pages: a poster, partners that fit, and everything up to where a test begins."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matcher import exchange, wording
from matcher.models import Contact, Introduction, Letter, Match, Opportunity
from matcher.posting import PostingFacts
from matcher.store import letters
from matcher.store.letters import Draft
from matcher.terms import Act
from tests.web.visiting import firm
from web.links import Links
from web.settings import Settings

NOW = datetime.now(UTC)
TEXT = "We move Hallmann Brewery GmbH from Lotus Notes to Exchange Online. We need somebody for 400 mailboxes."
FACTS = PostingFacts(f"31 March {NOW.year + 2}", "Dublin, on site", "we pay the partner 650 euros a day")
PARTNERS = (("Quay Nets", "ana@quay.example"), ("Fjord Mail", "ola@fjord.example"), ("Isar Cloud", "eva@isar.example"))
GOOD = {"text": TEXT, "due": "March", "place": "remote", "pays": "we pay", "email": "Anna@Alder.example"}


@dataclass(frozen=True, slots=True)
class Market:
    """The way to the pages and into the database."""

    engine: Engine
    settings: Settings

    @property
    def links(self) -> Links:
        return Links(self.settings, NOW.date())

    def path(self, link: str) -> str:
        return link.removeprefix(self.settings.base_url)

    def page(self, opportunity_id: int) -> str:
        return self.path(self.links.opportunity(opportunity_id))

    def draft(self, opportunity_id: int) -> str:
        return self.path(self.links.draft(opportunity_id))

    def side(self, introduction_id: int, side: str) -> str:
        return self.path(self.links.introduction(introduction_id, side))

    def do(self, act: Callable[[Session], object]) -> None:
        """Let a verb run in a transaction of its own."""
        with Session(self.engine) as session, session.begin():
            act(session)

    def opportunity(self, opportunity_id: int) -> Opportunity:
        with Session(self.engine, expire_on_commit=False) as session:
            return session.get_one(Opportunity, opportunity_id)

    def introduction(self, introduction_id: int) -> Introduction:
        with Session(self.engine, expire_on_commit=False) as session:
            return session.get_one(Introduction, introduction_id)

    def letters(self, kind: str) -> list[Letter]:
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.query(Letter).filter_by(kind=kind).order_by(Letter.id))

    def post(self, text: str = TEXT) -> int:
        """Send in a posting; it is in draft afterwards."""
        sent = exchange.Submission(f"web:{text}", "web", "anna@alder.example", text, firm="Alder IT", facts=FACTS)
        with Session(self.engine) as session, session.begin():
            return exchange.publish(session, sent, now=NOW).id

    def matched(self, opportunity_id: int) -> list[int]:
        """Let three partners be found for an opportunity; return their contacts."""
        found = [firm(self.engine, name, email, country="IE", n_people=3) for name, email in PARTNERS]
        with Session(self.engine) as session, session.begin():
            for place, contact_id in enumerate(found, start=1):
                session.add(_match(opportunity_id, session.get_one(Contact, contact_id).partner_id, place))
            session.get_one(Opportunity, opportunity_id).matched_at = NOW
        return found

    def opened(self) -> int:
        """Post, find partners and say ok."""
        opportunity_id = self.post()
        self.matched(opportunity_id)
        with Session(self.engine) as session, session.begin():
            exchange.confirm(session, session.get_one(Opportunity, opportunity_id), how="a test", now=NOW)
        return opportunity_id

    def asked(self, opportunity_id: int) -> list[tuple[int, str]]:
        """Put an opportunity before all its matches; return each introduction with the path of its offer."""
        with Session(self.engine) as session, session.begin():
            found = session.query(Match).filter_by(opportunity_id=opportunity_id).order_by(Match.place).all()
            return [self._ask(session, each) for each in found]

    def _ask(self, session: Session, match: Match) -> tuple[int, str]:
        to = match.partner.contacts[0]
        asked = Introduction(
            opportunity_id=match.opportunity_id, partner_id=match.partner_id, contact_id=to.id, match_id=match.id,
            state="asked", created_at=NOW,
        )  # fmt: skip
        session.add(asked)
        session.flush()
        introduction_id, offer = asked.id, wording.offer(asked, 2)
        key = f"digest:{introduction_id}"
        values = {"day": NOW.date().isoformat(), "offers": [offer]}
        letter_id = letters.write(session, Draft(key, "digest", to, values, [(2, introduction_id)]), at=NOW)
        assert letter_id
        return introduction_id, self.path(self.links.offer(letter_id, 2))

    def says(self, introduction_id: int, verb: str, text: str = "") -> None:
        """Let a partner answer an offer."""
        with Session(self.engine) as session, session.begin():
            row = session.get_one(Introduction, introduction_id)
            exchange.answer(session, row, Act(verb, 2, text), how="a test", now=NOW)

    def met(self) -> tuple[int, int]:
        """Play everything up to the introduction of the first partner; return opportunity and introduction."""
        opportunity_id = self.opened()
        introduction_id = self.asked(opportunity_id)[0][0]
        self.says(introduction_id, "yes", "Two people are free.")
        with Session(self.engine) as session, session.begin():
            row = session.get_one(Opportunity, opportunity_id)
            exchange.choose(session, row, [1], how="a test", now=NOW)
        return opportunity_id, introduction_id


def _match(opportunity_id: int, partner_id: int, place: int) -> Match:
    reasons = [
        {"name": "prior", "value": 1, "weight": 1, "evidence": "", "evidence_for_poster": "worked with you in 2024",
         "private": True},
        {"name": "industry", "value": 1, "weight": 1, "evidence": "", "evidence_for_poster": "knows breweries",
         "private": False},
    ]  # fmt: skip
    return Match(
        opportunity_id=opportunity_id, partner_id=partner_id, version="test", place=place, score=1 - place / 10,
        reasons=reasons, why_you=f"You moved {place}00 mailboxes in 2024.",
        why_them=f"Moved {place}00 mailboxes in 2024.",
    )  # fmt: skip
