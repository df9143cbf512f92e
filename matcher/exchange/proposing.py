"""What a partner tells of its people, its badges and the size of its work → shown back; its "ok" makes it so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from matcher import wording
from matcher.exchange.proposed import Row, lines_of
from matcher.models import BenchPerson, Contact, Letter, Partner
from matcher.posting import telling
from matcher.posting.badges import earned_now, level_of
from matcher.posting.bench import DAYS_A_MONTH, Lent, Moved, Traits, with_traits
from matcher.posting.telling import Known, Told
from matcher.posting.work_size import limits
from matcher.store import lending, letters, network, partners
from matcher.store.letters import Draft
from matcher.store.wake import wake
from matcher.terms import Competency
from matcher.wording import Said

TOLD_BY = ("live", "paused")  # states in which a firm's word changes what is on its page

BY_ITS_WORD = "Badges count by your word, and a poster reads that nobody checked them."
ASKED = {
    "level": "Are they juniors, seniors or architects?",
    "free": "From when are they free, and about how many days a month?",
}
EXAMPLE = {"level": "seniors", "free": "free now, 10 days a month"}
NOTHING_HELD = Said("Nothing was changed.", ("Tell us again whenever you like, in your own words.",))
HELD_ALREADY = Said("That holds already; nothing was changed twice.")
GONE_BY_NOW = Said("Nothing was changed.", ("Your firm is not on Counterpart any more.",), tone="closed")


@dataclass(frozen=True, slots=True)
class _Teller:
    """Who tells, and what is known of its firm."""

    session: Session
    contact: Contact
    how: str
    now: datetime
    competencies: Mapping[str, Competency]
    people: list[BenchPerson]

    @property
    def firm(self) -> Partner:
        return self.contact.partner

    @property
    def known(self) -> Known:
        today, all_known = self.now.date(), list(self.competencies.values())
        names = [each.name for each in self.people]
        return Known(names, earned_now(all_known, today), wording.linker_of(all_known).keys, today)

    def lines(self, rows: Row) -> tuple[str, ...]:
        return tuple(lines_of(rows, self.competencies, today=self.now.date()))


def heard(session: Session, contact: Contact, text: str, *, now: datetime) -> Told:
    """Read what an answer tells besides what a profile says."""
    return telling.told(text, _teller(session, contact, "", now).known)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was understood: its rows, as a letter or a cookie keeps them, a line for each, and what is still asked."""

    rows: Row
    lines: tuple[str, ...]
    missing: tuple[str, ...] = ()

    @property
    def asks(self) -> Said:
        """Say what its owner is asked for: an "ok", or what is missing before that."""
        if self.missing:
            return _question(self.missing)
        ok = "Reply “ok” and it holds. Something is different? Reply with what it is."
        return Said("Is this right?", (BY_ITS_WORD, ok) if self.rows["badges"] else (ok,))


def understood(session: Session, contact: Contact, told: Told, *, now: datetime) -> Proposal:
    """Say what would be written down of what a partner tells; nothing of it holds before its owner's "ok"."""
    teller = _teller(session, contact, "", now)
    gone = [each.name for each in told.moved if each.is_gone]
    people = [*(row for each in told.lent for row in _lent(teller, each)), *(_moved(teller, m) for m in told.moved)]
    held = [each for each in told.held if not each.is_over]
    rows: Row = {
        "people": [each for each in people if each["name"] not in gone],
        "gone": gone,
        "badges": [{"key": each.key, "until": each.until.isoformat() if each.until else ""} for each in held],
        "over": [each.key for each in told.held if each.is_over],
        "limits": list(limits(teller.firm.min_eur, teller.firm.max_eur, told.size)) if told.size else [],
    }
    return _proposal(teller, rows)


def proposal(session: Session, contact: Contact, rows: Row, *, now: datetime) -> Proposal:
    """Say again what rows that wait for an "ok" come to."""
    return _proposal(_teller(session, contact, "", now), rows)


def propose(
    session: Session, contact: Contact, told: Told, *, lines: tuple[str, ...] = (), in_reply_to: str = "", now: datetime
) -> Said:
    """Show back by a letter what was understood, and ask for its "ok". `lines` say what was done besides."""
    if told.unclear:
        return Said("We did not want to guess what you mean.", (*told.unclear, *lines), tone="unclear")
    found = understood(session, contact, told, now=now)
    return _ask(session, contact, found, lines, in_reply_to=in_reply_to, now=now)


def amend(session: Session, letter: Letter, text: str, *, in_reply_to: str, now: datetime) -> Said | None:
    """Lay an answer such as "they are juniors" over what a letter proposed; None when it speaks of something else."""
    assert letter.contact
    found = amended(session, letter.contact, letter.values["proposed"], text, now=now)
    return _ask(session, letter.contact, found, (), in_reply_to=in_reply_to, now=now) if found else None


def amended(session: Session, contact: Contact, rows: Row, text: str, *, now: datetime) -> Proposal | None:
    """Lay words that speak of nothing but the people proposed over what was proposed of them."""
    teller = _teller(session, contact, "", now)
    said = telling.traits_only(text, teller.known)
    if said is None or not rows["people"]:
        return None
    people = [_row(each, with_traits(_traits(each), said)) for each in rows["people"]]
    return _proposal(teller, {**rows, "people": people})


def agreed(session: Session, letter: Letter, *, how: str, now: datetime) -> Said:
    """Write down what a letter proposed, once."""
    assert letter.contact
    lending.lock(session, letter.contact.partner_id)
    session.refresh(letter)
    if letter.values.get("held"):
        return HELD_ALREADY
    said = hold(session, letter.contact, letter.values["proposed"], how=how, now=now)
    if said.tone == "done":
        letter.values = {**letter.values, "held": True}
        session.flush()
    return said


def hold(session: Session, contact: Contact, rows: Row, *, how: str, now: datetime) -> Said:
    """Write down what was proposed and agreed to; what is missing is asked once more."""
    lending.lock(session, contact.partner_id)
    teller = _teller(session, contact, how, now)
    if teller.firm.state not in TOLD_BY:
        return GONE_BY_NOW
    if missing := _missing(rows):
        return _question(missing)
    _write_down(teller, rows)
    return Said("Noted. It counts from the next minute on.", teller.lines(rows))


def _teller(session: Session, contact: Contact, how: str, now: datetime) -> _Teller:
    known = {each.key: each for each in network.competencies(session)}
    return _Teller(session, contact, how, now, known, lending.people(session, contact.partner_id))


def _proposal(teller: _Teller, rows: Row) -> Proposal:
    return Proposal(rows, teller.lines(rows), _missing(rows))


def _ask(
    session: Session, contact: Contact, found: Proposal, lines: tuple[str, ...], *, in_reply_to: str, now: datetime
) -> Said:
    if not found.lines:
        return Said("Nothing was changed.", (*lines, "They are on your page already."))
    asks = found.asks
    values = {
        "heading": asks.heading, "lines": [*lines, *found.lines, *asks.lines], "quote": "", "tone": "unclear",
        "reply_as": "live", "proposed": found.rows,
    }  # fmt: skip
    key = f"proposed:{contact.id}:{in_reply_to or now.isoformat()}"
    letters.write(session, Draft(key, "answer", contact, values, [(1, contact.id)], in_reply_to), at=now)
    return Said(asks.heading, sent=True)


def _question(missing: tuple[str, ...]) -> Said:
    example = ", ".join(EXAMPLE[each] for each in missing)
    lines = (*(ASKED[each] for each in missing), f"Reply for example: “{example}”.")
    return Said("One more thing before it holds.", lines, tone="unclear")


def _lent(teller: _Teller, said: Lent) -> list[Row]:
    """Say who would be new: "we have 3" are three together, "2 more" are two besides those known."""
    known = 0 if said.is_more else sum(set(said.keys) <= {*each.competency_keys} for each in teller.people)
    row: Row = {"name": said.name, "keys": list(said.keys), "n": said.n - known, "level": "", "days": None}
    return [_row({**row, "from": "", "on_site": None, "is_free": False}, said.traits)] if said.n > known else []


def _moved(teller: _Teller, said: Moved) -> Row:
    """Say of somebody known what would stand there; what was not spoken of stays as it is."""
    one = next(each for each in teller.people if each.name == said.name)
    before = Traits(one.level, one.free_from, one.free_days, one.on_site, may_be_free=True)
    after = with_traits(before, said.traits)
    if said.traits.may_be_free and said.traits.free_days is None and not one.free_days:
        after = with_traits(after, Traits(free_from=after.free_from, free_days=DAYS_A_MONTH))
    return _row({"name": one.name, "keys": list(one.competency_keys), "n": 1}, after)


def _row(row: Row, of: Traits) -> Row:
    return {
        **row,
        "level": of.level,
        "from": of.free_from.isoformat() if of.free_from else "",
        "days": of.free_days,
        "on_site": of.on_site,
        "is_free": of.may_be_free,
    }


def _traits(row: Row) -> Traits:
    on = date.fromisoformat(row["from"]) if row["from"] else None
    return Traits(row["level"], on, row["days"], row["on_site"], row["is_free"])


def _missing(rows: Row) -> tuple[str, ...]:
    """Name what must be asked of people before they can be put before a poster: nothing of it is guessed."""
    people = rows["people"]
    level = any(not each["level"] for each in people)
    free = any(each["days"] is None and not each["is_free"] for each in people)
    return tuple(name for name, is_missing in (("level", level), ("free", free)) if is_missing)


def _write_down(teller: _Teller, rows: Row) -> None:
    session, firm, on = teller.session, teller.firm, teller.now.date()
    known = {each.name for each in teller.people}
    for each in rows["people"]:
        for _ in range(each["n"]):
            name = each["name"] or lending.free_name(session, firm.id)
            speaks = {} if name in known else {"languages": list(firm.languages)}  # as its people do
            lending.lend(session, firm.id, name=name, **_columns(each), **speaks)
    lending.let_go(session, firm.id, rows["gone"])
    for each in rows["badges"]:
        until = date.fromisoformat(each["until"]) if each["until"] else None
        level = level_of(teller.competencies[each["key"]])
        lending.hold(session, firm.id, key=each["key"], level=level, until=until, source=teller.how, on=on)
    lending.end(session, firm.id, rows["over"], on=on)
    facts = dict(zip(("min_eur", "max_eur"), rows["limits"], strict=False))
    note(session, firm, facts, people=bool(rows["people"] or rows["gone"]), how=teller.how, now=teller.now)


def note(session: Session, firm: Partner, facts: Row, *, people: bool, how: str, now: datetime) -> None:
    """Write down of whom we know it and that the firm has changed, so that it is read and ranked anew."""
    partners.change_partner(session, firm, facts, source=how, at=now)
    if people:
        firm.sources = {**firm.sources, "people": how}
    firm.changed_at = now
    session.flush()
    wake(session, "refresh")


def _columns(row: Row) -> Row:
    days = row["days"] if row["days"] is not None else DAYS_A_MONTH
    return {
        "competency_keys": row["keys"],
        "level": row["level"],
        "free_from": date.fromisoformat(row["from"]) if row["from"] else None,
        "free_days": days,
        "on_site": bool(row["on_site"]),
    }
