"""Tables and word lists of the analyzer, and the script that makes the generated ones. No code runs from here."""
