"""``python -m bench.specs DIR``: what we enforce and send against the official files in DIR; 1 where they differ."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench.specs import discord
from bench.specs.traffic import record


def main(folder: Path) -> int:
    """Print what was held against what, every difference and its reason; 1 when one has none."""
    path = folder / "discord" / "openapi.json"
    if not path.is_file():
        print(f"{path} is not there: it is the OpenAPI file that Discord publishes.", file=sys.stderr)
        return 2
    spec = json.loads(path.read_text(encoding="utf-8"))
    traffic = record()
    held = {
        f"{len(discord.VERBS)} routes of the twin": list(discord.routes(spec)),
        f"{sum(len(each.spec) for each in discord.LIMITS)} places where limits stand": list(discord.limits(spec)),
        f"{len(traffic.sent)} bodies that the adapter sent": list(discord.requests(spec, traffic.sent)),
        f"{len(traffic.answered)} bodies that the twin answered": list(discord.answers(spec, traffic.answered)),
        "rules that the adapter broke": [discord.Difference(each) for each in traffic.broken],
    }
    unexplained = 0
    print(f"Discord, {path}")
    for what, differences in held.items():
        faults = [each for each in differences if not each.why]
        unexplained += len(faults)
        print(f"  {what}: {len(faults)} faults, {len(differences) - len(faults)} differences with a reason")
        for text, count in _counted(differences).items():
            print(f"    {text}" + (f" ({count} times)" if count > 1 else ""))
    return 1 if unexplained else 0


def _counted(differences: list[discord.Difference]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in differences:
        text = f"{each.what}: {each.why}" if each.why else f"FAULT {each.what}"
        found[text] = found.get(text, 0) + 1
    return found


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print("Type: python -m bench.specs DIR", file=sys.stderr)
        sys.exit(2)
    sys.exit(main(Path(sys.argv[1])))
