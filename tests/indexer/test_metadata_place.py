"""Which place a report is of."""

import pytest

from indexer.metadata import describe
from indexer.model import Block, Document, Draft, Metadata


def read(text: str, *, name: str = "") -> Metadata:
    """Describe an invented text, each line a block."""
    blocks = tuple(Block("paragraph", 0, line, (n, n)) for n, line in enumerate(text.splitlines(), 1))
    return describe(Draft("report", blocks), Document("x.txt", "text", "utf-8", ()), file_name=name)


@pytest.mark.parametrize(
    ("text", "city", "province", "level"),
    [
        ("2024年1月5日在四平市第九届人民代表大会第二次会议上", "四平市", "吉林省", "市"),
        ("中国人民政治协商会议第九届平顶山市委员会常务委员会工作报告", "平顶山市", "河南省", "市"),
        ("在延边朝鲜族自治州第十六届人民代表大会上", "延边朝鲜族自治州", "吉林省", "市"),
        ("上海市市长 龚海", "上海市", "上海市", "省"),
        ("2026年浙江省政府工作报告", None, "浙江省", "省"),
        ("现在，我代表国务院，向大会报告政府工作，请予审议", None, None, "国家"),
        ("在第十四届全国人民代表大会第二次会议上", None, None, "国家"),
        ("政协第十三届昆山市委员会常务委员会工作报告", "昆山市", "江苏省", "县"),
        ("重庆市万州区人民政府工作报告", "万州区", "重庆市", "县"),
        ("吉林省四平市人民政府市长 王海", "四平市", "吉林省", "市"),
        ("在鼓楼区第十届人民代表大会上", None, None, None),
    ],
)
def test_place_by_explicit_words(
    text: str, city: str | None, province: str | None, level: str | None
) -> None:
    metadata = read(f"{text}\n各位代表：")
    assert (metadata.city.value, metadata.province.value, metadata.level.value) == (city, province, level)


def test_former_name_gives_the_city_of_today_and_says_so() -> None:
    metadata = read("政协襄樊市第十二届委员会常务委员会工作报告\n（2009年2月10日）\n各位委员：")
    assert (metadata.city.value, metadata.code.value) == ("襄阳市", "420600")
    assert str(metadata.city.evidence).endswith("（今襄阳市）")


def body(name: str, times: int) -> str:
    """A long text of a city that hardly names itself."""
    filler = "全市上下团结奋斗，市委坚强领导，我市各项事业取得进步。省委、省政府给予支持。"
    return "\n".join([filler * 4] * 60 + [f"{name}明天会更好。"] * times)


def test_place_by_the_whole_text_when_it_dominates() -> None:
    metadata = read("各位代表：\n" + body("铜陵", 12) + "\n合肥和芜湖发展很快。")
    assert metadata.city.value == "铜陵市"
    assert str(metadata.city.evidence).startswith("正文：“铜陵”12次")


def test_a_prefecture_that_the_text_is_about_is_no_city_of_it() -> None:
    text = body("大理州", 12).replace("全市", "全州").replace("市委", "州委").replace("我市", "我州")
    metadata = read("各位代表：\n" + text + "\n" + "昆明市发展很快。" * 20)
    assert metadata.city.value == "大理白族自治州"


@pytest.mark.parametrize(
    "line",
    [
        "荣获第五届全国文明城市称号，受国务院通报表扬。",
        "根据在六届全国人大二次会议上所作的政府工作报告的精神，加快改革。",
        "习近平总书记参加十三届全国人大二次会议内蒙古代表团审议。",
    ],
)
def test_nation_is_not_taken_from_a_mere_mention(line: str) -> None:
    assert read(f"各位代表：\n{line}").level.value is None


def test_place_stays_unknown_when_two_compete() -> None:
    assert read("各位代表：\n" + body("铜陵", 12) + body("芜湖", 9)).city.value is None


def test_place_stays_unknown_when_hardly_named() -> None:
    assert read("各位代表：\n" + body("铜陵", 5)).city.value is None


def test_city_is_not_mistaken_for_its_province() -> None:
    """A city says 全省 and 省委 as often as 全市, and names its province often."""
    text = body("铜陵", 12) + "\n" + "全省第一，省委、省政府，安徽。" * 300
    assert read("各位代表：\n" + text).city.value == "铜陵市"


def test_only_committee_named_in_full_decides_a_short_text() -> None:
    metadata = read("常委会工作报告\n一年来，在中共忻州市委的领导下，全市政协工作，我市发展，市委重视。")
    assert metadata.city.value == "忻州市"
    assert "中共忻州市委" in str(metadata.city.evidence)


def test_misprinted_session_line_gives_way_to_what_the_text_is_about() -> None:
    text = "——2015年1月19日在苏州市第四届人民代表大会第四次会议上\n各位代表：\n" + body("宿州", 20)
    metadata = read(text)
    assert metadata.city.value == "宿州市"
    assert [str(problem.reason)[:5] for problem in metadata.problems] == ["地点不一致"]


def test_file_name_is_weaker_than_explicit_words_and_the_conflict_is_reported() -> None:
    metadata = read("四平市政府工作报告\n各位代表：", name="辽源市_2023.txt")
    assert metadata.city.value == "四平市"
    (problem,) = metadata.problems
    assert "辽源市" in str(problem.reason)
    assert problem.line == 1


@pytest.mark.parametrize(
    ("name", "city"),
    [
        ("四平市_2023.txt", "四平市"),
        ("2023年四平市政协工作报告.docx", "四平市"),
        ("政协四平市委员会工作报告2023.txt", "四平市"),
        ("吉林省四平市-2023.txt", "四平市"),
        ("延边朝鲜族自治州_2014.txt", "延边朝鲜族自治州"),
        ("report-2023.txt", None),
    ],
)
def test_place_by_file_name(name: str, city: str | None) -> None:
    assert read("各位代表：", name=name).city.value == city
