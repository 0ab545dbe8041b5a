"""The steps of a job's life, one file a concern; the pipeline calls them in reading order."""
