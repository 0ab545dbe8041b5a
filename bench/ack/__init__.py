"""How fast a chat command is acknowledged under load, held against the least that any such service has to do."""
