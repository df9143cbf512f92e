"""The web server's own file: where it listens, and one folder for its numbers however often it is read anew."""

import json
import os
import runpy
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests import places
from web.settings import environment_of

ROOT = Path(__file__).resolve().parent.parent.parent
FILE = ROOT / "gunicorn.conf.py"
NAME = "PROMETHEUS_MULTIPROC_DIR"
ENV = """\
MAIL_FROM=Counterpart <hello@your.domain>  # who writes
MAIL_PASSWORD=ge#heim's
IMAP_PASSWORD="with \\"quotes\\" and a # in it"
DIGEST_HOUR=9
WEB_BIND=0.0.0.0:8123
"""
SHOW = "import os; print([os.environ.get(each) for each in ('MAIL_FROM', 'MAIL_PASSWORD', 'DIGEST_HOUR')])"


def test_a_server_that_reads_its_file_anew_leaves_no_folder_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv(NAME, "")
    monkeypatch.delenv(NAME)
    for _ in range(3):  # the start and two times HUP
        read = runpy.run_path(str(FILE))
    assert [str(each) for each in tmp_path.iterdir()] == [read["folder"]]
    read["on_exit"](None)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_named_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv(NAME, "/run/counterpart")
    assert runpy.run_path(str(FILE))["folder"] == "/run/counterpart"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("given", "listens"), [({}, "0.0.0.0:8123"), ({"WEB_BIND": "[::]:80"}, "[::]:80")])
def test_the_pages_listen_where_the_file_or_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], listens: str
) -> None:
    (tmp_path / ".env").write_text(ENV)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(NAME, str(tmp_path))
    monkeypatch.delenv("WEB_BIND", raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert runpy.run_path(str(FILE))["bind"] == listens
    (tmp_path / ".env").unlink()
    assert runpy.run_path(str(FILE))["bind"] == given.get("WEB_BIND", "127.0.0.1:8000")


def test_what_starts_all_processes_leaves_the_file_to_them(tmp_path: Path) -> None:
    """Its own reader of `.env` ends a password at a "#", drops spaces, and beats the environment."""
    (line,) = (each for each in (ROOT / "Makefile").read_text().splitlines() if "honcho" in each)
    (tmp_path / "Procfile").write_text(f"show: {shlex.quote(sys.executable)} -c {shlex.quote(SHOW)}\n")
    (tmp_path / ".env").write_text(ENV)
    started = [sys.executable, "-m", "honcho", *shlex.split(line.partition("/honcho")[2])]
    given = os.environ | {"DIGEST_HOUR": "8"}
    done = subprocess.run(started, cwd=tmp_path, env=given, capture_output=True, text=True, check=False)
    assert "[None, None, '8']" in done.stdout, done.stdout + done.stderr
    assert environment_of(tmp_path)["MAIL_PASSWORD"] == "ge#heim's"
    assert environment_of(tmp_path)["MAIL_FROM"] == "Counterpart <hello@your.domain>"


def test_the_master_says_all_it_says_in_lines_of_json(tmp_path: Path) -> None:
    (tmp_path / "ill.py").write_text("def page():\n    raise OSError('the cellar is wet')\n")
    bind = f"127.0.0.1:{places.free_port()}"
    serve = [sys.executable, "-m", "gunicorn", "--config", str(FILE), "--bind", bind, "ill:page()"]
    done = subprocess.run(serve, cwd=tmp_path, capture_output=True, text=True, check=False)
    said = done.stderr.splitlines()
    said.remove("the cellar is wet")  # printed past the log, after it stood there
    lines = [json.loads(line) for line in said]
    assert {each["logger"] for each in lines} == {"gunicorn.error"}
    events = " ".join(each["event"] for each in lines)
    assert "Starting gunicorn" in events
    assert "Shutting down: Master" in events
    assert any("the cellar is wet" in each.get("exception", "") for each in lines)
    assert all(each["timestamp"].endswith("Z") and each["level"] for each in lines)
