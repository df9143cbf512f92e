"""A reply to one letter → the verb it asks for, by the kind of that letter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher import wording
from matcher.exchange import (
    answering,
    beside,
    choosing,
    closing,
    colleagues,
    joining,
    moving,
    outcomes,
    publishing,
    relaying,
    subscribing,
    telling,
)
from matcher.exchange.understanding import (
    READ_AS,
    as_it_was,
    kind_of,
    numbers_of,
    only_agrees,
    only_away,
    understood,
)
from matcher.models import Contact, Introduction, Letter, Opportunity
from matcher.store import postings
from matcher.terms import Act, Inbound, Reply
from matcher.wording import Said

RELAYING = ("digest", "interested", "question")  # letters whose answers another reads
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
    reply = understood(letter, mail)
    if reply is None:
        return Said(
            "That letter needs no answer.",
            ("To post work write to post@, to join write to join@; to answer a digest reply to the digest itself.",),
            tone="unclear",
        )
    if only_away(letter, mail, reply):
        return beside.of_one_away(letter, mail, read_as=READ_AS[kind_of(letter)], now=now)
    kind = kind_of(letter)
    aside = beside.wanted(session, letter, mail, reply, kind=kind, read_as=READ_AS[kind], how=how, now=now)
    if aside:
        return aside
    if mail.attachments and not mail.text.strip() and READ_AS[kind] in RELAYING:
        return relaying.only_files()
    if reply.unclear:
        return Said("We did not want to guess what you mean.", (reply.unclear,), tone="unclear")
    if only_agrees(letter, mail, reply):
        return as_it_was(letter)
    assert letter.contact  # else nothing was understood
    answered = _Answered(session, letter, kind, letter.contact, mail, how, now)
    said = _joined(_ACT_ON[READ_AS[kind]](answered, reply))
    return relaying.without_files(said, mail) if READ_AS[kind] in RELAYING else said


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
    if a.kind == "colleague":
        return [colleagues.answered(a.session, a.letter, reply, how=a.how, now=a.now)]
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
    shown = numbers_of(a.letter)
    said = [choosing.choose(a.session, row, numbers, shown=shown, how=a.how, now=a.now)] if numbers else []
    return said + [_interested_act(a, row, act) for act in reply.acts if act.verb != "choose"]


def _interested_act(a: _Answered, row: Opportunity, act: Act) -> Said:
    if act.verb == "none":
        return choosing.choose_none(a.session, row, shown=numbers_of(a.letter), now=a.now)
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
