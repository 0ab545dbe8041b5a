"""The outward doors: platforms, where people ask, and generators, who film."""
