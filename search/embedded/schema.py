"""The Whoosh schema of a collection: one document a paragraph.

text              what the paragraph says: terms with their character offsets as positions
heading, title    the words above it; only whether they stand there
city … report     exact values, for filters
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from whoosh import fields, formats
from whoosh.analysis import Token
from whoosh.analysis.acore import Composable

if TYPE_CHECKING:
    from search.language.text import Analyzer

INDEX_NAME = "MAIN"
FORMAT_VERSION = 4
"""Of posting lists and columns on disk."""
SCHEMA_VERSION = 1
SCORED_FIELDS = ("text", "heading", "title")
FILTER_FIELDS = ("city", "province", "year", "type", "report", "kind")

ALIGNED_QUARTERS = 4
STRADDLING_QUARTERS = 1
"""Weight, in quarters, of an occurrence that is a word of the paragraph, and of one that only straddles words."""


class WordGraphAnalyzer(Composable):  # type: ignore[misc]
    """Our analyzer's INDEX mode as a Whoosh analyzer: for indexes that Whoosh's own writer makes."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    def __call__(self, value: str, positions: bool = False, **kwargs: Any) -> Iterator[Token]:
        token = Token(positions, removestops=False, mode="", boosts=True)
        for term, start, _length, aligned in self._analyzer.index_terms(value):
            token.text = token.original = term
            token.boost = (ALIGNED_QUARTERS if aligned else STRADDLING_QUARTERS) / 4
            token.pos = start
            token.stopped = False
            yield token


class _WordsField(fields.FieldType):  # type: ignore[misc]
    """A scored field whose terms come from our analyzer."""

    scorable = True
    indexed = True
    unique = False
    multitoken_query = "and"

    def __init__(self, format_: formats.Format, analyzer: WordGraphAnalyzer | None) -> None:
        self.format = format_
        self.analyzer = analyzer
        self.vector = None
        self.stored = False
        self.column_type = None


def make_schema(analyzer: Analyzer | None = None) -> fields.Schema:
    """The schema. With `analyzer`, Whoosh's own writer can index by it; readers and our writer need none."""
    words = None if analyzer is None else WordGraphAnalyzer(analyzer)
    schema = fields.Schema(
        text=_WordsField(formats.Positions(), words),
        heading=_WordsField(formats.Existence(), words),
        title=_WordsField(formats.Existence(), words),
    )
    for name in FILTER_FIELDS:
        schema.add(name, fields.ID())
    return schema
