"""What a partner says to an offer → the introduction's next state and the letters that follow from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher import introduction as states
from matcher import wording
from matcher.exchange import relaying
from matcher.exchange.choosing import WAITING, pass_over
from matcher.exchange.mornings import morning_by
from matcher.exchange.relaying import OTHER
from matcher.models import Contact, Introduction, Opportunity
from matcher.store import introductions, letters, postings
from matcher.store.letters import Draft
from matcher.terms import Act, Inbound
from matcher.wording import Said

REMIND_AFTER = timedelta(days=5)
N_AT_ONCE = 3  # so many interested partners are told at once; further ones are gathered
GATHER_FOR = timedelta(hours=3)
ASKED_ALREADY = Said("That question was passed on already; nothing was sent twice.", ("The answer comes by mail.",))
BECAUSE_ASKED = (
    "You get this because you asked a question. A person wrote the answer; we took out names and addresses on both"
    " sides."
)
NOT_REMINDED = Said(
    "Your digests are stopped, and reminders with them.",
    ("Say yes or no to this one while it is open, or choose “daily” or “weekly” again at the foot of any letter.",),
    tone="closed",
)
BEFORE_MEETING = ("asked", "accepted", "waitlisted")  # the states in which questions are passed on
MET = ("introduced", "closed")


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a partner wants of one offer, and the mail that says so."""

    session: Session
    row: Introduction
    act: Act
    mail: Inbound | None
    now: datetime

    def note(self, what: str, words: str) -> None:
        _note(self.session, self.row, "partner", what, words, self.mail, self.now)


def answer(
    session: Session, row: Introduction, act: Act, *, how: str, mail: Inbound | None = None, now: datetime
) -> Said:
    """Do what a partner wrote about one offer: yes, no, later, ask or refer. `mail` is the one that says it, if any."""
    postings.lock(session, row.opportunity_id)  # numbers are given, and ends told, to one after the other
    if row.state not in MET and row.opportunity.state != "open" and act.verb in ("yes", "ask", "later"):
        return Said(
            f"“{row.opportunity.title}” is closed.",
            ("The poster has finished looking, so nothing was passed on. The next digest brings others.",),
            tone="closed",
        )
    return _ANSWERS[act.verb](_Wish(session, row, act, mail, now))


def relay(
    session: Session,
    row: Introduction,
    text: str,
    *,
    by: Contact,
    question: str = "",
    mail: Inbound | None = None,
    now: datetime,
) -> Said:
    """Pass one side's answer to a question on to the other, without names or addresses.

    `question` is what the letter or page asked that is answered; without one it is the newest of the other side.
    """
    side = "partner" if by.id == row.contact_id else "poster"
    postings.lock(session, row.opportunity_id)
    too_late = _not_passed_on(row, side, "answer")
    if too_late:
        return too_late
    passed = relaying.passable(session, row, text, mail)
    if not passed.says_something:
        return relaying.refusal(passed, "the answer")
    other = OTHER[side]
    asked = question or _newest_question(row, other)
    step_id = _note(session, row, side, "answer", passed.text, mail, now)
    draft = (_to_poster if other == "poster" else _to_partner)(row, asked, passed.text, step_id)
    letters.write(session, relaying.threaded(session, draft, row, other), at=now)
    return Said("Your answer was passed on.", relaying.what_was_taken(passed) or ("It went as you wrote it.",))


def from_poster(session: Session, row: Introduction, act: Act, *, mail: Inbound | None = None, now: datetime) -> Said:
    """Do what a poster wrote about one interested partner besides choosing it: ask it something, or pass it over."""
    postings.lock(session, row.opportunity_id)
    if act.verb == "no":
        if row.state == "waitlisted":
            return Said(f"Number {row.number} was passed over already; nothing was sent twice.")
        if not pass_over(session, row, now=now):
            return _too_late(row, "wait", side="poster")
        return Said(f"Noted: not number {row.number}.", ("They were told kindly.",))
    too_late = _not_passed_on(row, "poster", "question")
    if too_late:
        return too_late
    passed = relaying.passable(session, row, act.text, mail)
    if not passed.says_something:
        return relaying.refusal(passed, "the question") if act.text.strip() else _empty_question(row.number or 1)
    if relaying.was_asked_last(session, row, "poster", passed.text):
        return ASKED_ALREADY
    _ask_other(session, row, "partner", passed.text, mail, now)
    taken = relaying.what_was_taken(passed, "The answer comes by mail.")
    return Said(f"Your question to number {row.number} was passed on.", taken)


def _not_passed_on(row: Introduction, side: str, what: str) -> Said | None:
    """Say why one side's question or answer does not reach the other; None where it does."""
    if row.state in MET:
        why = f"You are introduced to {_firm_facing(row, side)}, so write to them directly:"
    elif row.opportunity.state != "open":
        why = f"“{row.opportunity.title}” is closed, so"
    elif what == "question" and row.state not in BEFORE_MEETING:
        why = f"Number {row.number} has taken its yes back, so"
    else:
        return None
    return Said(f"{why} your {what} was not passed on.", tone="closed")


def _newest_question(row: Introduction, side: str) -> str:
    return next((step.words for step in reversed(row.steps) if step.what == "question" and step.side == side), "")


def _to_partner(row: Introduction, question: str, answer: str, step_id: int) -> Draft:
    title = row.opportunity.title
    values = {"title": title, "question": question, "answer": answer, "offers": [wording.offer(row, 1)]}
    return Draft(f"answered:{row.id}:{step_id}", "answered", row.contact, values, [(1, row.id)])


def _to_poster(row: Introduction, question: str, answer: str, step_id: int) -> Draft:
    can_meet = [f"Reply “{row.number}” to be introduced."] if row.state in WAITING else []
    values = {
        "heading": f"Number {row.number} answered your question",
        "about": row.opportunity.title,
        "lines": [f"You asked: {question}", *can_meet],
        "quote": answer,
        "quote_of": f"Number {row.number} wrote",
        "because": BECAUSE_ASKED,
        "tone": "done",
        "reply_as": "interested",
    }
    to = row.opportunity.contact
    return Draft(f"answered:{row.id}:{step_id}", "answer", to, values, [(row.number or 1, row.id)])


def _ask_other(
    session: Session, row: Introduction, to: str, question: str, mail: Inbound | None, now: datetime
) -> None:
    """Write one side's question to the other."""
    asker, asked = (row.opportunity.partner, row.contact) if to == "partner" else (row.partner, row.opportunity.contact)
    step_id = _note(session, row, OTHER[to], "question", question, mail, now)
    values = {
        "title": row.opportunity.title,
        "number": 0 if to == "partner" else row.number or 0,
        "who": wording.who(asker),
        "question": question,
    }
    draft = Draft(f"question:{row.id}:{step_id}", "question", asked, values, [(1, row.id)])
    letters.write(session, relaying.threaded(session, draft, row, to), at=now)


def _note(
    session: Session, row: Introduction, side: str, what: str, words: str, mail: Inbound | None, now: datetime
) -> int:
    message_id = mail.message_id if mail else ""
    return introductions.note(session, row.id, side=side, what=what, at=now, words=words, message_id=message_id)


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
    given = "-".join(f"{each.id}{introductions.again(each, 'accepted')}" for each in new)  # a yes may come back
    key = f"interested:{opportunity.id}:{given}:{len(accepted)}"
    draft = Draft(key, "interested", opportunity.contact, values, refs)
    if len(accepted) == 1:  # with more it belongs to no one conversation
        draft = relaying.threaded(session, draft, accepted[0], "poster")
    letters.write(session, draft, at=now)
    for each in new:
        each.told_at = now
    session.flush()
    return True


def _yes(w: _Wish) -> Said:
    row = w.row
    if row.state in (*WAITING, *MET):
        stands = f"Your yes to “{row.opportunity.title}” stands already; nothing was sent twice."
        return Said(stands, _directly(row, "partner"))
    number = row.number or introductions.next_number(w.session, row.opportunity_id)
    if not introductions.move(w.session, row, "accept", after="accepted", number=number, told_at=None):
        return _too_late(row, "accept")
    passed = relaying.passable(w.session, row, w.act.text, w.mail)
    w.note("accepted", passed.text if passed.says_something else "")
    tell_poster(w.session, row.opportunity, now=w.now)
    return Said(
        f"Your yes to “{row.opportunity.title}” is with the poster.",
        (
            "They see what you can do, not your name. If they choose you, one letter puts you in touch.",
            *relaying.what_was_taken(passed),
        ),
    )


def _no(w: _Wish) -> Said:
    if w.row.state == "declined":
        return Said(f"Your no to “{w.row.opportunity.title}” stands already.")
    if not introductions.move(w.session, w.row, "decline", after="declined"):
        return _too_late(w.row, "decline")
    w.note("declined", w.act.text)
    reason = ("Your reason helps us to send you better ones.",) if w.act.text else ()
    return Said(f"Noted: “{w.row.opportunity.title}” is not for you.", reason)


def _later(w: _Wish) -> Said:
    row = w.row
    if row.state != "asked":
        return _too_late(row, "later")
    if letters.why_no_digest(w.session, row.contact.email):
        return NOT_REMINDED
    last = row.opportunity.closes_on
    row.remind_on = morning_by(row.contact, REMIND_AFTER, last=last, now=w.now)
    if row.remind_on is None:
        closes = f"“{row.opportunity.title}” closes on {wording.day(last)}, before a reminder would come."
        return Said(closes, ("Say yes or no by then.",), tone="closed")
    w.note("later", w.act.text)
    return Said(f"We will remind you of “{row.opportunity.title}” on {wording.day(row.remind_on)}.")


def _ask(w: _Wish) -> Said:
    if w.row.state not in BEFORE_MEETING:
        return _too_late(w.row, "ask")
    if not w.act.text.strip():
        return _empty_question(2)
    passed = relaying.passable(w.session, w.row, w.act.text, w.mail)
    if not passed.says_something:
        return relaying.refusal(passed, "the question")
    if relaying.was_asked_last(w.session, w.row, "partner", passed.text):
        return ASKED_ALREADY
    _ask_other(w.session, w.row, "poster", passed.text, w.mail, w.now)
    taken = relaying.what_was_taken(passed, "The answer comes by mail.")
    return Said(f"Your question about “{w.row.opportunity.title}” was passed on.", taken)


def _empty_question(number: int) -> Said:
    return Said(
        "Your question was empty.", (f"Write it after the number, for example: ask {number}: which region?",), "unclear"
    )


def _refer(w: _Wish) -> Said:
    w.note("referred", "")
    return Said(
        "We write only to people who asked us to, so nothing was sent to them.",
        ("Forward the letter yourself; one mail in plain words to join@ makes them a partner.",),
        tone="refused",
    )


def _too_late(row: Introduction, wish: str, *, side: str = "partner") -> Said:
    refusal = states.move(row.state, wish)
    sentence = refusal.sentence if isinstance(refusal, states.Refusal) else "That was done a moment ago."
    return Said(sentence, _directly(row, side), tone="closed")


def _directly(row: Introduction, side: str) -> tuple[str, ...]:
    """Say to one side whom it writes to now; nothing to those who have not met."""
    return (f"You are introduced to {_firm_facing(row, side)}: write to them directly.",) if row.state in MET else ()


def _firm_facing(row: Introduction, side: str) -> str:
    return row.partner.name if side == "poster" else row.opportunity.partner.name


_ANSWERS = {"yes": _yes, "no": _no, "later": _later, "ask": _ask, "refer": _refer}
