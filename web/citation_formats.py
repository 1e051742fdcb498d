"""A report or paragraph -> its citation in GB/T 7714-2015 and in BibTeX.

Unknown parts are left out. Paragraph numbers count from 1 within the report, as in anchors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from search.model import Report


@dataclass(frozen=True, slots=True)
class Citation:
    """One reference in two formats."""

    gbt7714: str
    bibtex: str


def cite(report: Report, url: str, accessed: date, *, n: int | None = None) -> Citation:
    """The citation of a report, or of its paragraph `n`.

    Args:
        url: absolute address of the report or paragraph.
        accessed: date of access.

    Source: GB/T 7714-2015, 4.6 (electronic resources) and annex B (type codes: R a report, OL online).
    """
    return Citation(_gbt7714(report, url, accessed, n), _bibtex(report, url, accessed, n))


def _gbt7714(report: Report, url: str, accessed: date, n: int | None) -> str:
    author = _author(report)
    issue = "，".join(str(part) for part in (report.city or report.province, report.year) if part)
    place = "" if n is None else f"第{n}段"
    where = ": ".join(part for part in (issue, place) if part)
    day = f"({report.date})" if report.date else ""
    head = f"{author}. " if author else ""
    imprint = f"{where}{day}[{accessed.isoformat()}]"
    return f"{head}{_title(report)}[R/OL]. {imprint}. {url}."


def _bibtex(report: Report, url: str, accessed: date, n: int | None) -> str:
    key = f"xiesou-{report.id}" + ("" if n is None else f"-p{n}")
    note = [f"来源文件：{report.source}"]
    if n is not None:
        note.insert(0, f"第 {n} 段")
    fields = {
        "author": _braced(_author(report)),
        "title": _braced(_title(report)),
        "institution": _braced(report.session),
        "address": _braced(report.city or report.province),
        "type": _braced(report.type),
        "year": _braced(None if report.year is None else str(report.year)),
        "date": _braced(report.date),
        "url": "{" + url + "}",
        "urldate": _braced(accessed.isoformat()),
        "note": _braced("；".join(note)),
        "langid": _braced("chinese"),
    }
    body = "".join(f"  {name} = {value},\n" for name, value in fields.items() if value)
    return f"@techreport{{{key},\n{body}}}"


def _author(report: Report) -> str | None:
    """The speaker; spaces between the characters of a name (俞 志 平) are removed."""
    if not report.speaker:
        return None
    return re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", report.speaker.strip())


def _title(report: Report) -> str:
    return re.sub(r"\s+", " ", supplied_title(report)).strip()


def supplied_title(report: Report) -> str:
    """The title, else place, year and type in brackets, else the name of the source file.

    Source: GB/T 7714-2015, 6: supplied information is enclosed in brackets.
    """
    if report.title:
        return report.title
    place = report.city or report.province
    if place and report.type and report.type.endswith("工作报告"):
        return f"[{place}{'' if report.year is None else f'{report.year}年'}{report.type}]"
    return report.source


_SPECIAL = str.maketrans({"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#",
                          "$": r"\$", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"})  # fmt: skip


def _braced(text: str | None) -> str:
    """The value in braces with TeX's special characters escaped; "" if there is no value."""
    return "{" + text.translate(_SPECIAL) + "}" if text else ""
