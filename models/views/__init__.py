"""What a visit looks like, from several sides: one file a view, each with

    columns(pairs: Pairs) -> array (pairs, columns)     numbers that say what a visit is like

They are put on one scale in models/visits.py. A new view is a new file.
"""
