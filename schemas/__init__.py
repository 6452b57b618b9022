"""The standard event, and the mappers that turn a provider's records into it."""
