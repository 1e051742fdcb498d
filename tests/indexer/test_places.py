"""The places table: codes, short and former names, and what a name means in its surroundings."""

import re

import pytest

from search.language.data.make_places import to_short
from search.language.places import Place, Places, places


def test_table_has_the_units_of_the_country() -> None:
    table = places()
    alive = {
        level: [place for place in table.at_level(level) if place.last is None]
        for level in ("省", "市", "县")
    }
    assert len(alive["省"]) == 34
    assert 330 <= len(alive["市"]) <= 345
    assert 2800 <= len(alive["县"]) <= 2900


def test_every_code_is_six_digits_and_lies_in_a_province() -> None:
    table = places()
    for level in ("省", "市", "县"):
        for place in table.at_level(level):
            assert re.fullmatch(r"\d{6}", place.code), place
            assert table.province_of(place) is not None, place


def test_every_successor_is_a_present_unit() -> None:
    table = places()
    for level in ("省", "市", "县"):
        for place in table.at_level(level):
            if place.successor:
                assert place.last is not None, place
                assert table.coded(place.successor) is not None, place


@pytest.mark.parametrize(
    ("name", "code", "official"),
    [
        ("四平市", "220300", "四平市"),
        ("四平", "220300", "四平市"),
        ("延边", "222400", "延边朝鲜族自治州"),
        ("延边州", "222400", "延边朝鲜族自治州"),
        ("巴州", "652800", "巴音郭楞蒙古自治州"),
        ("内蒙古", "150000", "内蒙古自治区"),
        ("昆山", "320583", "昆山市"),
        ("吉林省四平市", "220300", "四平市"),
        ("大连市金州区", "210213", "金州区"),
        ("儋州市", "460400", "儋州市"),
        ("国务院", "", "全国"),
    ],
)
def test_name_means_the_unit(name: str, code: str, official: str) -> None:
    place = places().resolve(name)
    assert place is not None
    assert (place.code, place.name) == (code, official)


@pytest.mark.parametrize("name", ["鼓楼区", "吉林", "海南", "朝阳区", "松湖市", ""])
def test_name_of_several_units_or_none_is_unknown(name: str) -> None:
    assert places().resolve(name) is None


def test_surroundings_narrow_a_name() -> None:
    table = places()
    drum_tower = table.resolve("鼓楼区", within="3501")
    assert drum_tower is not None
    assert drum_tower.code == "350102"
    province = table.resolve("吉林", level="省")
    assert province is not None
    assert province.name == "吉林省"


@pytest.mark.parametrize(
    ("former", "today"),
    [
        ("襄樊市", "襄阳市"),
        ("忻州地区", "忻州市"),
        ("伊克昭盟", "鄂尔多斯市"),
        ("淮阴市", "淮安市"),
        ("荆沙市", "荆州市"),
        ("思茅市", "普洱市"),
        ("鄂西土家族苗族自治州", "恩施土家族苗族自治州"),
    ],
)
def test_former_name_gives_the_unit_of_today(former: str, today: str) -> None:
    table = places()
    place = table.resolve(former)
    assert place is not None
    assert table.present(place).name == today


def test_years_say_when_a_name_held() -> None:
    table = places()
    (old,) = table.named("襄樊市")
    (new,) = [place for place in table.named("襄阳市") if place.level == "市"]
    assert (old.last, new.first) == (2009, 2010)
    assert old.held_in(2005)
    assert not old.held_in(2015)
    chongqing = [place for place in table.named("重庆市") if place.level == "省"]
    assert [place.first for place in chongqing] == [1997]


def test_unit_without_heir_stays_itself() -> None:
    table = places()
    place = table.resolve("莱芜市", year=2015)
    assert place is not None
    assert place.last is not None
    assert table.present(place) == place


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("在政协四平市", "四平市"),
        ("——在江苏省苏州市", "苏州市"),
        ("在重庆市万州区", "万州区"),
        ("会议在杭州市西湖区", "西湖区"),
        ("以和平", None),
        ("努力建设海南", None),
    ],
)
def test_name_at_the_end_of_words(text: str, name: str | None) -> None:
    place = places().at_end(text)
    assert (place.name if place else None) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("新乡市委员会", "新乡市"),
        ("平顶山市委", "平顶山市"),
        ("吉林省四平市人民", "四平市"),
        ("吉林省人民", "吉林省"),
        ("四平在会上", "四平市"),
        ("四平在会上说", "四平市"),
    ],
)
def test_name_at_the_start_of_words(text: str, name: str) -> None:
    place = places().at_start(text)
    assert place is not None
    assert place.name == name


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("延边朝鲜族自治州", "延边"),
        ("前郭尔罗斯蒙古族自治县", "前郭尔罗斯"),
        ("双江拉祜族佤族布朗族傣族自治县", "双江"),
        ("鄂温克族自治旗", "鄂温克"),
        ("神农架林区", "神农架"),
        ("横县", "横县"),
        ("阿拉善盟", "阿拉善"),
    ],
)
def test_short_name_of_an_official_one(name: str, short: str) -> None:
    assert to_short(name) == short


def test_two_units_of_one_name_are_told_apart_by_year() -> None:
    table = Places(
        [
            Place("990100", "松湖市", "市", ("松湖",), 1980, 1999),
            Place("990200", "松湖市", "市", ("松湖",), 2005, None),
        ]
    )
    early, late, open_year = (table.resolve("松湖市", year=year) for year in (1990, 2010, None))
    assert early is not None
    assert early.code == "990100"
    assert late == open_year
    assert late is not None
    assert late.code == "990200"
