"""Whatever "what would bring me forward?" advises can be told by mail, and then brings its firm where it said."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from matcher import matching
from matcher.matching import Shelf
from matcher.models import BenchPerson, Competency, Contact
from matcher.ranking import whatif
from matcher.ranking.changes import KINDS, Change, changes_for
from matcher.ranking.whatif import WhyNot
from tests import factories as make
from tests.exchange.conftest import Desk
from tests.factories import DAY, NOW
from tests.fakes import HashEmbedder

EMBEDDER = HashEmbedder()
LATE = "anna@late.example"
BETH: dict[str, Any] = {"name": "Beth", "competency_keys": ["mail"], "level": "senior", "free_days": 6}


@dataclass(frozen=True, slots=True)
class Case:
    """What an opportunity asks for besides, and what its late firm and the others lack or have."""

    asked: dict[str, Any] = field(default_factory=dict)
    late: dict[str, Any] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)
    person: dict[str, Any] = field(default_factory=dict)


STALE = {"profile_on": DAY - timedelta(days=3000)}  # of others: who is let in again is before them
CASES = {
    "freshen": Case(late=STALE, others=STALE),
    "live": Case(late={"state": "paused"}, others=STALE),
    "language": Case({"languages": ["de"]}, {"languages": ["en"]}, {**STALE, "languages": ["de"]}),
    "industry": Case({"industry": "Financial Services"}),
    "size": Case({"value_eur": 12_000}, {"min_eur": 50_000}, STALE),
    "practice": Case(late={"practices": []}, others=STALE),
    "sentence": Case(late={"practices": []}, others={"practices": []}),
    "calendar": Case({"due_on": date(2026, 12, 20)}, others=STALE, person=BETH | {"free_from": date(2027, 6, 1)}),
    "travel": Case({"on_site": True, "country": "SE"}, others=STALE, person=BETH),
    "residency": Case({"jurisdiction": "US"}, {"jurisdictions": ["EU"]}, {**STALE, "jurisdictions": ["US"]}),
    "person": Case(),
    "clearance": Case({"clearances": ["DV-UK"]}, others={**STALE, "clearances": ["DV-UK"]}),
    "badge": Case(),
}


def world(desk: Desk, case: Case) -> tuple[int, Contact]:
    """Set up a market of a poster, six firms and one that comes too late; return the opportunity's id and the firm."""
    badge = {"key": "s-mail", "label": "Moving Mail", "definition": "For moving mail", "practices": ["mail"]}
    desk.session.add(Competency(kind="specialization", synonyms=[], **badge))
    poster = make.firm(desk.session, "poster")
    others = [make.firm(desk.session, f"good{n}").partner for n in range(6)]
    late = make.firm(desk.session, "late")
    for row in (*others, late.partner):
        row.practices, row.profile_on, row.languages = ["mail"], DAY, ["en"]
        _set(row, case.late if row is late.partner else case.others)
    if case.person:
        desk.session.add(BenchPerson(partner_id=late.partner_id, **case.person))
    asked = make.opportunity(desk.session, poster, country="GB")
    _set(asked, case.asked)
    desk.session.flush()
    return asked.id, late


def _set(row: object, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(row, name, value)


def ask(desk: Desk, opportunity_id: int) -> WhyNot:
    matching.read_partners(desk.session, now=NOW)
    while make.embed(desk.session, EMBEDDER):
        pass
    desk.session.flush()
    found = matching.why_not(desk.session, Shelf(), EMBEDDER, opportunity_id, partner_key="late", now=NOW)
    assert found
    return found


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Let nothing but one kind of change be advised, so that every kind has its turn."""

    def set_to(kind: str) -> None:
        def of_kind(*args: Any, **named: Any) -> tuple[Change, ...]:
            return tuple(one for one in changes_for(*args, **named) if one.kind == kind)

        monkeypatch.setattr(whatif, "changes_for", of_kind)

    yield set_to
    monkeypatch.undo()


def test_every_kind_of_change_is_told_below() -> None:
    assert set(CASES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_advised_is_told_by_mail_and_brings_its_firm_there(
    desk: Desk, only: Callable[[str], None], kind: str
) -> None:
    only(kind)
    opportunity_id, late = world(desk, CASES[kind])
    advised = ask(desk, opportunity_id)
    assert [one.kind for one in advised.changes] == [kind]
    said = advised.sentence_for_partner.partition("“profile: ")[2].rpartition("” or change")[0]
    digest = make.letter(desk.session, "digest", late, [])
    desk.reply(digest, f"profile: {said}")
    if desk.letters(to=LATE)[-1].values["heading"] == "Is this right?":
        desk.reply(desk.letters(to=LATE)[-1], "ok")
    assert ask(desk, opportunity_id).place == advised.place_after
