"""How many small faults in the code the tests find: mutation testing in forks of one warm pytest process.

`mutants` makes them, `live_code` puts one into functions that are already loaded, `run` tries them.
"""
