"""A report or paragraph -> its reference in GB/T 7714-2015, BibTeX, RIS and CSL-JSON.

Unknown parts are left out. Paragraph numbers count from 1 within the report, as in anchors. The author is the organ
whose report it is, by type, level and place; who read it out stands in the note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from search.model import LEVELS, Report

_NATION, _PROVINCE, _CITY, _COUNTY = LEVELS
_COUNTIES = ("县", "区", "旗")
"""What their names end with: elsewhere `city` may be the city that a county belongs to."""
_COURTS = {_PROVINCE: "高级人民法院", _CITY: "中级人民法院"}


@dataclass(frozen=True, slots=True)
class Citation:
    """One reference in two formats."""

    gbt7714: str
    bibtex: str


@dataclass(frozen=True, slots=True)
class Reference:
    """What is referred to.

    Args:
        url: absolute address of the report or paragraph.
        accessed: date of access.
        n: a paragraph; None for the whole report.
    """

    report: Report
    url: str
    accessed: date
    n: int | None = None

    @property
    def id(self) -> str:
        return f"xiesou-{self.report.id}" + ("" if self.n is None else f"-p{self.n}")

    @property
    def author(self) -> str | None:
        """The organ, else who read the report out."""
        return organ_of(self.report) or _speaker(self.report)

    @property
    def title(self) -> str:
        return re.sub(r"\s+", " ", supplied_title(self.report)).strip()

    @property
    def note(self) -> str:
        report, speaker = self.report, _speaker(self.report)
        parts = (
            None if self.n is None else f"第 {self.n} 段",
            report.session,
            f"报告人：{speaker}" if speaker and organ_of(report) else None,
            f"来源文件：{report.source}",
        )
        return "；".join(part for part in parts if part)


def cite(report: Report, url: str, accessed: date, *, n: int | None = None) -> Citation:
    """The citation of a report, or of its paragraph `n`, as `Reference` takes it."""
    reference = Reference(report, url, accessed, n)
    return Citation(to_gbt7714(reference), to_bibtex(reference))


def to_gbt7714(reference: Reference) -> str:
    """Source: GB/T 7714-2015, 4.6 (electronic resources) and annex B (type codes: R a report, OL online)."""
    report = reference.report
    place = "" if reference.n is None else f"第{reference.n}段"
    where = ": ".join(part for part in ("" if report.year is None else str(report.year), place) if part)
    day = f"({report.date})" if report.date else ""
    head = f"{reference.author}. " if reference.author else ""
    imprint = f"{where}{day}[{reference.accessed.isoformat()}]"
    return f"{head}{reference.title}[R/OL]. {imprint}. {reference.url}."


def to_bibtex(reference: Reference) -> str:
    """An entry of type techreport; an organ's name is one word, in braces of its own."""
    report, organ = reference.report, organ_of(reference.report)
    fields = {
        "author": f"{{{_braced(organ)}}}" if organ else _braced(reference.author),
        "title": _braced(reference.title),
        "institution": _braced(organ),
        "address": _braced(report.city or report.province),
        "type": _braced(report.type),
        "year": _braced(None if report.year is None else str(report.year)),
        "date": _braced(report.date),
        "url": "{" + reference.url + "}",
        "urldate": _braced(reference.accessed.isoformat()),
        "note": _braced(reference.note),
        "langid": _braced("chinese"),
    }
    body = "".join(f"  {name} = {value},\n" for name, value in fields.items() if value)
    return f"@techreport{{{reference.id},\n{body}}}"


def to_ris(reference: Reference) -> str:
    """Source: the RIS format of Reference Manager; lines end with CR LF."""
    report = reference.report
    fields = (
        ("TY", "RPRT"),
        ("ID", reference.id),
        ("AU", reference.author),
        ("TI", reference.title),
        ("PB", organ_of(report)),
        ("CY", report.city or report.province),
        ("M3", report.type),
        ("PY", None if report.year is None else str(report.year)),
        ("DA", (report.date or "").replace("-", "/")),
        ("UR", reference.url),
        ("Y2", reference.accessed.isoformat().replace("-", "/")),
        ("N1", reference.note),
        ("LA", "zh"),
    )
    lines = [f"{name}  - {' '.join(value.split())}" for name, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def to_csl(reference: Reference) -> dict[str, Any]:
    """Source: citation-style-language schema, csl-data.json, type report."""
    report, organ = reference.report, organ_of(reference.report)
    issued = _date_parts(report.date) or ([report.year] if report.year is not None else None)
    fields = {
        "id": reference.id,
        "type": "report",
        "title": reference.title,
        "author": [{"literal": reference.author}] if reference.author else None,
        "publisher": organ,
        "publisher-place": report.city or report.province,
        "genre": report.type,
        "issued": {"date-parts": [issued]} if issued else None,
        "accessed": {"date-parts": [_date_parts(reference.accessed.isoformat())]},
        "URL": reference.url,
        "note": reference.note,
        "language": "zh-CN",
    }
    return {name: value for name, value in fields.items() if value is not None}


def organ_of(report: Report) -> str | None:
    """The organ of the state or of the CPPCC whose report it is; None where type or place isn't known.

    Example:
        >>> organ_of(Report("a", "a.txt", None, "法院工作报告", "四平市", "吉林省", "市", *[None] * 5, 0))
        '四平市中级人民法院'
    """
    kind, is_nation = report.type or "", report.level == _NATION
    place = report.city or report.province
    if not (place or is_nation) or (report.level == _COUNTY and not str(place).endswith(_COUNTIES)):
        return None
    if kind == "政府工作报告":
        return "国务院" if is_nation else f"{place}人民政府"
    if kind.startswith("政协"):
        return f"政协{'全国' if is_nation else place}委员会常务委员会"
    if kind == "人大常委会工作报告":
        return f"{'全国' if is_nation else place}人民代表大会常务委员会"
    if kind == "法院工作报告":
        return "最高人民法院" if is_nation else f"{place}{_COURTS.get(report.level or '', '人民法院')}"
    if kind == "检察院工作报告":
        return "最高人民检察院" if is_nation else f"{place}人民检察院"
    return None


def _date_parts(day: str | None) -> list[int] | None:
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", day or "")
    return None if found is None else [int(part) for part in found.groups()]


def _speaker(report: Report) -> str | None:
    """Who read it out; spaces between the characters of a name (俞 志 平) are removed."""
    if not report.speaker:
        return None
    return re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", report.speaker.strip())


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
