"""What the groups of an RTF file hold: text, notes, or settings; by the control word that they open with."""

from __future__ import annotations

from collections.abc import Mapping

from search.messages import Message, aside

NOTES: Mapping[str, str] = {
    "footnote": "footnote",
    "annotation": "comment",
    "shptxt": "textbox",
    "dptxbxtext": "textbox",
}
"""Destinations that stand beside the running text -> the kind of their lines."""

ASIDE: Mapping[str, Message] = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), aside.RUNNING_HEADER),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), aside.RUNNING_FOOTER),
    **dict.fromkeys(("fldinst", "xe", "tc", "tcn", "rxe", "txe"), aside.FIELD_INSTRUCTION),
    **dict.fromkeys(("atnauthor", "atnid", "atndate", "atntime", "atnicn"), aside.COMMENT_AUTHOR),
    **dict.fromkeys(("pn", "pntxta", "pntxtb", "pnseclvl"), aside.AUTOMATIC_NUMBER),
    **dict.fromkeys(("shprslt", "result", "mmathPict"), aside.OLDER_COPY),
    **dict.fromkeys(("ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn"), aside.NOTE_SEPARATOR),
}
"""Destinations whose text is set aside -> the reason."""

SETTINGS = frozenset(
    (
        "fonttbl", "colortbl", "stylesheet", "info", "generator", "listtable", "listoverridetable", "rsidtbl",
        "themedata", "colorschememapping", "latentstyles", "datastore", "xmlnstbl", "pict", "objdata", "objclass",
        "objname", "blipuid", "blptag", "mmathPr", "filetbl", "revtbl", "pgptbl", "userprops", "docvar", "template",
        "panose", "falt", "fname", "bkmkstart", "bkmkend", "atrfstart", "atrfend", "atnref", "atnparent", "fldtype",
        "sn", "sv", "sp", "datafield", "formfield", "ffname", "ffl", "ffdeftext", "ffentrymcr", "ffexitmcr",
        "nonesttables", "nesttableprops", "listpicture", "picprop", "nonshppict", "passwordhash", "writereservhash",
        "protusertbl", "oldcprops", "oldpprops", "oldtprops", "oldsprops", "defchp", "defpap", "background", "hl",
        "hlloc", "hlsrc", "hlfr", "mailmerge", "svb", "levelnumbers", "leveltext",
        "ebcstart", "ebcend", "mvfmf", "mvfml", "mvtof", "mvtol", "cs", "xmlattrname", "xmlattrvalue", "fontemb",
        "mctrlPr", "pgdsctbl", "wgrffmtfilter",
    )
)  # fmt: skip
"""Destinations without any text of the document."""

TEXT = frozenset(
    (
        "shpinst", "shpgrp", "do", "dptxbx", "ud", "moMath", "moMathPara", "mmath", "fldrslt", "shppict", "shp", "upr",
        "listtext", "pntext", "hyphen", "mr",
    )
)  # fmt: skip
"""Starred destinations that hold text like that around them."""


def is_setting(word: str) -> bool:
    """Whether a destination holds no text; properties of formulas (mfPr …) are such, too."""
    return word in SETTINGS or (word.startswith("m") and word.endswith("Pr"))
