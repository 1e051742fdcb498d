"""The documents name only what exists: files, links, modules, make targets, commands, options and settings.

Read are inline code, fenced blocks and links. A word in running text is not checked.
"""

from __future__ import annotations

import importlib
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import click
import pytest

from indexer.bounds import PREFIX, Bounds
from xiesou import main

ROOT = Path(__file__).resolve().parent.parent
HOUSE = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "GLOSSARY.md",
    "index_data/README.md",
    "tests/README.md",
)
DOCUMENTS = sorted({ROOT / name for name in HOUSE} | set((ROOT / "docs").rglob("*.md")))
CODE = sorted(path for package in ("search", "indexer", "web") for path in (ROOT / package).rglob("*.py"))
CODE += [ROOT / "xiesou.py"]

FENCE = re.compile(r"^[ \t]*(```|~~~)[^\n]*\n(.*?)^[ \t]*\1[ \t]*$", re.M | re.S)
INLINE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
SETTING = re.compile(r"\bXIESOU_[A-Z_]*[A-Z]\b")
PATH = re.compile(r"[\w.*<>{},-]+(/[\w.*<>{},-]+)*/?")
BUILT = {
    ".git",
    ".venv",
    "__pycache__",
    "build",
    "dist",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
}
CHECKED_ENDINGS = (".py", ".md", ".cfg", ".toml")
ASSIGNMENT = re.compile(r"[A-Z_]+=.*", re.S)
SHELL_ENDS = {"|", "||", "&&", ";", ">", ">>", "#", "&"}


@cache
def project_files() -> frozenset[str]:
    """Every file and folder of the checkout, relative, without what is built."""
    found: set[str] = set()
    for folder, folders, files in os.walk(ROOT):
        here = Path(folder).relative_to(ROOT)
        folders[:] = [
            name for name in folders if name not in BUILT and not is_ignored((here / name).as_posix())
        ]
        found.update((here / name).as_posix() for name in (*folders, *files))
    return frozenset(found)


@cache
def make_targets() -> frozenset[str]:
    return frozenset(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))


@cache
def make_variables() -> frozenset[str]:
    """The variables that the Makefile reads and one may set."""
    return frozenset(re.findall(r"\$\(([A-Z]+)\)", (ROOT / "Makefile").read_text("utf-8")))


def is_ignored(path: str) -> bool:
    """Whether version control leaves it out: what is built need not exist."""
    patterns = (ROOT / ".gitignore").read_text("utf-8").split()
    return any(path.startswith(pattern.strip("/")) for pattern in patterns if "*" not in pattern)


def missing_file(name: str) -> str | None:
    """What is wrong with a path named in a document, or None; a name that isn't a path of ours is fine."""
    if not PATH.fullmatch(name) or is_ignored(name):
        return None
    pattern = re.sub(r"<\w+>|\{[^}]*\}", "*", name.rstrip("/"))
    first = pattern.split("/")[0]
    tops = {path for path in project_files() if "/" not in path}
    if "/" in pattern and first in tops and (ROOT / first).is_dir():
        exists = any(fnmatch(path, pattern) for path in project_files())
    elif "/" not in pattern and name.endswith((*CHECKED_ENDINGS, "/")):
        exists = any(fnmatch(path.rpartition("/")[2], pattern) for path in project_files())
    else:
        return None
    return None if exists else f"no file or folder {name}"


def missing_module(name: str) -> str | None:
    """What is wrong with a dotted name such as `search.embedded.codec.ArrayCodec`, or None."""
    if not re.fullmatch(r"(search|indexer|web)(\.\w+)+", name) or name.endswith(CHECKED_ENDINGS):
        return None
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            thing: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[length:]:
            if not hasattr(thing, attribute) and attribute not in getattr(thing, "__annotations__", {}):
                return f"no module or name {name}"
            thing = getattr(thing, attribute, None)
        return None
    return f"no module {name}"


def slug(heading: str) -> str:
    """The anchor that a heading gets: lower case, spaces to hyphens, punctuation dropped."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def broken_link(target: str, document: Path) -> str | None:
    if re.match(r"[a-z]+:", target):
        return None
    name, _, anchor = target.partition("#")
    path = (document.parent / name).resolve() if name else document
    if not path.exists():
        return f"a link to {target}, which does not exist"
    if anchor and path.suffix == ".md":
        headings = re.findall(r"^#+ +(.+)$", path.read_text("utf-8"), re.M)
        if anchor not in {slug(heading) for heading in headings}:
            return f"a link to {target}, where no heading has that anchor"
    return None


def commands() -> dict[str, click.Command]:
    assert isinstance(main, click.Group)
    context = click.Context(main)
    found = {name: main.get_command(context, name) for name in main.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def options_of(command: click.Command) -> set[str]:
    named = {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
    return {"--help", *named}


def words_of(line: str) -> list[str]:
    """A command line's words; usage brackets and dots fall away, an unclosed quote is no error."""
    plain = re.sub(r"(?<=\s)\[(?=-)|(?<=\S)\](?=…|\s|$)|…", " ", line)
    try:
        return shlex.split(plain)
    except ValueError:
        return plain.split()


def wrong_make(words: list[str]) -> Iterator[str]:
    for word in words:
        if ASSIGNMENT.fullmatch(word):
            name = word.partition("=")[0]
            if name not in make_variables():
                yield f"make variable {name}, which the Makefile does not read"
        elif re.fullmatch(r"[a-z][a-z-]*", word) and word not in make_targets():
            yield f"no target: make {word}"


def wrong_xiesou(words: list[str]) -> Iterator[str]:
    """What is wrong in `xiesou …`: an unknown command, or an option that the command does not have."""
    known = commands()
    if not words:
        return
    if words[0].startswith("-"):
        if words[0] not in options_of(main):
            yield f"no option: xiesou {words[0]}"
        return
    if not re.fullmatch(r"[a-z][a-z-]*", words[0]):
        return
    if words[0] not in known:
        yield f"no command: xiesou {words[0]}"
        return
    for word in words[1:]:
        option = word.partition("=")[0]
        if re.fullmatch(r"--[a-z][a-z-]*|-[a-zA-Z]", option) and option not in options_of(known[words[0]]):
            yield f"no option: xiesou {words[0]} {option}"


def wrong_command(line: str) -> Iterator[str]:
    """What is wrong in a shell line, each part of a pipe or list by itself."""
    part: list[str] = []
    for word in [*words_of(line.strip().removeprefix("$ ")), ";"]:
        if word not in SHELL_ENDS and not word.startswith("#"):
            part.append(word)
            continue
        while part and ASSIGNMENT.fullmatch(part[0]):
            part.pop(0)
        if part and part[0] == "make":
            yield from wrong_make(part[1:])
        elif part and part[0].rpartition("/")[2] == "xiesou":
            yield from wrong_xiesou(part[1:])
        part = []
        if word.startswith("#"):
            return


def problems_in(text: str, document: Path) -> list[str]:
    """Everything that `text`, standing in `document`, names and that does not exist."""
    found: list[str | None] = []
    blocks = [match.group(2) for match in FENCE.finditer(text)]
    prose = FENCE.sub("", text)
    codes = [match.group(2).strip() for match in INLINE.finditer(prose)]
    for code in codes:
        found += [missing_file(code), missing_module(code)]
        if re.fullmatch(r"--[a-z][a-z-]*", code) and not any(
            code in options_of(c) for c in commands().values()
        ):
            found.append(f"no command has the option {code}")
    for line in [*codes, *(line for block in blocks for line in block.replace("\\\n", " ").splitlines())]:
        found += wrong_command(line)
    found += [broken_link(target, document) for target in LINK.findall(INLINE.sub("", prose))]
    settings = {
        name
        for path in [*CODE, *(ROOT / "tests").rglob("conftest.py"), ROOT / "tests" / "cases.py"]
        for name in SETTING.findall(path.read_text("utf-8"))
    }
    settings |= {f"{PREFIX}{bound.name.upper()}" for bound in fields(Bounds)}
    found += [f"no setting {name}" for name in sorted(set(SETTING.findall(text)) - settings)]
    return [problem for problem in found if problem]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_document_names_only_what_exists(document: Path) -> None:
    assert problems_in(document.read_text("utf-8"), document) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("see `search/nowhere.py`", "no file or folder search/nowhere.py"),
        ("see `nowhere.py`", "no file or folder nowhere.py"),
        ("see `tests/nowhere/`", "no file or folder tests/nowhere/"),
        ("see `search.nowhere.Thing`", "no module or name search.nowhere.Thing"),
        ("see [it](docs/nowhere.md)", "a link to docs/nowhere.md, which does not exist"),
        ("see [it](#nowhere)", "a link to #nowhere, where no heading has that anchor"),
        ("run `make nothing`", "no target: make nothing"),
        ("run `make index NOTHING=x`", "make variable NOTHING, which the Makefile does not read"),
        ("run `xiesou nothing`", "no command: xiesou nothing"),
        ("```sh\nX=1 xiesou search 营商环境 --nothing | head\n```\n", "no option: xiesou search --nothing"),
        (
            "```sh\ncd x && .venv/bin/xiesou index a \\\n  --nothing\n```\n",
            "no option: xiesou index --nothing",
        ),
        ("`xiesou index PATH… [--nothing] [--index DIR]`", "no option: xiesou index --nothing"),
        ("the option `--nothing`", "no command has the option --nothing"),
        ("set XIESOU_NOTHING", "no setting XIESOU_NOTHING"),
    ],
)
def test_a_wrong_name_is_found(text: str, problem: str) -> None:
    assert problems_in(text, ROOT / "README.md") == [problem]


@pytest.mark.parametrize(
    "text",
    [
        "`search/errors.py`, `search/`, `conftest.py`, `search/language/text/*.py`, `text/html`, `index_data/index`",
        "`search.model.Query`, `search.errors`, `metadata.csv`, `/search`, `a or b`, `year:2020..2024`",
        "`make test`, `make bench CORPUS=<folder>`, `xiesou --help`, `xiesou index PATH… [--index DIR]`",
        "```sh\nxiesou search '梅花鹿 -食用菌' --json | python -m json.tool  # --nothing\n```\n",
        "[errors](search/errors.py), [elsewhere](https://example.org/x)",
    ],
)
def test_a_right_name_is_let_be(text: str) -> None:
    assert problems_in(text, ROOT / "README.md") == []


def test_where_a_change_begins_has_what_is_named_there() -> None:
    section = (ROOT / "ARCHITECTURE.md").read_text("utf-8").partition("## Where do I begin a change?")[2]
    pairs = re.findall(
        r"`([A-Z]\w+)`(?:[^`|]|`[A-Z]\w+`)*?\bin `([\w/]+\.py)`", section.partition("\n## ")[0]
    )
    assert len(pairs) > 5
    assert [
        f"{name} in {path}"
        for name, path in pairs
        if not re.search(rf"^(?:class )?{name}\b", (ROOT / path).read_text("utf-8"), re.M)
    ] == []


def test_every_setting_and_command_is_documented() -> None:
    told = "\n".join(document.read_text("utf-8") for document in DOCUMENTS)
    settings = {name for path in CODE for name in SETTING.findall(path.read_text("utf-8"))}
    assert settings <= set(SETTING.findall(told))
    readme = (ROOT / "README.md").read_text("utf-8")
    assert {name for name in commands() if f"xiesou {name}" not in readme} == set()


def test_every_make_target_explains_itself() -> None:
    explained = re.findall(r"^([a-z]+):.*## \S", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert set(explained) == make_targets()


def test_every_test_that_is_said_to_hold_something_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "tests" / "README.md").read_text("utf-8"))
    assert len(named) > 40
    assert [
        f"{path}::{name}" for path, name in named if f"\ndef {name}(" not in (ROOT / path).read_text("utf-8")
    ] == []
