"""Prints a dependency group (``dev`` when none is named) of pyproject.toml, for a pip too old to read them."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())
print("\n".join(project["dependency-groups"][sys.argv[1] if len(sys.argv) > 1 else "dev"]))
