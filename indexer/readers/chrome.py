"""Lines that belong to a web page and not to the text on it: buttons, paths, font sizes, share bars.

Conservative: a pattern must fit a whole short line, or a group of short lines in brackets that opens with a
telling word. What says where a text comes from (来源：…) stays with the text; structure gives it its own
kind.
Used by the readers of text, HTML and tables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from search.messages import Message, aside

MOST_CHARS = 80
"""Longer lines are never page furniture (but for a list of links with its label)."""
GROUP_LINES = 8

_HINT = re.compile(
    r"当前位置|所在位置|字体|字号|打印|扫一扫|分享|相关|责任编辑|责编|篇[:：]|条[:：]|E-mail|浏览|阅读|点击|首页|"
    r"下载|收藏|全屏|关闭|顶部|版权所有|备案|发布|发表|历年|www\.|推荐|往期|延伸|在看|点赞|扫描|识别|关注|滑动|蓝字|猜你|喜欢|"
    r"购物车|登录|注册|导航|搜索|个人中心"
)
"""A text without any of these has no furniture."""

_LABEL_DATE = r"(?:发布|发表|更新|发稿|编辑)?(?:日期|时间)[:：]?[\d年月日/.:：-]*"
_BUTTON = (
    r"(?:E-?mail推荐|推荐给朋友|打印(?:本页|此页|文章|页面)?|下载(?:文件|附件)?|全屏|收藏(?:本页)?|关闭(?:窗口|本页|页面)?|返回(?:顶部|首页|列表|上一页)|"
    r"分享(?:到|至)?[:：]?|分享到(?:微信|微博|朋友圈|QQ空间)*|纠错|我要纠错|一键分享|扫一扫在手机打开(?:当前页|此页)|扫一扫|"
    r"朗读|语音播报|无障碍(?:阅读|浏览)?|长者模式|繁体|简体|加入收藏|设为首页|首页|网站地图|联系我们|网站导航|导航|购物车|登录|注册|个人中心|站内搜索|搜索|大|中|小|加大|还原|减小)"
)
_COUNT = r"(?:浏览|阅读|点击|访问)(?:次数|量|数|率)?[:：][\d,]*次?"

_TALLY = r"(?:\d[\d.,]*[万wWkK]?\+?)"
_REACTION = rf"(?:(?:在看|点赞|赞|分享|收藏|转发|评论|写留言|留言|喜欢作者|阅读原文|阅读){_TALLY}?)"
_RELATED_WORDS = (
    r"(?:推荐阅读|推荐文章|热门推荐|往期(?:推荐|回顾|精选|内容)|上期回顾|延伸阅读|猜你喜欢|更多精彩|"
    r"喜欢此内容的人还喜欢)"
)

_PATTERNS = (
    (aside.PAGE_PATH, re.compile(r"(?:您(?:现在)?的?|你(?:现在)?的?)?(?:当前|所在|的)位置(?:是|为)?[:：].*")),
    (aside.PAGE_PATH, re.compile(r"首页(?:[>＞»/→].*)+")),
    (
        aside.FONT_SIZE_BUTTONS,
        re.compile(r"[【\[(（]?(?:字体|字号|文字大小).{0,2}" + r"[\[【(（:：]?.{0,16}"),
    ),
    (
        aside.PAGE_BUTTONS,
        re.compile(
            r"[|\[【(（]*(?:" + _BUTTON.replace("|大|中|小|加大|还原|减小", "") + r"[|\]】)）\[【(（]*)+"
        ),
    ),
    (aside.READING_COUNT, re.compile(_COUNT)),
    (aside.READING_COUNT, re.compile(rf"(?=.*(?:在看|点赞|喜欢作者|写留言|阅读原文|阅读\d)){_REACTION}+")),
    (
        aside.PAGE_NOTE,
        re.compile(
            r"(?:点击|长按|扫描|识别|扫一扫)(?:上方|下方|图中|左下角)?.{0,12}(?:蓝字|二维码|关注).{0,16}|微信扫一扫.{0,20}|"
            r"预览时标签不可点|(?:继续|向上|左右)?滑动(?:看|查看)(?:下一个|更多)|轻[触点](?:阅读原文|两下取消(?:赞|在看))"
        ),
    ),
    (aside.RELATED_LINKS, re.compile(rf"[【\[▼↓]*{_RELATED_WORDS}[】\]]?[:：|｜].+")),
    (aside.NEXT_AND_PREVIOUS, re.compile(r"(?:上|下)一(?:篇|条|页)[:：].*")),
    (aside.EDITOR, re.compile(r"[(（\[【](?:责任编辑|责编|编辑)[:：].{0,12}[)）\]】]?")),
    (aside.PAGE_NOTE, re.compile(r".{0,20}(?:www\.[\w.-]+).{0,40}来源[:：].{0,20}")),
    (
        aside.PAGE_NOTE,
        re.compile(
            rf"(?=.*(?:字体|字号|浏览|阅读|点击|打印|关闭))(?:来源[:：].{{0,20}}|{_LABEL_DATE}|作者[:：].{{0,8}}).*"
        ),
    ),
    (aside.PAGE_FOOTER, re.compile(r"版权所有[:：].*|.{0,30}ICP备[\w号-]*|.{0,20}公网安备.*")),
    (aside.INDEX_OF_LINKS, re.compile(r"历年.{0,16}报告[(（]\d{4}年至\d{4}年[)）]")),
)
_LINKS = re.compile(r"相关链接[:：]?[·•・].*")
_RELATED = re.compile(r"相关(?:报道|链接|新闻|阅读|文章|稿件|文档|附件|信息|推荐)[:：]?")
_RECOMMENDED = re.compile(rf"[【\[▼↓]*{_RELATED_WORDS}[】\]▼↓]*[:：]?")
_SENTENCE_MARK = re.compile(r"[。；;]|[：:，,！？]$")
_SPEAKS = re.compile(r"各位|同志们|尊敬的")
_OPENS_PATH = re.compile(r"(?:您的?|你的?)?(?:当前|所在|的)位置[:：]?")
_OPENS_FONT = re.compile(r"[【\[(（](?:字体|字号)[:：]?")
_FONT_WORD = re.compile(r"(?:特大|大|中|小|加大|还原|减小|默认|A[+-]?)[】\])）]?|[】\])）]")
_BUTTON_LINE = re.compile(_BUTTON)
_ALONE_OPEN = re.compile(r"[【\[(（](?:" + _BUTTON + ")?")
_ALONE_CLOSE = re.compile(r"[】\])）]")
_EDITOR_OPENS = re.compile(r"[(（](?:责任编辑|责编|编辑)[:：].{0,12}")
_PUBLISHED = re.compile(r"(?:发布|发表|更新)(?:日期|时间)[:：]")


def find_chrome(lines: Sequence[str]) -> dict[int, Message]:
    """Which lines are page furniture: index -> reason.

    Example:
        >>> sorted(find_chrome(["【字体：", "大", "中", "小", "】", "各位代表："]))
        [0, 1, 2, 3, 4]
    """
    found: dict[int, Message] = {}
    short = [
        (index, compact)
        for index, line in enumerate(lines)
        if len(line) <= 4 * MOST_CHARS
        and (compact := "".join(line.split()))
        and (len(compact) <= MOST_CHARS or _LINKS.match(compact))
    ]
    at = 0
    while at < len(short):
        taken, reason = _group(short, at)
        if not taken:
            reason = line_reason(short[at][1])
            taken = 1 if reason else 0
        if reason:
            found.update((index, reason) for index, _ in short[at : at + taken])
        at += taken or 1
    return found


def may_have_chrome(text: str) -> bool:
    """Whether a look at the single lines is worth the time."""
    return _HINT.search(text) is not None


def line_reason(compact: str) -> Message | None:
    """Why a line (without its blanks) is page furniture, or None."""
    if len(compact) > MOST_CHARS:
        return aside.RELATED_LINKS if _LINKS.fullmatch(compact) else None
    for reason, pattern in _PATTERNS:
        if pattern.fullmatch(compact):
            return reason
    return aside.RELATED_LINKS if _LINKS.fullmatch(compact) else None


def _group(short: Sequence[tuple[int, str]], at: int) -> tuple[int, Message | None]:
    """How many of the short lines from `at` on are one piece of furniture, and which."""
    text = short[at][1]
    rest = [compact for _, compact in short[at + 1 : at + 1 + 2 * GROUP_LINES]]
    if _OPENS_PATH.fullmatch(text):
        return 1 + _path_length(rest), aside.PAGE_PATH
    if _OPENS_FONT.fullmatch(text):
        length = _run(rest, _FONT_WORD)
        return (1 + length, aside.FONT_SIZE_BUTTONS) if length else (0, None)
    if _ALONE_OPEN.fullmatch(text):
        inner = _run(rest[:3], _BUTTON_LINE)
        if len(rest) > inner and (inner or len(text) > 1) and _ALONE_CLOSE.fullmatch(rest[inner]):
            return 2 + inner, aside.PAGE_BUTTONS
    if _EDITOR_OPENS.fullmatch(text) and rest and rest[0] in "）)":
        return 2, aside.EDITOR
    if _RECOMMENDED.fullmatch(text):
        return 1 + _titles_length(rest), aside.RELATED_LINKS
    if _RELATED.fullmatch(text):
        return 1 + _links_length(rest), aside.RELATED_LINKS
    if _PUBLISHED.fullmatch(text) and rest and rest[0][:1].isdigit() and len(rest[0]) <= 24:
        more = 2 if len(rest) > 2 and rest[1] in ("来源：", "来源:") and len(rest[2]) <= 12 else 0
        return 2 + more, aside.PAGE_NOTE
    return 0, None


def _path_length(rest: Sequence[str]) -> int:
    """The steps of a path, one a line: 首页 > 政务信息 > 要闻."""
    length = 0
    if rest and rest[0] == "首页":
        length = 1
        while (
            length + 1 < len(rest)
            and rest[length] in (">", "＞", ">>", "»", "/")
            and len(rest[length + 1]) <= 12
        ):
            length += 2
    return length


def _links_length(rest: Sequence[str]) -> int:
    """The links below their label, each behind a dot that may stand on a line of its own."""
    length = 0
    while length < len(rest) and rest[length][0] in "·•・":
        length += 1 if len(rest[length]) > 1 else 2
    return min(length, len(rest))


def _titles_length(rest: Sequence[str]) -> int:
    """The titles below 推荐阅读, a line each; none where a text begins behind them, whose head they may be."""
    length = 0
    while length < len(rest) and len(rest[length]) <= 50 and not _SENTENCE_MARK.search(rest[length]):
        length += 1
        if line_reason(rest[length - 1]):
            return length - 1
    begins = length < len(rest) and (_SPEAKS.match(rest[length]) or len(rest[length]) > 50)
    return 0 if begins else length


def _run(rest: Sequence[str], pattern: re.Pattern[str]) -> int:
    length = 0
    while length < min(len(rest), GROUP_LINES) and pattern.fullmatch(rest[length]):
        length += 1
    return length
