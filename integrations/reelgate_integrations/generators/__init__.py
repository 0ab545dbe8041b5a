"""Who films: one folder or file a generator."""
