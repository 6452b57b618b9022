"""Data files that ship with Antipode: a small geo database and the rules of network kinds."""
