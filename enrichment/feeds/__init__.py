"""The lists of addresses that Antipode can bring: one file each, found by name."""
