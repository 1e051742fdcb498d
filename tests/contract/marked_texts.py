"""Texts full of quotation marks, paired, nested, crossed and alone, and phrases out of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from search.collection import DraftSource
from search.language.plan import Phrase
from search.language.text import Analyzer
from search.language.text.phrases import phrase_tokens
from tests.contract.drafts import heading, paragraph, report, source

WORDS = (
    "十四五",
    "规划",
    "双减",
    "政策",
    "经济",
    "双随机",
    "一公开",
    "人",
    "人人",
    "改革",
    "放管服",
    "的",
    "中国人民",
)
MARKS = ("“", "”", "‘", "’", '"', "'", "《", "》", "「", "」", "〈", "〉", "“”", "””")
SEPARATORS = ("、", "，", "：", "·", "（", "）", "-", "—", "·····", "。", "；", "！", "？", " ", "  ", "\n")
ATOMS = ("GDP", "5", "2.5", "5G", "pm2.5", "a", "12GWh", "100%")


def random_text(chance: random.Random) -> str:
    """Words among marks, paired, nested, crossed and alone."""
    pieces: list[str] = []
    for _ in range(chance.randint(1, 14)):
        drawn = chance.random()
        if drawn < 0.5:
            pieces.append(chance.choice(WORDS))
        elif drawn < 0.62:
            pieces.append(chance.choice(SEPARATORS))
        elif drawn < 0.7:
            pieces.append(chance.choice(ATOMS))
        elif drawn < 0.8:
            pieces.append(chance.choice(MARKS))
        else:
            inner = chance.choice(WORDS + ATOMS)
            opening, closing = chance.choice([("“", "”"), ("‘", "’"), ("《", "》"), ('"', '"'), ("「", "」")])
            if chance.random() < 0.3:
                inner = "《" + inner + chance.choice(["》", " 》", ""])
            pieces.append(opening + chance.choice(["", " "]) + inner + closing)
    text = "".join(pieces)
    return text if text.strip(" \n") else "空"


FIXED = (
    "“十四五”规划和“双减”政策，“百千万”工程。",
    "“‘十四五’规划”纲要，《“十四五”规划》",
    "双随机、一公开，双随机，一公开：双随机“一公开",
    "“十四” 五规划，十四”五规划“",
    '"十四五"规划"双减"政策',
    "人“人”人人“人人”",
    "5“G”5G “5”G 12“GWh”",
    "5GHz频段，1-1-1-12，12GW、12Gb，GDP-5G与gdp-5gh，300km2，300 km，2.5pm2.5，a-b，5.概述",
    "双减" + "·" * 400 + "政策经济改革",
    "“" * 5 + "双减" + "”" * 5 + "政策",
    "改革" * 3_000 + "“双减”政策" + "改革" * 2_000,
)


def texts_of(seed: int) -> list[str]:
    chance = random.Random(seed)
    return [*FIXED, *(random_text(chance) for _ in range(500))]


def random_phrases(forms: Sequence[str], analyzer: Analyzer, chance: random.Random) -> Iterator[Phrase]:
    """Pieces of texts as they would be typed, with their marks or without, without end."""
    while True:
        form = chance.choice(forms)
        begin = chance.randrange(len(form))
        typed = form[begin : begin + chance.choice([2, 3, 4, 5, 6, 8, 12, 20])]
        if chance.random() < 0.5:
            typed = "".join(char for char in typed if char not in "\"'《》〈〉、,")
        found = phrase_tokens(typed, analyzer)
        if found is not None:
            yield Phrase(found[0], chance.choice([1.0, 0.5]), is_long=found[1])


def marked_draft(name: str, texts: Sequence[str], *, above: Sequence[str] = ()) -> DraftSource:
    """A file with one report of these paragraphs, the later ones under headings."""
    year = 2018 + int(name[1:]) % 5
    paragraphs = [paragraph(text) for text in texts]
    for number, text in enumerate(above, 1):
        paragraphs.insert(number * len(texts) // (len(above) + 1), heading(text))
    return source(
        f"{name}.md",
        [
            report(
                name,
                f"{name}.md",
                paragraphs,
                title="政策",
                city="四平市",
                year=year,
            )
        ],
        digest=str(hash(tuple(texts))),
    )
