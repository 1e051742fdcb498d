"""The addresses of a page's hits: what they share is spelled once."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from web.link_room import has_room
from web.paths import path_of_reports
from web.spelling import encode, join_parts
from web.urls import CHARGED_CHARS, cite_url, report_url


class HitUrls(NamedTuple):
    """The addresses of a hit: its paragraph with highlights and without, and its citation."""

    marked: str
    plain: str
    cite: str


def make_hit_urls(text: str) -> Callable[[str, int, int], HitUrls]:
    """(report id, n, tier) -> `report_url` with the hits of `text`, and without, and `cite_url`."""
    reports, tail = path_of_reports("pages.report")
    citing, cite_tail = path_of_reports("citations.cite_page")
    asked = encode("q", text)
    in_tier_1 = join_parts((asked, tail))
    beyond = join_parts((asked, "match=all" if text else "", tail))
    if len(in_tier_1) > CHARGED_CHARS or not has_room():
        return lambda report_id, n, tier: HitUrls(
            report_url(report_id, n=n, text=text, tier=tier),
            report_url(report_id, n=n),
            cite_url(report_id, n=n),
        )

    def make(report_id: str, n: int, tier: int) -> HitUrls:
        path = reports(report_id)
        said = in_tier_1 if tier < 2 else beyond
        if tier > 2 and text:
            said = join_parts((asked, "match=all", f"n={n}", tail))
        return HitUrls(
            f"{path}?{said}#p{n}" if said else f"{path}#p{n}",
            f"{path}?{tail}#p{n}" if tail else f"{path}#p{n}",
            f"{citing(report_id)}?{join_parts((encode('n', n), cite_tail))}",
        )

    return make
