"""Simulated providers: an HTTP server on loopback that hands over activity logs as the real do.

It is written from the providers' documentation and knows nothing of who collects from it. The file
README.md says how to use it.
"""
