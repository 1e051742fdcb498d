"""The heads that open a glossary or an annex, and lines that look like them and don't."""

from __future__ import annotations

import pytest

from indexer.metadata.parts import section_of_head


@pytest.mark.parametrize(
    ("head", "section"),
    [
        ("名词解释", "名词解释"),
        ("附：名词解释：", "名词解释"),
        ("名词解释和有关情况说明", "名词解释"),
        ("名词解释及有关说明", "名词解释"),
        ("名词解释及有关情况的说明", "名词解释"),
        ("附：名词解释说明", "名词解释"),
        ("《政府工作报告》有关内容名词注释", "名词解释"),
        ("名词注释（按报告中出现顺序排列）", "名词解释"),
        ("部分用语说明", "名词解释"),
        ("附件：有关情况说明", "附件"),
        ("附件2", "附件"),
        ("有关情况说明", None),
        ("关于计划的说明", None),
        ("报告有关内容", None),
        ("名词解释工作情况良好", None),
    ],
)
def test_a_head_opens_its_section(head: str, section: str | None) -> None:
    assert section_of_head(head) == section
