"""A reply to one letter → the verb it asks for, by the kind of that letter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher import inbound, wording
from matcher.exchange import (
    answering,
    beside,
    choosing,
    closing,
    joining,
    moving,
    outcomes,
    publishing,
    relaying,
    subscribing,
    telling,
)
from matcher.models import Contact, Introduction, Letter, Opportunity
from matcher.store import postings
from matcher.terms import Act, Inbound, Reply
from matcher.wording import Said

READ_AS = {
    "confirm": "confirm",
    "welcome": "confirm",
    "live": "confirm",
    "digest": "digest",
    "reminder": "digest",
    "answered": "digest",
    "interested": "interested",
    "opened": "interested",
    "ending": "interested",
    "ended": "interested",
    "question": "question",
    "introduction": "introduction",
    "outcome": "outcome",
    "recorded": "outcome",
    "confirm_outcome": "confirm_outcome",
}
RELAYING = ("digest", "interested", "question")  # letters whose answers another reads
UNCLEAR = "unclear"
NO_MARKS = str.maketrans("“”", "''")  # by those around them a verdict tells what people wrote, and forgets it
# Leaving erases everything for good, which one word under a letter of long ago must not do.
NOT_BY_A_WORD = Said(
    "We did not want to guess what you mean.",
    (
        "Something in your profile is wrong? Reply with what it is, in your own words.",
        "No more digests? Reply “stop” to one, or use the link at its foot. Leaving for good is a button on your page.",
    ),
    tone="unclear",
)
NOT_ITS_OWN = Said(
    "Only the poster can end or extend a project.",
    (
        "If that was the answer to the question, write it as a sentence, and it is passed on.",
        "To take a yes back, reply “no” to the letter with the project; to get no more digests, reply “stop”.",
    ),
    tone="unclear",
)
AGREEING = ("ok", "yes", "choose")
ASKS_NOTHING = ("done", "closed")  # tones of our answers
NUMBERED = ("digest", "interested")  # letters whose answers name a number


@dataclass(frozen=True, slots=True)
class _Answered:
    """One reply in its surroundings."""

    session: Session
    letter: Letter
    kind: str
    contact: Contact
    mail: Inbound
    how: str
    now: datetime

    def introduction(self, number: int | None) -> Introduction:
        named = {each[0]: each[1] for each in self.letter.refs}
        return self.session.get_one(Introduction, named[number or min(named)])

    def opportunity(self) -> Opportunity:
        first = self.letter.refs[0][1]
        if self.kind in ("confirm", "opened"):
            return self.session.get_one(Opportunity, first)
        return self.session.get_one(Introduction, first).opportunity


def act_on(session: Session, letter: Letter, mail: Inbound, *, how: str, now: datetime) -> Said:
    """Do what a reply to a letter says, all of it or, when any part is unclear, nothing."""
    if "moves" in letter.values:
        return moving.answered(session, letter, mail, how=how, now=now)
    reply = _understood(letter, mail)
    if reply is None:
        return Said(
            "That letter needs no answer.",
            ("To post work write to post@, to join write to join@; to answer a digest reply to the digest itself.",),
            tone="unclear",
        )
    kind = _kind(letter)
    aside = beside.wanted(session, letter, mail, reply, kind=kind, read_as=READ_AS[kind], how=how, now=now)
    if aside:
        return aside
    if mail.attachments and not mail.text.strip() and READ_AS[kind] in RELAYING:
        return relaying.only_files()
    if reply.unclear:
        return Said("We did not want to guess what you mean.", (reply.unclear,), tone="unclear")
    if _only_agrees(letter, mail, reply):
        return _as_it_was(letter)
    assert letter.contact  # else nothing was understood
    answered = _Answered(session, letter, kind, letter.contact, mail, how, now)
    said = _joined(_ACT_ON[READ_AS[kind]](answered, reply))
    return relaying.without_files(said, mail) if READ_AS[kind] in RELAYING else said


def reading(letter: Letter, mail: Inbound) -> str:
    """Say in a few words how a reply is read: "2 yes, 4 no", "unclear"."""
    reply = _understood(letter, mail)
    if "moves" in letter.values:
        return "another address"
    if reply is None:
        return "needs no answer"
    if reply.unclear:
        return UNCLEAR
    return ", ".join(_said(act) for act in reply.acts)


def _said(act: Act) -> str:
    text = act.text[:60].translate(NO_MARKS)
    words = (str(act.number or ""), act.verb, str(act.amount_eur or ""), f"“{text}”" if text else "")
    return " ".join(" ".join(each for each in words if each).split())


def _understood(letter: Letter, mail: Inbound) -> Reply | None:
    """Read what a reply to a letter asks for; None when that letter takes no reply."""
    kind = _kind(letter)
    return _read(letter, mail, READ_AS[kind], _numbers(letter)) if letter.contact and kind in READ_AS else None


def _read(letter: Letter, mail: Inbound, read_as: str, numbers: tuple[int, ...]) -> Reply:
    names = (letter.contact.name, letter.contact.partner.name) if letter.contact else ()
    text = inbound.unsigned(mail.text, (*names, mail.sender_name))
    return inbound.understand(text, letter_kind=read_as, numbers=numbers)


def _only_agrees(letter: Letter, mail: Inbound, reply: Reply) -> bool:
    """Tell a bare "ok" or "yes" to an answer of ours that asked nothing: it takes note of what was done.

    An answer that was not sure or refused something asks, and so does one that brings what the other side said.
    """
    if letter.kind != "answer" or letter.values.get("tone") not in ASKS_NOTHING or "about" in letter.values:
        return False
    read_as, numbers = READ_AS[_kind(letter)], _numbers(letter)
    if read_as == "question":
        return _read(letter, mail, "confirm", ()).acts == (Act("ok"),)
    if any(act.verb not in AGREEING or act.text for act in reply.acts):
        return False
    # One that names no number could not be told from among more offers.
    return read_as not in NUMBERED or bool(
        _read(letter, mail, read_as, (*numbers, max(numbers, default=0) + 1)).unclear
    )


def _as_it_was(letter: Letter) -> Said:
    number = letter.refs[0][0]
    how = {
        "digest": f"To change it, write the number too, for example: {number} yes. Or: {number} no.",
        "interested": f"To meet number {number}, reply: {number}.",
        "confirm_outcome": "If what was reported is right after all, reply “ok” to the letter that asked you.",
    }
    lines = [how[each] for each in (READ_AS[_kind(letter)],) if each in how]
    return Said("All stands as it was: our letter asked nothing.", tuple(lines), tone="closed")


def _kind(letter: Letter) -> str:
    return str(letter.values.get("reply_as") or letter.kind)


def _numbers(letter: Letter) -> tuple[int, ...]:
    """List the numbers of the choices as the letter shows them."""
    return () if _kind(letter) == "opened" else tuple(each[0] for each in letter.refs)


def _joined(said: list[Said]) -> Said:
    """Make one answer of several."""
    if len(said) == 1:
        return said[0]
    lines = tuple(line for each in said for line in (each.heading, *each.lines[:1], *relaying.taken_in(each.lines[1:])))
    worst = next((each.tone for each in said if each.tone != "done"), "done")
    return Said("Your answers are noted.", lines, tone=worst)


def _digest(a: _Answered, reply: Reply) -> list[Said]:
    asked = [a.introduction(act.number).opportunity_id for act in reply.acts if act.verb != "stop"]
    postings.lock(a.session, *asked)  # all before the first act: two replies about the same two must not interlock
    return [_digest_act(a, act) for act in reply.acts]


def _digest_act(a: _Answered, act: Act) -> Said:
    if act.verb == "stop":
        return subscribing.unsubscribe(a.session, a.contact, how=a.how, now=a.now)
    return answering.answer(a.session, a.introduction(act.number), act, how=a.how, mail=a.mail, now=a.now)


def _confirm(a: _Answered, reply: Reply) -> list[Said]:
    """Read corrections first and open only a bare "ok": with both, the new reading is shown before it counts."""
    text = "\n".join(act.text for act in reply.acts if act.verb == "correct")
    if a.kind in ("welcome", "live"):
        return [_confirm_profile(a, reply, text)]
    row = a.opportunity()
    if text:
        return [publishing.correct(a.session, row, text, in_reply_to=a.mail.message_id, now=a.now)]
    if reply.acts[0].verb in ("no", "stop"):
        return [closing.withdraw(a.session, row, now=a.now)]
    postings.lock(a.session, row.id)  # nobody reads it anew meanwhile
    if _is_read_anew(row, a.letter):
        return [publishing.READ_ANEW]
    return [publishing.confirm(a.session, row, how=a.how, in_reply_to=a.mail.message_id, now=a.now)]


def _is_read_anew(row: Opportunity, letter: Letter) -> bool:
    """Tell whether a draft says something else by now than the letter that is answered, whose words an "ok" means."""
    read = postings.as_poster_reads(row)
    now = {"title": read.title, "blind_text": read.blind_text, "facts": wording.facts(read)}
    told = {name: letter.values[name] for name in now if name in letter.values}
    is_older = letter.values.get("again", row.n_asked) != row.n_asked
    return row.state == "draft" and is_older and any(now[name] != words for name, words in told.items())


def _confirm_profile(a: _Answered, reply: Reply, text: str) -> Said:
    if text:
        return telling.tell(a.session, a.letter, a.contact, text, a.mail, how=a.how, now=a.now)
    if "proposed" in a.letter.values:
        return telling.answered(a.session, a.letter, reply, now=a.now)
    if reply.acts[0].verb in ("no", "stop") and a.contact.partner.state in ("live", "paused"):
        return NOT_BY_A_WORD
    if reply.acts[0].verb in ("no", "stop"):
        return joining.stay_out(a.session, a.contact, how=a.how, now=a.now)
    shown = str(a.letter.values.get("reading", ""))
    return joining.confirm_profile(
        a.session, a.contact, how=a.how, shown=shown, in_reply_to=a.mail.message_id, now=a.now
    )


def _interested(a: _Answered, reply: Reply) -> list[Said]:
    row = a.opportunity()
    numbers = [act.number for act in reply.acts if act.verb == "choose" and act.number]
    shown = _numbers(a.letter)
    said = [choosing.choose(a.session, row, numbers, shown=shown, how=a.how, now=a.now)] if numbers else []
    return said + [_interested_act(a, row, act) for act in reply.acts if act.verb != "choose"]


def _interested_act(a: _Answered, row: Opportunity, act: Act) -> Said:
    if act.verb == "none":
        return choosing.choose_none(a.session, row, shown=_numbers(a.letter), now=a.now)
    if act.verb == "extend":
        return closing.extend(a.session, row, now=a.now)
    if act.verb == "stop":
        return closing.withdraw(a.session, row, now=a.now)
    return answering.from_poster(a.session, a.introduction(act.number), act, mail=a.mail, now=a.now)


def _question(a: _Answered, reply: Reply) -> list[Said]:
    return [_question_act(a, act) for act in reply.acts]


def _question_act(a: _Answered, act: Act) -> Said:
    """Do what a command says that was sent in place of an answer; only a poster may end or keep open what it posted."""
    row, asked = a.introduction(None), str(a.letter.values.get("question", ""))
    if act.verb == "text":
        return answering.relay(a.session, row, act.text, by=a.contact, question=asked, mail=a.mail, now=a.now)
    if act.verb == "stop":
        return subscribing.unsubscribe(a.session, a.contact, how=a.how, now=a.now)
    if a.contact.id != row.opportunity.contact_id:
        return NOT_ITS_OWN
    verb = closing.extend if act.verb == "extend" else closing.withdraw
    return verb(a.session, row.opportunity, now=a.now)


def _outcome(a: _Answered, reply: Reply) -> list[Said]:
    act, row = reply.acts[0], a.introduction(None)
    if act.verb == "later":
        return [outcomes.not_yet(a.session, row, a.contact, now=a.now)]
    told = outcomes.record_outcome(
        a.session, row, a.contact, result=act.verb, revenue_eur=act.amount_eur or 0, now=a.now
    )
    return [told]


def _confirm_outcome(a: _Answered, reply: Reply) -> list[Said]:
    act, row = reply.acts[0], a.introduction(None)
    if act.verb in ("won", "lost"):
        return _outcome(a, reply)
    return [_answered_report(a, row, act)]


def _answered_report(a: _Answered, row: Introduction, act: Act) -> Said:
    """Say ok or no to the sum that stands in the letter; one that was changed since comes in a letter of its own."""
    shown = (str(a.letter.values.get("result", "")), str(a.letter.values.get("revenue", "")))
    if act.verb == "ok":
        said = outcomes.confirm_outcome(a.session, row, a.contact, shown=shown, now=a.now)
    else:
        said = outcomes.dispute_outcome(a.session, row, a.contact, act.text, shown=shown, now=a.now)
    if said.tone != "unclear":
        return said
    return outcomes.ask_again(a.session, row, a.contact, shown=shown, now=a.now)


_ACT_ON: dict[str, Callable[[_Answered, Reply], list[Said]]] = {
    "digest": _digest,
    "confirm": _confirm,
    "interested": _interested,
    "question": _question,
    "outcome": _outcome,
    "introduction": _outcome,
    "confirm_outcome": _confirm_outcome,
}
