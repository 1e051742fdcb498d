"""What the pages and the API say of a request: errors, and offers beside the hits."""

from __future__ import annotations

from search.messages import declare

# Errors of HTTP.
BAD_REQUEST = declare("bad_request", "The request can't be read.")
PAGE_NOT_FOUND = declare("page_not_found", "There is no such page.")
METHOD_NOT_ALLOWED = declare("method_not_allowed", "This address does not take that method.")
REQUEST_TOO_LARGE = declare("request_too_large", "The request is too large.")
ADDRESS_TOO_LONG = declare("address_too_long", "The address is too long.")
HEADERS_TOO_LARGE = declare("headers_too_large", "The request's headers are too large.")
REQUEST_TOO_SLOW = declare("request_too_slow", "The request did not come in time.")
SERVER_FULL = declare(
    "server_full", "The server has too much to do at the moment. Try again in a few seconds."
)
EXPORTS_FULL = declare("exports_full", "Other exports are under way. Try again in a minute.")
ANSWER_TOO_LARGE = declare("answer_too_large", "The answer would be larger than {most} MB.")
FILTERS_TOO_LONG = declare(
    "filters_too_long", "The values of all filters have more than {most:,} characters."
)
SERVER_FAILED = declare("server_failed", "The server failed; it is in the log.")
REQUEST_FAILED = declare("request_failed", "The request could not be answered ({status}).")
RUN_INDEX_FIRST = declare("run_index_first", "There is no index yet; run xiesou index first. ({detail})")
REBUILD_OUTDATED = declare(
    "rebuild_outdated",
    "The index was written by another version or with another dictionary; build it again with xiesou "
    "index --rebuild. ({detail})",
)
REBUILD_DAMAGED = declare(
    "rebuild_damaged",
    "The index is damaged; build it again with xiesou index --rebuild. ({detail})",
)
INDEX_UNUSABLE = declare("index_unusable", "The index can't be used for now. ({detail})")
ORIGIN_NOT_ALLOWED = declare(
    "origin_not_allowed",
    "The search service does not allow {origin} to use it. Its operator can add it to the list: "
    "xiesou serve --allow-origin {listed} (or the variable XIESOU_ALLOWED_ORIGINS).",
)
TOO_MANY_REQUESTS = declare(
    "too_many_requests",
    "Too many requests of one reader through {origin}: {most} a minute at most; costly ones count for several.",
)
TOO_MANY_OF_CLIENT = declare(
    "too_many_of_client",
    "Too many requests from this address: {most} a minute at most; costly ones count for several.",
)

HOST_MALFORMED = declare("host_malformed", "The name by which this server was called can't be read.")
HOST_NOT_ALLOWED = declare(
    "host_not_allowed",
    "This server does not answer to the name {host}. Its operator can name it: xiesou serve --allowed-hosts {host} "
    "(or the variable XIESOU_ALLOWED_HOSTS).",
)

OPERATOR_ONLY = declare("operator_only", "This is for the operator alone: it takes the operator's token.")

# Parameters that can't be read, and what to do.
UNREADABLE_VALUE = declare("unreadable_value", "{name}={value} can't be read.")
PARAMETER_MISSING = declare("parameter_missing", "{name} is missing.")
CHOICES = declare("choices", "It may be: {choices:, }.")
PAGE_TOO_FAR = declare(
    "page_too_far",
    "page={page} is beyond what can be paged through: the first {most:,} paragraphs.",
)
NARROW_SEARCH = declare("narrow_search", "Narrow the search by city, year or type.")
OUT_OF_RANGE = declare("out_of_range", "{name}={value} is out of range: a whole number from 1 to {most:,}.")
WHOLE_NUMBER = declare("whole_number", "It should be a whole number from 1 to {most:,}.")
YEAR_FORM = declare("year_form", "A year has four digits, such as 2023.")
DAYS_FORM = declare(
    "days_form", "A day is written 2026-01-31, a range 2026-01-01..2026-01-31; an end may be open."
)
YEARS_FORM = declare("years_form", "A year has four digits, such as 2023; a range is written 2020..2024.")
RANGE_TOO_LONG = declare("range_too_long", "The range {value} is too long: {most} years at most.")
TEXT_TOO_LONG = declare("text_too_long", "The query has {length:,} characters; at most {most:,} can be read.")
TAKE_SENTENCE = declare("take_sentence", "Take the sentence that matters.")
VALUE_TOO_LONG = declare("value_too_long", "The value of {name} is too long.")
TOO_MANY_VALUES = declare("too_many_values", "{name} takes {most} values at most.")
SHEET_TOO_LONG = declare("sheet_too_long", "{found}, more than the {most:,} rows of a worksheet.")
SHEET_CELL_TOO_LONG = declare(
    "sheet_cell_too_long",
    "A paragraph has {length:,} characters; a cell of a worksheet holds {most:,} at most.",
)
SHEET_PARAGRAPHS = declare("sheet_paragraphs", "{n:,} paragraphs are found")
SHEET_LINES = declare("sheet_lines", "{n:,} occurrences are found")
NARROW_OR_CSV = declare("narrow_or_csv", "Narrow the search, or take the CSV.")

# What a search may offer beside its hits.
DID_YOU_MEAN_LEAD = declare("did_you_mean_lead", "Did you mean")
FIELD_VALUE = declare("field_value", "{field}: {value}")
TEXT_AS_FILTER = declare("text_as_filter", "“{text}” can be a filter")
FORMS_TOO = declare("forms_too", "Other forms were looked for too: {forms:; }")
FORM_OTHERS = declare("form_others", "{form} = {others:, }")
ONLY_AS_TYPED = declare("only_as_typed", "only the words as typed")
FORMS_NOT_LOOKED_FOR = declare("forms_not_looked_for", "Other forms were not looked for.")
LOOK_FOR_FORMS = declare("look_for_forms", "look for other forms too")
DROP_FIELD = declare("drop_field", "drop the filter: {field} ({values:, })")
DROP_ALL_FILTERS = declare("drop_all_filters", "drop all filters")
WITHOUT_QUOTES = declare("without_quotes", "without quotation marks")
WITHOUT_QUOTES_PARTLY = declare("without_quotes_partly", "without quotation marks, in part")
ONLY_PART = declare("only_part", "only {text}")

# A line by which a number can be cited.
NUMBER_CITED = declare(
    "number_cited",
    "Xiesou, {query}: {paragraphs:,} paragraphs, {occurrences:,} occurrences, {reports:,} reports ({conditions:; }); "
    "collection {version}, {day}, {address}",
)
INSTRUMENT_CITED = declare(
    "instrument_cited",
    "Xiesou, {instrument}, {counted:; } ({conditions:; }); collection {version}, {day}, {address}",
)
QUERY_COUNTED = declare(
    "query_counted",
    "{query}: {paragraphs:,} paragraphs, {occurrences:,} occurrences, {reports:,} reports",
)
REPORTS_CITED = declare(
    "reports_cited", "Xiesou, {instrument}, {titles:; }; collection {version}, {day}, {address}"
)
COUNTED_AS_WRITTEN = declare("counted_as_written", "counted as written")
COUNTED_IN_ALL = declare("counted_in_all", "counted as written and in other words or apart")
BY_PLAN_YEAR = declare("by_plan_year", "years are work years")
BY_YEAR = declare("by_year", "years are those of delivery")
NOT_RECOGNISED = declare("not_recognised", "recognised text left out")
CITED_FILTER = declare("cited_filter", "{field} {values:, }")

# The instruments.
SPREAD_COUNTS = declare(
    "spread_counts",
    "First mentions count what reports say as written: {paragraphs:,} paragraphs in {reports:,} reports.",
)
SPREAD_COUNTS_OF = declare(
    "spread_counts_of",
    "First mentions count what reports say as written: {paragraphs:,} paragraphs in {reports:,} reports; "
    "of the {total:,} above, not {left:, nor }.",
)
SPREAD_LEAVES_TIER_2 = declare("spread_leaves_tier_2", "the {n:,} in other words or apart")
SPREAD_LEAVES_TEXTS = declare("spread_leaves_texts", "the {n:,} in news and other texts")
SPREAD_NAME = declare("spread_name", "First mentions")
COMPARE_NAME = declare("compare_name", "Searches side by side")
KEYWORDS_NAME = declare("keywords_name", "Keywords")
COLLOCATES_NAME = declare("collocates_name", "What stands near")
NUMBERS_NAME = declare("numbers_name", "Numbers and targets")
NUMBERS_SHOWN = declare("numbers_shown", "{n:,} numbers")
NUMBERS_TARGET = declare("numbers_target", "Promised")
NUMBERS_DONE = declare("numbers_done", "Done")
NUMBERS_UNKNOWN = declare("numbers_unknown", "Neither said")
UNIT_SHOWN = declare("unit_shown", "unit {unit}")
NO_UNIT_SHOWN = declare("no_unit_shown", "no unit")
REUSE_NAME = declare("reuse_name", "Sentences said before")
DIFF_NAME = declare("diff_name", "Report beside report")
MATCH_TEXT_NAME = declare("match_text_name", "Where a text comes from")

CORRECTION_OF = declare("correction_of", "Correction: {title}")

# The feed.
FEED_TITLE = declare("feed_title", "Xiesou: {query}")
FEED_TITLE_OF = declare("feed_title_of", "Xiesou: {query} ({conditions:; })")
TOO_MANY_REFERENCES = declare(
    "too_many_references",
    "{n:,} reports are too many for one list of references; at most {most:,} go into it.",
)
SPREAD_OF = declare("spread_of", "First mentions of {query}")
ALL_PARAGRAPHS = declare("all_paragraphs", "All paragraphs")

# `xiesou serve`.
SERVED_AT = declare("served_at", "Xiesou: {address}  (Ctrl-C stops it)")
SERVED_AS = declare("served_as", "For readers: {address}")
NO_PUBLIC_URL = declare(
    "no_public_url",
    "Others reach this server, and it doesn't know its own address: feeds, citations, files and embedded searches name "
    "whatever each request calls it, and no cache may keep them. State it: --public-url https://search.example.org",
)
NO_TRUSTED_PROXIES = declare(
    "no_trusted_proxies",
    "Only this machine reaches {host}, yet there is a public address: behind a proxy all readers look like one, so "
    "that none is limited. Name the proxy: --trusted-proxies 127.0.0.1",
)
PORT_IN_USE = declare(
    "port_in_use",
    "Port {port} on {host} is in use. Stop what uses it, or choose another with --port.",
)
PORT_NOT_ALLOWED = declare(
    "port_not_allowed",
    "Port {port} may not be used by this user. Choose one above 1023 with --port.",
)
NO_SUCH_HOST = declare(
    "no_such_host",
    "{host} is no address of this machine. Choose another with --host (127.0.0.1, 0.0.0.0 …).",
)
CANNOT_LISTEN = declare("cannot_listen", "Could not listen on {host}:{port}: {error}.")
