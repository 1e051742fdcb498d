"""The contents of a report, and the way from hit to hit in it."""

from __future__ import annotations

from types import ModuleType

from web.report_page import MAX_DEPTH, ContentsEntry, HitPosition, list_contents, locate_hits


def test_contents_are_the_headings_with_their_depth(invented: ModuleType) -> None:
    contents = list_contents(invented.make_texts()[0].paragraphs)
    assert contents[:2] == (
        ContentsEntry(1, "一、过去一年工作回顾", 3),
        ContentsEntry(2, "（一）围绕中心服务大局", 4),
    )
    assert all(entry.depth <= MAX_DEPTH for entry in contents)


def test_hits_know_their_neighbours() -> None:
    assert locate_hits([2, 5, 9]) == {
        2: HitPosition(1, None, 5),
        5: HitPosition(2, 2, 9),
        9: HitPosition(3, 5, None),
    }
    assert locate_hits([]) == {}
