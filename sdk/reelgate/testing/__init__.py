"""Conformance kits that every plugin must pass, and the engine of twins: shipped, for outside authors too."""
