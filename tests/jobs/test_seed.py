"""Seed files: a bad row is named by file, line and column, and all the others are loaded."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from jobs import seed
from jobs.ground import Ground, ground_on
from jobs.seed import load, quietly
from matcher.models import Base, BenchPerson, Collaboration, Competency, Contact, Opportunity, Partner
from tests.factories import NOW
from web import create_app
from web.db import transaction
from web.settings import Settings

PARTNER = {
    "name": "Quay Nets", "country": "IE", "city": "Cork", "n_people": "4", "founded": "2011", "languages": "en|pl",
    "practices": "mail", "min_eur": "1000", "max_eur": "0", "profile_on": "2026-03-01", "digest": "daily",
    "digest_hour": "7", "timezone": "Europe/Dublin", "profile": "We move mailboxes, on weekends.",
}  # fmt: skip
ROWS: dict[str, list[dict[str, str]]] = {
    "competencies": [{"key": "mail", "kind": "practice", "label": "Mail migration", "synonyms": "mailboxes"}],
    "partners": [{"key": key, **PARTNER} for key in ("alder", "quay", "fjord")],
    "contacts": [
        {"partner": key, "name": "Anna", "email": f"Anna@{key}.example", "level": "owner", "language": "en"}
        for key in ("alder", "quay", "fjord")
    ],
    "people": [
        {"partner": "quay", "person": name, "practices": "mail", "level": "senior", "languages": "en",
         "free_from": "", "free_days": "5", "on_site": "no"}
        for name in ("Ola", "Eva")
    ],
    "badges": [
        {"partner": "quay", "competency": "mail", "level": "gold", "awarded_on": "2019-03-01", "expires_on": ""}
    ],
    "collaborations": [
        {"lead": "alder", "partner": "quay", "practice": "mail", "role": "moving", "started_on": f"20{year}-03-01",
         "ended_on": f"20{year}-05-01", "summary": "moved 400 mailboxes", "outcome": "won", "revenue_eur": "9000"}
        for year in (21, 22, 23)
    ],
    "postings": [
        {"key": "p01", "poster": "alder", "channel": "mail", "posted_on": "2026-11-03", "due": "31 January 2027",
         "place": "Leeds", "pays": "we pay you", "subject": "Mail",
         "text": "We need 380 mailboxes moved.\nIn one weekend,\nwith the phone on."}
    ],
}  # fmt: skip
Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a small folder of seeds in which every row is right."""
    for name, kind, _ in seed.STEPS:
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, kind.__slots__, lineterminator="\n")
            writer.writeheader()
            writer.writerows(ROWS[name])
    return tmp_path


def spoil(folder: Path, name: str, line: int, before: str, after: str) -> None:
    """Replace words of one line of a file; the header is line 1."""
    path = folder / f"{name}.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    assert before in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(before, after)
    path.write_text("\n".join(lines), encoding="utf-8")


def loaded(session: Session, folder: Path) -> list[str]:
    return [str(each) for each in load(session, folder, at=NOW, show=quietly)]


def counts(session: Session) -> dict[str, int]:
    return {
        name: session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
    }


def test_a_folder_without_a_mistake_is_loaded_whole(session: Session, folder: Path) -> None:
    assert loaded(session, folder) == []
    wanted = {
        "competency": 1, "partner": 3, "contact": 3, "bench_person": 2, "badge": 1, "collaboration": 3, "posting": 1,
    }  # fmt: skip
    n = counts(session)
    assert {name: n[name] for name in wanted} == wanted
    row = session.scalars(select(Opportunity)).one()
    assert (row.state, row.contact.email) == ("open", "anna@alder.example")
    assert row.contact.timezone == "Europe/Dublin"


def test_loading_twice_changes_nothing(engine: Engine, folder: Path) -> None:
    every = [f"SELECT '{name}', t::text FROM \"{name}\" t" for name in sorted(Base.metadata.tables)]
    shown = text(" UNION ALL ".join(every) + " ORDER BY 1, 2")
    found = []
    for _ in range(2):
        with transaction(engine) as session:
            assert loaded(session, folder) == []
        with transaction(engine) as session:
            found.append(session.execute(shown).all())
    assert found[0] == found[1]


BAD = [
    ("partners", 3, "IE,Cork,4,", "IE,Cork,four,", "n_people is 'four'; give a whole number."),
    ("partners", 3, "IE,Cork,4,", "IE,Cork,-4,", "n_people is '-4'; give a whole number."),
    ("partners", 3, "2026-03-01", "1 March 2026", "profile_on is '1 March 2026'; give a date such as 2026-03-01."),
    ("partners", 3, ",mail,", ",post,", "practices has 'post'; there is no such key in competencies.csv."),
    ("partners", 3, "Europe/Dublin", "Cork", "timezone is 'Cork'; give a name such as Europe/Lisbon."),
    ("partners", 3, "2026-03-01", "0001-01-01", "profile_on is 0001-01-01; give the day when the profile was last"),
    ("partners", 3, ",IE,", ",Ireland,", "country is 'Ireland'; give two letters of ISO 3166 such as PT"),
    ("partners", 3, ",IE,", ",UK,", "country is 'UK'; give two letters of ISO 3166 such as PT, and GB for the UK."),
    ("partners", 3, ",daily,7,", ",daily,24,", "digest_hour is 24; give an hour from 0 to 23."),
    ("partners", 3, ",daily,7,", ",each day,7,", "digest is 'each day'; give one of daily, weekly, paused."),
    ("partners", 3, "quay,Quay", "alder,Quay Side", "key is 'alder', as on line 2, which says something else; make"),
    ("contacts", 3, "Anna@quay.example", "Anna <anna@quay.example>", "email is 'Anna <anna@quay.example>'; give an"),
    ("contacts", 3, "Anna@quay.example", "anna@quay.example;eva@quay.example", "email is 'anna@quay.example;eva@quay"),
    ("contacts", 3, "Anna@quay.example", "anna@ALDER.example", "email is 'anna@ALDER.example', as on line 2, which"),
    ("contacts", 3, ",owner,", ",boss,", "level is 'boss'; give one of owner, sales, technical."),
    ("people", 3, "Eva,mail,senior", "Ola,mail,junior", "partner is 'quay', as on line 2, which says something else"),
    ("contacts", 3, "Anna@quay.example", "Anna", "email is 'Anna'; give an address such as ana@firm.example."),
    ("contacts", 3, "quay,", "quai,", "partner is 'quai'; there is no partner with that key in partners.csv."),
    ("people", 2, ",no", ",perhaps", "on_site is 'perhaps'; give yes or no."),
    ("collaborations", 3, "alder,", "elder,", "lead is 'elder'; there is no partner with that key in partners.csv."),
    ("collaborations", 3, "2022-05-01", "2021-05-01", "ended_on is 2021-05-01, before started_on (2022-03-01)."),
    ("collaborations", 3, ",9000", "", "it does not have 9 columns; check commas and quotes."),
    ("collaborations", 3, ",9000", ",9000,1", "it does not have 9 columns; check commas and quotes."),
    ("collaborations", 3, "moved 400", '"moved" 400', "the line cannot be read as CSV"),
    ("collaborations", 3, "moved 400", '"moved 400', "the line cannot be read as CSV"),
    ("collaborations", 3, ",9000", ",99999999999", "integer out of range"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "line", "before", "after", "sentence"), BAD)
def test_a_bad_row_is_named_by_file_and_line_and_the_others_are_loaded(
    session: Session, folder: Path, name: str, line: int, before: str, after: str, sentence: str
) -> None:
    spoil(folder, name, line, before, after)
    problems = [each for each in loaded(session, folder) if each.startswith(f"{name}.csv")]
    assert len(problems) == 1
    assert problems[0].startswith(f"{name}.csv, line {line}: {sentence}")
    tables = {"partners": Partner, "contacts": Contact, "people": BenchPerson, "collaborations": Collaboration}
    assert counts(session)[tables[name].__tablename__] == len(ROWS[name]) - 1


def test_a_text_too_long_for_its_index_leaves_out_one_row(session: Session, folder: Path) -> None:
    told = "".join(Random(1).choices("abcdefghijklmnopqrstuvwxyz ", k=8000))  # a story that hardly gets shorter
    spoil(folder, "collaborations", 3, "moved 400 mailboxes", told)
    (problem,) = loaded(session, folder)
    assert problem.startswith("collaborations.csv, line 3: index row size")
    assert counts(session)["collaboration"] == 2


def test_an_address_that_another_partner_has_is_said(session: Session, folder: Path) -> None:
    assert loaded(session, folder) == []
    spoil(folder, "contacts", 3, "Anna@quay.example", "eva@quay.example")
    spoil(folder, "contacts", 4, "Anna@fjord.example", "Anna@quay.example")
    said = "email is 'Anna@quay.example', which is an address of the partner 'quay' already."
    assert loaded(session, folder) == [f"contacts.csv, line 4: {said}"]
    assert counts(session)["contact"] == 4


def test_a_competency_names_those_below_it_and_none_that_there_is_not(session: Session, folder: Path) -> None:
    path = folder / "competencies.csv"
    path.write_text(f"{path.read_text()}post,practice,Post,,,,,,,\nold,practice,Old post,,,,,,post|mail,\n")
    spoil(folder, "competencies", 2, ",mailboxes,,,,,", ",mailboxes,,,,post,")
    assert loaded(session, folder) == []
    spoil(folder, "competencies", 4, "post|mail", "post|parcels")
    assert loaded(session, folder) == [
        "competencies.csv, line 4: replaced_by has 'parcels'; there is no such key in competencies.csv."
    ]


def test_a_file_that_cannot_be_read_leaves_the_others_to_be_loaded(session: Session, folder: Path) -> None:
    (folder / "badges.csv").unlink()
    (folder / "badges.csv").mkdir()  # as a file that somebody else may read only
    assert loaded(session, folder) == ["badges.csv, line 0: it cannot be read (Is a directory)."]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (
            "partner;competency;level;awarded_on;expires_on",
            "expires_on with commas between them; it names partner;co",
        ),
        ('"' + "x" * 200_000, "it names nothing."),
    ],
    ids=["semicolons", "a quote that nobody closes"],
)
def test_a_header_that_cannot_be_taken_apart_is_said(session: Session, folder: Path, header: str, said: str) -> None:
    (folder / "badges.csv").write_text(f"{header}\n")
    (problem,) = loaded(session, folder)
    assert said in problem


def test_whoever_loads_twice_reads_that_nothing_is_new(
    settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    g = ground_on(create_app(settings))
    monkeypatch.setattr(seed, "ground", lambda: g)
    stays = "What was there already stays as it is."
    said = [CliRunner().invoke(seed.main, ["--folder", str(folder)]).stdout.splitlines()[-1] for _ in range(2)]
    first = "1 competencies, 3 partners, 3 contacts, 2 people, 1 badges, 3 collaborations, 1 postings"
    assert said == [f"New: {first}. {stays}", f"New: nothing. {stays}"]


def test_invented_firms_are_not_put_among_real_ones(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """As by a slip of whoever forgets --folder."""
    g = ground_on(create_app(replace(settings, mail_server="relay.firm.eu")))
    monkeypatch.setattr(seed, "ground", lambda: g)
    for options in ([], ["--folder", "seeds"]):
        done = CliRunner().invoke(seed.main, options)
        assert done.exit_code == 2
        assert "name a folder of your own. The firms of seeds/ are invented" in done.stderr
    with transaction(g.engine) as session:
        assert session.scalar(select(func.count(Partner.id))) == 0


def test_a_folder_that_there_is_not_is_named(tmp_path: Path) -> None:
    done = CliRunner().invoke(seed.main, ["--folder", str(tmp_path / "nowhere")])
    assert done.exit_code == 2
    assert "nowhere' does not exist" in done.stderr


def test_a_row_of_several_lines_is_named_by_its_first(session: Session, folder: Path) -> None:
    spoil(folder, "postings", 2, "alder", "elder")
    assert loaded(session, folder) == [
        "postings.csv, line 2: poster is 'elder'; there is no partner with that key in partners.csv."
    ]


def test_bytes_of_another_alphabet_are_named_by_their_line(session: Session, folder: Path) -> None:
    spoil(folder, "partners", 3, "Quay Nets", "Quä Nets")
    path = folder / "partners.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    (problem, *_) = loaded(session, folder)
    assert problem == "partners.csv, line 3: name has bytes that are not UTF-8; save the file as UTF-8."
    assert counts(session)["partner"] == 2


def test_a_file_that_excel_saved_as_utf_8_is_read(session: Session, folder: Path) -> None:
    path = folder / "partners.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert loaded(session, folder) == []


def test_a_missing_file_is_named_and_the_other_files_are_loaded(session: Session, folder: Path) -> None:
    (folder / "badges.csv").unlink()
    assert loaded(session, folder) == [f"badges.csv, line 0: there is no such file in {folder}."]
    assert counts(session)["collaboration"] == 3


def test_a_wrong_header_says_which_columns_are_wanted(session: Session, folder: Path) -> None:
    spoil(folder, "badges", 1, "awarded_on", "awarded")
    assert loaded(session, folder) == [
        "badges.csv, line 1: the first line must name the columns partner, competency, level, awarded_on, expires_on; "
        "it names partner, competency, level, awarded, expires_on."
    ]


def test_an_empty_file_says_that_its_header_is_missing(session: Session, folder: Path) -> None:
    (folder / "badges.csv").write_text("")
    (problem,) = loaded(session, folder)
    assert problem.endswith("it names nothing.")


def test_the_command_says_what_was_left_out_and_keeps_the_rest(
    settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(folder, "people", 3, "quay,", "quai,")
    g: Ground = ground_on(create_app(settings))
    monkeypatch.setattr(seed, "ground", lambda: g)
    done = CliRunner().invoke(seed.main, ["--folder", str(folder)])
    assert done.exit_code == 1
    assert "people.csv, line 3: partner is 'quai'" in done.stderr
    assert "1 row was left out, the others are loaded." in done.stderr
    with transaction(g.engine) as session:
        assert session.scalars(select(BenchPerson.name)).all() == ["Ola"]
        assert session.scalar(select(func.count(Competency.id))) == 1
