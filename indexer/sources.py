"""Which files a run is about, by which names, and with which digests.

paths -> files -> names, digests
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from indexer.model import Problem
from indexer.readers import iter_sources
from indexer.readers.file_names import escaped_name, readable_name
from search.addresses import is_file_of
from search.errors import SourceError
from search.messages import sources as says

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be indexed.

    Args:
        path: where it is, absolute; the collection knows it by this.
        name: by which the collection names it: text, whatever bytes the path is of.
        given: its path as the person gave it; problems name it so.
    """

    path: Path
    name: str
    given: Path


def to_problem(error: SourceError, path: Path | str) -> Problem:
    """What an error tells an operator of the file at `path`."""
    return Problem(str(path), error.line, error.said)


def collect(paths: Sequence[Path], *, address: str | None = None) -> tuple[list[Source], list[Problem]]:
    """The files under `paths`, each once, in a fixed order; what can't be a source is listed.

    Args:
        address: of the collection, whose own files are no sources.

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
            if address is not None and is_file_of(address, real):
                continue
            name = real.relative_to(root).as_posix() if real.is_relative_to(root) else real.name
            found.setdefault(real, Source(real, readable_name(name), file))
    return sorted(found.values(), key=lambda source: (source.name, source.path)), problems


def _listed(path: Path, problems: list[Problem]) -> Iterator[Path]:
    try:
        yield from iter_sources(path)
    except SourceError as error:
        problems.append(to_problem(error, error.path))
    except OSError:  # reading it says why
        yield path


def digest(path: Path, *, overrides: str = "") -> str:
    """What tells whether a file has to be read again: its bytes, and the operator's word on it."""
    with path.open("rb") as file:
        return _digest(iter(partial(file.read, _CHUNK_BYTES), b""), overrides)


def digest_of(data: bytes, *, overrides: str = "") -> str:
    """As `digest`, of bytes that were read."""
    return _digest([data], overrides)


def _digest(chunks: Iterable[bytes], overrides: str) -> str:
    content = hashlib.blake2b()
    for chunk in chunks:
        content.update(chunk)
    content.update(overrides.encode("utf-8", "surrogatepass"))
    return content.hexdigest()[:32]


def named(sources: Sequence[Source], known: Mapping[str, str]) -> list[Source]:
    """The sources with names that differ: where one is taken, more of the file's path goes into it.

    Args:
        known: the names of the files that the collection keeps, by their paths.
    """
    old = [replace(s, name=known[str(s.path)]) for s in sources if str(s.path) in known]
    new = [s for s in sources if str(s.path) not in known]
    taken = set(known.values())
    depth = 2
    while clashing := _clashing(new, taken):
        depth += 1
        new = [replace(s, name=readable_name(_tail(s.path, depth))) if s.name in clashing else s for s in new]
        if depth > max(len(source.path.parts) for source in new):
            break
    clashing = _clashing(new, taken)  # left are those that differ in bytes which are not UTF-8
    new = [replace(s, name=escaped_name(_tail(s.path, depth))) if s.name in clashing else s for s in new]
    return sorted([*old, *new], key=lambda source: (source.name, source.path))


def _tail(path: Path, depth: int) -> str:
    return "/".join(path.parts[-depth:]).lstrip("/")


def _clashing(sources: Sequence[Source], taken: Collection[str]) -> set[str]:
    times: Counter[Any] = Counter(source.name for source in sources)
    return {name for name, count in times.items() if count > 1 or name in taken}
