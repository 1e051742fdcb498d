"""Automatic numbers as word processors write them: 一、 （一） 1. ① A iv.

Used by the readers of formats that keep the rule of a number and not the number (`docx`, `odt`).
"""

from __future__ import annotations

_DIGITS = "〇一二三四五六七八九"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
_MARKS = {
    "decimalEnclosedCircle": _CIRCLED,
    "decimalEnclosedCircleChinese": _CIRCLED,
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "ideographTraditional": _STEMS,
    "ideographZodiac": _BRANCHES,
}
_COUNTING = frozenset(
    (
        "chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
        "japaneseCounting",
    )
)  # fmt: skip
_LEGAL = frozenset(("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"))
_DIGITAL = frozenset(("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"))
MOST = 99_999


def write_number(number: int, form: str) -> str:
    """The number as a list's level writes it.

    Args:
        form: a name of WordprocessingML's ST_NumberFormat; unknown ones are written as decimals.

    Example:
        >>> [write_number(12, form) for form in ("chineseCountingThousand", "decimalEnclosedCircle", "upperRoman")]
        ['十二', '⑫', 'XII']
    """
    if not 0 <= number <= MOST or form in ("none", "bullet"):
        return "" if form in ("none", "bullet") else str(number)
    if form in _COUNTING:
        return _count(number, _DIGITS.replace("〇", "零"), "十百千", short=True)
    if form in _LEGAL:
        return _count(number, _LEGAL_DIGITS, "拾佰仟", short=False)
    if form in _DIGITAL:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    if form in _MARKS:
        return _MARKS[form][number - 1] if 1 <= number <= len(_MARKS[form]) else str(number)
    return _write_western(number, form)


def _write_western(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter") and number:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman") and number < 4_000:
        return _roman(number) if form == "lowerRoman" else _roman(number).upper()
    if form in ("decimalFullWidth", "decimalFullWidth2"):
        return "".join(chr(ord("０") + int(digit)) for digit in str(number))
    if form == "decimalZero":
        return f"{number:02}"
    if form == "numberInDash":
        return f"- {number} -"
    return str(number)


def _count(number: int, digits: str, units: str, *, short: bool) -> str:
    """A Chinese cardinal: 一百零二, and with `short` 十二 for 一十二."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = digits[0] if 0 < low < 1_000 else ""
        rest = _count(low, digits, units, short=False) if low else ""
        return f"{_count(high, digits, units, short=short)}万{gap}{rest}"
    if number == 0:
        return digits[0]
    text = ""
    skipped = False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            text += (digits[0] if skipped else "") + digits[digit] + (units[power - 1] if power else "")
            skipped = False
        else:
            skipped = bool(text)
    return text[1:] if short and 10 <= number < 20 else text


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text
