"""The operator's policy as data: what is allowed, reviewed or blocked, and what members are told."""
