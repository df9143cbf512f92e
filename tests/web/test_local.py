"""The folder of our own: made only for what lives in it, and one secret for all processes that begin at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from jobs import doctor
from web import local
from web.settings import BadSetting, Settings

SET = Settings(database_url="postgresql://db.example/db", secret_key="k" * 40, ranker_folder="/srv/ranker")
AT_ONCE = 8


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    """Name a folder that nobody can make, not even root."""
    (tmp_path / "code").write_text("no folder")
    return tmp_path / "code" / ".data"


def test_no_folder_is_made_where_nothing_needs_one(tmp_path: Path, nowhere: Path) -> None:
    assert local.ready(replace(SET, folder=tmp_path / "new")).folder == tmp_path / "new"
    assert not (tmp_path / "new").exists()
    assert local.ready(replace(SET, folder=nowhere)) == replace(SET, folder=nowhere)


@pytest.mark.parametrize("need", [{"secret_key": ""}, {"database_url": ""}, {"mailbox": True}], ids=str)
def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(nowhere: Path, need: dict[str, object]) -> None:
    with pytest.raises(BadSetting) as stopped:
        local.ready(replace(SET, folder=nowhere, **need))  # type: ignore[arg-type]
    said = str(stopped.value)
    assert said.startswith(f"COUNTERPART_FOLDER={str(nowhere)!r} cannot be used: nothing can be kept there (")
    assert "Not a directory" in said
    assert "SECRET_KEY" in said
    assert "\n" not in said


def test_the_doctor_says_that_sentence_too(monkeypatch: pytest.MonkeyPatch, nowhere: Path) -> None:
    settings = replace(SET, folder=nowhere, secret_key="")
    monkeypatch.setattr(doctor, "all_problems", lambda _: (settings, ()))
    *_, found = doctor.examine(to="", skip=())
    assert (found.level, "COUNTERPART_FOLDER=" in found.said) == ("fault", True)


def test_processes_that_begin_at_once_share_one_secret(tmp_path: Path) -> None:
    for number in range(60):
        here = Barrier(AT_ONCE)
        settings = replace(SET, folder=tmp_path / str(number), secret_key="")
        with ThreadPoolExecutor(AT_ONCE) as threads:
            begun = [threads.submit(begin, settings, here.wait) for _ in range(AT_ONCE)]
            secrets = {each.result() for each in begun}
        assert len(secrets) == 1
        assert len(secrets.pop()) == 64
        (kept,) = settings.folder.iterdir()
        assert (kept.name, kept.stat().st_mode & 0o777) == ("secret", 0o600)


def begin(settings: Settings, together: Callable[[], object]) -> str:
    together()
    return local.ready(settings).secret_key


def test_a_secret_that_was_made_stays(tmp_path: Path) -> None:
    settings = replace(SET, folder=tmp_path, secret_key="")
    assert local.ready(settings) == local.ready(settings)
    assert local.ready(replace(settings, secret_key="mine")).secret_key == "mine"


@pytest.mark.parametrize("content", ["", " \n"])
def test_an_empty_secret_is_refused_in_words(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret").write_text(content)
    with pytest.raises(BadSetting, match=r"^SECRET_KEY='' cannot be used: .*secret is empty.*[Dd]elete it"):
        local.ready(replace(SET, folder=tmp_path, secret_key=""))


def test_a_private_database_that_does_not_start_is_said_in_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "postgresql"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("9.1\n")  # as an older release left it
    with pytest.raises(BadSetting, match=r"^DATABASE_URL='' cannot be used: the private PostgreSQL in .* did not"):
        local.start_private(folder)
