"""Names of fields, types of report, kinds of block and levels of place."""

from __future__ import annotations

from search.messages import declare
from search.model import LEVELS, PARTS, REPORT_TYPES

FIELD_TEXT = declare("field_text", "text")
FIELD_TITLE = declare("field_title", "title")
FIELD_HEADING = declare("field_heading", "heading")
FIELD_CITY = declare("field_city", "city")
FIELD_PROVINCE = declare("field_province", "province")
FIELD_YEAR = declare("field_year", "year")
FIELD_TYPE = declare("field_type", "type")
FIELD_PLAN_YEAR = declare("field_plan_year", "work year")
FIELD_LEVEL = declare("field_level", "level")
FIELD_PART = declare("field_part", "part")
FIELD_ADDED = declare("field_added", "added")
FIELD_OCR = declare("field_ocr", "recognised text")
FIELD_REPORT = declare("field_report", "report")
TYPE_CPPCC = declare("type_cppcc", "CPPCC work report")
TYPE_PROPOSALS = declare("type_proposals", "CPPCC proposals report")
TYPE_GOVERNMENT = declare("type_government", "Government work report")
TYPE_CONGRESS = declare("type_congress", "People's Congress work report")
TYPE_COURT = declare("type_court", "Court work report")
TYPE_PROCURATORATE = declare("type_procuratorate", "Procuratorate work report")
TYPE_BUDGET = declare("type_budget", "Budget report")
TYPE_PLAN = declare("type_plan", "Plan report")
TYPE_NEWS = declare("type_news", "News")
TYPE_EDITORIAL = declare("type_editorial", "Editorial")
TYPE_RESOLUTION = declare("type_resolution", "Resolution")
TYPE_EXPLANATION = declare("type_explanation", "Explanation")
TYPE_OTHER = declare("type_other", "Other")
PART_TEXT = declare("part_text", "running text")
PART_HEADINGS = declare("part_headings", "titles and headings")
PART_GLOSSARY = declare("part_glossary", "glossary and notes")
PART_ANNEX = declare("part_annex", "annexes")
PART_COMMENTS = declare("part_comments", "comments")
LEVEL_NATION = declare("level_nation", "nation")
LEVEL_PROVINCE = declare("level_province", "province")
LEVEL_CITY = declare("level_city", "city")
LEVEL_COUNTY = declare("level_county", "county")

TYPE_NAMES = dict(
    zip(
        REPORT_TYPES,
        (
            kind()
            for kind in (
                TYPE_CPPCC,
                TYPE_PROPOSALS,
                TYPE_GOVERNMENT,
                TYPE_CONGRESS,
                TYPE_COURT,
                TYPE_PROCURATORATE,
                TYPE_BUDGET,
                TYPE_PLAN,
                TYPE_NEWS,
                TYPE_EDITORIAL,
                TYPE_RESOLUTION,
                TYPE_EXPLANATION,
                TYPE_OTHER,
            )
        ),
        strict=True,
    )
)

"""What each type of report is called; the values themselves are Chinese."""

LEVEL_NAMES = dict(
    zip(LEVELS, (kind() for kind in (LEVEL_NATION, LEVEL_PROVINCE, LEVEL_CITY, LEVEL_COUNTY)), strict=True)
)

"""What each level of place is called."""

PART_NAMES = dict(
    zip(
        PARTS,
        (kind() for kind in (PART_TEXT, PART_HEADINGS, PART_GLOSSARY, PART_ANNEX, PART_COMMENTS)),
        strict=True,
    )
)

"""What each part of a report is called."""
