"""The errors that Xiesou shows to a person, as a tree.

XiesouError                what went wrong and, in `hint`, what to do
├── StoreError             the index on disk
│   ├── IndexMissing       there is none
│   ├── IndexOutdated      written by another version or with another dictionary
│   ├── IndexDamaged       files missing, truncated or altered
│   ├── IndexLocked        another run is writing
│   └── IndexUnwritable    the folder can't be written
├── CollectionUnavailable  the store can't be reached or is overloaded; carries how long to wait
├── BudgetExceeded         the question takes more than it may; carries of what
├── QueryError             the query can't be read; carries field and place
├── ReportNotFound         no report has that id
├── SourceError            a source file can't be read; carries path and line
├── DigestStateError       what a digest has told before can't be read or kept
├── OperatorStateError     what is kept for the operator can't be read or written
└── MailFailed             a mail server did not take a mail

An error carries messages, not words: `said` is all of it, for the command line and the web to render.
"""

from __future__ import annotations

from typing import Literal

from search.messages import Message, answers, in_a_row, queries, stores
from search.messages.words import render

REBUILD = stores.REBUILD()


class XiesouError(Exception):
    """Anything that a person can be told about.

    Args:
        message: what is wrong, safe to show.
        hint: what to do.
    """

    code = "error"

    def __init__(self, message: Message, *, hint: Message | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def said(self) -> Message:
        """What is wrong and what to do."""
        return in_a_row([self.message, self.hint])

    def __str__(self) -> str:
        """In English, for logs and tracebacks; people are shown `said` in their own language."""
        return render(self.said, "en")


class StoreError(XiesouError):
    """The index on disk can't be used as asked."""

    code = "index_error"


class IndexMissing(StoreError):
    code = "index_missing"


class IndexOutdated(StoreError):
    code = "index_outdated"


class IndexDamaged(StoreError):
    code = "index_damaged"

    @classmethod
    def because(cls, what: Message) -> IndexDamaged:
        """The error that says `what` is wrong with the index, and the command that mends it."""
        return cls(stores.INDEX_DAMAGED(what=what), hint=REBUILD)


class IndexLocked(StoreError):
    code = "index_locked"


class IndexUnwritable(StoreError):
    code = "index_unwritable"


class CollectionUnavailable(XiesouError):
    """The store did not answer, refused, or has too much to do.

    Args:
        retry_after_s: when it is worth asking again.
    """

    code = "collection_unavailable"

    def __init__(self, message: Message, *, retry_after_s: int = 5, hint: Message | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s


Stage = Literal["matching", "counting", "ordering", "reading"]
"""What a question is at: finding paragraphs, counting occurrences in them, putting them in order, reading them."""


class BudgetExceeded(XiesouError):
    """A question takes more time or memory than it may, or nobody waits for its answer any more.

    Args:
        resource: time, memory or cancelled.
        stage: what it was at.
    """

    code = "budget_exceeded"

    def __init__(self, resource: Literal["time", "memory", "cancelled"], stage: Stage = "matching") -> None:
        if resource == "cancelled":
            super().__init__(answers.BUDGET_CANCELLED())
        else:
            work, hint = _STAGES[stage]
            kind = answers.BUDGET_TIME if resource == "time" else answers.BUDGET_MEMORY
            super().__init__(kind(work=work()), hint=hint())
        self.resource = resource
        self.stage = stage


_STAGES = {
    "matching": (answers.STAGE_MATCHING, answers.ASK_FEWER_WORDS),
    "counting": (answers.STAGE_COUNTING, answers.ASK_FEWER_WORDS),
    "ordering": (answers.STAGE_ORDERING, answers.ASK_NARROWER),
    "reading": (answers.STAGE_READING, answers.ASK_NARROWER),
}


class QueryError(XiesouError):
    """A query or a parameter can't be read.

    Args:
        field: the parameter that is wrong (`q`, `year`, `page` …).
        position: where in the query text, in characters from 0, or None.
    """

    code = "bad_query"

    def __init__(
        self,
        message: Message,
        *,
        field: str = "q",
        position: int | None = None,
        hint: Message | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.field = field
        self.position = position

    @property
    def said(self) -> Message:
        """What is wrong, where, and what to do."""
        place = None if self.position is None else queries.AT_CHARACTER(position=self.position + 1)
        return in_a_row([self.message, place, self.hint])


class ReportNotFound(XiesouError):
    code = "report_not_found"


class SourceError(XiesouError):
    """A source file can't be read.

    Args:
        path: the file.
        line: its line (from 1), or None.
    """

    code = "source_error"

    def __init__(
        self, message: Message, *, path: str, line: int | None = None, hint: Message | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.path = path
        self.line = line


class DigestStateError(XiesouError):
    code = "digest_state"


class OperatorStateError(XiesouError):
    code = "operator_state"


class MailFailed(XiesouError):
    code = "mail_failed"
