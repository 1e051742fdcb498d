"""Which files a run is about, by which names, and what has to be done for each.

paths -> files -> names -> digests against what the index knows -> Changes
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from indexer.model import Problem
from indexer.overrides import overrides_for
from indexer.readers import check_file, iter_sources
from search.embedded.schema import INDEX_NAME
from search.embedded.writing.writer import IndexedFile
from search.errors import SourceError
from search.messages import sources as says

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be indexed.

    Args:
        path: where it is, absolute; the index knows it by this.
        name: by which the collection names it.
        given: its path as the person gave it; problems name it so.
    """

    path: Path
    name: str
    given: Path


@dataclass(slots=True)
class Changes:
    """What a run has to do.

    Args:
        fresh: files to read, with their digests and, of changed ones, what they replace.
        gone: files of the index that are no longer there.
        unchanged, renamed: how many files these are.
        problems: files that can't be read.
    """

    fresh: list[tuple[Source, str, IndexedFile | None]] = field(default_factory=list)
    gone: list[IndexedFile] = field(default_factory=list)
    unchanged: int = 0
    renamed: int = 0
    problems: list[Problem] = field(default_factory=list)


def to_problem(error: SourceError, path: Path | str) -> Problem:
    """What an error tells an operator of the file at `path`."""
    return Problem(str(path), error.line, error.said)


def collect(paths: Sequence[Path], *, index: Path | None = None) -> tuple[list[Source], list[Problem]]:
    """The files under `paths`, each once, in a fixed order; what can't be a source is listed.

    Args:
        index: the index folder, whose own files are no sources.

    Raises:
        SourceError: a path does not exist.
    """
    found: dict[Path, Source] = {}
    problems: list[Problem] = []
    for path in paths:
        if not os.path.lexists(path):
            raise SourceError(says.PATH_MISSING(path=str(path)), path=str(path), hint=says.CHECK_PATH())
        root = Path(os.path.abspath(path)).parent
        for file in _listed(path, problems):
            real = Path(os.path.abspath(file))
            if index is not None and is_of_index(real, index):
                continue
            name = real.relative_to(root).as_posix() if real.is_relative_to(root) else real.name
            found.setdefault(real, Source(real, name, file))
    return sorted(found.values(), key=lambda source: (source.name, source.path)), problems


def _listed(path: Path, problems: list[Problem]) -> Iterator[Path]:
    try:
        yield from iter_sources(path)
    except SourceError as error:
        problems.append(to_problem(error, error.path))


def is_of_index(path: Path, index: Path) -> bool:
    """Whether a file is one of the index's own."""
    ours = path.name.startswith((f"{INDEX_NAME}_", f"_{INDEX_NAME}_"))
    return ours and path.parent == Path(os.path.abspath(index))


def digest(path: Path, *, overrides: str = "") -> str:
    """What tells whether a file has to be read again: its bytes, and the operator's word on it."""
    content = hashlib.blake2b()
    with path.open("rb") as file:
        for chunk in iter(partial(file.read, _CHUNK_BYTES), b""):
            content.update(chunk)
    content.update(overrides.encode("utf-8", "surrogatepass"))
    return content.hexdigest()[:32]


def compare(sources: Sequence[Source], known: Mapping[str, IndexedFile], roots: Sequence[Path]) -> Changes:
    """What to do for each source, against what the index knows.

    A file that is known keeps its name; what can't be read now stays in the index as it is.
    """
    changes = Changes()
    closed: list[Path] = []
    here = {str(source.path) for source in sources}
    gone = [key for key in known if key not in here and _is_below(Path(key), roots)]
    left = {key: file.record["source"] for key, file in known.items() if key not in set(gone)}
    for source in named(sources, left):
        before = known.get(str(source.path))
        try:
            check_file(source.given)
            now = digest(source.path, overrides=overrides_for(source.given).key)
        except SourceError as error:
            if source.path.is_dir():
                closed.append(source.path)
            changes.problems.append(to_problem(error, source.given))
            continue
        except OSError as error:
            changes.problems.append(Problem(str(source.given), None, says.CANNOT_READ(error=error.strerror)))
            continue
        if before is not None and before.record["digest"] == now:
            changes.unchanged += 1
        else:
            changes.fresh.append((source, now, before))
    changes.gone = [known[key] for key in gone if not _is_below(Path(key), closed)]
    vanished = {file.record["digest"] for file in changes.gone}
    changes.renamed = sum(1 for _, now, before in changes.fresh if before is None and now in vanished)
    return changes


def _is_below(path: Path, folders: Sequence[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def named(sources: Sequence[Source], known: Mapping[str, str]) -> list[Source]:
    """The sources with names that differ: where one is taken, more of the file's path goes into it.

    Args:
        known: the names of the files that the index keeps, by their paths.
    """
    old = [replace(s, name=known[str(s.path)]) for s in sources if str(s.path) in known]
    new = [s for s in sources if str(s.path) not in known]
    taken = set(known.values())
    depth = 2
    while clashing := _clashing(new, taken):
        depth += 1
        new = [
            replace(s, name="/".join(s.path.parts[-depth:]).lstrip("/")) if s.name in clashing else s
            for s in new
        ]
        if depth > max(len(source.path.parts) for source in new):
            break
    return sorted([*old, *new], key=lambda source: (source.name, source.path))


def _clashing(sources: Sequence[Source], taken: Collection[str]) -> set[str]:
    times: Counter[Any] = Counter(source.name for source in sources)
    return {name for name, count in times.items() if count > 1 or name in taken}
