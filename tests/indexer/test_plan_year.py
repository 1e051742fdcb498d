"""Which year's work a report lays out: as its text says, else by its session, which from November plans the next."""

from __future__ import annotations

import pytest

from indexer.metadata import describe
from indexer.model import Block, Document, Draft, Metadata, Overridden

KINDS = {
    "政协常委会工作报告": ("政协四平市委员会常务委员会工作报告", "在政协四平市第九届委员会第{n}次会议上"),
    "政协提案工作报告": (
        "政协四平市委员会常务委员会关于提案工作情况的报告",
        "在政协四平市第九届委员会第{n}次会议上",
    ),
    "法院工作报告": ("四平市中级人民法院工作报告", "在四平市第九届人民代表大会第{n}次会议上"),
    "检察院工作报告": ("四平市人民检察院工作报告", "在四平市第九届人民代表大会第{n}次会议上"),
}
FORMS = [
    # day of the session, lines of the text, the year whose work is laid out, how that is known
    ("2024年1月10日", ["一、2023年工作回顾", "二、2024年工作安排"], 2024, "from_line"),
    ("2023年12月28日", ["一、2023年工作回顾", "二、2024年工作安排"], 2024, "from_line"),
    ("2023年12月28日", ["一、2023年主要工作", "二、2024年重点任务"], 2024, "from_line"),
    ("2023年11月20日", ["一、过去五年工作回顾", "二、今后五年工作建议", "三、2024年主要工作安排"], 2024, "from_line"),
    ("2023年12月28日", ["一、2023年工作情况", "二、二〇二四年工作思路"], 2024, "from_line"),
    ("2022年12月30日", ["过去一年，我们凝心聚力。", "做好2023年各项工作，责任重大。"], 2023, "from_line"),
    ("2022年12月30日", ["过去一年，我们凝心聚力。", "明年工作的总体要求是：稳中求进。"], 2023, "from_line"),
    ("2022年11月30日", ["一、今年工作回顾", "二、明年工作安排"], 2023, "from_line"),
    ("2022年12月30日", ["过去一年，我们凝心聚力。", "我们要再接再厉。"], 2023, "plan_by_session"),
    ("2022年11月18日", ["过去五年，我们凝心聚力。", "今后五年，我们要再接再厉。"], 2023, "plan_by_session"),
    ("2022年10月18日", ["过去五年，我们凝心聚力。", "今后五年，我们要再接再厉。"], 2022, "plan_by_session"),
    ("2023年1月5日", ["过去一年，我们凝心聚力。", "今年，我们要再接再厉。"], 2023, "plan_by_session"),
    ("2023年1月5日", ["一、2022年工作回顾", "二、今年工作建议"], 2023, "plan_by_session"),
    ("2023年1月5日", ["一、五年来的工作回顾", "二、2023年工作建议", "到2027年，实现主要目标。"], 2023, "from_line"),
    ("2020年5月6日", ["一、2019年工作回顾", "二、2020年工作要求"], 2020, "from_line"),
    ("2021年2月22日", ["“十三五”时期工作回顾", "到2025年的主要目标", "三、2021年工作打算"], 2021, "from_line"),
    ("二〇二三年一月五日", ["过去一年，我们凝心聚力。"], 2023, "plan_by_session"),
    ("二〇二二年十二月三十日", ["过去一年，我们凝心聚力。"], 2023, "plan_by_session"),
    ("2023年1月5日", ["同意对2024年工作目标开展预研。", "2023年，我们将做好以下工作。"], 2023, "plan_by_session"),
    ("2023年3月5日", ["一、2022年工作总结", "二、2023年工作部署", "为2024年打好基础。"], 2023, "from_line"),
    ("", ["一、2022年工作回顾", "二、2023年工作安排"], 2023, "from_line"),
    ("", ["2022年工作回顾", "成绩来之不易。", "新的一年，我们要再接再厉。"], 2023, "plan_by_year"),
    ("", ["过去一年，我们凝心聚力。", "做好2023年的工作。", "做好2023年各项工作。"], 2023, "from_line"),
    ("", ["过去一年，我们凝心聚力。"], None, None),
    ("2022年12月9日", ["一、2022年重点工作完成情况", "二、2023年重点工作"], 2023, "from_line"),
]  # fmt: skip


def read(
    title: str, day: str, session: str, lines: list[str], overrides: Overridden | None = None
) -> Metadata:
    head = [title, f"（{day}{session}）" if day else f"（{session}）", "各位代表："]
    blocks = tuple(Block("paragraph", 0, line, (n, n)) for n, line in enumerate([*head, *lines], 1))
    document = Document("x.txt", "text", "utf-8", ())
    return describe(Draft("report", blocks), document, file_name="", overrides=overrides or {})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("day", "lines", "expected", "evidence"), FORMS)
def test_the_work_year_is_what_the_text_or_the_session_says(
    kind: str, day: str, lines: list[str], expected: int | None, evidence: str | None
) -> None:
    title, session = KINDS[kind]
    value = read(title, day, session.format(n="二"), lines).plan_year
    assert value.value == expected
    assert (value.evidence and value.evidence.code) == evidence


def test_the_operators_word_goes_before_the_text() -> None:
    title, session = KINDS["法院工作报告"]
    stated: Overridden = {"plan_year": "2025", "evidence": "metadata.csv 第2行"}
    value = read(title, "2023年1月5日", session, ["二、2023年工作安排"], stated).plan_year
    assert value.value == 2025
    assert "metadata.csv" in str(value.evidence)


def test_a_day_that_the_operator_states_says_which_year_is_planned() -> None:
    stated: Overridden = {"date": "2023-12-28", "evidence": "metadata.csv 第2行"}
    metadata = read("四平市人民检察院工作报告", "", "", ["过去一年，我们凝心聚力。"], stated)
    assert (metadata.year.value, metadata.plan_year.value) == (2023, 2024)
