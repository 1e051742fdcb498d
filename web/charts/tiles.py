"""Provinces as equal tiles, each about where it lies, shaded by the year of its first mention."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from web.charts.heatmap import SHADES
from web.i18n import translate

PLACES: Mapping[str, tuple[str, int, int]] = {
    "黑龙江省": ("黑", 7, 0),
    "内蒙古自治区": ("蒙", 5, 1),
    "吉林省": ("吉", 7, 1),
    "新疆维吾尔自治区": ("新", 0, 2),
    "甘肃省": ("甘", 2, 2),
    "宁夏回族自治区": ("宁", 3, 2),
    "山西省": ("晋", 4, 2),
    "河北省": ("冀", 5, 2),
    "北京市": ("京", 6, 2),
    "辽宁省": ("辽", 7, 2),
    "青海省": ("青", 1, 3),
    "陕西省": ("陕", 3, 3),
    "河南省": ("豫", 4, 3),
    "山东省": ("鲁", 5, 3),
    "天津市": ("津", 6, 3),
    "西藏自治区": ("藏", 0, 4),
    "四川省": ("川", 2, 4),
    "重庆市": ("渝", 3, 4),
    "湖北省": ("鄂", 4, 4),
    "安徽省": ("皖", 5, 4),
    "江苏省": ("苏", 6, 4),
    "上海市": ("沪", 7, 4),
    "云南省": ("云", 2, 5),
    "贵州省": ("贵", 3, 5),
    "湖南省": ("湘", 4, 5),
    "江西省": ("赣", 5, 5),
    "浙江省": ("浙", 6, 5),
    "广西壮族自治区": ("桂", 3, 6),
    "广东省": ("粤", 4, 6),
    "福建省": ("闽", 5, 6),
    "台湾省": ("台", 6, 6),
    "海南省": ("琼", 3, 7),
    "澳门特别行政区": ("澳", 4, 7),
    "香港特别行政区": ("港", 5, 7),
}
"""Province -> its short name, column and row."""

COLUMNS = 1 + max(column for _, column, _ in PLACES.values())
ROWS = 1 + max(row for _, _, row in PLACES.values())
WIDTH, HEIGHT, GAP = 42, 38, 3


@dataclass(frozen=True, slots=True)
class Tile:
    """A province: `kind` is missing (nothing held), never (held, not said) or said; `shade` 5 is the earliest."""

    province: str
    short: str
    year: str
    kind: str
    shade: int
    tooltip: str
    url: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class TileMap:
    tiles: tuple[Tile, ...]
    legend: tuple[tuple[int, str], ...]
    """(shade, its years), earliest first."""
    tile_width: int = WIDTH - GAP
    tile_height: int = HEIGHT - GAP
    width: int = COLUMNS * WIDTH
    height: int = ROWS * HEIGHT


def draw_tiles(
    first_years: Mapping[str, int], held: Sequence[str], province_url: Callable[[str], str]
) -> TileMap:
    """A tile for each province.

    Args:
        first_years: province -> the year of its first mention; those that are held and not in it never said it.
        held: provinces of which anything is held.
    """
    shades = _shades(sorted(set(first_years.values())))
    tiles = []
    for province, (short, column, row) in PLACES.items():
        year = first_years.get(province)
        kind = "said" if year is not None else "never" if province in held else "missing"
        tiles.append(
            Tile(
                province=province,
                short=short,
                year="" if year is None else str(year),
                kind=kind,
                shade=0 if year is None else shades[year],
                tooltip=_say(province, kind, year),
                url=province_url(province) if year is not None else "",
                x=column * WIDTH,
                y=row * HEIGHT,
            )
        )
    return TileMap(tuple(tiles), _legend(shades))


def _shades(years: Sequence[int]) -> dict[int, int]:
    """Year -> shade, in equal spans of years; the earliest is the deepest."""
    if not years:
        return {}
    first, last = years[0], years[-1]
    return {year: SHADES - (year - first) * SHADES // (last - first + 1) for year in years}


def _legend(shades: Mapping[int, int]) -> tuple[tuple[int, str], ...]:
    spans: dict[int, list[int]] = {}
    for year, shade in shades.items():
        spans.setdefault(shade, []).append(year)
    return tuple(
        (shade, "–".join(dict.fromkeys((str(min(years)), str(max(years))))))
        for shade, years in sorted(spans.items(), reverse=True)
    )


def _say(province: str, kind: str, year: int | None) -> str:
    if kind == "said":
        return translate("{name}: first in {year}", name=province, year=year)
    if kind == "never":
        return translate("{name}: held, never said", name=province)
    return translate("{name}: no report held", name=province)
