"""Steps on a real cluster put through everything that goes wrong, and their tables checked."""
