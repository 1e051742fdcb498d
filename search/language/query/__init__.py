"""The query language: text -> tree -> text. See docs/query-language.md."""

from search.language.query.describe import describe, name_field
from search.language.query.parse import ParsedQuery, parse_query
from search.language.query.render import to_text
from search.language.query.tree import (
    And,
    Chunk,
    Everything,
    Exact,
    InField,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Prefix,
    Values,
    YearRange,
    all_of,
    any_of,
    iter_leaves,
)

__all__ = [
    "And",
    "Chunk",
    "Everything",
    "Exact",
    "InField",
    "Leaf",
    "Near",
    "Node",
    "Not",
    "Or",
    "ParsedQuery",
    "Prefix",
    "Values",
    "YearRange",
    "all_of",
    "any_of",
    "describe",
    "iter_leaves",
    "name_field",
    "parse_query",
    "to_text",
]
