"""What is new for a file of saved searches since the last time: found, written as one letter, mailed or printed.

    file -> searches -> new paragraphs (against the state of the last time) -> letter -> mail -> state

The state moves only after the letter was accepted, so a run that fails tells everything again, and one that succeeds
nothing twice. Asks a `Searcher` alone; knows neither pages nor stores.
"""
