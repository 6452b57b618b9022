"""Activity logs of cloud services, pulled into `raw/`: completely, once, within their limits."""
