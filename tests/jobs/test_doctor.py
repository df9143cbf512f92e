"""The doctor finds what is really broken, says what to do, and never says a secret."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.orm import Session

from jobs import doctor, doctor_machine, doctor_mail, doctor_settings
from jobs.door import DoorKeeper
from jobs.findings import Finding, looked_at
from jobs.ground import Ground, kept_at
from matcher.models import Letter
from matcher.ranking.embed import SentenceEmbedder
from tests import factories, places
from tests.fakes import HashEmbedder
from tests.jobs.environment import environment_of
from tests.jobs.postoffice import PostOffice, open_post_office
from web.settings import Settings, all_problems

NOW = datetime.now(UTC)
REAL = {
    "SECRET_KEY": "5" * 40, "BASE_URL": "https://partners.firm.eu", "MAIL_SERVER": "relay.firm.eu", "MAIL_PORT": "587",
    "MAIL_USE_TLS": "1", "MAIL_FROM": "Counterpart <hello@firm.eu>", "INBOUND_DOMAIN": "in.firm.eu",
    "INBOUND_HOST": "0.0.0.0", "TRUSTED_AUTHSERV_ID": "mx.firm.eu",
}  # fmt: skip


def levels(found: Iterator[Finding] | list[Finding]) -> list[tuple[str, str]]:
    return [(each.check, each.level) for each in found]


def of(**environment: str) -> list[Finding]:
    settings, problems = all_problems({**REAL, **environment})
    return list(doctor_settings.of_settings(settings, problems, named={}))


def test_settings_that_can_work_are_said_in_one_line() -> None:
    assert levels(of()) == [("settings", "ok")]


def test_every_setting_that_cannot_work_is_named_at_once() -> None:
    said = [each.said for each in of(MAIL_PORT="smtp", DIGEST_HOUR="25", IMAP_HOST="imap.firm.eu", KEEP_MAIL_DAYS="0")]
    assert [each.split("=")[0] for each in said] == ["MAIL_PORT", "DIGEST_HOUR", "KEEP_MAIL_DAYS", "IMAP_USERNAME"]


@pytest.mark.parametrize(
    ("name", "value", "level"),
    [
        ("SECRET_KEY", "geheim", "fault"), ("SECRET_KEY", "geheim-geheim-geheim", "warning"),
        ("BASE_URL", "http://127.0.0.1:8000", "fault"), ("BASE_URL", "http://partners.firm.eu", "warning"),
        ("MAIL_FROM", "hello@counterpart.example", "fault"), ("INBOUND_DOMAIN", "in.counterpart.example", "fault"),
        ("TRUSTED_AUTHSERV_ID", "", "warning"), ("MAILBOX", "1", "fault"),
    ],
)  # fmt: skip
def test_a_setting_that_can_hardly_work_is_named(name: str, value: str, level: str) -> None:
    found = of(**{name: value})
    assert levels(found) == [("settings", level)]
    assert name in found[0].said
    assert found[0].do
    assert "geheim" not in found[0].said


def test_a_domain_whose_name_only_ends_like_a_reserved_one_is_somebodys() -> None:
    assert levels(of(MAIL_FROM="hello@bestexample.com")) == [("settings", "ok")]
    assert levels(of(MAIL_FROM="hello@mail.example.com")) == [("settings", "fault")]


def test_a_check_that_there_is_not_cannot_be_left_out() -> None:
    done = CliRunner().invoke(doctor.main, ["--skip", "mail-in"])
    assert done.exit_code == 2
    assert "--skip 'mail-in': there is no such check. There is: database, mail out, mail in, pages," in done.stderr


def test_a_name_in_the_file_that_is_no_setting_is_a_slip_of_the_pen() -> None:
    found = list(doctor_settings.of_settings(*all_problems(REAL), named={"MAIL_SEVER": "", "MAIL_PORT": ""}))
    assert [(each.level, "MAIL_SEVER" in each.said) for each in found] == [("warning", True)]


def mail_out(settings: Settings, to: str = "") -> list[Finding]:
    return list(doctor_mail.of_mail_out(settings, to=to, now=NOW))


def test_a_mail_server_that_answers_and_gets_nothing_unless_asked(settings: Settings) -> None:
    with open_post_office(settings.mail_port) as office:
        assert levels(mail_out(settings)) == [("mail out", "ok")]
        assert office.taken == []
        assert levels(mail_out(settings, "ana@firm.eu")) == [("mail out", "ok")] * 2
        assert office.recipients == ["ana@firm.eu"]


def test_no_mail_server_at_the_port(settings: Settings) -> None:
    (found,) = mail_out(settings)
    assert found.level == "fault"
    assert str(settings.mail_port) in found.said


@pytest.mark.parametrize(
    "wish", [{"mail_use_tls": True}, {"mail_username": "u", "mail_password": "geheim"}], ids=["STARTTLS", "login"]
)
def test_a_mail_server_that_does_not_offer_what_is_set(settings: Settings, wish: dict[str, str]) -> None:
    with open_post_office(settings.mail_port):
        (found,) = mail_out(replace(settings, **wish))  # type: ignore[arg-type]
    assert found.level == "fault"
    assert "does not offer it" in found.said
    assert "geheim" not in found.said


def test_a_letter_that_the_server_refuses(settings: Settings) -> None:
    with open_post_office(settings.mail_port, PostOffice(at_recipient=lambda _: "550 no such reader")):
        found = mail_out(settings, "nobody@firm.eu")
    assert found[-1].level == "fault"
    assert "no such reader" in found[-1].said


def test_our_own_door_open_and_closed(settings: Settings, opened: DoorKeeper) -> None:
    assert levels(doctor_mail.of_mail_in(settings)) == [("mail in", "ok")]
    assert levels(doctor_mail.of_mail_in(replace(settings, inbound_port=places.free_port()))) == [("mail in", "fault")]
    (other,) = doctor_mail.of_mail_in(replace(settings, inbound_domain="in.another.eu"))
    assert other.level == "fault"
    assert "does not take mail for help@in.another.eu" in other.said


def test_a_mailbox_that_cannot_be_reached(settings: Settings) -> None:
    there = replace(settings, imap_host="127.0.0.1", imap_port=places.free_port(), imap_username="us")
    assert levels(doctor_mail.of_mail_in(there)) == [("mail in", "fault"), ("mail in", "skipped")]


def test_a_model_that_is_not_there_and_one_that_reads(settings: Settings) -> None:
    (missing,) = doctor_machine.of_model(replace(settings, embedding_model="/nowhere/model"))
    assert missing.level == "fault"
    assert "EMBEDDING_MODEL=/nowhere/model" in missing.said
    assert levels(doctor_machine.of_model(settings, HashEmbedder())) == [("model", "ok")]


def test_the_model_is_looked_at_where_it_runs(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    (found,) = looked_at("model", lambda: doctor_machine.of_model(replace(settings, embedding_device="cuda")))
    assert found.level == "fault"
    assert found.said == "EMBEDDING_DEVICE='cuda' cannot be used: this machine's torch finds no graphics processor."
    assert "EMBEDDING_DEVICE=auto" in found.do


def index(settings: Settings) -> list[tuple[str, str]]:
    [partners, *file] = doctor_machine.of_index(settings, now=NOW)
    assert partners.level == "ok"
    return [(each.level, each.said) for each in file]


def test_the_rankers_file_that_is_whole_and_one_that_is_torn_and_one_of_another_program(
    settings: Settings, session: Session
) -> None:
    kept = kept_at(settings)
    assert kept
    assert index(settings) == []  # a small network has none
    with kept.alone():
        kept.write([1, 2, 3], (SentenceEmbedder().model,))
    assert [level for level, _ in index(settings)] == ["ok"]
    whole = kept.path.read_bytes()
    kept.path.write_bytes(whole[:-1])
    ((level, said),) = index(settings)
    assert (level, "torn" in said) == ("warning", True)
    with kept.alone():
        kept.write([1, 2, 3], ("another model",))
    ((level, said),) = index(settings)
    assert (level, "another network, model or program" in said) == ("warning", True)


def test_a_folder_for_the_ranker_that_nobody_can_write_to(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ((level, said),) = index(replace(settings, ranker_folder=str(tmp_path / "file" / "ranker")))
    assert (level, "RANKER_FOLDER" in said) == ("warning", True)


def test_a_disk_of_its_own_for_the_ranker_is_looked_at_too(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "another disk"
    other.mkdir()
    there = replace(settings, ranker_folder=str(other / "ranker"))
    assert len(list(doctor_machine.of_disk(there))) == 1  # the same disk is said once
    real = doctor_machine._disk_of
    monkeypatch.setattr(doctor_machine, "_disk_of", lambda at: 4711 if at == other else real(at))
    assert [str(other) in each.said for each in doctor_machine.of_disk(there)] == [False, True]


def test_partners_that_nobody_has_read_yet(settings: Settings, session: Session) -> None:
    assert levels(doctor_machine.of_index(settings, now=NOW)) == [("index", "ok")]
    factories.firm(session, "unread").partner.changed_at = NOW - timedelta(minutes=10)
    session.commit()
    assert levels(doctor_machine.of_index(settings, now=NOW)) == [("index", "fault")]


def test_no_worker_a_job_set_aside_and_a_letter_that_waits(settings: Settings, session: Session) -> None:
    session.execute(text("INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('now','x','failed')"))
    session.execute(text("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('now', 'y')"))
    session.execute(text("UPDATE procrastinate_events SET at = :at"), {"at": NOW - timedelta(hours=1)})
    session.add(Letter(key="k", kind="digest", to_address="a@b.eu", next_try_at=NOW - timedelta(hours=1)))
    session.commit()
    found = levels(doctor_machine.of_workers(settings, now=NOW))
    assert found == [("workers", "fault"), ("queue", "warning"), ("queue", "warning"), ("letters", "warning")]


def test_letters_that_the_relay_puts_off_again_and_again(settings: Settings, session: Session) -> None:
    """Each waits for its next try, so that none is due for long, and the relay answers whoever only knocks."""
    session.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
    said = "MAIL_SERVER='relay.eu' takes nothing from us: 550 <b+aaa@in.firm.eu> not verified"
    for n in range(3):
        to = Letter(key=f"k{n}", kind="digest", to_address="a@b.eu", next_try_at=NOW + timedelta(hours=1))
        to.n_tries, to.error = 3 + n, said
        session.add(to)
    session.commit()
    (_, found) = doctor_machine.of_workers(settings, now=NOW)
    assert (found.check, found.level) == ("letters", "warning")
    assert found.said.startswith(
        "1 were put off 5 times or more: MAIL_SERVER='relay.eu' takes nothing from us: 550 <…>"
    )


def test_a_disk_that_is_nearly_full(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert levels(doctor_machine.of_disk(settings)) == [("disk", "ok")]
    monkeypatch.setattr(doctor_machine, "NEARLY_FULL", 10**18)
    assert levels(doctor_machine.of_disk(settings)) == [("disk", "warning")]
    monkeypatch.setattr(doctor_machine, "FULL", 10**18)
    assert levels(doctor_machine.of_disk(settings)) == [("disk", "fault")]


def test_a_check_that_stumbles_hides_no_other() -> None:
    def stumble() -> Iterator[Finding]:
        raise KeyError("geheim")

    (found,) = looked_at("disk", stumble)
    assert (found.level, "geheim" in found.said) == ("fault", False)


def test_the_command_ends_in_one_on_faults_and_says_it_as_json(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: DoorKeeper, g: Ground
) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {**environment_of(settings), "MAIL_PASSWORD": "geheim", "SECRET_KEY": settings.secret_key}
    skip = ["--skip", "model", "--skip", "workers"]
    with open_post_office(settings.mail_port):
        well = CliRunner().invoke(doctor.main, skip, env=environment)
    assert well.exit_code == 0, well.output
    broken = CliRunner().invoke(doctor.main, ["--json", *skip], env=environment)
    assert broken.exit_code == 1
    assert ("mail out", "fault") in [(each["check"], each["level"]) for each in json.loads(broken.output)]
    for secret in ("geheim", settings.secret_key):
        assert secret not in well.output + broken.output
