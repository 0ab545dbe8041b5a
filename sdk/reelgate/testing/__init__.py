"""Conformance kits that every plugin must pass, and the engine of twins; shipped so that outside authors can use them."""
