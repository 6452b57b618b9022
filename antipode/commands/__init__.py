"""One file a command; each has `register(app)`. They are found by name, see `antipode.cli`."""
