"""The web server's own file: one folder for the numbers of its processes, however often it is read anew."""

import runpy
import tempfile
from pathlib import Path

import pytest

FILE = Path(__file__).resolve().parent.parent.parent / "gunicorn.conf.py"
NAME = "PROMETHEUS_MULTIPROC_DIR"


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
