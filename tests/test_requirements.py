"""The lists of pinned versions: each has what `setup.cfg` declares, and they don't contradict one another."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PINNED = {"run": (), "dev": ("test", "lint", "bench"), "ocr": ("ocr",), "opensearch": ("opensearch",)}
"""Lists, and the extras that each has besides what every installation needs."""


def pins(name: str) -> set[tuple[str, str]]:
    """(package, version); a package has several where Pythons need different ones."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    found = re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.M)
    return {(plain(package), version) for package, version in found}


def plain(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def declared(extras: tuple[str, ...]) -> set[str]:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = setup["options"]["install_requires"] + "".join(
        setup["options.extras_require"][extra] for extra in extras
    )
    return {plain(re.split(r"[<>=\[ ]", line)[0]) for line in listed.split("\n") if line.strip()}


@pytest.mark.parametrize(("name", "extras"), PINNED.items())
def test_every_declared_package_is_pinned(name: str, extras: tuple[str, ...]) -> None:
    assert declared(extras) - {package for package, _ in pins(name)} == set()


@pytest.mark.parametrize("name", ["dev", "ocr", "opensearch"])
def test_lists_agree_with_what_runs(name: str) -> None:
    run = pins("run")
    packages = {package for package, _ in run}
    assert {(package, version) for package, version in pins(name) if package in packages} == run


def test_every_python_that_is_promised_is_tested_and_built_for() -> None:
    setup = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    promised = re.findall(r"Programming Language :: Python :: (3\.\d+)$", setup, re.M)
    assert len(promised) >= 4
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    assert f"python: [{', '.join(map(quoted, promised))}]" in workflow
    built = [quoted(f"cp{version.replace('.', '')}-*") for version in promised]
    assert f"build = [{', '.join(built)}]" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_what_audits_is_pinned() -> None:
    wanted = re.findall(
        r"^([\w-]+)>=", (ROOT / "requirements" / "audit.in").read_text(encoding="utf-8"), re.M
    )
    assert {"cyclonedx-bom", "pip-audit"} == set(wanted) <= {package for package, _ in pins("audit")}


def quoted(text: str) -> str:
    return f'"{text}"'
