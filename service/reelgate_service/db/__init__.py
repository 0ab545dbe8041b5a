"""Tables, the job machine's transactions, and the ledger."""
