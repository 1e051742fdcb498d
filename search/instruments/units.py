"""Units of measure in reports, each with its base unit: 公顷 and 亩 stay apart, ‰ and % don't."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


@dataclass(frozen=True, slots=True)
class Unit:
    """A base unit, and how many of it the unit as written is."""

    name: str
    factor: Decimal = Decimal(1)


def scale_of(scale: str) -> Decimal:
    """What a scale multiplies by: 万亿 is 10^12, "" is 1."""
    product = Decimal(1)
    for sign in scale:
        product *= _SCALES[sign]
    return product


_AS_WRITTEN = """
个百分点 个基点 微克/立方米 毫克/升 吨标准煤 平方公里 平方米 立方米 公里 海里 米 毫米 厘米 ℃ 兆
元 美元 欧元 港元 日元 英镑 元/人 元/月 元/平方米 万元/亩 吨 公斤 斤 克 担 亩 公斤/亩 公顷
人次 人 名 位 户次 户 家次 家 个工作日 个小时 小时 分钟 秒 个月 个 项 件次 件 套 所 座 张 台套 台
辆 条 支 场次 场 班次 次 只 头 羽 株 棵 册 篇 门 类 种 批次 批 例 起 宗 处 岁 天 倍 艘 架 对 组
间 栋 幢 桶 箱 标箱 千瓦时 千瓦 千伏安 千伏 度 分贝
床 张床位 块 口 眼 盏 袋 趟 卷 枚 单 片 盆
"""
UNITS: dict[str, Unit] = {
    **{name: Unit(name) for name in _AS_WRITTEN.split()},
    "%": Unit("%"),
    "‰": Unit("%", Decimal("0.1")),
    "百分点": Unit("个百分点"),
    "成": Unit("%", Decimal(10)),
    "块钱": Unit("元"),
    "人民币": Unit("元"),
    "平米": Unit("平方米"),
    "千米": Unit("公里"),
    "千克": Unit("公斤"),
    "平方千米": Unit("平方公里"),
    "吨标煤": Unit("吨标准煤"),
    "方": Unit("立方米"),
    "kW": Unit("千瓦"),
    "MW": Unit("千瓦", Decimal(1000)),
    "兆瓦": Unit("千瓦", Decimal(1000)),
    "GW": Unit("千瓦", Decimal(10**6)),
    "GWh": Unit("千瓦时", Decimal(10**6)),
    "km": Unit("公里"),
    "标准箱": Unit("标箱"),
    "TEU": Unit("标箱"),
}
