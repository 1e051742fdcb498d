"""The sdist is complete, the wheel is built from it, and what the wheel installs works far from the repository.

Downloads the build requirements and the dependencies that the wheel declares, in the versions of requirements/.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import quote
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("search", "indexer", "web")
NOT_INSTALLED = {".pyx", ".c", ".so", ".pyd", ".pyc"}
BUILT = shutil.ignore_patterns(".git", ".venv", "build", "dist", "*.egg-info", "__pycache__", "*.so", "*.c")


class Distributions(NamedTuple):
    sdist: Path
    wheel: Path


def run(*command: object, cwd: Path) -> str:
    """The output of a command that must succeed; nothing of this process's own settings reaches it."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("XIESOU_", "PYTHON"))
    }
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def make_environment(folder: Path) -> Path:
    """A new virtual environment's folder of commands."""
    venv.create(folder, with_pip=True)
    return folder / ("Scripts" if sys.platform == "win32" else "bin")


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """The sdist, made from a copy of the sources, and the wheel, made from the sdist."""
    work = tmp_path_factory.mktemp("build")
    source = work / "source"
    shutil.copytree(ROOT, source, ignore=BUILT)
    python = make_environment(work / "builder") / "python"
    run(python, "-m", "pip", "install", "--require-hashes", "-r", source / "requirements/build.txt", cwd=work)
    build_sdist = "from setuptools import build_meta; print(build_meta.build_sdist('../made'))"
    run(python, "-c", build_sdist, cwd=source)
    (sdist,) = (work / "made").glob("*.tar.gz")
    run(
        python, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", work / "made", sdist,
        cwd=work,
    )  # fmt: skip
    (wheel,) = (work / "made").glob("*.whl")
    return Distributions(sdist, wheel)


@pytest.fixture(scope="module")
def installed(distributions: Distributions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of an environment that has the wheel and what it declares, and nothing else."""
    work = tmp_path_factory.mktemp("installed")
    commands = make_environment(work / "environment")
    pinned = re.findall(
        r"^[\w.-]+==[^\s\\]+(?: *;[^\\\n]*)?", (ROOT / "requirements/run.txt").read_text(), re.M
    )
    constraints = work / "constraints.txt"
    constraints.write_text("\n".join(pinned))
    pip = (commands / "python", "-m", "pip", "install")
    run(
        *pip, "--require-hashes", "-r", ROOT / "requirements/build.txt", cwd=work
    )  # jieba is built from source
    run(*pip, "--no-build-isolation", "--constraint", constraints, distributions.wheel, cwd=work)
    return commands


def files_of_packages() -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in NOT_INSTALLED
    }


def test_the_wheel_has_every_file_of_the_packages_and_no_other(distributions: Distributions) -> None:
    with zipfile.ZipFile(distributions.wheel) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
        metadata = wheel.read(next(name for name in wheel.namelist() if name.endswith("/METADATA"))).decode()
    kept = {name for name in names if PurePosixPath(name).suffix not in NOT_INSTALLED}
    assert kept == files_of_packages() | {"xiesou.py"}
    assert {PurePosixPath(name).suffix for name in names - kept} <= {".so", ".pyd"}
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.10" in metadata


def test_the_sdist_has_what_it_takes_to_build_and_test(distributions: Distributions) -> None:
    with tarfile.open(distributions.sdist) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    tests = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py")}
    sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "search").rglob("*.pyx")}
    documents = {"README.md", "LICENSE", "CHANGELOG.md", "Makefile", "docs/api.md", "requirements/run.txt"}
    assert files_of_packages() | tests | sources | documents <= names
    assert [name for name in names if name.endswith((".pyc", ".so", ".c"))] == []


@pytest.fixture(scope="module")
def indexed(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that held two sample reports and nothing else, after `xiesou index`."""
    folder = tmp_path_factory.mktemp("elsewhere")
    samples = sorted((ROOT / "index_data/sample").glob("*cppcc*.txt"))[:2]
    assert len(samples) == 2
    for sample in samples:
        shutil.copy(sample, folder)
    run(installed / "xiesou", "index", ".", "--index", "index", "--jobs", 2, cwd=folder)
    return folder


def test_installed_it_indexes_and_searches(installed: Path, indexed: Path) -> None:
    found = json.loads(run(installed / "xiesou", "search", "政协", "--index", "index", "--json", cwd=indexed))
    assert found["total"] > 0
    assert found["hits"][0]["spans"]
    reports = json.loads(run(installed / "xiesou", "reports", "--index", "index", "--json", cwd=indexed))
    assert len(reports) == 2


@pytest.fixture
def served(installed: Path, indexed: Path) -> Iterator[str]:
    command = [str(installed / "xiesou"), "serve", "--index", "index", "--port", "0"]
    with subprocess.Popen(command, cwd=indexed, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = re.search(r"http://[\d.]+:\d+", server.stdout.readline())
        try:
            assert address is not None
            yield address[0]
        finally:
            server.terminate()


def test_installed_it_serves_pages_scripts_and_the_api(served: str) -> None:
    page = urlopen(f"{served}/search?q={quote('政协')}").read().decode()
    assert "<mark>" in page
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        with urlopen(served + address) as file:
            assert file.status == 200
            assert file.read()
    document = json.load(urlopen(f"{served}/api/v1/openapi.json"))
    assert document["servers"] == [{"url": served}]


def test_the_list_of_components_names_every_pin(tmp_path: Path) -> None:
    made = tmp_path / "made" / "xiesou.cdx.json"
    run("make", "sbom", f"VENV={tmp_path / 'venv'}", f"PYTHON={sys.executable}", f"SBOM={made}", cwd=ROOT)
    listed = json.loads(made.read_text("utf-8"))
    assert (listed["bomFormat"], listed["metadata"]["component"]["name"]) == ("CycloneDX", "xiesou")
    pins = re.findall(
        r"^([\w.-]+)==([^\s;\\]+)", (ROOT / "requirements/run.txt").read_text("utf-8"), re.MULTILINE
    )
    assert len(pins) > 20
    assert sorted((one["name"], one["version"]) for one in listed["components"]) == sorted(pins)
    assert all(one["externalReferences"][0]["hashes"] for one in listed["components"])
