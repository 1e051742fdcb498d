"""Gather every sentence from the code and the templates into `search/locale`, and compile it: `make messages`.

Run by hand after a sentence was added or changed; then write its Chinese into the .po file and run it again.
It says what still lacks Chinese. Sentences that are gone leave the catalogue.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from search.messages.words import DOMAIN, FOLDER

ROOT = Path(__file__).resolve().parent.parent.parent
PO = FOLDER / "zh" / "LC_MESSAGES" / f"{DOMAIN}.po"
MO = PO.with_suffix(".mo")
PACKAGES = ("search", "indexer", "web")
KEYWORDS = (
    "declare:1c,2",  # declare(code, english): the code is the context
    "declare_n:1c,2,3",  # declare_n(code, one, several)
    "phrase",  # phrase(english), translated later
    "translate",
    "t",
    "translate_n:1,2",  # translate_n(one, several, n=...)
    "tn:1,2",
    "translate_in:1c,2",  # translate_in(context, english)
    "translate_in_n:1c,2,3",
    "tc:1c,2",
    "tcn:1c,2,3",
)
"""The functions that are given sentences, and which of their arguments are what; see Babel's documentation."""
HEADER = "# The words of Xiesou in Chinese. `make messages` keeps this file; see search/messages."


def gather() -> Catalog:
    """Every sentence that the packages say, without its Chinese."""
    found = _empty()
    keywords = parse_keywords(KEYWORDS)
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    of_pages = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    options = {"**/templates/**.html": of_pages | {"extensions": "web.kept_markup.KeptStretch"}}
    for package in PACKAGES:
        extracted = extract_from_dir(ROOT / package, methods, options, keywords, strip_comment_tags=True)
        for name, _line, message, _comments, context in extracted:
            found.add(message, locations=[(f"{package}/{name}", 0)], context=context)
    return found


class _Plain(Catalog):
    """A catalogue whose head says nothing of the day, the machine or Babel's version: the same code, the same bytes."""

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]

    mime_headers = property(_get_mime_headers, Catalog._set_mime_headers)


def _empty() -> Catalog:
    return _Plain(locale="zh", domain=DOMAIN, header_comment=HEADER, fuzzy=False, charset="utf-8")


def read_catalogue() -> Catalog:
    """The catalogue as it is written."""
    with PO.open("rb") as file:
        return read_po(file, locale="zh", domain=DOMAIN)


def updated() -> Catalog:
    """The sentences of the code by context and English, with the Chinese that the catalogue has for them."""
    written, sorted_ones = read_catalogue(), _empty()
    for message in sorted(filter(_key, gather()), key=lambda one: (one.context or "", *_key(one))):
        known = written.get(message.id, message.context)
        sorted_ones.add(
            message.id,
            known.string if known else None,
            sorted(set(message.locations)),
            context=message.context,
        )
    return sorted_ones


def iter_lacking(catalogue: Catalog) -> Iterator[Message]:
    """What has no Chinese."""
    for message in catalogue:
        words = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
        if message.id and not all(words):
            yield message


def to_po(catalogue: Catalog) -> bytes:
    """The catalogue for people and translation programs."""
    file = io.BytesIO()
    write_po(file, catalogue, width=0, include_lineno=False)
    return file.getvalue()


def to_mo(catalogue: Catalog) -> bytes:
    """The catalogue as Python's gettext reads it."""
    plain = _empty()
    for message in catalogue:
        if message.id:
            plain.add(message.id, message.string, context=message.context)
    file = io.BytesIO()
    write_mo(file, plain)
    return file.getvalue()


def _key(message: Message) -> tuple[str, ...]:
    """The English of a message, for one and for several; () for the head of the catalogue."""
    return (message.id,) if isinstance(message.id, str) and message.id else tuple(message.id)


def main() -> None:
    """Write both files, and name what lacks Chinese."""
    PO.write_bytes(to_po(updated()))
    catalogue = read_catalogue()
    MO.write_bytes(to_mo(catalogue))
    lacking = list(iter_lacking(catalogue))
    for message in lacking:
        print(f"no Chinese for {message.context or ''} {message.id!r}", file=sys.stderr)
    sys.exit(bool(lacking))


if __name__ == "__main__":
    main()
