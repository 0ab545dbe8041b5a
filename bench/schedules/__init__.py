"""Commands in a chat under seeded schedules of duplicates, crashes and lost answers: one job, one visible message."""
