"""Rules of sensitive activity: one file a source, found by name."""
