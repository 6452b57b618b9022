"""The providers, a file each; found by name."""
