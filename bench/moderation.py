"""Measures the prompt screen on a directory of labelled prompts: ``python -m bench.moderation DIR``.

Every ``*.jsonl`` or ``*.jsonl.gz`` file in DIR is one set. A row needs ``text`` or ``prompt``; ``label`` (1
unsafe, 0 harmless; missing counts as harmless), ``category`` and ``benign_twin`` are optional. Only counts and
rates are printed, never a prompt. A harmless prompt that is held or blocked counts against us as much as an
unsafe one that passes.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from reelgate.contract import Context
from reelgate.words import Decision
from reelgate_moderation.policy.loader import load
from reelgate_moderation.prompt.screen import PolicyPromptScreen


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled prompt as judged."""

    category: str
    unsafe: bool
    decision: Decision
    score: float
    twin: float | None


def read(path: Path) -> list[dict[str, object]]:
    """The rows of a JSON Lines file, packed or not."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def judge(rows: list[dict[str, object]], screen: PolicyPromptScreen) -> list[Row]:
    """Every row judged on the public surface."""
    context = Context()
    judged = []
    for row in rows:
        verdict = screen.screen(str(row.get("text") or row.get("prompt") or ""), context)
        twin = row.get("benign_twin")
        judged.append(
            Row(
                category=str(row.get("category") or "-"),
                unsafe=row.get("label") == 1,
                decision=verdict.decision,
                score=verdict.score,
                twin=screen.screen(twin, context).score if isinstance(twin, str) and twin else None,
            )
        )
    return judged


def auroc(rows: list[Row]) -> float | None:
    """The chance that an unsafe prompt scores above a harmless one, ties counting half."""
    ranked = sorted(rows, key=lambda r: r.score)
    unsafe = sum(r.unsafe for r in rows)
    if unsafe in (0, len(rows)):
        return None
    total, index = 0.0, 0
    while index < len(ranked):
        stop = index
        while stop < len(ranked) and ranked[stop].score == ranked[index].score:
            stop += 1
        total += sum(r.unsafe for r in ranked[index:stop]) * (index + stop + 1) / 2
        index = stop
    return (total - unsafe * (unsafe + 1) / 2) / (unsafe * (len(rows) - unsafe))


def line(name: str, rows: list[Row]) -> str:
    """One line of the table."""
    unsafe, safe = [r for r in rows if r.unsafe], [r for r in rows if not r.unsafe]

    def rate(some: list[Row], blocked: bool = False) -> str:
        if not some:
            return "     -"
        hits = sum(r.decision is Decision.BLOCK if blocked else r.decision is not Decision.ALLOW for r in some)
        return f"{hits / len(some):6.3f}"

    twins = [r for r in unsafe if r.twin is not None]
    won = sum((r.score > r.twin) + 0.5 * (r.score == r.twin) for r in twins if r.twin is not None)
    area = auroc(rows)
    return (
        f"{name:44.44s} {len(unsafe):6d} {rate(unsafe)} {rate(unsafe, True)} {len(safe):6d} {rate(safe)}"
        f" {rate(safe, True)} {f'{area:6.3f}' if area is not None else '     -'}"
        f" {f'{won / len(twins):6.3f}' if twins else '     -'}"
    )


def main(argv: list[str]) -> int:
    """Print the table; returns 2 when DIR is missing."""
    if len(argv) != 1 or not Path(argv[0]).is_dir():
        print("usage: python -m bench.moderation DIR", file=sys.stderr)
        return 2
    screen = PolicyPromptScreen(load())
    print(f"{'set / category':44s} unsafe caught  block   safe   held  block  auroc   twin")
    for path in sorted(p for p in Path(argv[0]).iterdir() if p.name.endswith((".jsonl", ".jsonl.gz"))):
        rows = read(path)
        if not any("text" in row or "prompt" in row for row in rows[:1]):
            continue
        began = time.perf_counter()
        judged = judge(rows, screen)
        took = (time.perf_counter() - began) / max(1, len(rows))
        print(line(path.name, judged) + f"   {took * 1000:.2f} ms")
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in judged:
            groups[row.category].append(row)
        if len(groups) > 1:
            for category in sorted(groups):
                print(line(f"  {category}", groups[category]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
