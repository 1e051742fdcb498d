"""Which place a report is of: by title, session, opening words and speaker, else by the whole text."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.metadata.lines import HeadLine, shorten
from search.language.places import Place, Places, places
from search.messages import Message
from search.messages import metadata as says

ORDINAL = r"第?[〇零一二三四五六七八九十百\d]{1,5}届"
_BODY_NAME = r"(?:人民代表大会|人大|委员会|政协|常务|常委|各级)"
_BEFORE_ORDINAL = re.compile(rf"(?P<before>.{{2,40}}?){ORDINAL}(?:全国)?{_BODY_NAME}")
_AFTER_ORDINAL = re.compile(rf"{ORDINAL}(?P<after>[\u4e00-\u9fff]{{2,18}})")
_OF_NATION = re.compile(
    rf"{ORDINAL}全国(?:人民代表大会|人大|政协|委员会)|全国(?:人民代表大会|人大|政协|委员会).{{0,4}}{ORDINAL}"
)
_HELD_SESSION = re.compile(
    rf"在?[^。]{{0,30}}{ORDINAL}[^。]{{0,30}}会议(?:上(?!所|作出|提|通过|确定|强调)|(?:隆重|胜利)?(?:开幕|召开|举行)(?!的|以来))"
)
_SPEAKS_FOR = re.compile(
    rf"(?:(?<!人民)代表|受)(?:本届|中国人民政治协商会议|政协)?(?P<before>[^，。,]{{2,20}}?)(?:{ORDINAL})?"
    r"(?P<body>人民政府|政府|人民委员会|革命委员会|人大|人民代表大会|政协|高级人民法院|中级人民法院|人民法院|人民检察院|委员会)"
)
_OFFICE = re.compile(
    r"^[—\-(（]*(?P<before>[\u4e00-\u9fff]{2,18}?)(?:人民政府|政府|政协|人大常委会|中级人民法院|高级人民法院|人民法院|人民检察院)?"
    r"(?:党组书记、?|代理|代)?(?:市长|省长|主席|州长|盟长|县长|区长|总理|院长|检察长|主任)"
)
_BODY = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{1,10}?[省市州盟县])(?:委(?!员[^会])|政协|人民政府|人大(?!代表)|中级人民法院)"
)
_TITLE_YEAR = re.compile(r"^[—\-《“\"(（]*(?:关于)?(?:\d{4}年?(?:度)?)?(?:中国人民政治协商会议|政协|中共)?")
_OWN_LEVEL = (
    ("市", re.compile(r"(?:代表|受)市(?:人民)?政府|全市|我市|市委|市政府")),
    ("省", re.compile(r"(?:代表|受)(?:省|自治区)(?:人民)?政府|全省|我省|全区各族|自治区(?!级)|省委|省政府")),
    ("州", re.compile(r"(?:代表|受)(?:自治)?州(?:人民)?政府|全州|我州|州委|州政府")),
    ("县", re.compile(r"(?:代表|受)县(?:人民)?政府|全县|我县|县委|县政府")),
    ("国", re.compile(r"(?:代表|受)国务院|我国|我们国家|各省")),
)
LEAST_MENTIONS, LEAST_MENTIONS_IN_SHORT = 8, 4
LONG_CHARS = 8000
_NEVER_REPORTING = ("71", "81", "82")
LEAD = 2.0
"""The dominant name of a text must be mentioned so many times as often as the next."""


@dataclass(frozen=True, slots=True)
class PlaceClaim:
    """A place with the words that state it; `source` is 标题, 会议, 开场, 职务, 正文, 文件名 or a field."""

    place: Place
    source: str
    evidence: Message


def claims_in_head(head: Sequence[HeadLine], *, year: int | None = None) -> list[PlaceClaim]:
    """What the lines near the top state, the most explicit first."""
    table = places()
    claims: list[PlaceClaim] = []
    ranked = sorted(_readings(head), key=lambda reading: reading[0])
    for _, source, text, line in ranked:
        if place := _read_line(source, text, table, year):
            claims.append(PlaceClaim(place, source, line.evidence))
    return claims


def _readings(head: Sequence[HeadLine]) -> Iterator[tuple[int, str, str, HeadLine]]:
    for at, line in enumerate(head):
        follow = head[at + 1].text if at + 1 < len(head) and head[at + 1].zone == line.zone else ""
        if line.zone == "顶":
            yield 0, "会议", line.text, line
            if len(line.text) < 60 and len(follow) < 60 and not _BEFORE_ORDINAL.search(follow):
                yield 1, "会议", line.text + follow, line
            yield 3, "职务", line.text, line
            if line.kind == "title" or (re.search("报告|讲话", line.text) and len(line.text) < 60):
                yield 4, "标题", line.text, line
        yield 2, "开场", line.text, line
        if line.zone != "顶" and (held := _HELD_SESSION.search(line.text[:80])):
            yield 5, "会议", held[0], line


def _read_line(source: str, text: str, table: Places, year: int | None) -> Place | None:
    if source == "会议":
        return _of_session(text, table, year)
    if source == "开场":
        if re.search(r"代表国务院|受国务院.{0,4}委托", text):
            return table.resolve("国务院")
        spoken = _SPEAKS_FOR.search(text)
        return table.at_end(spoken["before"], year=year) if spoken else None
    if source == "职务":
        if re.search(r"国务院(?:代)?总理|中华人民共和国总理", text):
            return table.resolve("国务院")
        office = _OFFICE.search(text) if len(text) <= 40 else None
        return table.at_end(office["before"], year=year) if office else None
    return place_of_title(text, year=year)


def _of_session(text: str, table: Places, year: int | None) -> Place | None:
    """The place before or behind a session's ordinal: 四平市第九届, 第十三届新乡市."""
    if _OF_NATION.search(text):
        return table.resolve("全国")
    before = (table.at_end(match["before"], year=year) for match in _BEFORE_ORDINAL.finditer(text))
    after = (table.at_start(match["after"], year=year) for match in _AFTER_ORDINAL.finditer(text))
    return next((place for place in itertools.chain(before, after) if place), None)


def place_of_title(title: str, *, year: int | None = None) -> Place | None:
    """The place that a title begins with: 2023年四平市人民政府工作报告."""
    name = _TITLE_YEAR.sub("", title)
    return places().resolve("国务院") if name.startswith("国务院") else places().at_start(name, year=year)


def claim_in_name(file_name: str) -> PlaceClaim | None:
    """The place that a file name states: at its beginning, else anywhere between other signs."""
    table = places()
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", file_name.rsplit("/", 1)[-1])
    for part in [part for part in re.split(r"[_\-\s.·+,，()（）\[\]【】]+|\d+年?", stem) if part]:
        part = re.sub(r"^(?:政协|中共|关于)", "", part)
        if place := table.resolve(part) or table.at_start(part):
            return PlaceClaim(place, "文件名", says.FROM_FILE_NAME(text=file_name))
    return None


def own_level(text: str) -> str | None:
    """市, 省, 州, 县 or 国: how the whole text speaks of its own place; None where it does not clearly.

    A city speaks of its province often (全省第一, 省委、省政府), a province of no one city: the lowest level
    that is spoken of regularly is its own. Measured on 2,117 reports: 全市, 我市 and the like are at least 0.15
    of 全省, 我省 and the like in every city's report, at most 0.12 in every province's.
    """
    counts = {level: len(pattern.findall(text)) for level, pattern in _OWN_LEVEL}
    for level in ("县", "州", "市", "省"):
        above = max(counts["省"] / 7, counts["市"] / 3, counts["州"] / 3)
        if counts[level] >= (5 if len(text) > LONG_CHARS else 3) and counts[level] >= above:
            return level
    return "国" if counts["国"] >= 8 and text.count("我国") >= 8 else None


def claim_in_text(text: str) -> PlaceClaim | None:
    """The place that dominates a text which states none at its top."""
    level = own_level(text)
    table = places()
    if level is None or level == "县":
        return None
    if level == "国":
        nation = table.resolve("国务院")
        return (
            PlaceClaim(nation, "正文", says.TEXT_SPEAKS_OF(word="我国", others=["我省", "我市"]))
            if nation
            else None
        )
    found = dominant_place(text, level) or _named_body(text, level)
    if found is None and level == "省":
        return _province_of_cities(text)
    return found


def dominant_place(text: str, level: str) -> PlaceClaim | None:
    """The place of a level that the text names far more often than any other."""
    table = places()
    ranked = [each for each in _mentions(text) if _fits(each[1], level)]
    if not ranked:
        return None
    most, place, word = ranked[0]
    code = table.present(place).code
    second = next((count for count, other, _ in ranked[1:] if table.present(other).code != code), 0)
    if most < (LEAST_MENTIONS if len(text) > LONG_CHARS else LEAST_MENTIONS_IN_SHORT) or most < LEAD * second:
        return None
    at = text.find(word)
    quote = shorten(text[max(0, at - 12) : at + 18], limit_chars=30)
    return PlaceClaim(table.present(place), "正文", says.TEXT_MENTIONS(word=word, times=most, quote=quote))


def _named_body(text: str, level: str) -> PlaceClaim | None:
    """The only place of the level whose committee or government is named in full: 中共忻州市委."""
    found: dict[str, tuple[Place, str]] = {}
    for match in _BODY.finditer(text):
        place = places().at_end(match["name"])
        if place is not None and _fits(place, level):
            quote = shorten(text[max(0, match.start() - 4) : match.end() + 8], limit_chars=30)
            found.setdefault(places().present(place).code, (place, quote))
    if len(found) != 1:
        return None
    place, quote = next(iter(found.values()))
    return PlaceClaim(place, "正文", says.TEXT_NAMES(quote=quote))


def _province_of_cities(text: str) -> PlaceClaim | None:
    table = places()
    sums: Counter[str] = Counter()
    words: dict[str, list[str]] = {}
    for count, place, word in _mentions(text):
        sums[place.code[:2]] += min(count, 5)
        words.setdefault(place.code[:2], []).append(word)
    if not sums:
        return None
    (first, most), *rest = sums.most_common(2)
    province = table.coded(first + "0000")
    if province is None or len(words[first]) < 3 or most < LEAST_MENTIONS or (rest and most < 2 * rest[0][1]):
        return None
    return PlaceClaim(province, "正文", says.TEXT_NAMES_OFTEN(names=words[first][:6]))


def _mentions(text: str) -> list[tuple[int, Place, str]]:
    """How often the text names each province and city, most often first."""
    found = []
    for place in places().at_level("省") + places().at_level("市"):
        if place.last is not None and (not place.successor or place.name.endswith("地区")):
            continue
        if place.code[:2] in _NEVER_REPORTING:
            continue
        count, word = max((text.count(name), name) for name in place.shorts)
        if count:
            found.append((count, place, word))
    return sorted(found, key=lambda each: (-each[0], each[1].code))


def _fits(place: Place, level: str) -> bool:
    municipality = place.level == "省" and place.name.endswith("市")
    if level == "市":
        return municipality or (place.level == "市" and place.name.endswith("市"))
    if level == "州":
        return place.level == "市" and place.name.endswith("州")
    return place.level == "省" and not municipality
