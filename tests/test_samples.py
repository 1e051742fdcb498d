"""The sample reports are enough, varied, marked and still damaged as `index_data/README.md` says.

They are read here without the indexer: what the samples hold must not depend on how well they are understood.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "index_data" / "sample"
FILES = sorted(path for path in FOLDER.iterdir() if path.is_file())

MARK = re.compile("（样例文本：为协搜项目编写，并非真实报告|（樣例文本：為協搜項目編寫，並非真實報告")
CITIES = ("通化市", "白山市", "长治市", "洛阳市", "绍兴市", "宜昌市", "柳州市", "绵阳市", "天水市", "漳州市")
TYPES = {
    "常务委员会工作报告": "cppcc",
    "提案工作": "proposals",
    "政府工作报告": "government",
    "法院工作报告": "court",
    "检察院工作报告": "procuratorate",
    "人民代表大会常务委员会工作报告": "npc",
}
PORTABLE_NAME = re.compile(r"[a-z0-9-]+\.(txt|md)")


def read(path: Path) -> tuple[str, str]:
    """The text and the encoding: the one in which the mark can be read."""
    for encoding in ("utf-8", "utf-16", "gb18030", "big5"):
        try:
            text = path.read_bytes().decode(encoding)
        except UnicodeDecodeError:
            continue
        if MARK.search(text):
            return text, encoding
    raise AssertionError(f"{path.name}: the mark that says it is a sample can't be read in any encoding")


TEXTS = {path.name: read(path) for path in FILES}


def simplified(text: str) -> str:
    """The words of a title as the one Traditional sample has them, in Simplified."""
    return text.replace("常務委員會", "常务委员会").replace("報告", "报告")


def test_there_are_enough_short_reports() -> None:
    assert 36 <= len(FILES) <= 42
    for name, (text, _) in TEXTS.items():
        length = len(re.sub(r"\s", "", text))
        assert 380 <= length <= 1200, f"{name} has {length} characters"
        assert PORTABLE_NAME.fullmatch(name), f"{name}: a name that every file system can hold"


def test_every_report_says_that_it_is_a_sample() -> None:
    for name, (text, _) in TEXTS.items():
        assert len(MARK.findall(text)) == (2 if "two-reports" in name else 1), name
        assert MARK.search(text.strip().splitlines()[-1]), f"{name}: the mark is the last line"


def test_encodings_are_those_of_real_collections() -> None:
    counted = Counter(encoding for _, encoding in TEXTS.values())
    assert counted["utf-8"] >= 30
    assert all(counted[encoding] == 1 for encoding in ("utf-16", "gb18030", "big5")), counted


def test_cities_years_and_types_vary() -> None:
    cities: Counter[str] = Counter()
    years: Counter[str] = Counter()
    types: Counter[str] = Counter()
    for name, (text, _) in TEXTS.items():
        opening = re.sub(r"\s", "", simplified(text))[:250]
        cities.update(city for city in CITIES if city in opening)
        years.update(re.findall(r"-(20\d\d)-", name))
        kind = next((kind for words, kind in reversed(TYPES.items()) if words in opening), None)
        assert kind is not None, f"{name}: its opening names no type of report"
        types[kind] += 1
    assert set(cities) == set(CITIES)
    assert set(years) == {"2020", "2021", "2022", "2023", "2024"}
    assert min(cities.values()) >= 3
    assert min(years.values()) >= 4
    assert len(types) >= 4


@pytest.mark.parametrize(
    ("theme", "files"),
    [
        ("营商环境", 20),
        ("乡村振兴", 20),
        ("数字经济", 15),
        ("文旅融合", 15),
        ("老旧小区", 20),
        ("养老服务", 20),
        ("水环境治理", 12),
        ("有事好商量", 12),
        ("新质生产力", 6),
        ("梅花鹿", 6),
        ("PM2.5", 4),
        ("5G", 6),
        ("GDP", 4),
    ],
)
def test_themes_recur(theme: str, files: int) -> None:
    having = [name for name, (text, _) in TEXTS.items() if theme in text]
    assert files <= len(having) < len(TEXTS) - 5, having


def test_new_productive_forces_appear_in_2024_alone() -> None:
    assert {name.split("-")[1] for name, (text, _) in TEXTS.items() if "新质生产力" in text} == {"2024"}


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("tonghua-2022-cppcc.txt", "推\n\n开"),
        ("tonghua-2022-cppcc.txt", "设\n\n施"),
        ("tianshui-2022-cppcc.txt", "平\n台"),
        ("tianshui-2022-cppcc.txt", "扶\n\n持"),
        ("luoyang-2022-cppcc.txt", "\r\r\n"),
        ("changzhi-2021-cppcc.txt", "２０２１年"),
        ("changzhi-2021-cppcc.txt", "常　建　新"),
        ("yichang-2021-cppcc.txt", "二〇二一年一月十九日"),
        ("baishan-2024-cppcc.txt", "字体:[大 中 小]"),
        ("baishan-2024-cppcc.txt", "&ldquo;"),
        ("shaoxing-2024-cppcc.md", "<!--"),
        ("yichang-2023-cppcc.txt", "本报讯"),
    ],
)
def test_damage_is_as_the_readme_says(name: str, damage: str) -> None:
    # Read as stored: an editor or version control that mends line ends would take the damage away.
    assert damage in TEXTS[name][0]


def test_a_paragraph_stands_twice() -> None:
    lines = TEXTS["liuzhou-2023-cppcc.txt"][0].splitlines()
    twice = [first for first, second in pairwise(lines) if first == second]
    assert len(twice) == 1
    assert len(twice[0]) > 40


def test_readme_lists_files_that_exist() -> None:
    listed = re.findall(r"^\| `([^`]+)` \|", (ROOT / "index_data" / "README.md").read_text("utf-8"), re.M)
    assert len(listed) >= 20
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(TEXTS)
