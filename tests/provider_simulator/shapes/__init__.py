"""The records of the providers, a file each: shapes as documented, people and ids made up."""
