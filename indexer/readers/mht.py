"""MHT: a web page saved with all that belongs to it, in the format of a mail.

bytes -> parts (`email`) -> the page among them -> `html`

A page of frames has its text in another part: the part with the most text is the page, and what the others say is set
aside. Style sheets, scripts and pictures beside the page are no text of it.
"""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from itertools import islice

from indexer.model import Document, SetAside
from indexer.readers.encoding import decode, decode_declared
from indexer.readers.html import iter_documents as iter_pages
from indexer.readers.html import read_page
from indexer.readers.source import Source
from indexer.readers.text import read_decoded
from search.errors import SourceError
from search.messages import Message as Refusal
from search.messages import aside, in_a_row
from search.messages import sources as says

MOST_PARTS = 2_000
_PAGES = ("text/html", "application/xhtml+xml", "text/plain")
_FRAME = aside.FRAME
_AGAIN = says.SAVE_PAGE_HTML()


def iter_documents(source: Source) -> Iterator[Document]:
    """The page as one Document.

    Raises:
        SourceError: no part of it is a page with text.
    """
    pages: list[Document] = []
    refusals: list[Refusal] = []
    for part in _parts(source):
        try:
            pages.append(_read_part(source, part))
        except SourceError as error:
            refusals.append(error.said)
    if not pages:
        raise source.refuse(in_a_row([says.MHT_EMPTY(), *refusals[:1]]), hint=_AGAIN)
    page = max(pages, key=lambda one: sum(len(line.text) for line in one.lines))
    others = [one for one in pages if one is not page]
    framed = [SetAside(line.text, None, _FRAME) for one in others for line in one.lines if line.text.strip()]
    framed += [replace(entry, line=None) for one in others for entry in one.set_aside]
    yield replace(page, format="mht", set_aside=(*page.set_aside, *framed))


def _parts(source: Source) -> list[Message]:
    """The parts that are pages or plain text."""
    try:
        message = email.message_from_bytes(source.data)
        parts = list(islice(message.walk(), MOST_PARTS + 1))
        pages = [part for part in parts if part.get_content_type() in _PAGES and not part.is_multipart()]
    except (RecursionError, LookupError, ValueError) as error:
        raise source.refuse(says.MHT_BROKEN(error=str(error)), hint=_AGAIN) from error
    if len(parts) > MOST_PARTS:
        raise source.refuse(says.MHT_TOO_MANY(most=MOST_PARTS), hint=_AGAIN)
    return pages


def _read_part(source: Source, part: Message) -> Document:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if not data.strip():
        raise source.refuse(says.PAGE_EMPTY(), hint=_AGAIN)
    page = source.within(data, source.name)
    charset = part.get_content_charset()
    decoded = decode_declared(page, charset) if charset else decode(page)
    if part.get_content_type() == "text/plain":
        return read_decoded(page, decoded, markdown=False)
    return read_page(page, decoded) if charset else next(iter_pages(page))
