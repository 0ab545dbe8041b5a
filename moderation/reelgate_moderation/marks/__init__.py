"""What the eye sees (the label) and what it does not (the invisible marks)."""
