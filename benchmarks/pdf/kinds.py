"""The kinds of pages to print: columns, gutters, and what lies over and between the text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """How a story is set.

    Args:
        columns: per page; more than one is a newspaper page.
        gap_em: the gutter between columns.
        justified: whether lines are spaced out to the right edge; else they end where the next word doesn't fit.
        indented: whether paragraphs begin with two blank characters; else a gap parts them.
        watermark: "", "diagonal", "straight" (large and level) or "tiled" (many small ones, at an angle).
        headline: "", "centred" (short, over all columns, also within the page) or "vertical".
        sideways: "", "page" (a turned page) or "text" (turned text on an upright page).
    """

    name: str
    producer: str
    columns: int = 1
    gap_em: float = 2.0
    size_pt: float = 10.5
    paragraphs: int = 18
    landscape: bool = False
    justified: bool = True
    indented: bool = True
    watermark: str = ""
    headline: str = ""
    table: bool = False
    notes: bool = False
    heads: bool = False
    sideways: str = ""
    vertical: bool = False

    @property
    def is_newspaper(self) -> bool:
        return self.columns > 1 or self.vertical


def _of(producer: str, *kinds: dict[str, object]) -> tuple[Kind, ...]:
    return tuple(Kind(producer=producer, **{"name": "", **kind}) for kind in kinds)  # type: ignore[arg-type]


_PLAIN = {"name": "plain", "heads": True, "size_pt": 14.0}
_RAGGED = {"name": "ragged", "justified": False, "size_pt": 12.0}
_SPACED = {"name": "gaps between paragraphs", "indented": False, "justified": False}
_TABLE = {"name": "table", "table": True, "heads": True}
_NOTES = {"name": "footnotes", "notes": True, "heads": True, "size_pt": 15.0}
_MARKED = {"name": "watermark", "watermark": "diagonal", "heads": True}
_LEVEL = {"name": "level watermark", "watermark": "straight"}
_TILED = {"name": "tiled watermark", "watermark": "tiled", "size_pt": 12.0}
_TURNED = {"name": "turned page", "sideways": "page", "paragraphs": 24}
_SIDEWAYS = {"name": "sideways text", "sideways": "text", "paragraphs": 24}


def _columns(columns: int, gap_em: float, **others: object) -> dict[str, object]:
    return {
        "name": f"{columns} columns, {gap_em} em",
        "columns": columns,
        "gap_em": gap_em,
        "size_pt": 9.0,
        "paragraphs": 12 + 9 * columns,
        "landscape": columns > 3,
        **others,
    }


_SHORT = {"name": "3 columns, short centred headlines", "headline": "centred"}
_UPRIGHT = {"name": "2 columns, vertical headline", "headline": "vertical"}

KINDS: tuple[Kind, ...] = (
    *_of("chromium", _PLAIN, _RAGGED, _SPACED, _TABLE, _MARKED, _LEVEL, _TILED, _TURNED),
    *_of("chromium", _columns(2, 1), _columns(3, 1.3), _columns(4, 1.5), _columns(5, 1), _columns(2, 2)),
    *_of("chromium", _columns(3, 1, **_SHORT), _columns(2, 1.5, **_UPRIGHT)),
    *_of("chromium", _columns(3, 1.5, name="3 columns, watermark", watermark="diagonal")),
    *_of("chromium", _columns(1, 2, name="vertical text", vertical=True, size_pt=12.0, paragraphs=7)),
    *_of("weasyprint", _PLAIN, _RAGGED, _NOTES, _TABLE, _LEVEL),
    *_of("weasyprint", _columns(2, 1.3), _columns(3, 1), _columns(5, 1.5), _columns(3, 2, **_SHORT)),
    *_of("libreoffice", _PLAIN, _RAGGED, _TABLE, _columns(2, 1), _columns(3, 1.3), _columns(4, 1)),
    *_of("xelatex", _PLAIN, _NOTES, _TABLE, _MARKED, _columns(2, 1), _columns(3, 1.5), _columns(4, 1.3)),
    *_of("typst", _PLAIN, _NOTES, _TABLE, _MARKED, _columns(2, 1.3), _columns(3, 1), _columns(4, 2)),
    *_of("by hand", _PLAIN, _MARKED, _LEVEL, _SIDEWAYS, _columns(2, 1), _columns(3, 1), _columns(4, 1.3)),
    *_of("by hand", _columns(5, 1), _columns(5, 1.5, **{**_SHORT, "name": "5 columns, short headlines"})),
    *_of("by hand", _columns(2, 1, **_UPRIGHT), _columns(3, 1.3, name="3 columns, rows", paragraphs=20)),
    *_of("by hand", _columns(3, 1, name="3 columns, watermark", watermark="diagonal")),
)
