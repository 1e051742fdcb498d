"""The files of docs/examples/deploy start commands that exist, with options that exist, as a user without rights."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import click
import pytest

from xiesou import main

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "docs" / "examples" / "deploy"
PROGRAM = "/opt/xiesou/.venv/bin/xiesou"
UNITS = sorted(DEPLOY.glob("*.service"))


class _Unit(ConfigParser):
    """A unit file: keys may be repeated, and case counts."""

    def __init__(self, file: Path) -> None:
        super().__init__(strict=False, interpolation=None)
        self.optionxform = str  # type: ignore[assignment,method-assign]
        self.read_string(file.read_text(encoding="utf-8"))


def _commands() -> Iterator[tuple[str, list[str]]]:
    for file in UNITS:
        for line in re.findall(rf"{PROGRAM} [^'\n]*", file.read_text(encoding="utf-8")):
            yield file.name, shlex.split(line)[1:]
    for name in ("compose.yaml", "compose-cluster.yaml", "Containerfile"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        for found in re.findall(r"^(?:CMD|\s+command:) (\[.*\])$", text, re.MULTILINE):
            yield name, json.loads(found)


def test_every_file_starts_something() -> None:
    assert {name for name, _ in _commands()} == {
        *(file.name for file in UNITS),
        "compose.yaml",
        "compose-cluster.yaml",
        "Containerfile",
    }


@pytest.mark.parametrize(("name", "command"), list(_commands()))
def test_commands_are_what_the_program_takes(name: str, command: list[str]) -> None:
    found = main.get_command(click.Context(main), command[0])
    assert found is not None
    arguments = [__file__ if value.startswith("/") else value for value in command[1:]]
    try:
        found.make_context(command[0], list(arguments))
    except click.UsageError as error:
        raise AssertionError(f"{name}: {error.format_message()}") from error


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_units_have_no_rights_to_lose(file: Path) -> None:
    service = _Unit(file)["Service"]
    assert service["User"] == "xiesou"
    assert service["NoNewPrivileges"] == "yes"
    assert service["CapabilityBoundingSet"] == ""
    assert service["ProtectSystem"] == "strict"
    assert service["EnvironmentFile"] == "/etc/xiesou.env"


def test_the_image_runs_without_rights_on_a_root_that_may_be_read_only() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    last = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [0-9]+$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    for name in ("compose.yaml", "compose-cluster.yaml"):
        compose = (DEPLOY / name).read_text(encoding="utf-8")
        assert compose.count("read_only: true") == compose.count("image: xiesou") == 2
    assert "/healthz" in last


def test_settings_in_the_files_are_settings() -> None:
    known = set()
    for package in ("search", "indexer", "web"):
        for module in (ROOT / package).rglob("*.py"):
            known |= set(re.findall(r"XIESOU_[A-Z_]+", module.read_text(encoding="utf-8")))
    for file in DEPLOY.iterdir():
        for name in re.findall(r"XIESOU_[A-Z_]+", file.read_text(encoding="utf-8")):
            assert name in known, f"{file.name}: {name}"
