"""Facts that the indexer looks up: the places table and the script that makes it."""
