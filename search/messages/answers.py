"""What a search tells beside its hits, why it found nothing, and what would find something."""

from __future__ import annotations

from search.messages import declare, declare_n

PARTIAL_MATCHES = declare_n(
    "partial_matches",
    "{full}; the {n:,} closest partial match follows. Totals and facets leave it out.",
    "{full}; the {n:,} closest partial matches follow. Totals and facets leave them out.",
)
NO_FULL_MATCH = declare("no_full_match", "No paragraph meets the whole query")
FEW_FULL_MATCHES = declare_n(
    "few_full_matches",
    "Only {n:,} paragraph meets the whole query",
    "Only {n:,} paragraphs meet the whole query",
)
PLACE_NOT_HELD = declare(
    "place_not_held",
    "No report of {place} is held; the name was looked for in the text.",
)
READ_IN_PIECES = declare(
    "read_in_pieces", "No paragraph has “{text}” as it was typed; it was read as “{pieces:” and “}”."
)
IN_PIECES = declare("in_pieces", "In pieces: {text}")
CHARACTER_BY_CHARACTER = declare("character_by_character", "Each character for itself: {text}")
ONE_PIECE = declare("one_piece", "Only “{text}”")
LEFT_OUT = declare("left_out", "No paragraph has “{text}”, which only asks; it was left out.")
OR_PLACE = declare("or_place", "{text} (in the text, or a report of {places:, })")
OR_NATION = declare("or_nation", "{text} (in the text, or a report of the nation)")
OR_YEAR = declare("or_year", "{text} (in the text, in the heading above, or a report of that year)")
OR_TYPE = declare("or_type", "{text} (in the text, or a report of that type)")
OR_TITLE = declare("or_title", "{text} (in the text, or the report of that title)")
UNKNOWN_VALUE = declare("unknown_value", "The collection has no “{value}”.")
CONTEXT_UNSORTED = declare(
    "context_unsorted",
    "{n:,} paragraphs match; more than {most:,} are not sorted by context and are in the order of "
    "the reports.",
)

# Why nothing was found.
EMPTY_COLLECTION = declare("empty_collection", "The collection is empty: there is no report to search.")
READ_AS = declare("read_as", "The query was read as: {reading}.")
READ_AS_LIMITED = declare("read_as_limited", "The query was read as: {reading}; limited to {conditions:, }.")
CONDITION = declare("condition", "{field} {values:, }")
ONLY_APART = declare("only_apart", "Each part is found by itself, but no paragraph meets all of them.")
NOTHING_MATCHES = declare("nothing_matches", "No paragraph matches.")
SEARCH_IN_CHINESE = declare(
    "search_in_chinese",
    "The reports are in Chinese, and queries are not translated: search for Chinese words.",
)
WORDS_MISSING = declare("words_missing", "No paragraph contains “{words:”, “}”.")
NO_REPORT_MATCHES = declare("no_report_matches", "No report in the collection matches “{part}”.")
WORDS_APART = declare("words_apart", "Every word of “{part}” is found, but no paragraph has them all.")
PART_MATCHES_NOTHING = declare("part_matches_nothing", "No paragraph matches “{part}”.")
WAY_FINDS = declare_n("way_finds", "{way}: {n:,} paragraph.", "{way}: {n:,} paragraphs.")

# What may be given up.
ANY_VALUE = declare("any_value", "Any {field} (not only {values:, })")
ANY_VALUE_TYPED = declare("any_value_typed", "Any {field} (without “{typed}”)")
NO_FILTERS = declare("no_filters", "Without any filter")
WITHOUT_PARTS = declare("without_parts", "Without “{parts:”, “}”")
WITHOUT_PARTS_OR_FILTERS = declare(
    "without_parts_or_filters",
    "Without “{parts:”, “}”, and without any filter",
)
UNQUOTED = declare("unquoted", "“{text}” without its quotation marks")
ANY_DISTANCE = declare("any_distance", "“{texts:” and “}” at any distance")
PART_ALONE = declare("part_alone", "Only “{text}”")
PART_ALONE_UNFILTERED = declare("part_alone_unfiltered", "Only “{text}”, without any filter")

# What a program asks wrongly.
BAD_PAGE = declare("bad_page", "page counts from 1.")
BAD_DAY = declare("bad_day", "“{value}” is no day such as 2026-01-31.")
BAD_NUMBER = declare("bad_number", "{name} must be 1 to {most}.")
BAD_CHOICE = declare("bad_choice", "{name} must be one of: {choices:, }.")
REPORT_NOT_FOUND = declare("report_not_found", "There is no report {id}.")
LIST_REPORTS = declare("list_reports", "List them: xiesou reports")
NO_EARLIER_REPORT = declare(
    "no_earlier_report", "No report of the same place and type is held from before {id}."
)
NAME_THE_OTHER = declare("name_the_other", "Name the report to compare it with.")
PASTED_TOO_LONG = declare(
    "pasted_too_long", "The text has {length} characters; at most {most} can be compared."
)
QUERIES_AT_ONCE = declare("queries_at_once", "One to {most} searches can be compared at once.")
SERIES_AT_ONCE = declare(
    "series_at_once",
    "That would be {n} series; at most {most} can be compared. Choose fewer places or queries.",
)
CITIES_TO_CHOOSE = declare("cities_to_choose", "To compare cities, choose them: city=…, repeated for each.")
FILTERS_ONLY = declare(
    "filters_only",
    "“{text}” has words; a side is chosen by filters alone, such as plan_year:2024.",
)
SIDE_MISSING = declare(
    "side_missing",
    "Choose a part of the collection by filters such as plan_year:2024 or year:2020..2023, or a year.",
)
YEAR_OR_SIDE = declare("year_or_side", "A year is set against all years before it, and against nothing else.")
NO_SUCH_PARAGRAPH = declare("no_such_paragraph", "The report {id} has no paragraph {n}.")
BUDGET_TIME = declare("budget_time", "The search takes more time than it may; it was at {work}.")
BUDGET_MEMORY = declare("budget_memory", "The search takes more memory than it may; it was at {work}.")
BUDGET_CANCELLED = declare("budget_cancelled", "Nobody waits for the answer any more.")
STAGE_MATCHING = declare("stage_matching", "finding the paragraphs")
STAGE_COUNTING = declare("stage_counting", "counting the occurrences")
STAGE_ORDERING = declare("stage_ordering", "putting them in order")
STAGE_READING = declare("stage_reading", "reading the texts")
ASK_FEWER_WORDS = declare(
    "ask_fewer_words",
    "Ask for fewer alternatives, longer beginnings of words, or shorter strings; or choose a city or a year.",
)
ASK_NARROWER = declare("ask_narrower", "Choose a city, a year or a type, or add a word.")
PARTIAL_LEFT_OUT = declare("partial_left_out", "Partial matches are left out: they would take too long.")
HINTS_LEFT_OUT = declare("hints_left_out", "Suggestions are left out: they would take too long.")
LONGER_WORDS_LEFT_OUT = declare(
    "longer_words_left_out",
    "Longer words within which occurrences lie are left out: they would take too long.",
)
OCCURRENCES_UNSORTED = declare(
    "occurrences_unsorted",
    "There are too many occurrences to sort by context; they are in the order of the reports.",
)
