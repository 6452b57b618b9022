"""Getting the jobs to a cluster: the package that it runs, and how it is told to."""
