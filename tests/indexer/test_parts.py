"""In which part of a report a block stands."""

from __future__ import annotations

from indexer.metadata.parts import place_blocks
from indexer.model import Block


def parts_of(*blocks: tuple[str, str]) -> list[str]:
    return [placed.part for placed in place_blocks(Block(kind, 1, text, (1, 1)) for kind, text in blocks)]


def test_headings_are_heads_until_a_section_behind_the_report_begins() -> None:
    title, heading, said, opening, inner, entry, body, heads = (
        ("title", "政府工作报告"),
        ("heading", "一、2023年工作回顾"),
        ("paragraph", "过去一年，经济平稳增长。"),
        ("heading", "名词解释"),
        ("heading", "（一）经济类"),
        ("paragraph", "双减：减轻两种负担。"),
        *parts_of(("paragraph", "正文。"), ("title", "政府工作报告")),
    )
    glossary = parts_of(opening, entry)[1]
    assert len({glossary, body, heads}) == 3
    assert parts_of(title, heading, said, opening, inner, entry) == [
        heads,
        heads,
        body,
        heads,
        glossary,
        glossary,
    ]
