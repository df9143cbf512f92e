"""What a partner says to an offer → the introduction's next state and the letters that follow from it."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher import introduction as states
from matcher import wording
from matcher.exchange.choosing import pass_over
from matcher.models import Contact, Introduction, Opportunity
from matcher.store import introductions, letters
from matcher.store.letters import Draft
from matcher.terms import Act
from matcher.wording import Said

REMIND_AFTER = timedelta(days=5)
N_AT_ONCE = 3  # so many interested partners are told at once; further ones are gathered
GATHER_FOR = timedelta(hours=3)


def answer(session: Session, row: Introduction, act: Act, *, how: str, now: datetime) -> Said:
    """Do what a partner wrote about one offer: yes, no, later, ask or refer."""
    if row.opportunity.state != "open" and act.verb in ("yes", "ask", "later"):
        return Said(
            f"“{row.opportunity.title}” is closed.",
            ("The poster has finished looking, so nothing was passed on. The next digest brings others.",),
            tone="closed",
        )
    return _ANSWERS[act.verb](session, row, act, how, now)


def relay(session: Session, row: Introduction, text: str, *, by: Contact, now: datetime) -> Said:
    """Pass one side's answer to a question on to the other, without names or addresses."""
    side = "partner" if by.id == row.contact_id else "poster"
    blind = wording.scrub(text, row.opportunity.partner, row.partner)
    question = next((step.words for step in reversed(row.steps) if step.what == "question"), "")
    introductions.note(session, row.id, side=side, what="answer", at=now, words=blind)
    letters.write(session, (_to_poster if side == "partner" else _to_partner)(row, question, blind), at=now)
    return Said("Your answer was passed on.", ("Names and addresses were taken out of it.",))


def _to_partner(row: Introduction, question: str, answer: str) -> Draft:
    title = row.opportunity.title
    values = {"title": title, "question": question, "answer": answer, "offers": [wording.offer(row, 1)]}
    return Draft(f"answered:{row.id}:{len(row.steps)}", "answered", row.contact, values, [(1, row.id)])


def _to_poster(row: Introduction, question: str, answer: str) -> Draft:
    values = {
        "heading": f"Number {row.number} answered your question",
        "lines": [f"You asked: {question}", f"Reply “{row.number}” to be introduced."],
        "quote": answer,
        "tone": "done",
        "reply_as": "interested",
    }
    to = row.opportunity.contact
    return Draft(f"answered:{row.id}:{len(row.steps)}", "answer", to, values, [(row.number or 1, row.id)])


def from_poster(session: Session, row: Introduction, act: Act, *, now: datetime) -> Said:
    """Do what a poster wrote about one interested partner besides choosing it: ask it something, or pass it over."""
    if act.verb == "no":
        if not pass_over(session, row, now=now):
            return _too_late(row, "wait")
        return Said(f"Noted: not number {row.number}.", ("They were told kindly.",))
    blind = wording.scrub(act.text, row.opportunity.partner, row.partner)
    introductions.note(session, row.id, side="poster", what="question", at=now, words=blind)
    values = {
        "title": row.opportunity.title,
        "number": 0,
        "who": wording.who(row.opportunity.partner),
        "question": blind,
    }
    key = f"question:{row.id}:{len(row.steps) + 1}:{int(now.timestamp())}"
    letters.write(session, Draft(key, "question", row.contact, values, [(1, row.id)]), at=now)
    return Said(f"Your question to number {row.number} was passed on.", ("The answer comes by mail.",))


def tell_poster(session: Session, opportunity: Opportunity, *, now: datetime) -> bool:
    """Tell the poster of interested partners: the first few at once, later ones gathered. False when it can wait."""
    accepted = introductions.of_opportunity(session, opportunity.id, "accepted")
    new = [each for each in accepted if each.told_at is None]
    told = [each.told_at for each in accepted if each.told_at]
    if not new or (len(accepted) > N_AT_ONCE and told and now - max(told) < GATHER_FOR):
        return False
    values = {
        "title": opportunity.title,
        "opportunity_id": opportunity.id,
        "partners": [wording.interested(each, now=now) for each in accepted],
        "terms": wording.terms(opportunity, side="poster"),
    }
    refs = [(each.number or 0, each.id) for each in accepted]
    key = f"interested:{opportunity.id}:{'-'.join(str(each.id) for each in new)}:{len(accepted)}"
    letters.write(session, Draft(key, "interested", opportunity.contact, values, refs), at=now)
    for each in new:
        each.told_at = now
    session.flush()
    return True


def _yes(session: Session, row: Introduction, act: Act, how: str, now: datetime) -> Said:
    if row.state in ("accepted", "waitlisted", "introduced", "closed"):
        return Said(f"Your yes to “{row.opportunity.title}” stands already; nothing was sent twice.")
    number = row.number or introductions.next_number(session, row.opportunity_id)
    if not introductions.move(session, row, "accept", after="accepted", number=number, told_at=None):
        return _too_late(row, "accept")
    words = wording.scrub(act.text, row.opportunity.partner, row.partner)
    introductions.note(session, row.id, side="partner", what="accepted", at=now, words=words)
    tell_poster(session, row.opportunity, now=now)
    return Said(
        f"Your yes to “{row.opportunity.title}” is with the poster.",
        ("They see what you can do, not your name. If they choose you, one letter puts you in touch.",),
    )


def _no(session: Session, row: Introduction, act: Act, how: str, now: datetime) -> Said:
    if row.state == "declined":
        return Said(f"Your no to “{row.opportunity.title}” stands already.")
    if not introductions.move(session, row, "decline", after="declined"):
        return _too_late(row, "decline")
    introductions.note(session, row.id, side="partner", what="declined", at=now, words=act.text)
    reason = ("Your reason helps us to send you better ones.",) if act.text else ()
    return Said(f"Noted: “{row.opportunity.title}” is not for you.", reason)


def _later(session: Session, row: Introduction, act: Act, how: str, now: datetime) -> Said:
    if row.state != "asked":
        return _too_late(row, "later")
    last = row.opportunity.closes_on
    on = (now + REMIND_AFTER).date()
    row.remind_on = min(on, last) if last and last > now.date() else on
    introductions.note(session, row.id, side="partner", what="later", at=now, words=act.text)
    return Said(f"We will remind you of “{row.opportunity.title}” on {wording.day(row.remind_on)}.")


def _ask(session: Session, row: Introduction, act: Act, how: str, now: datetime) -> Said:
    if row.state not in ("asked", "accepted", "waitlisted"):
        return _too_late(row, "ask")
    blind = wording.scrub(act.text, row.opportunity.partner, row.partner)
    if not blind:
        return Said(
            "Your question was empty.", ("Write it after the number, for example: ask 2: which region?",), "unclear"
        )
    introductions.note(session, row.id, side="partner", what="question", at=now, words=blind)
    opportunity = row.opportunity
    values = {
        "title": opportunity.title, "number": row.number or 0, "who": wording.who(row.partner), "question": blind,
    }  # fmt: skip
    key = f"question:{row.id}:{len(row.steps) + 1}:{int(now.timestamp())}"
    letters.write(session, Draft(key, "question", opportunity.contact, values, [(1, row.id)]), at=now)
    return Said(f"Your question about “{opportunity.title}” was passed on.", ("The answer comes by mail.",))


def _refer(session: Session, row: Introduction, act: Act, how: str, now: datetime) -> Said:
    introductions.note(session, row.id, side="partner", what="referred", at=now)
    return Said(
        "We write only to people who asked us to, so nothing was sent to them.",
        ("Forward the letter yourself; one mail in plain words to join@ makes them a partner.",),
        tone="refused",
    )


def _too_late(row: Introduction, wish: str) -> Said:
    refusal = states.move(row.state, wish)
    sentence = refusal.sentence if isinstance(refusal, states.Refusal) else "That was done a moment ago."
    return Said(sentence, tone="closed")


_ANSWERS = {"yes": _yes, "no": _no, "later": _later, "ask": _ask, "refer": _refer}
