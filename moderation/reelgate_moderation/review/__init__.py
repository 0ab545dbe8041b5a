"""What a person can decide about a held item; no database in here."""
