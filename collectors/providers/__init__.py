"""One file a provider, named as its source; each holds the classes `Account` and `Collector`."""
