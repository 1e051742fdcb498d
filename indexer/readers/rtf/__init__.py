"""RTF: all text of a rich text document, with the heading levels of its paragraphs.

bytes -> tokens -> story (code pages, groups, tables) -> `assembly` -> lines

Footnotes, comments and text boxes are lines of their own kind behind the paragraph that they belong to; automatic
numbers stand in the file as text. Set aside, each with its reason: running headers and footers, deleted and hidden
text, instructions of fields, names of commentators, and what stands in parts that this reader does not know.
"""

from __future__ import annotations

from collections.abc import Iterator

from indexer.model import Document
from indexer.readers.assembly import Assembly, Found, leave_out_here, take_line
from indexer.readers.inserted_pictures import InsertedPictures
from indexer.readers.prose import Prose
from indexer.readers.rtf.story import Story
from indexer.readers.source import Source
from search.messages import Message, in_a_row
from search.messages import sources as says


def iter_documents(source: Source) -> Iterator[Document]:
    """The document as one Document.

    Raises:
        SourceError: it holds no text.
    """
    prose = Prose()
    pictures = InsertedPictures(source)

    def emit(found: Found) -> None:
        take_line(found, prose, pictures)

    def set_aside(text: str, reason: Message) -> None:
        leave_out_here(text, prose, reason)

    Story(Assembly(emit, set_aside, kind=None)).read(source.data)
    pictures.read(prose)
    lines, aside = prose.finish()
    if not any(line.text.strip() for line in lines) and not aside:
        hint = in_a_row([says.SAVE_AS_DOCX(), pictures.hint_if_no_text()])
        raise source.refuse(says.DOCUMENT_WITHOUT_TEXT(), hint=hint)
    yield Document(
        source.name,
        "rtf",
        "",
        lines,
        set_aside=aside,
        problems=tuple(pictures.problems),
        notes=tuple(pictures.notes),
    )
