"""Rules that others have published, re-stated as SQL over the uses of accounts.

One file a publisher. Each has `RULES`, a list of `models.published.Rule`, and says in its own words
what the rules do, where that is published, and where the re-statement differs. They are yardsticks:
nothing that Antipode flags depends on them.
"""
