"""Antipode as it is deployed, put through everything that goes wrong, and its books checked."""
