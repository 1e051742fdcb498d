"""What tries mutants puts each into the functions that are loaded, and finds those that no test notices."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.mutation.live_code import put_in
from benchmarks.mutation.mutants import iter_mutants

pytestmark = pytest.mark.benchmarks
ROOT = Path(__file__).resolve().parent.parent
CODE = '''"""A module."""

LEAST = 3


def is_long(text: str, least: int = 2) -> bool:
    """Whether it is 1 of those that are long."""
    return len(text) > least and (
        not text.isspace()
    )


def doubled(number: int) -> int:
    return number * 2
'''
TESTS = """
from long import doubled, is_long

def test_long():
    assert is_long("abc") and not is_long("ab") and not is_long("   ")

def test_doubled():
    doubled(2)
"""


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "long.py"
    path.write_text(CODE, "utf-8")
    return path


def test_mutants_are_modules_that_differ_in_one_place(module: Path) -> None:
    mutants = list(iter_mutants(module))
    assert [mutant.change for mutant in mutants if mutant.name == "doubled"] == [
        "return number * 2 -> return None",
        "number * 2 -> (number + 2)",
        "2 -> 3",
    ]
    assert {mutant.name for mutant in mutants} == {"is_long", "doubled"}
    for mutant in mutants:
        assert ast.dump(ast.parse(mutant.source)) != ast.dump(ast.parse(CODE))


def test_a_mutant_is_put_in_wherever_its_function_was_imported_to(module: Path) -> None:
    spec = importlib.util.spec_from_file_location("long", module)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    doubled = loaded.doubled
    (mutant,) = (mutant for mutant in iter_mutants(module) if mutant.change == "number * 2 -> (number + 2)")
    assert put_in(mutant) == 1
    assert (doubled(5), loaded.is_long("abc")) == (7, True)


@pytest.mark.parametrize("unchanged", [False, True])
def test_what_no_test_notices_survives(module: Path, unchanged: bool) -> None:
    tests = [module.with_name(f"test_{name}.py") for name in ("one", "two", "three")]
    for test in tests:
        test.write_text(TESTS, "utf-8")
    command = [sys.executable, "-m", "benchmarks.mutation.run", str(module), "--tests", *map(str, tests)]
    ran = subprocess.run(
        [*command, *(["--unchanged"] if unchanged else [])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "", "PYTHONPATH": f"{ROOT}:{module.parent}"},
    )
    told = [line.split()[0] + " " + line.split()[4] for line in ran.stdout.splitlines() if "long.py:" in line]
    assert {line for line in told if line.endswith("doubled:")} == {"SURVIVED doubled:"}
    assert {line for line in told if line.endswith("is_long:")} == {
        "SURVIVED is_long:" if unchanged else "killed is_long:"
    }
