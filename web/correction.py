"""A reader's correction -> a row of `metadata.csv` for the operator, and a mail that has it ready.

The row names its file as the table in the folder of the collection's source does, and only the fields that differ. What
is wrong in a text itself no table can put right: it is told in the mail, with the paragraph.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from search.answer.question import is_day
from search.language.places import places
from search.metadata_columns import STATED_FIELDS
from search.model import REPORT_TYPES, Report

MAX_VALUE_CHARS = 300
MAX_NOTE_CHARS = 2_000
MAX_MAIL_CHARS = 1_500
"""What mail programs take of an address."""
_FIRST_YEAR, _LAST_YEAR = 1949, 2100


@dataclass(frozen=True, slots=True)
class Correction:
    """What a reader says is right.

    Args:
        ordinal: the report's number in its file, from 1; None if the file has no other.
        stated: field -> value, those that differ from the report's own and can be used.
        unusable: fields whose value can't be.
    """

    report: Report
    ordinal: int | None
    stated: Mapping[str, str]
    unusable: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """Where the table is: the folder that was indexed; "" beside the file."""
        return self.report.source.partition("/")[0] if "/" in self.report.source else ""

    @property
    def line(self) -> str:
        """The row, without a line end; "" where nothing is stated."""
        if not self.stated:
            return ""
        file = self.report.source.partition("/")[2] or self.report.source
        cells = [file, "" if self.ordinal is None else str(self.ordinal)]
        return _row([*cells, *(self.stated.get(field, "") for field in STATED_FIELDS)])


HEADER = ",".join(("file", "report", *STATED_FIELDS))


def read_correction(report: Report, of_file: Sequence[Report], given: Mapping[str, str]) -> Correction:
    """What differs from the report, checked as the table is.

    Args:
        of_file: all reports of its file, in their order.
        given: field -> value as it was typed.
    """
    stated, unusable = {}, []
    for field in STATED_FIELDS:
        value, known = given.get(field, "").strip(), getattr(report, field)
        if not value or value == ("" if known is None else str(known)):
            continue
        if len(value) <= MAX_VALUE_CHARS and value.isprintable() and _is_usable(field, value):
            stated[field] = value
        else:
            unusable.append(field)
    ids = [one.id for one in of_file]
    return Correction(report, ids.index(report.id) + 1 if len(ids) > 1 else None, stated, tuple(unusable))


def mail_url(to: str, subject: str, body: str) -> str:
    """A mailto address; a body that is too long for one is cut.

    Source: RFC 6068.
    """
    text = body if len(body) <= MAX_MAIL_CHARS else body[:MAX_MAIL_CHARS] + "……"
    lines = quote(text.replace("\n", "\r\n"))
    return f"mailto:{quote(to, safe='@')}?subject={quote(subject)}&body={lines}"


def _is_usable(field: str, value: str) -> bool:
    if field == "type":
        return value in REPORT_TYPES
    if field == "city":
        return bool(places().named(value)) or places().resolve(value) is not None
    if field == "province":
        return places().resolve(value, level="省") is not None
    if field.endswith("year"):
        return (
            re.fullmatch("[0-9]{4}", value, re.ASCII) is not None and _FIRST_YEAR <= int(value) <= _LAST_YEAR
        )
    if field == "date":
        return is_day(value)
    return True


def _row(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(cells)
    return written.getvalue()
