"""Title, session and speaker, read from the lines above the salutation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.metadata.dates import find_dates
from indexer.metadata.lines import HeadLine
from indexer.metadata.where import ORDINAL
from indexer.model import UNKNOWN, Value
from search.language.places import places
from search.language.text import unify_ideographs

_SURNAMES = set(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程嵇邢滑裴陆荣翁荀羊惠甄曲家封芮储靳汲邴糜松井段富巫乌焦巴弓牧山谷车侯宓蓬全班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶黎薄印宿白怀蒲从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍桑桂濮牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东殴沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙养鞠须丰巢关蒯相查后荆红游竺权盖益桓公仉督晋楚闫佟肖代覃蹇仝付昝岳佘牟揭商苟闪逯次布洛尼旦格平扎多拉其央尕才"
)
_OFFICES = (
    r"(?:常务副)?(?:代理?)?(?:[省市州盟县区旗局厅部]长|总理|主席|主任|院长|检察长|秘书长|专员)(?:助理)?"
)
_NAME = r"(?P<name>[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,12}(?:[·•・.．‧][\u4e00-\u9fff]{1,12})+)"
_NAME_IN_NEWS = r"(?P<name>[\u4e00-\u9fff]{2,4}?)"
_WITH_OFFICE = re.compile(
    rf"^[—\-(（]*(?:报告人|作者)?[:：]?[\u4e00-\u9fff、]{{0,28}}?{_OFFICES}[:：、,，(（]*{_NAME}[)）]*$"
)
_AFTER_SESSION = re.compile(rf"会议上?[,，(（]?[\u4e00-\u9fff]{{0,12}}?{_OFFICES}{_NAME}[)）]?$")
_LABELLED = re.compile(rf"^(?:报告人|作者|主讲)[:：]{_NAME}$")
_BARE = re.compile(rf"^[(（]?{_NAME}[)）]?$")
_NEWS = re.compile(rf"(?:政协)?(?:主席|市长|省长|州长|副主席|院长|检察长){_NAME_IN_NEWS}(?=代表|所?作|在|向)")
_NOT_NAMES = re.compile(
    r"报告|目录|全文|摘要|打印|字体|来源|下载|回顾|会议|委员|代表|同志|工作|政府|市长|省长|视力|分享|当前|首页|关闭|文章|正文|人民|通过|序言|前言|审议|公报|附件|主席|总结|今年|全屏|导读|返回|主任|政协|政务|信息|公开|新闻|网站|专题|版权|阅读|编辑|日报|发布|要闻|动态|概况"
)
_SESSION = re.compile(
    rf"(?P<ordinal>{ORDINAL})(?:(?!关于|报告|届|常务委员会|常委会)[\u4e00-\u9fff]){{0,24}}?第?[一二三四五六七八九十百\d]{{1,3}}次(?:全体)?(?:会议|大会)(?!以来)"
)
_BODY_BEFORE = re.compile(r"(?:中国人民政治协商会议|政协|[省市州县区盟]政协|自治[区州县]|[省市州县区盟])$")
_HELD = re.compile(
    r"(?:隆重|胜利|正式)?(?:开幕|召开|举行)(?!的|以来|到|至|时)|上(?!所|作出|提|通过|确定|强调)"
)
_TITLE = re.compile(r"报告")
_TITLE_PREFIX = re.compile(r"^(?:原?标题|题目)[:：]\s*")
_HAN_GAP = re.compile(
    r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”])\s+(?=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”])"
)
_MARKS = re.compile(r"\*+|^[#\-•\s]+|\[\^\d+\]")
_TITLE_TAIL = re.compile(
    r"\s*(?:[—–－―-]{2,}|[(（])\s*(?=(?:\d{2,4}|[一二][〇零○0-9一二三四五六七八九]{3})\s*年|在\S+会议).*$"
)
_NAVIGATION = re.compile(
    r"首页|当前位置|字体|E-?mail|推荐|www\.|门户网|打印|来源[:：]|发布(?:日期|时间)|浏览|^<?U\+|新华社.{0,20}电$",
    re.I,
)
_CAPTION = re.compile(r"(?:作|做)\S{0,8}工作报告|^.{0,8}(?:记者|摄)")

_ONLY_SPEAK_OF_OTHERS = ("社论", "决议", "说明", "其他")
_LINE_OF_ITS_OWN = 30


def read_title(head: Sequence[HeadLine]) -> Value:
    """The title on one line: the title blocks together, else a short line at the top that says 报告."""
    top = [line for line in head if line.zone == "顶"]
    titles: list[HeadLine] = []
    for line in top:
        if line.kind == "title":
            if not _NAVIGATION.search(line.text) and not any(line.text in each.text for each in titles):
                # A short title above the whole one is what a paper calls the text.
                titles = [each for each in titles if each.text not in line.text] + [line]
        elif titles:
            break
    titles = titles or [line for line in top if _may_be_title(line)][:1]
    if not titles:
        return UNKNOWN
    text = " ".join(_MARKS.sub("", unify_ideographs(line.raw)).strip() for line in titles)
    text = _HAN_GAP.sub("", " ".join(text.split()))
    text = _TITLE_TAIL.sub("", _TITLE_PREFIX.sub("", text)).strip(" —–－―-")
    return titles[0].value(text) if text else UNKNOWN


def _may_be_title(line: HeadLine) -> bool:
    """Whether a line that structure took for something else is called a report."""
    text = _TITLE_TAIL.sub("", line.text)
    plain = len(text) <= 60 and not re.search(r"[。;；]", text) and not _CAPTION.search(text)
    named = re.search(r"报告[》]?(?:[(（].{1,8}[)）]|解读|摘要|摘登|全文)*$", text)
    return plain and _TITLE.search(text) is not None and (named is not None or not _SESSION.search(text))


def read_session(head: Sequence[HeadLine]) -> Value:
    """The session (届次) as the text names it: with its place, without the date before it.

    Below the salutation other sessions are spoken of too: there only the one that is being held counts.
    """
    mentioned = UNKNOWN
    for at, line in enumerate(head):
        top = line.zone == "顶"
        follow = head[at + 1].text if top and at + 1 < len(head) and len(head[at + 1].text) < 40 else ""
        broken = line.text + follow if follow and len(line.text) < 50 else ""
        for text in (line.text[:200], broken):
            for match in _SESSION.finditer(text):
                if text is broken and not match.start() < len(line.text) < match.end():
                    continue
                found = line.value(_body_before(text[: match.start()]) + match[0])
                if _HELD.match(text[match.end() :]):
                    return found
                if top and mentioned.value is None:
                    mentioned = found
    return mentioned


def _body_before(text: str) -> str:
    """The place and body that stand before the ordinal: 政协四平市 of 在政协四平市|第九届."""
    place = places().at_end(text)
    name = next((name for name in (place.name, *place.shorts) if text.endswith(name)), "") if place else ""
    if not name and text.endswith(("中华人民共和国", "全国")):
        name = "全国"
    rest = text[: len(text) - len(name)] if name else text
    if name and (outer := places().at_end(rest, level="省")) and rest.endswith(outer.name):
        name = outer.name + name
        rest = rest[: -len(outer.name)]
    body = _BODY_BEFORE.search(rest)
    if body is None or (name and "政" not in body[0]):
        return name
    return body[0] + name


def read_speaker(head: Sequence[HeadLine], *, kind: str = "report") -> Value:
    """The speaker's name without office or blanks.

    Args:
        kind: of the text. A resolution names in its sentences who delivered the report that it is about.
    """
    if kind in _ONLY_SPEAK_OF_OTHERS:
        head = [line for line in head if len(line.text) <= _LINE_OF_ITS_OWN]
    top = [(line, _without_date(line.text)) for line in head if line.zone == "顶"]
    top += [
        (line, line.text.split("各位")[0])
        for line in head
        if line.zone == "开场" and "各位" in line.text[3:30]
    ]
    for line, text in top:
        for pattern in (_LABELLED, _WITH_OFFICE, _AFTER_SESSION):
            if (match := pattern.search(text)) and _is_name(match["name"]):
                return line.value(match["name"])
    for line, text in reversed(top):
        if line.kind in ("speaker", "paragraph", "title", "date") and (match := _BARE.search(text)):
            known = line.kind == "speaker" or match["name"][0] in _SURNAMES
            if known and _is_name(match["name"]):
                return line.value(match["name"])
    for line in head:
        if (match := _NEWS.search(line.text)) and _is_name(match["name"]) and match["name"][0] in _SURNAMES:
            return line.value(match["name"])
    return UNKNOWN


def _without_date(text: str) -> str:
    """（2010年1月20日黄奇帆） -> 黄奇帆."""
    for found in find_dates(text)[:1]:
        rest = text[: found.span[0]] + text[found.span[1] :]
        return rest.strip("()（）—-") if len(rest) <= 12 else text
    return text


def _is_name(name: str) -> bool:
    return not _NOT_NAMES.search(name)
