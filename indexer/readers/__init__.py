"""Files to Documents: one module a format, behind the registry that `registry.py` shows.

    path -> bytes (bounded) -> kind (by content, then by suffix) -> that format's reader -> Documents

    source      the bytes, and how to refuse them        encoding   bytes to characters, and why
    text        .txt .md                                 prose      characters to lines; conservation stated
    html        .html .htm                               marks      Markdown marks
    docx, pdf   with a text layer                        chrome     lines that are a web page's furniture
    tabular     .csv .tsv .jsonl: a row is a report      fields     names of columns and of front matter keys
    archive     .zip of any of these

Not here: what a line means (`indexer.structure`) and what a report says of itself (`indexer.metadata`).
"""

from indexer.readers.registry import (
    SUPPORTED_SUFFIXES,
    bytes_of,
    check_file,
    iter_documents,
    read,
    read_source,
)
from indexer.readers.walk import iter_sources

__all__ = [
    "SUPPORTED_SUFFIXES",
    "bytes_of",
    "check_file",
    "iter_documents",
    "iter_sources",
    "read",
    "read_source",
]
