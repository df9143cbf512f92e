"""The race of one message that two servers of ours are given at the same moment."""

import smtplib
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from jobs.door import open_door
from jobs.ground import Ground
from jobs.inbound import receive_one
from matcher.models import InboundMessage, Introduction, Letter
from matcher.store import messages
from tests import factories as make
from tests.factories import DAY, DOMAIN, NOW
from tests.places import free_port
from tests.races.race import Act, holds
from web.db import transaction
from web.links import Links


class SameMessage:
    """One reply is brought to two inbound servers at once, and two workers read what is there."""

    name, head_start_s = "the same inbound message on two servers", 0.02

    def __init__(self, g: Ground):
        self.g = g
        chosen = [replace(g.settings, inbound_port=free_port(), inbound_domain=DOMAIN) for _ in range(2)]
        self.ports = [each.inbound_port for each in chosen]
        self.doors = [open_door(replace(g, settings=each)) for each in chosen]

    def prepare(self, k: int) -> tuple[Act, Act]:
        with transaction(self.g.engine) as session:
            asked = make.asked(
                session, make.opportunity(session, make.firm(session, f"alder{k}")), make.firm(session, f"quay{k}")
            )
            letter = make.digest(session, asked.contact, asked)
            letter.state, letter.sent_at = "sent", NOW
            self.address, self.asked = letter.to_address, asked.id
            to = Links(self.g.settings, DAY).reply_address(letter.id)
        raw = make.mail(self.address, to, "1 yes")
        return lambda: self._bring(0, to, raw), lambda: self._bring(1, to, raw)

    def _bring(self, n: int, to: str, raw: bytes) -> list[str]:
        with smtplib.SMTP("127.0.0.1", self.ports[n], timeout=20) as server:
            server.sendmail(self.address, [to], raw)
        with transaction(self.g.engine) as session:
            waiting = messages.waiting(session, limit=10)
        return [receive_one(self.g, each) for each in waiting]

    def judge(self, first: list[str], second: list[str]) -> str:
        for message_id in self._waiting():
            first.append(receive_one(self.g, message_id))
        with transaction(self.g.engine) as session:
            n_kept = session.scalar(select(func.count(InboundMessage.id)))
            answers = session.scalars(select(Letter.id).where(Letter.kind == "answer")).all()
            state = session.get_one(Introduction, self.asked).state
        acted = [any(each.startswith("digest: 1 yes") for each in verdicts) for verdicts in (first, second)]
        holds(n_kept == 1, f"{n_kept} messages were kept")
        holds(sum(acted) == 1, f"acted on: {first} and {second}")
        holds(len(answers) == 1 and state == "accepted", f"{len(answers)} answers, the introduction is {state}")
        return ("first", "second")[acted.index(True)]

    def _waiting(self) -> list[int]:
        with transaction(self.g.engine) as session:
            return messages.waiting(session, limit=10)

    def close(self) -> None:
        for each in self.doors:
            each.stop()


RACES: tuple[Any, ...] = (SameMessage,)
