"""Counts -> the geometry of charts, and the same numbers as tables.

    measures     what a chart of a distribution shows: occurrences, rate, share of reports
    year_bars    bars by year, of all cities together or one band per city
    heatmap      cities by years
    figures      the tables beneath the charts
    histogram    the small bars by year beside the hits
    coverage     which city's reports of which year are held

No HTML here: templates turn the values into SVG. A year without reports (hatched) and a year with reports and no
hit (blank) always look different.
"""
