"""The members of the ensemble: one file a member, each with

    fit(visits: Visits, params: Params) -> fitted        learn from the company
    score(fitted, visits: Visits) -> array in [0, 1]     how strange each (person, place) is

A new member is a new file. Those that need Spark use the session that is active.
"""
