"""The replay of stored mail from the command line: chosen by id, state or day, shown as a table, rehearsed first."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from jobs import replay
from jobs.ground import Ground
from jobs.inbound import receive_one
from jobs.retain import retain
from matcher import exchange
from matcher.exchange.replaying import Replayed
from matcher.models import InboundMessage, Letter
from tests import factories as make
from tests.factories import DOMAIN, NOW
from tests.fakes import HashEmbedder
from tests.jobs.environment import environment_of
from web.db import transaction
from web.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
HELP = f"help@{DOMAIN}"


@pytest.fixture
def stumbled(g: Ground, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let the first of two messages make us stumble and the second be answered."""
    with transaction(g.engine) as session:
        ids = [
            exchange.keep(
                session, make.mail(f"{name}@firm.example", HELP, "How?"), envelope_from="", envelope_to=HELP, now=NOW
            )
            or 0
            for name in ("ann", "bob")
        ]

    def stumbles(*_: object, **__: object) -> str:
        raise KeyError("a mistake of ours\0")

    with monkeypatch.context() as broken:
        broken.setattr("jobs.inbound.receive", stumbles)
        receive_one(g, ids[0])
    receive_one(g, ids[1])
    return ids


def states(g: Ground) -> list[str]:
    with transaction(g.engine) as session:
        return list(session.scalars(select(InboundMessage.state).order_by(InboundMessage.id)))


def told(g: Ground, address: str) -> list[str]:
    with transaction(g.engine) as session:
        rows = session.scalars(select(Letter).where(Letter.to_address == address).order_by(Letter.id))
        return [each.values["heading"] for each in rows]


def run(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jobs.replay", *arguments], cwd=ROOT, env=environment_of(settings),
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_whoever_made_us_stumble_is_told_and_answered_after_the_replay(g: Ground, stumbled: list[int]) -> None:
    assert (states(g), told(g, "ann@firm.example")) == (["refused", "done"], ["We could not read your message."])
    chosen = replay.chosen(g, replay.NOT_ACTED_ON, since=None)
    assert chosen == stumbled[:1]
    done = list(replay.replay_each(g, chosen, opens=transaction, at=NOW))
    assert replay.counted(done) == "1 acted on, 0 read differently, 0 as before, 0 not replayed"
    assert (states(g), len(told(g, "ann@firm.example"))) == (["done", "done"], 2)


def test_a_rehearsal_shows_the_same_and_stores_nothing(g: Ground, stumbled: list[int]) -> None:
    rehearsed = list(replay.replay_each(g, stumbled, opens=replay.rehearsal, at=NOW))
    assert (states(g), len(told(g, "ann@firm.example"))) == (["refused", "done"], 1)
    with transaction(g.engine) as session:
        n_jobs = session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'deliver'"))
    assert list(replay.replay_each(g, stumbled, opens=transaction, at=NOW)) == rehearsed
    with transaction(g.engine) as session:
        assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'deliver'")) == n_jobs + 1


def test_one_message_that_stumbles_again_holds_up_no_other(
    g: Ground, stumbled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(*_: object, **__: object) -> str:
        raise KeyError("still")

    monkeypatch.setattr("matcher.exchange.replaying.deal_with", stumbles)
    first, second = replay.replay_each(g, stumbled, opens=transaction, at=NOW)
    assert str(first) == f"Message {stumbled[0]} makes us stumble still: KeyError: 'still'"
    assert replay.counted([first, second]) == "0 acted on, 0 read differently, 1 as before, 1 not replayed"


def test_messages_are_chosen_from_a_day_on(g: Ground, stumbled: list[int]) -> None:
    assert replay.chosen(g, (), since=NOW) == stumbled
    assert replay.chosen(g, (), since=NOW + timedelta(seconds=1)) == []


def test_the_table_names_each_message_with_what_was_and_is_made_of_it(
    settings: Settings, g: Ground, stumbled: list[int]
) -> None:
    rehearsed = run(settings, "--refused", "--since", "2026-11-20", "--dry-run")
    assert rehearsed.returncode == 0
    head, row, total = rehearsed.stdout.splitlines()
    assert head.split() == ["message", "was", "is", "read", "before", "read", "now"]
    assert row.split()[:3] == [str(stumbled[0]), "refused", "done"]
    assert "not dealt with, kept to be read again" in row
    assert row.endswith("explained how to write to us")
    assert total.startswith("Messages: 1 acted on")
    assert total.endswith("(dry run: nothing was stored)")
    assert states(g) == ["refused", "done"]
    replayed = run(settings, *map(str, stumbled), "999999")
    assert replayed.returncode == 1
    assert replayed.stdout.splitlines()[1:] == [
        row,
        replay.ROW.format(stumbled[1], "done", "done", "unknown", "unknown").rstrip(),
        "          There is no message 999999, or somebody deals with it at this moment.",
        "Messages: 1 acted on, 0 read differently, 1 as before, 1 not replayed",
    ]


@pytest.mark.parametrize(
    ("after", "exit_code"), [("done", 0), ("as before", 0), ("read differently", 1), ("not replayed", 1)]
)
def test_the_exit_code_tells_a_script_whether_anything_is_read_differently_or_not_at_all(
    g: Ground, stumbled: list[int], monkeypatch: pytest.MonkeyPatch, after: str, exit_code: int
) -> None:
    outcomes: dict[str, Replayed | replay.NotReplayed] = {
        "done": Replayed(1, "refused", "done", "stumbled", "yes"),
        "as before": Replayed(1, "done", "done", "yes", "yes"),
        "read differently": Replayed(1, "done", "done", "yes", "no"),
        "not replayed": replay.NotReplayed("It makes us stumble still."),
    }
    monkeypatch.setattr(replay, "ground", lambda: g)
    monkeypatch.setattr(replay, "replay_each", lambda *_, **__: iter([outcomes[after]]))
    assert CliRunner().invoke(replay.main, ["1"]).exit_code == exit_code


def test_what_is_past_its_keeping_time_is_not_chosen_and_says_so_when_it_is_named(
    g: Ground, stumbled: list[int]
) -> None:
    with transaction(g.engine) as session:
        session.get_one(InboundMessage, stumbled[0]).raw = b""
    assert replay.chosen(g, replay.NOT_ACTED_ON, since=None) == []
    (said,) = replay.replay_each(g, stumbled[:1], opens=transaction, at=NOW)
    assert str(said) == f"Message {stumbled[0]} is past its keeping time; its bytes are gone."


@pytest.mark.parametrize("arguments", [(), ("1", "--refused"), ("1", "--since", "2026-11-20")])
def test_a_replay_of_nothing_or_of_both_is_told_what_to_give(arguments: tuple[str, ...]) -> None:
    done = CliRunner().invoke(replay.main, arguments)
    assert done.exit_code == 2
    assert "Name messages by their ids, or choose them with --refused" in done.output


def test_the_bytes_of_mail_are_kept_as_long_as_the_setting_says(
    settings: Settings, g: Ground, stumbled: list[int]
) -> None:
    g.settings = Settings(**{name: getattr(settings, name) for name in Settings.__slots__} | {"keep_mail_days": 10})
    g._embedder = HashEmbedder()
    emptied = [retain(g, at=NOW + timedelta(days=n))["words of messages that came in"] for n in (9, 11)]
    assert emptied == [0, 2]
