"""Imports run `web -> search <- indexer`, meet in `xiesou.py` alone, and load nothing heavy."""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tests.parsed import parsed
from xiesou import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("search", "indexer", "web")
MAY_IMPORT = {"search": {"search"}, "indexer": {"indexer", "search"}, "web": {"web", "search"}}
NOT_SERVED = (
    "indexer",
    "numpy",
    "search.digest.cli",
    "search.instruments.cli",
)
HEAVY = ("jieba", "rjieba", "pypdfium2", "docx", "lxml")
NOT_IN_SEARCH = {"flask", "werkzeug", "markupsafe", "pypdfium2", "docx", "lxml"}


def imported_modules(source: str, module: str, *, is_package: bool) -> Iterator[str]:
    """The full names of what `source` imports at any depth, relative imports and function bodies included."""
    parents = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = parents[: len(parents) - (node.level - 1)] if node.level else []
            yield ".".join([*start, *([node.module] if node.module else [])])
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, (ast.Name, ast.Attribute))
            and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr)
            in ("import_module", "__import__")
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value)


@cache
def imports_of(path: Path) -> set[str]:
    parts = path.relative_to(ROOT).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    module = ".".join(parts[:-1] if is_package else parts)
    return set(imported_modules(path.read_text("utf-8"), module, is_package=is_package))


MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


LIMITS = {"module": 350, "class": 200, "function": 50, "branches": 12}
OUTER = {"module": 550, "class": 420, "function": 60, "branches": 26}
LARGER = {
    "search/json_types.py": "one declaration after the other",
    "search/answer/searcher.py": "a method for each question; each is a few lines",
    "search/memory/view.py": "the protocol carried out in one place, to be read beside it",
    "search/memory/matching.py": "a case for each kind of node",
    "search/answer/explain.py": "a case for each kind of node",
    "search/language/plan/nodes.py": "a case for each kind of node",
    "search/language/query/render.py": "a case for each kind of node",
    "search/embedded/cost.py": "a case for each kind of node",
    "search/language/query/lex.py": "one state machine",
    "search/language/query/parse.py": "one grammar",
    "search/language/text/lattice.py": "one loop over arrays",
    "search/language/text/phrases.py": "the definition of a phrase, to be read at once",
    "search/cli.py": "a command for each question; options are lines",
}
"""Modules that may be larger, up to `OUTER`, each with its reason."""
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.While, ast.ExceptHandler, ast.comprehension, ast.match_case)


def sizes_of(source: str) -> Iterator[tuple[str, str, int]]:
    """Each measure of a module's source, with the name of what has it and its size."""
    yield "module", "", source.count("\n")
    for node in ast.walk(parsed(source)):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            kind = "class" if isinstance(node, ast.ClassDef) else "function"
            yield kind, node.name, (node.end_lineno or node.lineno) - node.lineno + 1
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield "branches", node.name, sum(isinstance(part, BRANCHES) for part in ast.walk(node))


def too_large(path: Path, limits: dict[str, int]) -> list[tuple[str, str, int]]:
    return [size for size in sizes_of(path.read_text("utf-8")) if size[2] > limits[size[0]]]


def test_modules_classes_and_functions_fit_the_eye() -> None:
    for path in MODULES:
        name = path.relative_to(ROOT).as_posix()
        limits = OUTER if name in LARGER else LIMITS
        assert too_large(path, limits) == [], name


def test_sizes_are_measured() -> None:
    source = "class A:\n    def b(self):\n        if self:\n            return [c for c in self]\n"
    assert list(sizes_of(source)) == [
        ("module", "", 4),
        ("class", "A", 4),
        ("function", "b", 3),
        ("branches", "b", 2),
    ]


@pytest.mark.parametrize("name", sorted(LARGER))
def test_what_may_be_larger_is_larger(name: str) -> None:
    assert too_large(ROOT / name, LIMITS)


def top_packages(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def test_imports_are_found_in_every_form() -> None:
    source = (
        "import web.pages\n"
        "from indexer import cli\n"
        "def late():\n    from .. import settings\n    from ..text import words\n"
        "import importlib\nimportlib.import_module('web.api')\n"
    )
    found = set(imported_modules(source, "search.language.query.parse", is_package=False))
    assert found == {
        "web.pages",
        "indexer",
        "search.language",
        "search.language.text",
        "importlib",
        "web.api",
    }


def test_every_package_is_walked() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(PACKAGES)
    assert len(MODULES) > 20


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_only_what_their_place_allows(package: str) -> None:
    for path in MODULES:
        if path.relative_to(ROOT).parts[0] == package:
            beyond = top_packages(imports_of(path)) & {*PACKAGES, "xiesou"} - MAY_IMPORT[package]
            assert not beyond, f"{path.relative_to(ROOT)} imports {beyond}"


def test_the_indexer_knows_of_a_store_only_its_protocol_and_its_address() -> None:
    for path in MODULES:
        if path.relative_to(ROOT).parts[0] == "indexer":
            stores = {
                name
                for name in imports_of(path)
                if name.startswith(("search.embedded", "search.answer")) or name in ("numpy", "whoosh")
            }
            assert not stores, f"{path.relative_to(ROOT)} imports {stores}"


WITHIN_SEARCH = {
    "messages": {"model"},  # what types and levels are called
    "model": {"messages"},
    "language": {"messages", "model"},
    "collection": {"language", "messages", "model"},
    "embedded": {"collection", "language", "messages", "model"},
    "memory": {"collection", "language", "messages", "model"},
    "opensearch": {"collection", "language", "messages", "model"},
    "answer": {"collection", "language", "messages", "model"},
    "instruments": {"answer", "collection", "language", "messages", "model"},
    "digest": {"answer", "collection", "language", "messages", "model"},
    "operating": {"answer", "collection", "language", "messages", "model"},
}
"""What each package of `search` may import of the others; ARCHITECTURE.md has the picture."""


def test_within_search_arrows_go_one_way() -> None:
    folders = {path.parent.name for path in (ROOT / "search").glob("*/__init__.py")}
    assert folders == set(WITHIN_SEARCH)
    for path in MODULES:
        package, *inner = path.relative_to(ROOT).parts
        if package == "search" and inner[0] in WITHIN_SEARCH:
            imported = {name.split(".")[1] for name in imports_of(path) if name.startswith("search.")}
            beyond = imported & set(WITHIN_SEARCH) - WITHIN_SEARCH[inner[0]] - {inner[0]}
            assert not beyond, f"{path.relative_to(ROOT)} imports {beyond}"


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules_imported(path: Path, known: set[str], *, late: bool) -> set[str]:
    """The modules of ours that a module imports; `late`: within functions and for types alone, too."""
    found: set[str] = set()
    nodes: list[ast.AST] = [parsed(path.read_text("utf-8"))]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found.update(names & known or {node.module})
        is_late = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or (
            isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        )
        if late or not is_late:
            nodes.extend(ast.iter_child_nodes(node))
    return found & known - {module_name(path)}


LATE_CIRCLES = (
    {
        "search.messages",
        "search.messages.words",
    },  # a message says itself in words, which are made of messages
    {"search.language.text.marks", "search.language.text.normalize"},  # one compiled table for both
    {"search.answer.roles", "search.answer.version_data"},  # a type
    {"search.instruments.keywords", "search.instruments.keyword_candidates"},  # a type
    {f"search.embedded.{name}" for name in ("codec", "segment", "stored_fields", "mapped_files")},  # a type
)
"""Modules that know each other by what a function imports when it runs, or by a type alone."""


@cache
def all_arrows(*, late: bool) -> dict[str, set[str]]:
    """What each module imports of the others."""
    known = {module_name(path) for path in MODULES}
    return {module_name(path): modules_imported(path, known, late=late) for path in MODULES}


def arrows_of(*, late: bool, but: Sequence[set[str]] = ()) -> dict[str, set[str]]:
    """The same, without what those of a circle import of each other."""
    return {
        name: {other for other in found if not any({name, other} <= circle for circle in but)}
        for name, found in all_arrows(late=late).items()
    }


def test_no_imports_run_in_a_circle() -> None:
    TopologicalSorter(arrows_of(late=False)).prepare()  # raises where there is a circle, and names it
    TopologicalSorter(arrows_of(late=True, but=LATE_CIRCLES)).prepare()


@pytest.mark.parametrize("circle", LATE_CIRCLES, ids=lambda circle: min(circle))
def test_a_circle_that_is_allowed_is_there(circle: set[str]) -> None:
    others = [other for other in LATE_CIRCLES if other != circle]
    with pytest.raises(CycleError):
        TopologicalSorter(arrows_of(late=True, but=others)).prepare()


def test_only_the_command_composes() -> None:
    composed = {*imports_of(ROOT / "xiesou.py"), *COMMANDS.values()}
    assert top_packages(composed) & set(PACKAGES) == set(PACKAGES)
    outside = sorted(path.name for path in ROOT.glob("*.py"))
    assert outside == ["setup.py", "xiesou.py"]
    assert not top_packages(imports_of(ROOT / "setup.py")) & {*PACKAGES, "xiesou"}


def test_search_knows_neither_requests_nor_file_formats() -> None:
    for path in MODULES:
        if path.relative_to(ROOT).parts[0] == "search":
            foreign = top_packages(imports_of(path)) & {
                "flask",
                "werkzeug",
                "markupsafe",
                "pypdfium2",
                "docx",
                "lxml",
            }
            assert not foreign, f"{path.relative_to(ROOT)} imports {foreign}"


@pytest.mark.parametrize(
    ("words", "module"),
    [
        (r"\brequest\.(args|values|form)\b", "web/params.py"),
        (r"\bMarkup\(|\|\s*safe\b", "web/markup.py"),
    ],
)
def test_one_module_alone_does_it(words: str, module: str) -> None:
    """The query string is read in one module and markup is made in one module; templates mark nothing as safe."""
    files = [path for path in (ROOT / "web").rglob("*") if path.suffix in (".py", ".html")]
    having = {
        path.relative_to(ROOT).as_posix() for path in files if re.search(words, path.read_text("utf-8"))
    }
    assert having == {module}


@lru_cache(maxsize=1)
def owners_of_modules() -> dict[str, set[str]]:
    """For each top-level module, the installed distributions that have it, by normalised name.

    From the lists of installed files: Python 3.10's own table leaves out distributions that name no top level.
    """
    owners: dict[str, set[str]] = defaultdict(set)
    for distribution in distributions():
        name = re.sub(r"[-_.]+", "-", distribution.metadata["Name"]).lower()
        for file in distribution.files or ():
            if file.suffix in (".py", ".so", ".pyd"):
                owners[file.parts[0].split(".")[0]].add(name)
    return owners


EXTRA_NAMES = {"PIL": "pillow", "opensearchpy": "opensearch-py"}


def declared(*extras: str) -> set[str]:
    """The distributions that setup.cfg asks for, by normalised name."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    lists = [
        setup["options"]["install_requires"],
        *(setup["options.extras_require"][extra] for extra in extras),
    ]
    names = re.findall(r"^\s*([A-Za-z0-9._-]+)", "\n".join(lists), re.M)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


@pytest.mark.parametrize(
    ("folders", "extras"),
    [
        (("search", "indexer", "web"), ("ocr", "opensearch")),
        (("tests",), ("test", "ocr")),
        (("benchmarks",), ("test", "bench")),
    ],
)
def test_what_is_imported_is_declared(folders: tuple[str, ...], extras: tuple[str, ...]) -> None:
    owners = owners_of_modules()
    known = declared(*extras)
    # What makes a data file says itself where its sources come from, and runs once, by hand.
    paths = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    for path in sorted(path for path in paths if not path.name.startswith("make_")):
        for name in sorted(top_packages(imports_of(path)) - set(sys.stdlib_module_names)):
            if (ROOT / name).is_dir() or (ROOT / f"{name}.py").is_file():
                continue
            # An extra need not be installed: then its distribution is known by its module's name.
            assert (owners[name] or {EXTRA_NAMES.get(name, name)}) & known, (
                f"{path.relative_to(ROOT)} imports {name}; setup.cfg does not declare it"
            )


NOT_IMPORTED = {
    "lint": {"ruff", "mypy"},
    "test": {"pytest-xdist", "babel"},
}
"""Distributions that are run as commands or plug-ins, by extra."""


def distribution_modules() -> dict[str, set[str]]:
    """Distribution -> its top-level modules."""
    modules: dict[str, set[str]] = defaultdict(set)
    for module, owners in owners_of_modules().items():
        for owner in owners:
            modules[owner].add(module)
    return modules


@pytest.mark.parametrize(
    ("extra", "folders"),
    [
        ("", ("search", "indexer", "web")),
        ("test", ("tests", "benchmarks")),
        ("bench", ("benchmarks",)),
        ("lint", ()),
    ],
)
def test_what_is_declared_is_imported(extra: str, folders: tuple[str, ...]) -> None:
    """A dependency that nothing imports is downloaded by everybody for nothing."""
    modules = distribution_modules()
    imported = {
        name
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        for name in top_packages(imports_of(path))
    }
    wanted = declared(extra) - declared() if extra else declared()
    missing = {name for name in wanted - NOT_IMPORTED.get(extra, set()) if not modules[name] & imported}
    assert missing == set()


def test_data_files_are_installed_too() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    patterns = {
        package: [part.strip() for part in listed.split(",")]
        for package, listed in setup["options.package_data"].items()
    }
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*")):
        if path.is_dir() or path.suffix in (".py", ".pyc"):
            continue
        if path.suffix in (".pyx", ".c", ".so", ".pyd"):
            continue  # What is compiled, and what it is compiled from: `setup.py` names it.
        folder = next(parent for parent in path.parents if (parent / "__init__.py").is_file())
        package = ".".join(folder.relative_to(ROOT).parts)
        inside = path.relative_to(folder)
        wanted = [*patterns.get("*", []), *patterns.get(package, [])]
        # A pattern's * does not cross a folder, so the number of parts must agree as well.
        assert any(inside.match(one) and one.count("/") + 1 == len(inside.parts) for one in wanted), (
            f"setup.cfg's package_data of {package} has no pattern for {inside}"
        )


def test_importing_loads_nothing_heavy() -> None:
    """No module loads a library that only some uses need, and no server what other commands or instruments need."""
    served = "import sys, xiesou, web.cli, web.app, web.server"
    modules = ", ".join([*PACKAGES, *sorted(set(COMMANDS.values()))])
    program = (
        f"{served}; print(*(name for name in {NOT_SERVED!r} if name in sys.modules))\n"
        f"import {modules}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
