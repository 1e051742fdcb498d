"""Known text to print: a report put together anew from the sentences of the sample reports.

The sentences were written for this project (`index_data/sample`); `--texts FOLDER` takes those of other reports.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent.parent / "index_data" / "sample"
TITLE = "云川市人民政府工作报告"
SESSION = "2024年1月10日在云川市第九届人民代表大会第三次会议上"
HEADINGS = ("一、2023年工作回顾", "二、2024年工作安排", "三、加强自身建设")
TABLE = (
    ("指标", "单位", "2022年", "2023年"),
    ("地区生产总值", "亿元", "1532.6", "1621.4"),
    ("粮食总产量", "万吨", "450.2", "461.8"),
    ("新增就业", "人", "31200", "32800"),
    ("居民收入", "元", "35210", "37402"),
)
FOOTNOTES = (
    "有事好商量：设在街道和社区的协商议事平台，群众可以随时提出议题。",
    "链上协商：围绕一条产业链，把上下游企业和有关部门请到一起协商。",
    "一老一小：养老服务和托育服务的简称。",
)
WATERMARK = "内部资料注意保存"

_SENTENCE = re.compile(r"[^。！？]{12,120}[。！？]")
_FURNITURE = re.compile(r"样例文本|本报讯|[|#*<>&]|^[（(一二三四五六七八九十甲乙丙丁]|各位|[℃Ⅰ-Ⅻ]")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph. `note` is the number of the footnote whose mark stands at its end, or 0."""

    kind: str
    text: str
    note: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """What one PDF says, in the order in which it is read."""

    title: str
    session: str
    blocks: tuple[Block, ...]
    footnotes: tuple[str, ...] = ()


def read_sentences(folder: Path = SAMPLES) -> list[str]:
    """The sentences of a folder's texts, each once."""
    found: dict[str, None] = {}
    for path in sorted(folder.glob("*.txt")):
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            continue
        for line in text.splitlines():
            if "\u3000" in line or _FURNITURE.search(line.strip()):
                continue
            for sentence in _SENTENCE.findall(line):
                if sentence[0] not in "”’）》" and sentence.count("“") == sentence.count("”"):
                    found.setdefault(sentence.strip())
    return list(found)


def make_story(sentences: list[str], *, seed: str, paragraphs: int, notes: bool = False) -> Story:
    """A report of so many paragraphs in three parts; the same seed gives the same report."""
    chance = random.Random(seed)
    pool = chance.sample(sentences, len(sentences))
    blocks: list[Block] = []
    note = 0
    for number in range(paragraphs):
        if number % (paragraphs // 3 + 1) == 0:
            blocks.append(Block("heading", HEADINGS[number // (paragraphs // 3 + 1)]))
        wanted = chance.choice((1, 2, 3, 3, 4, 5, 6))
        if len(pool) < wanted:
            pool = chance.sample(sentences, len(sentences))
        text = "".join(pool.pop() for _ in range(wanted))
        if notes and note < len(FOOTNOTES) and number % 4 == 2:
            note += 1
            blocks.append(Block("paragraph", text, note))
        else:
            blocks.append(Block("paragraph", text))
    return Story(TITLE, SESSION, tuple(blocks), FOOTNOTES[:note])
