"""What a digest has told, in a file: the mark that moves only after a letter was accepted.

For each search the paragraphs that it has found, by report, as short hashes of texts; and which reports were held.
So what an update puts into a known report is new, and a report whose file was merely renamed is not.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from search.errors import DigestStateError
from search.messages import digests as says
from search.model import Report

VERSION = 1
_HASH_BYTES = 6

Seen = Mapping[str, frozenset[str]]
"""By report, the paragraphs that a search has found."""


@dataclass(frozen=True, slots=True)
class DigestState:
    """What was held and found at the last time.

    Args:
        reports: ids of those held.
        added: when the last of them came in; "" where none was held.
        searches: by `SavedSearch.key`.
    """

    reports: frozenset[str] = frozenset()
    added: str = ""
    searches: Mapping[str, Seen] = field(default_factory=dict)

    def is_renamed(self, report: Report) -> bool:
        """Whether a report with an unknown id came in before the last time: the same one under another name."""
        return report.id not in self.reports and report.added is not None and report.added < self.added


def fingerprint(text: str) -> str:
    """A paragraph's text, in short."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).hexdigest()


def read_state(path: Path) -> DigestState | None:
    """The state in a file; None where there is no file.

    Raises:
        DigestStateError: it is no state.
    """
    try:
        written: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if written["version"] != VERSION:
            raise ValueError(written["version"])
        return DigestState(
            frozenset(written["reports"]),
            written["added"],
            {
                key: {report: frozenset(hashes) for report, hashes in seen.items()}
                for key, seen in written["searches"].items()
            },
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DigestStateError(says.STATE_UNREADABLE(path=str(path))) from error


def prepare_state(path: Path | None, state: DigestState) -> Callable[[], None]:
    """Write the state beside its file; what puts it in its place, in one step. What can fail, fails before.

    Raises:
        DigestStateError: it can't be written.
    """
    if path is None:
        return lambda: None
    staged = path.with_name(f"{path.name}.new")
    try:
        with staged.open("w", encoding="utf-8") as file:
            json.dump(_to_json(state), file, ensure_ascii=False, indent=0)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise DigestStateError(says.STATE_UNWRITABLE(path=str(path), why=str(error))) from error
    return lambda: os.replace(staged, path)


def _to_json(state: DigestState) -> dict[str, Any]:
    return {
        "version": VERSION,
        "reports": sorted(state.reports),
        "added": state.added,
        "searches": {
            key: {report: sorted(hashes) for report, hashes in sorted(seen.items())}
            for key, seen in state.searches.items()
        },
    }


@contextmanager
def hold_state(path: Path | None) -> Iterator[None]:
    """Keep other digests from the same state meanwhile, where the system has locks.

    Raises:
        DigestStateError: another one goes on from it, or nothing can be written there.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    if path is None:
        yield
        return
    try:
        lock = path.with_name(f"{path.name}.lock").open("w")
    except OSError as error:
        raise DigestStateError(says.STATE_UNWRITABLE(path=str(path), why=str(error))) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DigestStateError(says.DIGEST_RUNS(path=str(path))) from error
        yield
