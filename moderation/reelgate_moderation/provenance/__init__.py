"""How a file is signed as it leaves, and how anyone can check it."""
