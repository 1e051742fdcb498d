"""What the commands print for people."""

from __future__ import annotations

from search.messages import declare, declare_n

SHOWN_UNKNOWN = declare("shown_unknown", "unknown")
FOUND_LINE = declare(
    "found_line",
    "{paragraphs} · {occurrences} · from {reports} · {took_ms:.1f} ms · read as: {reading}",
)
TIER_1 = declare("tier_1", "As written")
TIER_2 = declare("tier_2", "In other words, or apart")
TIER_3 = declare("tier_3", "Only in part")
TIER_2_BESIDE = declare_n(
    "tier_2_beside",
    "another {n:,} paragraph says it in other words or apart (--match all counts it too)",
    "another {n:,} paragraphs say it in other words or apart (--match all counts them too)",
)
TIER_2_COUNTED = declare_n(
    "tier_2_counted",
    "{n:,} of them says it in other words or apart",
    "{n:,} of them say it in other words or apart",
)
FOUND_OCCURRENCES = declare_n("found_occurrences", "{n:,} occurrence", "{n:,} occurrences")
FOUND_PARAGRAPHS = declare_n("found_paragraphs", "{n:,} paragraph", "{n:,} paragraphs")
FOUND_REPORTS = declare_n("found_reports", "{n:,} report", "{n:,} reports")
FACET_LINE = declare("facet_line", "{field}: {values: · }")
LOOKED_FOR_TOO = declare(
    "looked_for_too",
    "“{form}” was looked for as {others:, } too (--no-synonyms turns that off)",
)
DID_YOU_MEAN = declare("did_you_mean", "Did you mean: {queries: / }")
WITHIN_LONGER = declare(
    "within_longer", "Some occurrences lie within longer words: {words:, } (leave out with {query})"
)
CAN_BE_FILTER = declare("can_be_filter", "“{text}” can be a filter: {command}")
LISTED_REPORTS = declare_n("listed_reports", "{n:,} report", "{n:,} reports")
STATE_UNUSABLE = declare("state_unusable", "{path} can't be used: {why}")
SNAPSHOT_TAKEN = declare("snapshot_taken", "The index in {folder} is kept in {snapshot} (version {version}).")
SNAPSHOT_RESTORED = declare(
    "snapshot_restored", "The index in {folder} is now what {snapshot} has (version {version})."
)
INDEX_WHOLE = declare("index_whole", "{folder}: whole (generation {generation}, {n:,} paragraphs)")
OLDER_FILES = declare_n(
    "older_files",
    "{n:,} file was read by earlier rules; run xiesou index again to have it read anew.",
    "{n:,} files were read by earlier rules; run xiesou index again to have them read anew.",
)
INTERRUPTED = declare("interrupted", "Interrupted; the index is whole. Run the same command again to go on.")
READING_AND_INDEXING = declare("reading_and_indexing", "Reading and indexing")
MORE_PROBLEMS = declare_n(
    "more_problems",
    "… {n} more problem (--json lists all)",
    "… {n} more problems (--json lists all)",
)
RUN_DID = declare(
    "run_did",
    "added {added} · updated {updated} · removed {removed} · unchanged {unchanged} · problems {problems}",
)
RUN_WOULD_DO = declare(
    "run_would_do",
    "to add {added} · to update {updated} · to remove {removed} · unchanged {unchanged} · problems "
    "{problems}",
)
ADDED_RENAMED = declare("added_renamed", "{added} ({renamed} renamed)")
RUN_HOLDS = declare("run_holds", "{reports} · {paragraphs} held; {seconds:.1f} s")
LINES_TOGETHER = declare("lines_together", "{parts:; }")
WATCH_OR_DRY_RUN = declare("watch_or_dry_run", "--watch and --dry-run can't go together.")

# `xiesou inspect`.
LABEL_TITLE = declare("label_title", "title")
LABEL_TYPE = declare("label_type", "type")
LABEL_CITY = declare("label_city", "city")
LABEL_PROVINCE = declare("label_province", "province")
LABEL_YEAR = declare("label_year", "year")
LABEL_REVIEW_YEAR = declare("label_review_year", "year looked back on")
LABEL_PLAN_YEAR = declare("label_plan_year", "work year")
LABEL_DATE = declare("label_date", "date")
LABEL_SESSION = declare("label_session", "session")
LABEL_SPEAKER = declare("label_speaker", "speaker")
BLOCK_TITLE = declare("block_title", "title")
BLOCK_SESSION = declare("block_session", "session")
BLOCK_DATE = declare("block_date", "date")
BLOCK_SPEAKER = declare("block_speaker", "speaker")
BLOCK_SALUTATION = declare("block_salutation", "salutation")
BLOCK_HEADING = declare("block_heading", "heading")
BLOCK_PARAGRAPH = declare("block_paragraph", "paragraph")
BLOCK_LIST = declare("block_list", "list")
BLOCK_TABLE = declare("block_table", "table")
BLOCK_APPENDIX = declare("block_appendix", "appendix")
BLOCK_SOURCE = declare("block_source", "source")
BLOCK_FOOTNOTE = declare("block_footnote", "footnote")
BLOCK_TEXTBOX = declare("block_textbox", "text box")
BLOCK_COMMENT = declare("block_comment", "comment")
ASIDE_COUNT = declare("aside_count", "Set aside: {n}")
PROBLEM_COUNT = declare("problem_count", "Problems: {n}")
TITLE_UNKNOWN = declare("title_unknown", "(title unknown)")
CUT_TEXT = declare("cut_text", "{text}… ({chars} characters)")
JOINED_MARK = declare("joined_mark", "joined")
PART_MARK = declare("part_mark", "part {part}")
RECOGNISED_MARK = declare("recognised_mark", "recognised in a picture, {percent}% sure")
REPEATED_MARK = declare("repeated_mark", "repeated")
AT_LINE = declare("at_line", "line {line}: {reason}")
DEFINITION = declare("definition", "Defined in {id}: {text}")
OTHER_DEFINITIONS = declare_n(
    "other_definitions", "{n:,} other entry defines it", "{n:,} other entries define it"
)
LINES_SAMPLED = declare("lines_sampled", "{n:,} of {total:,} occurrences at random, seed {seed}")
SAME_ELSEWHERE = declare_n(
    "same_elsewhere", "{n:,} more says the same: {ids:, }", "{n:,} more say the same: {ids:, }"
)
COPIED = declare(
    "copied",
    "{target} holds what {source} holds: {reports:,} reports, {paragraphs:,} paragraphs; "
    "{copied:,} files copied, {unchanged:,} unchanged, {removed:,} removed.",
)
