"""Tables and word lists of the analyzer, and the script that makes them. Importing it does nothing."""
