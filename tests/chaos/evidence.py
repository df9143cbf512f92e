"""A stage after its night → what the judge needs to know, read from the database and the sink's journal."""

import email.utils
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from matcher.models import (
    Bounce,
    Contact,
    Digest,
    InboundMessage,
    Introduction,
    IntroductionStep,
    Letter,
    Night,
    NightShard,
    Posting,
)
from matcher.night.allotting import FLOOR
from tests.chaos.due import Due, Event, Offered, SetAside, Told
from tests.chaos.judge import STEP_OF, Brought, Found, Held, Written
from tests.chaos.people import Message, People
from tests.chaos.sink import journal
from tests.chaos.stage import Stage, ground_of
from web.db import transaction
from web.mail import message_id

ALLOTTED = "SELECT night_id, contact_id, opportunity_id FROM chaos_allotted ORDER BY 1, 2, 3"
UNRANKED = (
    "SELECT o.id FROM opportunity AS o WHERE state = 'open' AND (matched_at IS NULL"
    " OR matched_at < now() - interval '1 day' OR EXISTS (SELECT FROM match AS m WHERE m.opportunity_id = o.id"
    " AND m.version = 'test' AND NOT EXISTS (SELECT FROM introduction AS i WHERE i.match_id = m.id)))"
)
# Written anew for the judge: who may read, fits, was not asked and has no digest of the last day though there was room.
LEFT_OUT = """
    SELECT DISTINCT c.email FROM contact AS c JOIN partner AS p ON p.id = c.partner_id
    JOIN (SELECT opportunity_id, partner_id, score FROM match
          UNION ALL SELECT opportunity_id, unnest(partner_ids), unnest(scores) FROM reserve) AS fits
        ON fits.partner_id = c.partner_id AND fits.score >= :floor
    JOIN opportunity AS o ON o.id = fits.opportunity_id AND o.state = 'open' AND o.partner_id <> c.partner_id
    WHERE p.state = 'live' AND c.verified_at IS NOT NULL AND c.digest = 'daily'
        AND (o.closes_on IS NULL OR o.closes_on >= :day)
        AND NOT EXISTS (SELECT FROM suppression AS s WHERE s.email = c.email)
        AND coalesce((SELECT sum(CASE WHEN hard THEN 1 ELSE 0.25 END) FROM bounce AS b WHERE b.email = c.email), 0) < 1
        AND NOT EXISTS (SELECT FROM digest AS d WHERE d.contact_id = c.id AND d.day = :day)
        AND NOT EXISTS (SELECT FROM introduction AS i
                        WHERE i.opportunity_id = o.id AND i.partner_id = c.partner_id)
        AND (SELECT count(*) FROM introduction AS i WHERE i.opportunity_id = o.id) < :full_at
    ORDER BY 1
"""


def gather(stage: Stage, people: People, events: Sequence[Event], *, day: date) -> Found:
    """Read everything at the end of a night."""
    forgotten = stage.run("jobs.digest", "--day", str(day), "--dry-run").split("\n")
    g = ground_of(stage)
    with transaction(g.engine) as session:
        found = Found(
            letters=_letters(session, stage.settings.inbound_domain),
            journal=journal(stage.folder / "journal"),
            events=list(events),
            brought=[_brought(session, each) for each in people.outbox],
            left_at=dict(people.left_at),
            held=_held(session, stage.settings.inbound_domain),
            n_digests=session.scalar(select(func.count(Digest.id))) or 0,
            n_asked_untold=_n_untold(session),
            n_forgotten=sum("@" in each for each in forgotten),
            due=_due(session, day),
        )
    g.engine.dispose()
    return found


def _due(session: Session, day: date) -> Due:
    nights = list(session.scalars(select(Night)))
    asked = {row.id: row for row in session.scalars(select(Introduction))}
    counted = select(Introduction.opportunity_id, func.count()).group_by(Introduction.opportunity_id)
    failed = session.scalars(select(NightShard).where(NightShard.state == "failed"))
    too_late = set(session.scalars(select(Letter.contact_id).where(Letter.error == "too late")))  # the clock jumps
    return Due(
        days={each.id: each.day for each in nights},
        given_up={each.id for each in nights if each.stage == "given_up"},
        n_open=sum(each.ended_at is None for each in nights),
        offered=[one for row in session.execute(text(ALLOTTED)) if (one := Offered(*row)).contact_id not in too_late],
        told=[
            Told(each.key, asked[ref[1]].contact_id, asked[ref[1]].opportunity_id)
            for each in session.scalars(select(Letter).where(Letter.kind == "digest", Letter.error != "too late"))
            for ref in each.refs
        ],
        set_aside=[SetAside(row.night_id, row.stage, row.number, row.first_id, row.last_id) for row in failed],
        n_asked={row[0]: row[1] for row in session.execute(counted)},
        unranked=list(session.scalars(text(UNRANKED))),
        left_out=list(session.scalars(text(LEFT_OUT), {"day": day, "floor": FLOOR.score, "full_at": FLOOR.full_at})),
    )


def _letters(session: Session, domain: str) -> list[Written]:
    return [
        Written(
            each.key, each.kind, each.state, each.to_address, message_id(each.key, domain),
            _bare(each.in_reply_to), each.error,
        )
        for each in session.scalars(select(Letter).order_by(Letter.id))
    ]  # fmt: skip


def _held(session: Session, domain: str) -> list[Held]:
    counted = select(Letter.key, Letter.to_address, Bounce.hard).join(Bounce, Bounce.letter_id == Letter.id)
    return [Held(message_id(key, domain), to, hard) for key, to, hard in session.execute(counted)]


def _brought(session: Session, sent: Message) -> Brought:
    bare = _bare(sent.message_id)
    kept = select(InboundMessage.state).where(InboundMessage.key.contains(bare, autoescape=True))
    return Brought(bare, sent.wants, sent.taken_at, tuple(session.scalars(kept)), _n_done(session, sent, bare))


def _n_done(session: Session, sent: Message, bare: str) -> int:
    if sent.wants == "posting":
        counted = select(func.count(Posting.id)).where(Posting.key.contains(bare, autoescape=True))
    elif sent.wants == "join":
        counted = select(func.count(Contact.id)).where(Contact.email == sent.sender)
    else:
        counted = select(func.count(IntroductionStep.id)).where(
            IntroductionStep.what == STEP_OF[sent.wants], IntroductionStep.message_id.contains(bare, autoescape=True)
        )
    return session.scalar(counted) or 0


def _n_untold(session: Session) -> int:
    told = {ref[1] for refs in session.scalars(select(Letter.refs).where(Letter.kind == "digest")) for ref in refs}
    return len(set(session.scalars(select(Introduction.id))) - told)


def _bare(name: str) -> str:
    return email.utils.unquote(name.strip())
