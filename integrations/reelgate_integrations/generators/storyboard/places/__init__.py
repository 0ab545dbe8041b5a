"""Where a scene plays: layered backgrounds, one file each."""
