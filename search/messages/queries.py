"""The query language: what was read otherwise than it was written, what can't be read, and how a query reads."""

from __future__ import annotations

from search.messages import declare

# Notices: what was read otherwise than it was written.
MIXED_QUOTES = declare("mixed_quotes", "Quotation marks of two shapes were taken for a pair.")
UNBALANCED_QUOTE = declare("unbalanced_quote", "A quotation mark has no partner; it was read as text.")
UNBALANCED_PARENTHESIS = declare(
    "unbalanced_parenthesis",
    "A parenthesis has no partner; it was read as text.",
)
LITERAL_PARENTHESIS = declare(
    "literal_parenthesis",
    "Parentheses that touch text were read as text; to group, put a space outside them.",
)
LONE_SIGN = declare("lone_sign", "A sign that stands alone was left out.")
LITERAL_MINUS = declare("literal_minus", "A minus sign that excludes nothing was read as text.")
LITERAL_STAR = declare("literal_star", "“*” works only after letters or digits (GD*); it was read as text.")
LITERAL_OPERATOR = declare(
    "literal_operator",
    "AND, OR or NOT lacks a word before or after it; it was read as text.",
)
LITERAL_WORD = declare(
    "literal_word",
    "AND, OR and NOT are written in capitals between spaces; this was read as text.",
)
LITERAL_DASH = declare(
    "literal_dash",
    "To exclude a word, write a minus sign (-) or NOT; this sign was read as text.",
)
LITERAL_TILDE = declare(
    "literal_tilde",
    '“~” and its number go right behind quotation marks ("a b"~10); this was read as text.',
)
UNKNOWN_FIELD = declare(
    "unknown_field",
    "There is no such field, and the colon was read as text; there are city, year, type, title and others.",
)
LIST_END = declare(
    "list_end",
    "The list of values ends at the space behind the comma; leave no spaces in a list.",
)
EMPTY_FIELD = declare("empty_field", "No usable value follows the colon; it was read as text.")
EMPTY_QUOTES = declare("empty_quotes", "Empty quotation marks were left out.")
EMPTY_GROUP = declare("empty_group", "A group with no word in it was left out.")
SINGLE_NEAR = declare(
    "single_near",
    "“~” wants two or more parts between the quotation marks; the one part was looked for exactly.",
)
JOINED_CHARACTERS = declare(
    "joined_characters",
    "Single characters between spaces were read as one word; quote them, each for itself, to look for them apart.",
)
REVERSED_YEARS = declare("reversed_years", "The range of years was turned round.")
YEAR_OF_DELIVERY = declare(
    "year_of_delivery",
    "The field was read as the year in which a report was delivered; plan_year: is the year whose work it lays out.",
)
INVISIBLE = declare("invisible", "Invisible characters that stood alone were left out.")
INVALID_CHARACTER = declare("invalid_character", "A character that can't be read was replaced by \ufffd.")
SYNONYMS_LIMIT = declare(
    "synonyms_limit",
    "Only the first {most} words with other forms were looked for in those too; the rest only as written.",
)

NOTICES = (
    MIXED_QUOTES,
    UNBALANCED_QUOTE,
    UNBALANCED_PARENTHESIS,
    LITERAL_PARENTHESIS,
    LONE_SIGN,
    LITERAL_MINUS,
    LITERAL_STAR,
    LITERAL_OPERATOR,
    LITERAL_WORD,
    LITERAL_DASH,
    LITERAL_TILDE,
    UNKNOWN_FIELD,
    LIST_END,
    EMPTY_FIELD,
    EMPTY_QUOTES,
    EMPTY_GROUP,
    SINGLE_NEAR,
    JOINED_CHARACTERS,
    REVERSED_YEARS,
    YEAR_OF_DELIVERY,
    INVISIBLE,
    INVALID_CHARACTER,
)
IN_PLACES = declare("in_places", "{notice} (in {times} places)")

# Errors, each with what to do.
AT_CHARACTER = declare("at_character", "It is at character {position}.")
QUERY_TOO_LONG = declare("query_too_long", "The query has {length} characters; at most {most} can be read.")
SHORTEN_QUERY = declare("shorten_query", "Shorten it, for example to its most telling sentence.")
ONLY_VALUES_IN_FIELD = declare(
    "only_values_in_field",
    "In the parentheses after “{field}” only values with OR between them can be written.",
)
LIST_WITH_COMMAS = declare("list_with_commas", "They can also be listed with commas, as in city:A,B.")
UNREADABLE_YEAR = declare("unreadable_year", "The year “{year}” can't be read.")
WRITE_YEARS = declare("write_years", "Write four digits, as in year:2023, year:2020..2024 or year:2020..")
FIELD_IN_FIELD = declare("field_in_field", "“{field}” can't be used within the parentheses of a field.")
FIELDS_SIDE_BY_SIDE = declare(
    "fields_side_by_side",
    "Write the two fields side by side, as in title:(A B) city:C.",
)
NESTED_TOO_DEEP = declare("nested_too_deep", "Parentheses and exclusions can be nested {most} deep at most.")
NEST_LESS = declare("nest_less", "Leave out parentheses or NOTs that aren't needed.")
TOO_MANY_ITEMS = declare(
    "too_many_items",
    "A query can have {most} items (words, quotations, values of fields) at most.",
)
USE_FEWER_WORDS = declare("use_fewer_words", "Use fewer words, or search in several steps.")
DISTANCE_TOO_LARGE = declare("distance_too_large", "The distance after “~” is {most} characters at most.")
LESS_DISTANCE = declare("less_distance", "Make it smaller, or leave “~” out and use words with spaces.")

# How a query reads.
EVERY_PARAGRAPH = declare("every_paragraph", "every paragraph")
ANY_OF = declare("any_of", "{parts: or }")
ALL_OF = declare("all_of", "{parts: and }")
ALL_BUT = declare("all_but", "{parts: and } and {denied: and }")
NONE_OF = declare("none_of", "{denied: and }")
GROUPED = declare("grouped", "({part})")
NOT_CONTAINING = declare("not_containing", "not {part}")
FIELD_WITH = declare("field_with", "{field} with {part}")
FIELD_WITHOUT = declare("field_without", "{field} without {part}")
FIELD_IS = declare("field_is", "{field} is {values: or }")
FIELD_IS_NOT = declare("field_is_not", "{field} is not {values: or }")
YEAR_IS = declare("year_is", "year {years: or }")
YEAR_IS_NOT = declare("year_is_not", "year not {years: or }")
WORK_YEAR_IS = declare("work_year_is", "work year {years: or }")
WORK_YEAR_IS_NOT = declare("work_year_is_not", "work year not {years: or }")
YEAR_RANGE = declare("year_range", "{first}–{last}")
YEAR_UNTIL = declare("year_until", "{last} or earlier")
YEAR_FROM = declare("year_from", "{first} or later")
EXACTLY = declare("exactly", "exactly “{text}”")
NEAR = declare("near", "“{parts:” and “}” within {distance} characters")
BEGINNING_WITH = declare("beginning_with", "words that begin with {text}")

# The list of synonyms.
SYNONYMS_UNREADABLE = declare("synonyms_unreadable", "The list of synonyms can't be read: {error}")
SYNONYMS_LINE = declare("synonyms_line", "Line {line} of the list of synonyms “{name}” is wrong: {fault}.")
SYNONYMS_ENTRY = declare("synonyms_entry", "The line is: {entry}")
SYNONYMS_ONE_FORM = declare("synonyms_one_form", "it takes at least two forms")
SYNONYMS_EMPTY_FORM = declare("synonyms_empty_form", "a form is empty")
SYNONYMS_TWICE = declare("synonyms_twice", "a form is written twice")
SYNONYMS_SIGNS = declare("synonyms_signs", "“=” and “>” can't be mixed")
SYNONYMS_PLACEHOLDERS = declare("synonyms_placeholders", "the {{}} of the forms must correspond")
SYNONYMS_BRACES = declare("synonyms_braces", "a brace has no partner")
SYNONYMS_KNOWN = declare("synonyms_known", "“{form}” has a line before")

# Word lists.
WORDS_UNREADABLE = declare("words_unreadable", "The word list can't be read: {error}.")
SAVE_AS_UTF8 = declare("save_as_utf8", "Save it as UTF-8 text.")
WORDS_LINE = declare("words_line", "Line {line} of the word list is not a word and its frequency: {text}")
WORDS_FORM = declare(
    "words_form",
    "Write a word of 1 to {longest} Han characters, a blank, and a number from 1 to {most}.",
)
