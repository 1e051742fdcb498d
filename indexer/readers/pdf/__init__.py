"""The reader of PDF: file -> pages of glyphs -> columns of lines -> Document."""

from indexer.readers.pdf.reader import decoded_text, iter_documents

__all__ = ["decoded_text", "iter_documents"]
