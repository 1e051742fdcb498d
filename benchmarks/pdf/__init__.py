"""PDFs made from known text by the producers at hand, to measure how many paragraphs come back whole."""
