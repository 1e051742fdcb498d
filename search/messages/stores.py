"""The index on disk: why it can't be read or written, and what to do."""

from __future__ import annotations

from search.messages import declare

REBUILD = declare("rebuild", "Build it again: xiesou index PATH… --rebuild")
INDEX_MISSING = declare("index_missing", "There is no index in {folder}.")
BUILD_INDEX = declare("build_index", "Build one: xiesou index PATH…")
INDEX_UNREADABLE = declare(
    "index_unreadable",
    "The index in {folder} can't be read: {name} is damaged, or was written by another program or version.",
)
INDEX_FOREIGN = declare(
    "index_foreign", "The index in {folder} holds what no index of Xiesou has: {what}. It was not loaded."
)
INDEX_OTHER_VERSION = declare("index_other_version", "The index in {folder} was written by another version.")
INDEX_CHANGING = declare("index_changing", "The index in {folder} changed too often while it was opened.")
TRY_AGAIN = declare("try_again", "Try again.")
INDEX_OTHER_PROGRAM = declare("index_other_program", "The index was written by another program or version.")
INDEX_OTHER_DICTIONARY = declare("index_other_dictionary", "The index was built with another dictionary.")
INDEX_OTHER_XIESOU = declare("index_other_xiesou", "The index was built with another version of Xiesou.")
FOLDER_UNWRITABLE = declare("folder_unwritable", "The index folder {folder} can't be written: {error}.")
CHOOSE_FOLDER = declare("choose_folder", "Choose another with --index DIR, or mend its permissions.")
INDEX_LOCKED = declare("index_locked", "Another run is writing the index in {folder}.")
WAIT_FOR_RUN = declare("wait_for_run", "Wait for it to end, then try again.")
INDEX_UNWRITABLE = declare(
    "index_unwritable",
    "The index in {folder} could not be written: {error}. What it held before is unharmed.",
)
MAKE_ROOM = declare("make_room", "Make room on the disk, or choose another with --index DIR.")
COMMIT_UNCONFIRMED = declare(
    "commit_unconfirmed", "The index in {folder} has its new state, but the disk did not confirm it: {error}."
)
CHECK_DISK_AND_VERIFY = declare(
    "check_disk_and_verify", "Check the disk; xiesou verify says whether the index is whole."
)
INDEX_DAMAGED = declare("index_damaged", "The index is damaged: {what}.")
SNAPSHOT_EXISTS = declare("snapshot_exists", "The folder {folder} is not empty.")
SNAPSHOT_IS_INDEX = declare("snapshot_is_index", "The snapshot and the index are the same folder, {folder}.")
NAME_EMPTY_FOLDER = declare("name_empty_folder", "Name a folder that is empty or not there yet.")
FILE_ALTERED = declare("file_altered", "the file {name} was altered")
FILE_MISSING = declare("file_missing", "the file {name} is missing")
FILE_SIZE = declare("file_size", "the file {name} has {found:,} bytes instead of {size:,}")
FILE_EMPTY = declare("file_empty", "the file {name} is empty")
FILE_DAMAGED = declare("file_damaged", "the file {name} is damaged: {error}")
DAMAGED_START = declare("damaged_start", "it does not start as an array file")
DAMAGED_END = declare("damaged_end", "it is truncated")
DAMAGED_DIRECTORY = declare("damaged_directory", "its directory was altered")
DAMAGED_BLOCK = declare("damaged_block", "something in bytes {first} to {last} was altered")
DAMAGED_REACH = declare("damaged_reach", "something reaches beyond it")
BLOCK_DAMAGED = declare("block_damaged", "a block of {name} can't be unpacked")
RECORD_DAMAGED = declare("record_damaged", "a record in {name} can't be read")
HEADING_DAMAGED = declare("heading_damaged", "a heading in {name} stands behind what it is above")
LIST_DAMAGED = declare("list_damaged", "a posting list can't be right: {error}")
LIST_LENGTHS = declare("list_lengths", "a dictionary's arrays differ in length")
LIST_REACH = declare("list_reach", "it reaches beyond its file or its segment")
LIST_ORDER = declare("list_order", "it is out of order")
LIST_BORDERS = declare("list_borders", "its numbers stand across their borders")
LIST_MORE = declare("list_more", "it has more documents than there are up to its last")
LIST_BITS = declare("list_bits", "its bits don't add up, or end elsewhere than its last document")
LIST_SUM = declare("list_sum", "its parts don't add up")
FILE_CUT = declare("file_cut", "the file {name} was cut short while it was in use")
SERVER_UNREACHABLE = declare("server_unreachable", "{address} can't be reached: {error}")
SERVER_NOT_JSON = declare("server_not_json", "{address} answered with something else than JSON.")
SERVER_HTTP = declare("server_http", "HTTP {status} {reason}")
BAD_SETTING = declare("bad_setting", "{name}: {error}")
CLUSTER_ADDRESS = declare("cluster_address", "The address {address} can't be read.")
CLUSTER_ADDRESS_FORM = declare(
    "cluster_address_form",
    "An address is opensearch+https://user@host:9200,host2:9200/prefix; a prefix is of small letters, digits, - and _.",
)
CLUSTER_PREFIX = declare("cluster_prefix", "{prefix} can't be the prefix of a collection.")
CLUSTER_EXTRA = declare(
    "cluster_extra", "A collection on a cluster needs opensearch-py, which is not installed."
)
INSTALL_EXTRA = declare("install_extra", "Install it: pip install xiesou[opensearch]")
CLUSTER_BUSY = declare("cluster_busy", "The cluster at {address} can't answer now: {error}")
CLUSTER_REFUSED = declare(
    "cluster_refused", "The cluster at {address} refuses the user or the password (HTTP {status})."
)
CLUSTER_PASSWORD = declare("cluster_password", "Put the user into the address and the password into {name}.")
CLUSTER_FAILED = declare("cluster_failed", "The cluster at {address} can't carry this out: {error}")
COLLECTION_OTHER = declare(
    "collection_other", "The collection at {address} is no other one, and has its own analyzer."
)
COLLECTION_EMPTY = declare("collection_empty", "There is no collection at {address}.")
CLUSTER_OTHER_SCHEMA = declare(
    "cluster_other_schema", "The collection at {address} was written by another version of Xiesou."
)
COLLECTION_LOCKED = declare("collection_locked", "Another run is writing the collection at {address}.")
CLUSTER_LEASE_LOST = declare("cluster_lease_lost", "Another run took over the collection at {address}.")
COLLECTION_CLOSED = declare("collection_closed", "The collection at {address} was closed.")
CLUSTER_COUNT = declare(
    "cluster_count",
    "the index {name} holds {found:,} documents, or others than the {expected:,} that were written",
)
CLUSTER_LOST = declare("cluster_lost", "{n:,} paragraphs of the index {name} can't be found by their words")
CLUSTER_DOCUMENT = declare("cluster_document", "the document {name} was altered")
CLUSTER_NO_FOLDER = declare(
    "cluster_no_folder", "{address} is on a cluster, which keeps snapshots of its own; see docs/cluster.md."
)
