"""What the lines of a report look like: its title, particulars, headings, and the chrome around it.

All predicates but `heading_level` take compact text (no blanks), as `Piece.compact` gives it.
"""

from __future__ import annotations

import re

from search.language.text import simplify, unify_ideographs

_NUMERAL = "一二三四五六七八九十百〇○零"
_YEAR = rf"(?:[0-9０-９]{{4,5}}|[{_NUMERAL}0-9]{{4}})"
_DAY = rf"(?:[0-9０-９]{{1,2}}|[{_NUMERAL}]{{1,3}})"
_DATE = rf"{_YEAR}年?{_DAY}月{_DAY}日"

_TITLE = re.compile(
    r"[^。！？：；:;!?]{0,70}(?:工作报告|工作的?情况的?报告|工作的报告|情况的报告|(?:规划|计划|纲要|[预决]算)(?:[（(]草案[）)])?的报告)"
    r"[》」”]?(?:[（(\[][^）)]{0,20}[）)\]]|解读|摘要|全文|》)*$"
)
_TITLE_BEGINS = re.compile(
    r"(?:中国人民政治协商会议|政协|[一-龥]{2,12}(?:人民代表大会|人民法院|人民检察院|人民政府|委员会)|关于)"
)
_NO_TITLE = re.compile(r"[。！？：；，:;,>]|月.{1,3}日")
_REPORT_OF = re.compile(
    r"(?:计划|[预决]算).{0,30}的报告|政协|政治协商|委员会|常委会|政府|人大|人民代表大会|法院|检察院|提案"
)
_ABOUT_REPORT = re.compile(
    r"(?<![工所])作.{0,12}报告|.*会议上，|听取|审议|讨论|通过|批准|决议|名词|注释|附[件录：:]|资料|解释|[0-9一二三四五六七八九十]+[、.．]"
)
_COVER_LETTER = re.compile(r"关于(?:印发|转发|发布).{2,80}的(?:通知|函|公告)$")
_SESSION = re.compile(
    r"(?:次(?:全体)?会议|会议上|[届会]次?会议|大会)(?:上|通过)?(?:的(?:讲话|报告))?[）)]?$|次(?:全体)?会议上"
)
_SESSION_OPENING = re.compile(rf"[—─\-－–―（(]|于?{_DATE}")
_SESSION_BEGUN = re.compile(rf"(?:[—─\-－–―]{{1,4}}|[（(])?(?:{_DATE})?在[^。，；]{{2,30}}$")
_SESSION_ENDED = re.compile(r"第?[^。，；]{1,40}(?:会议上?|通过)[）)]?$")
_DATE_LINE = re.compile(rf"[—─\-]*[（(\[【]?(?:时间|日期)?[:：]?{_YEAR}年?{_DAY}月(?:{_DAY}日?)?[）)\]】]?")
_DATE_AND_NAME = re.compile(rf"[（(]?{_DATE}[^，。；：在]{{0,12}}[）)]?")
_SPOKEN_OF = re.compile(r"(?<![工所])作了?《?.{0,6}工作报告")
_CAPTION = re.compile(
    r"[一-龥]{2,4}作政府工作报告。?|[^，。；我]{2,30}(?<![工所])作(?:了)?《?.{0,8}报告》?。?(?:[（(].{2,20}[）)]|.{2,12}摄)?"
)
_OFFICE = (
    r"(?:(?:[一-龥]{0,10}[市省州区盟县]委|党委|党组)(?:常委|副?书记)[、,，])?(?:常委[、,，])?"
    r"(?:国务院|全国政协|[一-龥]{0,14}?)(?:人民政府|人民检察院|人民法院|政府|常委会|常务委员会|政协|人大|中级)?"
    r"(?:党组副?书记[、,，])?(?:代理?|常务副|副)?"
    r"(?:市长|省长|州长|盟长|县长|区长|主席|主任|总理|院长|检察长|专员|秘书长|行署专员|行政长官|部长|[局厅]长)"
)
_OFFICES = (
    "市长",
    "省长",
    "州长",
    "盟长",
    "县长",
    "区长",
    "主席",
    "主任",
    "总理",
    "院长",
    "检察长",
    "专员",
    "秘书长",
    "局长",
    "厅长",
)
_SPEAKER = re.compile(
    rf"(?:报告人[:：]?)?{_OFFICE}[:：—?？]*(?:[一-龥·•．\.]{{2,15}})?(?:[（(]{_DATE}[）)]|{_DATE})?|报告人[:：][一-龥·•]{{2,12}}"
)
_NO_NAMES = frozenset({"目录", "摘要", "全文", "正文", "社论", "前言", "引言", "图表", "名词解释"})
_NAME = re.compile(r"[一-龥]{2,4}|[一-龥]{1,8}[·•．][一-龥]{1,8}(?:[·•．][一-龥]{1,8})?")
_GREETED = (
    r"(?:尊敬的)?(?:各位|诸位|全体)?[一-龥]{0,10}?(?:代表|委员|同志|领导|来宾|朋友|人员|嘉宾|委员会)们?"
)
_SALUTATION = re.compile(
    rf"(?=尊敬的|各位|诸位|全体|同志们|委员们|代表们|朋友们){_GREETED}(?:[、，,和]{_GREETED})*[：:！!，,。]?"
)
_BYLINE = re.compile(
    r"[□■▢(（]?(?:本报|.{0,10}(?:日报|晚报|时报|新闻网|融媒体|全媒体|电视台|通讯社)).{0,8}(?:记者|通讯员)(?!.*[。，；]).{0,24}"
    r"|[（(]?(?:本报)?(?:记者|通讯员|摄影)[：:]?[^。，；]{2,20}(?:摄|摄影|报道|整理)?[）)]?"
    r"|[（(][^，。；]{2,20}[摄图][）)]"
)
_SOURCE = re.compile(
    r"[（(\[【]?(?:本稿|信息|文章|稿件|文)?(?:来源|出处|供稿|作者|编辑|责任编辑|责编|校对|审核|编审|初审|终审|签发)[:：/].{0,60}"
    r"|(?:发布|发表|更新|成文|印发|公开)?(?:日期|时间)[:：]?[0-9].{0,80}"
    r"|(?:发布|发表|更新)(?:日期|时间)[:：].{0,80}|发表于[一-龥]{2,8}"
    r"|20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\d\d:\d\d(?::\d\d)?"
    r"|[（(](?:新华社|中新社|本报).{0,40}[）)]|(?:新华社|中新社|本报).{2,16}[日电讯]电?|[（(]《人民日报》.{0,30}[）)]"
)
_CHROME = re.compile(
    r"(?:上一篇|下一篇|上一条|下一条|相关(?:报道|链接|新闻|阅读|附件|文档)|文档附件|当前位置|您(?:的|所在)?的?位置|首页[>＞»]).{0,80}"
    r"|[【\[（(]?(?:字号|字体)[:：]?.{0,20}|[【\[（(]?(?:大|中|小|加大|还原|减小|打印|收藏|全屏|下载|关闭|分享|返回顶部|首页|"
    r"打印本页|关闭窗口|关闭本页|我要打印|分享到|扫一扫|浏览次数|点击数|阅读次数)[:：]?[0-9]*[】\]）)]?"
    r"|[>＞»|｜【】\[\]（）()：:]{1,3}|[-—_=*＊·.…\s]{3,}|[-—]?第?\d{1,4}[-—]|(?:第\d{1,4}页(?:共\d{1,4}页)?)+"
    r"|(?:(?:阅读|浏览|观看|播放|点赞|赞|在看|喜欢|推荐|评论|留言|写留言|转发|收藏|分享)(?:量|数|次数)?[:：]?[\d.,]*[万wWkK+]*){1,6}"
    r"|(?:阅读原文|点击(?:上方|下方|左下角|蓝字).{0,30}|(?:长按|扫码|扫描|识别).{0,20}(?:二维码|关注).{0,12}|关注我们|星标.{0,16}|设为星标|喜欢此内容的人还喜欢)"
    r"|(?:购物车|导航|网站导航|登录|注册|登录/注册|我的订单|搜索|站内搜索|个人中心|会员中心|客户服务|返回首页|菜单|更多>*)"
    r"|(?:首页|主页|网站首页)(?:[>＞»›/|→·\-]+.{1,20}){1,8}|.{2,12}(?:[>＞»›]{1,2}.{1,20}){2,8}"
    r"|(?:索引号|信息索引|文号|发文字号|发文机关|公文种类|主题分类|信息分类|主题词|公开(?:方式|形式|范围)|网站标识码)[:：].{0,80}"
    r"|主办(?:单位)?[:：].{0,40}(?:承办|网站标识码|技术支持|ICP|地址|电话).{0,60}"
    r"|(?:<U\+00A0>|&nbsp;)+|[|:\-+]{3,}|.{0,60}\.(?:pdf|docx?|wps|ofd|PDF|DOCX?)"
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TURN_TO = re.compile(
    r"(?:[（(【\[](?:下|紧)?转|下转)第?[^（()）】\]。]{1,12}版[^（()）】\]。]{0,10}[）)】\]]$"
)
_TURN_FROM = re.compile(r"[（(【\[](?:上接|紧接|接)第?[^（()）】\]。]{1,12}版[^（()）】\]。]{0,10}[）)】\]]")
_AGENCY = (
    r"(?:新华社|新华网|中新社|中新网|中评社|中通社|人民网|光明网|央视网|央广网|"
    r"[一-龥]{1,10}?(?:日报|晚报|晨报|时报|商报|新闻网|通讯社|在线|融媒体?中心|广播电视台|电视台|客户端))"
)
_DATELINE = re.compile(
    rf"【?(?:本[报台网社])?{_AGENCY}?(?:[/、]?{_AGENCY})?[^，。；：:]{{0,14}}?(?:[（(](?:记者|通讯员)[^）)]{{0,24}}[）)])?"
    rf"(?:(?:{_YEAR}年)?{_DAY}月{_DAY}日)?(?:电|讯|消息)[】）)]?(?:[（(](?:记者|通讯员)[^）)]{{0,24}}[）)])?[：:]?"
    r"(?=$|\s|[（(：:，一-龥《“])"
)
_BEFORE_DATELINE = re.compile(rf"【?(?:本[报台网社]|{_AGENCY})")
_NEWS = re.compile(
    r"[【]?(?:本[报台网][^，。]{0,10}讯|新华社|新华网|中新社|人民网|央视网|[^，。；]{2,8}(?:日报|晚报|新闻网|在线)讯)|大会听取了"
)
_EDITION = re.compile(r"[（(]?(?:解读|摘要|摘登|全文)[）)]?$")
_TOLD = re.compile(
    r"召开|举行|开幕|闭幕|解读|聚焦|热议|看懂|读懂|学习|宣传|贯彻|起草|修改|征求|发布|点赞|数说|图解|出炉|[一-龥]看|亮点|新闻"
)
_EDITORIAL = re.compile(r"(?:本报)?(?:社论|评论员文章|评论员|短评|时评|编辑部文章)")
_EDITORIAL_SAYS = re.compile(
    r"(?:预祝|祝).{0,20}(?:大会|会议).{0,6}圆满成功|热烈祝贺.{0,30}(?:开幕|召开|闭幕)"
)
_PERORATION = re.compile(r"让我们|谢谢大家|谢谢各位")
_APPENDIX = re.compile(
    r"[【《（(]?(?:附[:：件录]|附件[0-9一二三四五六七八九十]*|(?:《?政府工作报告》?)?(?:中)?(?:有关|部分|相关|的)*"
    r"(?:名词|名词术语|用语|词语)(?:解释|说明|注释)|(?:《?政府工作报告》?)(?:有关|部分|相关)?注释|注释|注解|资料[:：]).{0,40}"
)

_LEVELS = (
    (1, re.compile(rf"第[{_NUMERAL}0-9]{{1,3}}(?:章|篇|部分|编)")),
    (2, re.compile(rf"第[{_NUMERAL}0-9]{{1,3}}节")),
    (1, re.compile(rf"[{_NUMERAL}]{{1,3}}\s*[、.．，]")),
    (2, re.compile(rf"[（(〔]\s*[{_NUMERAL}]{{1,3}}\s*[）)〕]")),
    (3, re.compile(r"[0-9０-９]{1,2}\s*(?:[、．]|[.](?![0-9])|\s(?=[一-龥“]))")),
    (4, re.compile(r"[（(]\s*[0-9０-９]{1,2}\s*[）)]")),
)
_LOOKS_BACK = re.compile(
    r".{0,24}(?:回顾|工作安排|主要任务|重点任务|工作思路|工作总结|总体要求|目标任务|总体情况).{0,12}$"
)
_BULLET = re.compile(r"[-*·]\s+\S|-[一-龥]|[•●◆■▪◇★☆]\s*\S")
_TABLE = re.compile(r"\|.*\|$")

NUMBERED_HEADING_CHARS = 60
HEADLINE_CHARS = 45


def is_title(text: str) -> bool:
    """Whether the line can be a report's title."""
    if len(text) > 100 or _TITLE.match(text) is None:
        return False
    return _ABOUT_REPORT.match(text) is None and _SPOKEN_OF.search(text) is None


def is_titled_report(text: str) -> bool:
    """Whether the line is a title beyond doubt: it says whose report it is, and isn't a sentence about
    one."""
    return is_title(text) and _REPORT_OF.search(text) is not None and _ABOUT_REPORT.search(text) is None


def names_report(text: str) -> bool:
    """Whether a line is what a report is called, and no headline about one."""
    if not is_title(text):
        return False
    text = _EDITION.sub("", text)
    return _TOLD.search(text) is None and _ABOUT_REPORT.search(text) is None


def compacted(text: str) -> str:
    """Text without blanks but for line ends, in simplified ideographs: what the patterns read."""
    return simplify("\n".join("".join(line.split()) for line in text.split("\n")))


def is_cover_letter(text: str) -> bool:
    """Whether the line is the title of a letter that sends a report round."""
    return len(text) <= 120 and _COVER_LETTER.search(text) is not None


def begins_title(text: str) -> bool:
    """Whether the line can be the first of several that make a title."""
    return len(text) <= 50 and _TITLE_BEGINS.match(text) is not None and not _NO_TITLE.search(text)


def is_session(text: str) -> bool:
    """Whether the line says at which session the report was given."""
    return len(text) <= 70 and _SESSION.search(text) is not None and "。" not in text


def opens_session(text: str) -> bool:
    """Whether the line begins as session lines do: with a dash, a bracket or a date."""
    return _SESSION_OPENING.match(text) is not None


def is_session_begun(text: str) -> bool:
    """Whether the line is the first part of a session line."""
    return _SESSION_BEGUN.match(text) is not None and ("大会" in text or opens_session(text))


def is_session_ended(text: str) -> bool:
    """Whether the line is the last part of a session line."""
    return len(text) <= 45 and _SESSION_ENDED.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Whether the line is a date, or a date with a name."""
    return _DATE_LINE.fullmatch(text) is not None or _DATE_AND_NAME.fullmatch(text) is not None


def is_speaker(text: str) -> bool:
    """Whether the line is an office with a name."""
    return len(text) <= 45 and _SPEAKER.fullmatch(text) is not None


def is_office(text: str) -> bool:
    """Whether the line is an office without the name."""
    return text.endswith(_OFFICES) and is_speaker(text)


def is_name(text: str) -> bool:
    """Whether the line can be a bare name."""
    return text not in _NO_NAMES and _NAME.fullmatch(text) is not None


def is_salutation(text: str) -> bool:
    """Whether the line greets and says nothing else."""
    return len(text) <= 40 and _SALUTATION.fullmatch(text) is not None


def is_source(text: str) -> bool:
    """Whether the line says where the text comes from, who wrote it, or what a picture shows."""
    if 0 < dateline_end(text) >= len(text) - 6:
        return True
    return len(text) <= 100 and any(pattern.fullmatch(text) for pattern in (_SOURCE, _BYLINE, _CAPTION))


def is_chrome(text: str) -> bool:
    """Whether the line is a page's furniture: buttons, paths, rules, page numbers."""
    return len(text) <= 100 and _CHROME.fullmatch(text) is not None


def turn_mark_at_end(text: str) -> int:
    """Where a closing （下转第二版） begins, or -1."""
    found = _TURN_TO.search(text[-30:])
    return -1 if found is None else max(0, len(text) - 30) + found.start()


def turn_mark_at_start(text: str) -> int:
    """Where an opening （上接第一版） ends, or 0."""
    found = _TURN_FROM.match(text)
    return 0 if found is None else found.end()


def is_news(text: str) -> bool:
    """Whether the text opens as a news item does."""
    text = unify_ideographs(text[:80])
    return _NEWS.match(text) is not None or dateline_end(text) > 0


def dateline_end(text: str) -> int:
    """Where the dateline ends that a text begins with (四平日报四平1月15日电), or 0."""
    text = text[:80]
    if not _BEFORE_DATELINE.match(text):
        return 0
    found = _DATELINE.match(text)
    return found.end() if found else 0


def is_peroration(text: str) -> bool:
    """Whether a paragraph ends a report: it calls to action, or thanks for attention."""
    return text[-1] in "！!" or _PERORATION.search(text) is not None


def is_editorial_label(text: str) -> bool:
    """Whether the line is 社论 or another name of an editorial."""
    return _EDITORIAL.fullmatch(text) is not None


def speaks_as_editorial(text: str) -> bool:
    """Whether a paragraph congratulates the session as only editorials do."""
    return _EDITORIAL_SAYS.search(text) is not None


def is_appendix_head(text: str) -> bool:
    """Whether the line is the head of an appendix."""
    return len(text) <= 50 and _APPENDIX.fullmatch(text) is not None


def is_bullet(text: str) -> bool:
    """Whether the text is an item of a list."""
    return _BULLET.match(text) is not None


def is_table_row(text: str) -> bool:
    """Whether the text is a row of a Markdown table."""
    return text[0] == "|" and _TABLE.match(text) is not None


def number_level(text: str) -> int:
    """The level that the number before the text gives (1 to 4), or 0 without a number."""
    text = unify_ideographs(text[:16])
    for level, pattern in _LEVELS:
        if pattern.match(text):
            return level
    return 0


def is_headline(text: str) -> bool:
    """Whether the line can stand between paragraphs as a heading without a number: short and not a
    sentence."""
    return len(text) <= HEADLINE_CHARS and text[-1] not in "。；，、：:;,.！!？?" and "。" not in text


def looks_back_or_ahead(text: str) -> bool:
    """Whether the line names one of the great parts of a report: 工作回顾, 工作安排 …"""
    return len(text) <= 40 and _LOOKS_BACK.match(text) is not None


def comments(text: str) -> list[tuple[int, int]]:
    """The spans of HTML comments in the text."""
    return [found.span() for found in _COMMENT.finditer(text)] if "<!--" in text else []
