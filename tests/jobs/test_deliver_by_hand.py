"""Letters sent by hand: counted only, said how many are left, over several connections."""

from time import monotonic, sleep

import pytest
from click.testing import CliRunner

from jobs import deliver, saying, sending
from jobs.ground import Ground
from tests.jobs.environment import environment_of
from tests.jobs.outbox import write_to_firms
from tests.jobs.postoffice import TAKEN, PostOffice


@pytest.fixture
def office(either_office: PostOffice) -> PostOffice:
    return either_office


def test_the_command_counts_what_went_and_what_waits(
    g: Ground, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "ground", lambda: g)
    write_to_firms(g, "quay")
    assert CliRunner().invoke(deliver.main, ["--dry-run"]).output == "Letters waiting: 1\n"
    assert CliRunner().invoke(deliver.main, []).output == "Letters sent: 1\nLetters waiting: 0\n"


def test_whoever_waits_for_letters_to_go_reads_how_many_are_left(
    g: Ground, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "ground", lambda: g)
    monkeypatch.setattr(deliver, "AT_ONCE", 1)
    monkeypatch.setattr(saying, "EVERY_S", 0.01)
    write_to_firms(g, "quay", "fjord")

    def slow(_to: str) -> str:
        sleep(0.3)
        return TAKEN

    office.at_letter = slow
    said = CliRunner().invoke(deliver.main, []).output.splitlines()
    assert "Letters waiting: 2; sent by this process: 0" in said
    assert "Letters waiting: 1; sent by this process: 1" in said
    assert said[-2:] == ["Letters sent: 2", "Letters waiting: 0"]
    assert len(said) == len(set(said))


def test_two_processes_by_hand_send_over_a_connection_each(
    g: Ground, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "ground", lambda: g)
    monkeypatch.setattr(deliver, "AT_ONCE", 2)
    for name, value in environment_of(g.settings).items():
        monkeypatch.setenv(name, value)
    write_to_firms(g, *(f"firm{n}" for n in range(5)))

    class AfterTheOther(sending.Round):
        def send(self) -> int:
            until = monotonic() + 60
            while not office.taken and monotonic() < until:
                sleep(0.05)
            return super().send()

    monkeypatch.setattr(deliver, "Round", AfterTheOther)
    said = CliRunner().invoke(deliver.main, ["--connections", "2"]).output.splitlines()
    assert said[-2:] == ["Letters sent by this process: 2", "Letters waiting: 0"]
    assert len(set(office.message_ids)) == len(office.message_ids) == 5
    assert office.n_connections == 2
