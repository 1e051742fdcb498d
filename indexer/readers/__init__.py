"""Files to Documents: one module a format, behind the registry that `registry.py` shows.

    path -> bytes (bounded) -> kind (by content, then by suffix) -> that format's reader -> Documents

    source      the bytes, and how to refuse them        encoding   bytes to characters, and why (common_han, garbled)
    text        .txt .md                                 prose      lines, and what was set aside
    html        .html .htm                               marked_text  characters to lines (marks, html_comments)
    docx, pdf, picture (pages that are pictures: ocr)    chrome     lines that are a web page's furniture
    file_names  names of files that are not UTF-8
    archive     .zip of any of these                     fields     names of columns and of front matter keys
    tabular     .csv .tsv (csv_records, unclosed_quotes), .json .jsonl (json_rows, json_entries, json_paths)
    spreadsheet .xlsx .xls .ods
                rows, columns, paragraph_rows: a row is a report, or a paragraph of one

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
