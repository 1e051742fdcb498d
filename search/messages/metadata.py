"""Metadata: what a value was read from, what contradicts itself, and what the operator's table says wrongly."""

from __future__ import annotations

from search.messages import declare

# What a value was read from.
FROM_TITLE = declare("from_title", "Title: {text}")
FROM_LINE = declare("from_line", "Line {line}: {text}")
FROM_STRUCTURE = declare("from_structure", "From its structure")
FROM_FILE_NAME = declare("from_file_name", "File name: {text}")
FROM_STATED = declare("from_stated", "{source}: {text}")
STATED_FIELD = declare("stated_field", "Field {name}")
STATED_TABLE = declare("stated_table", "{table} line {lines:, }")
STATED_TABLES = declare("stated_tables", "{tables:, }")
ONLY_PUBLISHED = declare("only_published", "Only a date of publication: {evidence}")
FROM_SIBLING = declare("from_sibling", "Another report of the same file ({evidence})")
TEXT_SPEAKS_OF = declare("text_speaks_of", "Text: says {word}, not {others: or }")
TEXT_MENTIONS = declare("text_mentions", "Text: “{word}”, {times} times, as in “{quote}”")
TEXT_NAMES = declare("text_names", "Text: “{quote}”")
TEXT_NAMES_OFTEN = declare("text_names_often", "Text: often names places that belong to it: {names:, }")
EVIDENCE_LIST = declare("evidence_list", "{parts:; }")
PUBLICATION_DATE = declare("publication_date", "{evidence} (date of publication)")
AT_THE_END = declare("at_the_end", "{evidence} (at the end)")
SESSION_MONTH = declare("session_month", "{evidence} (the session was in {year}-{month:02})")
PLAN_BY_SESSION = declare("plan_by_session", "No work year is stated; a session of month {month}: {evidence}")
PLAN_BY_YEAR = declare("plan_by_year", "No work year is stated; the year of delivery: {evidence}")
PLACE_NOW = declare("place_now", "{evidence} (now {name})")

# What contradicts itself.
PLACE_CONFLICT = declare(
    "place_conflict",
    "Conflicting places: taken is {value} ({evidence}), not {other} ({other_evidence})",
)
YEAR_CONFLICT = declare(
    "year_conflict",
    "Conflicting years: taken is {value} ({evidence}), not {other} ({other_evidence})",
)
DATE_CONFLICT = declare(
    "date_conflict",
    "Conflicting dates: taken is {value} ({evidence}), not {other} ({other_evidence})",
)
DATE_TEXT_CONFLICT = declare(
    "date_text_conflict",
    "Date and text conflict: {value} ({evidence}), while the text is like that of {year} ({year_evidence})",
)
MONTH_OF_YEAR = declare("month_of_year", "{year}-{month:02}")
THE_YEAR = declare("the_year", "{year}")

# What is stated and can't be used.
UNKNOWN_TYPE = declare(
    "unknown_type",
    "{source}: the type “{value}” is none of the known ones and was not taken",
)
UNREADABLE_STATED_YEAR = declare(
    "unreadable_stated_year",
    "{source}: the year “{value}” can't be read and was not taken",
)
UNREADABLE_STATED_DATE = declare(
    "unreadable_stated_date",
    "{source}: the date “{value}” can't be read and was not taken",
)
UNKNOWN_PLACE = declare(
    "unknown_place",
    "{source}: the place “{value}” is not in the table of places and was not taken",
)

# The operator's table.
TABLE_UNUSABLE = declare("table_unusable", "can't be read, and nothing of it was taken: {why}")
NOT_UTF8_OR_GB18030 = declare("not_utf8_or_gb18030", "it is no text in UTF-8 or GB18030")
UNKNOWN_TABLE_COLUMN = declare(
    "unknown_table_column",
    "unknown column “{name}”, not taken; known are {names:, }",
)
NO_FILE_COLUMN = declare("no_file_column", "there is no column file; nothing was taken")
MORE_CELLS_THAN_COLUMNS = declare(
    "more_cells_than_columns",
    "{cells} cells, but the head has {columns} columns; the rest was not taken",
)
CSV_BROKEN = declare("csv_broken", "this is no CSV from here on, and was not taken: {error}")
NO_FILE_NAME = declare("no_file_name", "no file is named; the row was not taken")
BAD_REPORT_NUMBER = declare(
    "bad_report_number",
    "the number “{value}” is no count from 1; the row was not taken",
)
CELL_UNUSABLE = declare("cell_unusable", "{field} “{value}” {fault} and was not taken")
FAULT_TYPE = declare("fault_type", "is no known type ({types:, })")
FAULT_PLACE = declare("fault_place", "is not in the table of places")
FAULT_PROVINCE = declare("fault_province", "is no province")
FAULT_YEAR = declare("fault_year", "is no year of four digits")
FAULT_YEAR_RANGE = declare("fault_year_range", "is not between {first} and {last}")
FAULT_DATE = declare("fault_date", "is no date with year, month and day")
