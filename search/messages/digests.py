"""What a digest says: what is new for saved searches, and why it could not be sent."""

from __future__ import annotations

from search.messages import declare, declare_n

DIGEST_SUBJECT = declare_n(
    "digest_subject", "Xiesou: {n:,} new paragraph ({names:, })", "Xiesou: {n:,} new paragraphs ({names:, })"
)
DIGEST_NOTHING = declare("digest_nothing", "Nothing new.")
DIGEST_BEGUN = declare_n(
    "digest_begun",
    "{n} search is followed from now on: {names:, }",
    "{n} searches are followed from now on: {names:, }",
)
DIGEST_SEARCH = declare("digest_search", "{name} · {n:,} new")
DIGEST_QUERY = declare("digest_query", "Search: {query}")
DIGEST_SEEN_ABOVE = declare("digest_seen_above", "See [{number}] above")
DIGEST_MORE = declare_n("digest_more", "… {n:,} more paragraph", "… {n:,} more paragraphs")
DIGEST_SENT = declare("digest_sent", "Sent to {to:, }: {subject}")
NO_SEARCHES = declare("no_searches", "{path} has no search. Write one in each line, or its address.")
SEARCHES_UNREADABLE = declare("searches_unreadable", "{path} can't be read: {why}")
SEARCH_UNREADABLE = declare("search_unreadable", "{path}, line {line}: {why}")
YEAR_OF_ADDRESS = declare("year_of_address", "“{value}” is neither a year nor a range of years.")
DIGEST_RUNS = declare("digest_runs", "Another digest goes on from {path} just now.")
SMTP_FORM = declare(
    "smtp_form", "“{value}” is no mail server. Write smtp://host:25, or smtps://user@host:465 with a login."
)
SMTP_NO_TLS = declare("smtp_no_tls", "the server offers no encryption, and a login is never sent without")
STATE_UNREADABLE = declare(
    "state_unreadable",
    "{path} is no state of a digest. Move it away to follow the searches from now on.",
)
STATE_UNWRITABLE = declare("state_unwritable", "{path} can't be written: {why}")
MAIL_FAILED = declare(
    "mail_failed", "The mail was not accepted: {why}. Nothing counts as sent; run the command again."
)
MAIL_REFUSED = declare("mail_refused", "The mail was accepted, but not for {to:, }.")
SINCE_OR_STATE = declare("since_or_state", "Give --since, or --state to go on from the last time.")
SMTP_AND_SENDER = declare("smtp_and_sender", "A mail needs --to, --from and --smtp.")
