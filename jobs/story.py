"""A running service → the main job told step by step, with real mail and a real form; every step is checked."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from http.cookiejar import CookieJar
from time import monotonic, sleep
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from rich.console import Console
from rich.markup import escape
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from jobs import digest, reminders
from jobs.ground import Ground, now
from jobs.person import Person, text_of
from jobs.story_words import VAGUE, answers, by_mail, form
from matcher.exchange.outcomes import ASK_AFTER
from matcher.models import Collaboration, Contact, Digest, Introduction, Letter, Match, Opportunity, Partner
from matcher.store.habits import next_working_day
from web.db import transaction
from web.maildir import Kept

WAIT_S = 60


class StoryBroken(Exception):
    """A step of the story did not happen."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the story is told, and to whom it is printed."""

    g: Ground
    console: Console

    def person(self, address: str) -> Person:
        return Person(address, self.g.settings)

    def at(self, path: str) -> str:
        return f"{self.g.settings.base_url}{path}"

    def inbox(self, address: str) -> str:
        return self.at(f"/mailbox/{address}")

    def step(self, title: str, *lines: str) -> None:
        self.console.print(f"\n[bold green]✓[/] [bold]{escape(title)}[/]")
        for line in lines:
            self.console.print(f"  {line}", markup=False)


def tell(g: Ground, console: Console) -> None:
    """Play every step; raise `StoryBroken` or `NothingCame` at the first that does not happen."""
    stage = Stage(g, console)
    console.rule("[bold]Three postings")
    first = post_by_form(stage, "graham@tallowgate.example")
    post_by_mail(stage, "h.wessels@kabelgrund.example")
    post_vaguely(stage, "dave@pennine-office.example")
    console.rule("[bold]Who fits, and why")
    show_matches(stage, first)
    console.rule("[bold]The night's digests")
    replies = send_digests(stage, first)
    console.rule("[bold]Two partners reply, the poster chooses")
    chosen = say_yes(stage, first, replies)
    introduce(stage, first, chosen)
    console.rule("[bold]Two weeks later")
    report_outcome(stage, first, chosen)


def post_by_form(stage: Stage, address: str) -> int:
    """Post on the web form, then prove the address by answering the letter."""
    page = _submit(stage, "/post", {**form(now().date()), "email": address, "firm": "Tallowgate Systems"})
    letter = stage.person(address).wait_for("confirm", containing="Notes")
    stage.step(
        "Posted on the web form", f"The page: {page}", f"The letter that asks “is this right?”: {stage.inbox(address)}"
    )
    return _confirm(stage, address, letter, "ok")


def post_by_mail(stage: Stage, address: str) -> int:
    """Post by a mail in plain words."""
    person = stage.person(address)
    person.write(f"post@{stage.g.settings.inbound_domain}", "Telefonie in a hall near Kassel", by_mail(now().date()))
    letter = person.wait_for("confirm", containing="Teams")
    stage.step(
        "Posted by a mail in plain words", f"How it was read, and what others will not see: {stage.inbox(address)}"
    )
    return _confirm(stage, address, letter, "ok, that is right\n\nHeiko")


def post_vaguely(stage: Stage, address: str) -> int:
    """Post too little, be asked, answer, and say ok."""
    person = stage.person(address)
    person.write(f"post@{stage.g.settings.inbound_domain}", "AI", VAGUE)
    asked = person.wait_for("confirm")
    questions = questions_in(text_of(asked))
    if not questions:
        raise StoryBroken("The vague posting was not asked about.")
    stage.step("Posted a vague mail, and asked back", *questions, stage.inbox(address))
    person.reply(asked, answers(now().date()))
    read_again = person.wait_for("confirm", beyond=1)
    return _confirm(stage, address, read_again, "ok")


def questions_in(letter: str) -> list[str]:
    """List what a letter asks: items of a list up to their question mark, wrapped or not."""
    return [" ".join(each.split()) for each in re.findall(r"^- ((?:[^?\r\n]|\r?\n  ){5,200}\?)", letter, re.MULTILINE)]


def show_matches(stage: Stage, opportunity_id: int) -> None:
    """Print the best matches with their reasons."""
    found = _matches(stage, opportunity_id)
    for place, name, score, why in found[:5]:
        stage.console.print(f"  {place}. [bold]{escape(name)}[/] ({score:.2f}) – {escape(why)}")
    order = "In brackets the score; small firms, new ones and those who were asked less than others move up a little."
    stage.step(f"{len(found)} partners ranked", order, "Names stay hidden from the poster until both sides said yes.")


def send_digests(stage: Stage, opportunity_id: int) -> list[tuple[str, int]]:
    """Write the next day's digests, see them delivered, print one; return who was asked, with the number."""
    on = next_working_day(now().date() + timedelta(days=1))  # of today the worker may have told some already
    n_written = digest.digest_day(stage.g, on, at=now())
    n_sent = _wait_until_sent(stage, on, n_written)
    stage.step(f"{n_sent} digests delivered by SMTP for {on:%A, %-d %B}", f"Every inbox: {stage.at('/mailbox')}")
    asked = _asked(stage, opportunity_id)
    if len(asked) < 2:
        raise StoryBroken("Fewer than two partners were asked about the first posting.")
    stage.step("One digest as its reader sees it", stage.inbox(asked[0][0]))
    stage.console.print(_indented(_digest(stage, opportunity_id, asked[0][0])), markup=False)
    return asked


def say_yes(stage: Stage, opportunity_id: int, asked: list[tuple[str, int]]) -> str:
    """Let two partners answer; return the address of the first."""
    for (address, number), words in zip(asked[:2], ("yes", "yes please, we have done this before"), strict=True):
        person = stage.person(address)
        person.reply(_digest(stage, opportunity_id, address), f"{number} {words}")
        person.wait_for("answer", containing="is with the poster")
        stage.step(f"“{number} {words}”, wrote {address}", stage.inbox(address))
    return asked[0][0]


def introduce(stage: Stage, opportunity_id: int, partner: str) -> None:
    """Let the poster choose; both sides get one letter."""
    poster = stage.person(_poster(stage, opportunity_id))
    number = _number_of(stage, opportunity_id, partner)
    letter = poster.wait_for("interested", containing=f"{number}.")
    stage.step("The poster reads who wants the work, and why them", stage.inbox(poster.address))
    stage.console.print(_indented(letter), markup=False)
    poster.reply(letter, str(number))
    for address in (poster.address, partner):
        met = stage.person(address).wait_for("introduction")
        if not any(part.get_content_type() == "text/calendar" for part in met.message.walk()):
            raise StoryBroken(f"The introduction letter to {address} has no .ics.")
        stage.step(f"Introduction letter to {address}, with an .ics", stage.inbox(address))


def report_outcome(stage: Stage, opportunity_id: int, partner: str) -> None:
    """Let two weeks pass, report the outcome, confirm it, and find it in the graph."""
    with transaction(stage.g.engine) as session:
        row = _introduction(session, opportunity_id, partner)
        earlier = row.introduced_at - ASK_AFTER - timedelta(days=1) if row.introduced_at else None
        session.execute(update(Introduction).where(Introduction.id == row.id).values(introduced_at=earlier))
        introduction_id = row.id
    reminders.remind_all(stage.g, at=now())
    them, poster = stage.person(partner), stage.person(_poster(stage, opportunity_id))
    them.reply(them.wait_for("outcome"), "won 9000")
    stage.step(f"“won 9000”, wrote {partner}", "(The story moved the introduction two weeks back to get here.)")
    poster.reply(poster.wait_for("confirm_outcome"), "ok")
    them.wait_for("recorded")
    edge = _edge(stage, introduction_id)
    stage.step("Confirmed by both sides, and now an edge in the graph", edge, stage.inbox(partner))


def _confirm(stage: Stage, address: str, letter: Kept, words: str) -> int:
    person = stage.person(address)
    person.reply(letter, words)
    person.wait_for("opened")
    with transaction(stage.g.engine) as session:
        newest = select(Opportunity).join(Contact, Contact.id == Opportunity.contact_id).where(Contact.email == address)
        row = session.scalars(newest.order_by(Opportunity.id.desc()).limit(1)).one()
        stage.step(f"Address proven, “{row.title}” is open", stage.inbox(address))
        return row.id


def _submit(stage: Stage, path: str, fields: dict[str, str]) -> str:
    """Fill in a form of the site as a browser would; return the address it leads to."""
    browser: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
    with browser.open(stage.at(path), timeout=20) as page:
        html = page.read().decode()
    hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', html))
    hidden |= {b: a for a, b in re.findall(r'<input[^>]*value="([^"]*)"[^>]*type="hidden"[^>]*name="([^"]+)"', html)}
    sent = urlencode({**{name: unescape(value) for name, value in hidden.items()}, **fields}).encode()
    with browser.open(stage.at(path), sent, timeout=20) as page:
        if "/opportunity/" not in page.url:
            raise StoryBroken(f"The form did not lead to the opportunity's page but to {page.url}.")
        return str(page.url)


def _matches(stage: Stage, opportunity_id: int) -> list[tuple[int, str, float, str]]:
    until = monotonic() + WAIT_S
    while monotonic() < until:
        with transaction(stage.g.engine) as session:
            chosen = select(Match, Partner.name).join(Partner).where(Match.opportunity_id == opportunity_id)
            rows = session.execute(chosen.order_by(Match.place)).all()
            if rows:
                return [(row[0].place, row[1], row[0].score, row[0].why_them) for row in rows]
        sleep(0.1)
    raise StoryBroken("No matches were found for the first posting.")


def _wait_until_sent(stage: Stage, on: date, n_written: int) -> int:
    until = monotonic() + WAIT_S
    while monotonic() < until:
        with transaction(stage.g.engine) as session:
            digests = select(Letter.id).join(Digest, Digest.letter_id == Letter.id)
            n_sent = len(session.scalars(digests.where(Digest.day == on, Letter.state == "sent")).all())
        if n_sent >= n_written > 0:
            return n_sent
        sleep(0.1)
    raise StoryBroken(f"{n_written} digests were written and not all of them were sent.")


def _asked(stage: Stage, opportunity_id: int) -> list[tuple[str, int]]:
    """List the contacts who were asked about an opportunity, best match first, with its number in their digest."""
    with transaction(stage.g.engine) as session:
        chosen = (
            select(Introduction, Letter)
            .join(Letter, Letter.contact_id == Introduction.contact_id)
            .join(Match, Match.id == Introduction.match_id)
            .where(Introduction.opportunity_id == opportunity_id, Letter.kind == "digest")
            .order_by(Match.place)
        )
        rows = session.execute(chosen)  # a letter of each day
        told = [(letter.to_address, dict(map(reversed, letter.refs)).get(asked.id)) for asked, letter in rows]
        return [(address, number) for address, number in told if number]


def _digest(stage: Stage, opportunity_id: int, address: str) -> Kept:
    """Wait for the digest that tells somebody of an opportunity; there may be one of an earlier day."""
    with transaction(stage.g.engine) as session:
        title = session.get_one(Opportunity, opportunity_id).title
    return stage.person(address).wait_for("digest", containing=" ".join(title.split()))


def _poster(stage: Stage, opportunity_id: int) -> str:
    with transaction(stage.g.engine) as session:
        return session.get_one(Opportunity, opportunity_id).contact.email


def _introduction(session: Session, opportunity_id: int, partner: str) -> Introduction:
    chosen = select(Introduction).join(Contact, Contact.id == Introduction.contact_id)
    return session.scalars(chosen.where(Introduction.opportunity_id == opportunity_id, Contact.email == partner)).one()


def _number_of(stage: Stage, opportunity_id: int, partner: str) -> int:
    with transaction(stage.g.engine) as session:
        return _introduction(session, opportunity_id, partner).number or 0


def _edge(stage: Stage, introduction_id: int) -> str:
    with transaction(stage.g.engine) as session:
        row = session.scalar(select(Collaboration).where(Collaboration.introduction_id == introduction_id))
        if row is None:
            raise StoryBroken("The confirmed outcome did not become a collaboration.")
        lead, partner = session.get_one(Partner, row.lead_id), session.get_one(Partner, row.partner_id)
        return f"{lead.name} → {partner.name}: {row.outcome}, {row.revenue_eur:,} EUR"


def _indented(letter: Kept) -> str:
    subject = f"Subject: {letter.message['Subject']}"
    return "\n".join(f"    │ {line}" for line in (subject, "", *text_of(letter).splitlines()))
