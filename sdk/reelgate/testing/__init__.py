"""Conformance kits: what every plugin must pass, shipped so that outside authors can run them."""
