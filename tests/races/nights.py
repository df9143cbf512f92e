"""Races of the night: with another run of the same day, with somebody who unsubscribes, with a profile that changes."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs import deliver, digest
from jobs.ground import Ground, now
from matcher import exchange, matching
from matcher.digest import MAX_PARTNERS
from matcher.matching import Shelf
from matcher.models import Contact, Digest, Exposure, Introduction, Letter, Match, Opportunity, Partner, Suppression
from tests import factories as make
from tests.factories import DAY, NOW
from tests.fakes import HashEmbedder
from tests.jobs.postoffice import PostOffice, open_post_office
from tests.races.race import Act, done, holds
from web.db import transaction

HOW = "a race"


class TwoDigests:
    """Two runs for one day; before the second begins, one more opportunity opens. One has a single place left."""

    name, head_start_s = "two digest runs for a day", 0.03
    N_READERS = 4

    def __init__(self, g: Ground):
        self.g = g

    def prepare(self, k: int) -> tuple[Act, Act]:
        with transaction(self.g.engine) as session:
            poster = make.firm(session, f"alder{k}", digest="paused")
            full, wide, new = (make.opportunity(session, poster, matched_at=NOW) for _ in range(3))
            for n in range(MAX_PARTNERS - 1):
                make.asked(session, full, make.firm(session, f"asked{k}-{n}", digest="paused"))
            for n in range(self.N_READERS):
                reader = make.firm(session, f"quay{k}-{n}")
                for row in (full, wide, new):
                    make.match(session, row, reader.partner_id, score=0.5 + n / 100)
            new.state = "draft"
            self.full, self.new = full.id, new.id
        return self._run, self._open_and_run

    def _run(self) -> int:
        return digest.digest_day(self.g, DAY, at=NOW)

    def _open_and_run(self) -> int:
        with transaction(self.g.engine) as session:
            session.get_one(Opportunity, self.new).state = "open"
        return self._run()

    def judge(self, first: int, second: int) -> str:
        with transaction(self.g.engine) as session:
            digests = list(session.scalars(select(Digest.letter_id).order_by(Digest.letter_id)))
            letters = {each.id: each.refs for each in session.scalars(select(Letter).where(Letter.kind == "digest"))}
            asked = set(session.scalars(select(Introduction.id).join(Contact).where(Contact.digest == "daily")))
            shown = session.scalar(select(func.count(Exposure.id)))
            n_full = session.scalar(select(func.count()).where(Introduction.opportunity_id == self.full))
        told = [ref[1] for refs in letters.values() for ref in refs]
        holds(digests == sorted(letters) and len(letters) == self.N_READERS, f"{len(letters)} letters, {digests}")
        holds(first + second == self.N_READERS, f"the runs counted {first} and {second}")
        holds(sorted(told) == sorted(asked), f"asked {sorted(asked)}, told of {sorted(told)}")
        holds(shown == len(told), f"{shown} exposures of {len(told)} offers")
        holds(n_full == MAX_PARTNERS, f"{n_full} partners were asked about one opportunity")
        return "both wrote some" if first and second else "first" if first else "second"

    def close(self) -> None:
        """Nothing was started."""


class Unsubscribing:
    """A reader unsubscribes while its digest is composed and delivered."""

    name, head_start_s = "unsubscribe while composing", 0.06

    def __init__(self, g: Ground):
        self.g = g
        self.office = PostOffice()
        self.opened = open_post_office(g.settings.mail_port, self.office)
        self.opened.__enter__()

    def prepare(self, k: int) -> tuple[Act, Act]:
        with transaction(self.g.engine) as session:
            row = make.opportunity(session, make.firm(session, f"alder{k}", digest="paused"), matched_at=NOW)
            readers = [make.firm(session, f"quay{k}-{n}") for n in range(2)]
            for each in readers:
                make.match(session, row, each.partner_id)
            self.leaver, self.address, self.stayer = readers[0].id, readers[0].email, readers[1].email
        self.office.taken.clear()
        return self._night, self._leave

    def _night(self) -> int:
        digest.digest_day(self.g, DAY, at=now())
        return deliver.deliver_all(self.g)

    def _leave(self) -> Any:
        done(
            self.g,
            lambda session: exchange.unsubscribe(session, session.get_one(Contact, self.leaver), how=HOW, now=NOW),
        )
        return now()

    def judge(self, _n_sent: int, left_at: Any) -> str:
        self._night()  # of the same day once more: nothing may follow
        with transaction(self.g.engine) as session:
            found = session.scalars(select(Letter).where(Letter.contact_id == self.leaver)).all()
            n_stopped = session.scalar(select(func.count(Suppression.id)))
            state, claimed_at = (found[0].state, found[0].claimed_at) if found else ("never written", None)
        n_mailed = self.office.recipients.count(self.address)
        holds(self.office.recipients.count(self.stayer) == 1, f"the other reader got {self.office.recipients}")
        holds(n_stopped == 1 and len(found) <= 1, f"{n_stopped} wishes, {len(found)} letters")
        holds(n_mailed == (state == "sent"), f"the letter is {state}, mailed {n_mailed} times")
        holds(state in ("sent", "dropped", "never written"), f"the letter is {state}")
        late = state == "sent" and claimed_at is not None and claimed_at > left_at
        holds(not late, f"left at {left_at}, the letter was claimed at {claimed_at} and sent")
        return {"sent": "the claim", "dropped": "the wish, at the claim"}.get(state, "the wish, before the letter")

    def close(self) -> None:
        self.opened.__exit__(None, None, None)


class ProfileChange:
    """A firm sells something else or, in every other round, nothing any more, and another pauses, while one matches.

    The clock of whoever pauses is behind, as those of two machines are.
    """

    name, head_start_s = "profile change while matching", 0.06
    OLD = {"profile": "We moved mailboxes to Exchange Online.", "practices": ["mail"]}
    NEW = ({"profile": "We build landing zones.", "practices": ["azure"]}, {"profile": "", "practices": []})

    def __init__(self, g: Ground):
        self.g = g
        self.embedder = HashEmbedder()
        self.shelves = Shelf(), Shelf()  # of two workers, kept from round to round as theirs are
        self.clock = NOW

    def prepare(self, k: int) -> tuple[Act, Act]:
        self.clock += timedelta(minutes=1)
        self.new = self.NEW[k % 2]
        with transaction(self.g.engine) as session:
            self.opportunity_id = make.opportunity(session, make.firm(session, f"alder{k}")).id
            firms = [make.firm(session, f"quay{k}-{n}").partner for n in range(4)]
            for row in firms:
                row.changed_at = self.clock
            for row in firms[:3]:
                row.profile, row.practices = self.OLD.values()
            self.changing, self.pausing, self.beginning = firms[0].id, firms[1].id, firms[3].id
        self._refresh()
        for shelf in self.shelves:
            self._match(shelf)
        return self._match_and_refresh, self._change

    def _match(self, shelf: Shelf) -> int:
        def match(session: Session) -> int:
            return matching.match(session, shelf, self.embedder, self.opportunity_id, now=self.clock)

        return done(self.g, match)  # type: ignore[no-any-return]

    def _match_and_refresh(self) -> str:
        n_found = self._match(self.shelves[0])
        seen = self._told()
        self._refresh()
        return seen if n_found else "empty"

    def _refresh(self) -> None:
        done(self.g, lambda session: matching.read_partners(session, now=self.clock))
        while done(self.g, lambda session: make.embed(session, self.embedder)):
            pass

    def _change(self) -> None:
        ahead, behind = self.clock + timedelta(seconds=2), self.clock + timedelta(seconds=1)

        def edit(session: Session) -> None:
            for partner_id, facts in ((self.changing, self.new), (self.beginning, self.OLD)):
                exchange.edit_profile(session, session.get_one(Partner, partner_id), facts, how=HOW, now=ahead)

        done(self.g, edit)
        self._refresh()
        self._match(self.shelves[1])  # another worker, while the first is at it
        done(self.g, lambda session: exchange.pause(session, session.get_one(Partner, self.pausing), now=behind))

    def _told(self) -> str:
        """Say of which profile the stored match of the changing partner speaks."""
        with transaction(self.g.engine) as session:
            chosen = select(Match.why_you).where(
                Match.opportunity_id == self.opportunity_id, Match.partner_id == self.changing
            )
            found = list(session.scalars(chosen))
        holds(len(found) <= 1, f"{len(found)} matches of one partner")
        return "old" if any("mail" in each for each in found) else "new"

    def judge(self, seen: str, _: None) -> str:
        holds(seen != "empty", "nobody was found")
        self._places()
        self._refresh()
        for shelf in self.shelves:
            self._match(shelf)
            holds(self._told() == "new", "matched anew, it still speaks of the old profile")
            holds(self.pausing not in self._places(), "matched anew, a paused partner is still listed")
        return f"the {seen} profile"

    def _places(self) -> set[int]:
        with transaction(self.g.engine) as session:
            found = session.scalars(select(Match).where(Match.opportunity_id == self.opportunity_id))
            places = {each.partner_id: each.place for each in found}
        holds(len(set(places.values())) == len(places), f"two rankings were mixed: places {sorted(places.values())}")
        return set(places)

    def close(self) -> None:
        """Nothing was started."""


RACES: tuple[Any, ...] = (TwoDigests, Unsubscribing, ProfileChange)
