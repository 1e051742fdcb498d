"""What a run has to do: the files as they are, against those that the collection holds.

sources -> digests -> gone, or kept where too many are -> names -> Changes
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.bounds import Bounds
from indexer.model import Problem
from indexer.overrides import overrides_for
from indexer.readers import check_file, ocr
from indexer.sources import Source, digest, named, to_problem
from search.collection import SourceRecord
from search.errors import SourceError
from search.messages import sources as says
from search.rules import RULES_VERSION

MOST_REMOVALS = 10
MOST_REMOVALS_SHARE = 0.2
"""More removals than both, the share being of the files held under the given paths, are an accident until somebody says
that they are meant: a share that isn't mounted looks like an empty folder."""

_NOT_RECOGNISED = (says.PAGES_ARE_PICTURES.code, says.PICTURES_NOT_READ.code)
"""Problems of files that are read again once recognition is installed."""


@dataclass(slots=True)
class Digests:
    """The digests of files as they are now, by path.

    Args:
        problems: of files that can't be read.
        closed: what can't be read or listed; if it was a folder, what is held of its files stays.
    """

    of: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    closed: list[Path] = field(default_factory=list)


@dataclass(slots=True)
class Changes:
    """What a run has to do. A file that is held keeps its name; what can't be read now stays as it is.

    Args:
        fresh: files to read, other rules' ones included, and of those that are held already, what they replace.
        gone: files to remove: they are no longer there.
        kept: files that are no longer there, so many that they are not removed.
        unchanged, renamed: how many files these are.
        held: how many files the collection holds under the paths.
        problems: files that can't be read.
    """

    fresh: list[tuple[Source, SourceRecord | None]] = field(default_factory=list)
    gone: list[SourceRecord] = field(default_factory=list)
    kept: list[SourceRecord] = field(default_factory=list)
    unchanged: int = 0
    renamed: int = 0
    held: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def to_read(self) -> list[Source]:
        """The files to read."""
        return [source for source, _ in self.fresh]


def take_digests(sources: Sequence[Source], bounds: Bounds | None = None) -> Digests:
    """Read every file once, to compare it with what is held."""
    digests = Digests()
    for source in sources:
        try:
            check_file(source.given, bounds)
            now = digest(source.path, overrides=overrides_for(source.given).key)
        except SourceError as error:
            digests.closed.append(source.path)
            digests.problems.append(to_problem(error, source.given))
        except OSError as error:
            digests.closed.append(source.path)
            digests.problems.append(Problem(str(source.given), None, says.CANNOT_READ(error=error.strerror)))
        else:
            digests.of[str(source.path)] = now
    return digests


@dataclass(frozen=True, slots=True)
class Request:
    """What a run was asked for, and the files as they are.

    Args:
        roots: the paths given, absolute; only files below them can be gone.
        rebuild: begin from nothing: all is read, what is held from elsewhere goes.
        allow_removals: remove files that are gone, however many.
    """

    sources: Sequence[Source]
    digests: Digests
    roots: Sequence[Path]
    rebuild: bool = False
    allow_removals: bool = False

    def changes(self, held: Mapping[str, SourceRecord]) -> Changes:
        """What to do with a collection that holds these files.

        Where a rebuild would lose too many (`kept`), the collection has to be continued: all that is there is read
        again, and all else that is held stays.
        """
        changes = self._compare(held, reread=self.rebuild)
        return self._compare({}) if self.rebuild and not changes.kept else changes

    def _compare(self, held: Mapping[str, SourceRecord], *, reread: bool = False) -> Changes:
        here = {str(source.path) for source in self.sources}
        below = [path for path in held if _is_below(Path(path), self.roots)]
        away = [path for path in below if path not in here and not _is_below(Path(path), self.digests.closed)]
        new = {now for path, now in self.digests.of.items() if path not in held}
        lost = [path for path in away if held[path].digest not in new]  # the others have another name now
        changes = Changes(held=len(below), problems=list(self.digests.problems))
        if not self.allow_removals and len(lost) > max(MOST_REMOVALS, MOST_REMOVALS_SHARE * len(below)):
            changes.kept = [held[path] for path in lost]
        gone = set(away) - {file.path for file in changes.kept}
        changes.gone = [held[path] for path in sorted(gone)]
        names = {path: file.name for path, file in held.items() if path not in gone}
        self._find_fresh(changes, held, names, reread=reread)
        return changes

    def _find_fresh(
        self, changes: Changes, held: Mapping[str, SourceRecord], names: Mapping[str, str], *, reread: bool
    ) -> None:
        """Tell the files that are to be read from those that haven't changed."""
        vanished = {file.digest for file in changes.gone}
        for source in named(self.sources, names):
            now, before = self.digests.of.get(str(source.path)), held.get(str(source.path))
            if now is None:
                continue
            if not reread and before is not None and _is_current(before, now):
                changes.unchanged += 1
            else:
                changes.fresh.append((source, before))
                changes.renamed += before is None and now in vanished


def _is_current(before: SourceRecord, now: str) -> bool:
    """Whether what is held of a file is what reading it again would give; its digest is now `now`."""
    if (before.digest, before.rules) != (now, RULES_VERSION):
        return False
    unread = any(problem.get("code") in _NOT_RECOGNISED for problem in before.problems)
    return not (unread and ocr.is_installed())


def _is_below(path: Path, folders: Sequence[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)
