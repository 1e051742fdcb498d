"""What the values of one report may be read from: its text, its file, what is stated of it, its siblings."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from indexer.metadata.lines import HeadLine, read_head, simplify
from indexer.metadata.stated import Stated
from indexer.model import UNKNOWN, Document, Draft, Metadata, Overridden, Problem, Value
from search.messages import Message
from search.messages import metadata as says
from search.model import OTHER_TYPES


class Known:
    """One report and what stands around it, with the Problems that come up while its values are weighed.

    Args:
        draft: without its notes.
        name: the file's name, "" where it is hidden.
        siblings: what is known of the reports before it in the same file.
    """

    def __init__(
        self,
        draft: Draft,
        document: Document,
        *,
        name: str,
        overrides: Overridden,
        siblings: Sequence[Metadata],
    ) -> None:
        self.draft, self.document, self.name, self.siblings = draft, document, name, siblings
        self.head: tuple[HeadLine, ...] = read_head(draft)
        self.problems: list[Problem] = []
        self.stated = Stated(overrides, document.fields, self.report)
        self.is_report = draft.kind not in OTHER_TYPES

    @functools.cached_property
    def text(self) -> str:
        """The whole report."""
        return simplify("\n".join(block.text for block in self.draft.blocks))

    @property
    def stem(self) -> str:
        """The last part of the file's name."""
        return self.name.rsplit("/", 1)[-1]

    def report(self, reason: Message) -> None:
        """Add a Problem of the whole report, at its first line."""
        line = self.draft.blocks[0].lines[0] if self.draft.blocks else None
        self.problems.append(Problem(self.document.name, line, reason))

    def inherited(self, field: str) -> Value:
        """What another report of the file has; unknown for a text that is no report."""
        for sibling in self.siblings if self.is_report else ():
            value = from_sibling(getattr(sibling, field))
            if value.value is not None:
                return value
        return UNKNOWN


def from_sibling(value: Value) -> Value:
    """A value of another report of the file, with evidence that says so."""
    if value.value is None:
        return UNKNOWN
    return Value(value.value, says.FROM_SIBLING(evidence=value.evidence))
