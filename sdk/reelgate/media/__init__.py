"""Moving pictures and sound: the only room that imports av and PIL."""
