"""Word lists of the query language. Importing it does nothing."""
