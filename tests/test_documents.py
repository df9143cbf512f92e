"""What the documents name is there: settings with their defaults, commands with their options, paths and links."""

import re
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest
from click import Command

from web.settings import Settings

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "seeds/README.md", "tests/benchmarks/README.md", "tests/chaos/README.md")
OF_THE_WEB_SERVER = {"WEB_BIND"}  # read by gunicorn.conf.py


def read(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def quoted() -> Iterator[tuple[str, str]]:
    """List what stands between backquotes, each with its document."""
    for document in DOCUMENTS:
        yield from ((document, each) for each in re.findall(r"`([^`\n]+)`", read(document)))


def named_settings() -> dict[str, str]:
    """Map each setting of the README's table to its default as it stands there, empty where there is none."""
    found: dict[str, str] = {}
    for names, defaults in re.findall(r"^\| (`[A-Z_`, ]+`) \| ([^|]*) \|", read("README.md"), re.M):
        of_each = re.findall(r"[A-Z][A-Z_]+", names)
        told = [each.split(" (")[0].strip("` ") for each in defaults.split(", ")]
        found |= dict(
            zip(of_each, told if len(told) == len(of_each) else [defaults.strip("` ")] * len(of_each), strict=True)
        )
    return found


def test_the_readme_names_every_setting_and_no_other() -> None:
    ours = {"COUNTERPART_FOLDER" if each.name == "folder" else each.name.upper() for each in fields(Settings)}
    assert set(named_settings()) == ours | OF_THE_WEB_SERVER


def test_the_readme_names_the_defaults() -> None:
    named = {"FOLDER" if each == "COUNTERPART_FOLDER" else each: value for each, value in named_settings().items()}
    worked_out = {"SECRET_KEY", "DKIM_DOMAIN", "RANKER_FOLDER"}  # from other things, where nothing is set
    for each in fields(Settings):
        default = int(each.default) if isinstance(each.default, bool) else each.default
        if each.name.upper() not in worked_out:
            assert named[each.name.upper()] == (str(default) if default != "" else "empty"), each.name


@pytest.mark.parametrize(
    ("module", "options"),
    sorted(
        {(m[1], m[2]) for _, each in quoted() if (m := re.match(r"(?:python -m )?(jobs\.[a-z_]+)((?: .*)?)$", each))}
    ),
)
def test_every_command_that_is_named_has_its_options(module: str, options: str) -> None:
    command = import_module(module).main
    assert isinstance(command, Command)
    known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    assert set(re.findall(r"--[a-z][a-z-]*", options)) <= known | {"--help"}


def test_every_path_that_is_named_is_there() -> None:
    looked_for = {
        (document, each)
        for document, each in quoted()
        if re.fullmatch(
            r"(?:matcher|web|jobs|tests|seeds|\.ci)(?:/[\w.-]+)+/?|[\w.-]+/[\w./-]+\.(?:py|md|csv|json)", each
        )
    }
    assert len(looked_for) > 20
    assert [one for one in looked_for if not any((at / one[1]).exists() for at in (ROOT, (ROOT / one[0]).parent))] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    links = [each for each in re.findall(r"\]\(([^)#\s]+)", read(document)) if "://" not in each]
    assert [each for each in links if not (ROOT / document).parent.joinpath(each).exists()] == []


def test_every_target_of_make_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.M))
    assert {m[1] for _, each in quoted() if (m := re.match(r"(?:ONCE=1 )?make ([a-z]+)", each))} <= targets
