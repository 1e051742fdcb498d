"""How much work a file may ask for: more than any real one does, and the same on every machine.

Bounds are of work (bytes unpacked, pages, characters, cells), never of time, so that the same file is read or refused
wherever and under whatever load it is read. What they let through and doesn't end is ended by `indexer.allowance`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

PREFIX = "XIESOU_MOST_"


def _most(default: int, help: str) -> Any:
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of one run. Each is a setting by its name in capitals behind `XIESOU_MOST_`."""

    file_mb: int = _most(1024, "a file's bytes")
    inflated_mb: int = _most(2048, "bytes that all members of an archive unpack to")
    member_mb: int = _most(256, "bytes that a member of an archive unpacks to")
    members: int = _most(10_000, "members of an archive, and parts of a document")
    document_mb: int = _most(512, "bytes that the parts of a workbook, a document or an e-book unpack to")
    part_mb: int = _most(64, "bytes that one part of a document or an e-book unpacks to")
    document_chars: int = _most(8_000_000, "characters of a text or a page")
    json_mb: int = _most(64, "bytes of a JSON file that is one value; JSON Lines are read line by line")
    cell_chars: int = _most(4_000_000, "characters of a cell or a JSON value")
    cells: int = _most(20_000_000, "cells of a workbook")
    tag_attributes: int = _most(2_000, "attributes of one HTML tag")
    pages: int = _most(20_000, "pages of a PDF")
    page_glyphs: int = _most(200_000, "characters that a PDF page draws")
    glyphs: int = _most(40_000_000, "characters that a PDF draws")
    page_drawing_mb: int = _most(
        24, "bytes of drawing instructions of a PDF page, with the forms that it calls"
    )
    stream_mb: int = _most(256, "bytes that a stream of a PDF unpacks to")
    streams_mb: int = _most(2048, "bytes that all streams of a PDF unpack to")
    idle_cpu_s: int = _most(
        300,
        "seconds of processor time without one more page, row, member or document: then the worker is ended",
    )
    worker_mb: int = _most(4096, "memory of a worker beyond what it begins with: then it is ended")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Bounds:
        """The bounds that the environment sets.

        Raises:
            ValueError: one is no number, or below 1.
        """
        env = os.environ if environment is None else environment
        given: dict[str, int] = {}
        for bound in fields(cls):
            name = f"{PREFIX}{bound.name.upper()}"
            if not env.get(name):
                continue
            number = int(env[name]) if env[name].isdecimal() else 0
            if number < 1:
                raise ValueError(f"{name} has to be a whole number from 1 on, not {env[name]!r}")
            given[bound.name] = number
        return cls(**given)


DEFAULT = Bounds()
