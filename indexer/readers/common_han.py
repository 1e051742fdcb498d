"""How Chinese a text looks: which share of its characters is among the commonest."""

from __future__ import annotations

from search.language.text.character_classes import CharacterClasses

COMMON_HAN = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天"
    "而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长党政协委员工市建设全"
    "议代表报告各位经济社企业农民群众城乡产改革加强推进坚持实施服务完善增长万元分高新区县省关系组织提案问题情况重点领导"
    "二四五六七八九零百千月"
    "這來國個說們為時對後麼發當開無經頭動兩長黨協員業會區縣學沒還過從見應與農眾鄉產強進堅實務萬關係組織題況點導議報濟設"
)
"""Frequent characters of running Chinese and of reports, in both scripts."""
_HAN = CharacterClasses(
    ((0x3400, 0x9FFF), (0xE000, 0xF8FF), (0x20000, 0x10FFFF)), [(ord(char), ord(char)) for char in COMMON_HAN]
)


def common_share(text: str) -> float:
    """Which share of the Han characters is among the commonest; 0 where there are none.

    Example:
        >>> common_share("各位委员") > 0.9
        True
    """
    _, other, common = _HAN.count(text)
    return common / (other + common) if common else 0.0
