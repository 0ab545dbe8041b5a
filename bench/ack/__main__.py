"""Measures the acknowledgement under load: ``python -m bench.ack --postgres URL``.

Blocks of the service (as ``reelgate-service serve`` runs its web; no worker) and of a bare Flask application take
turns, each with signed, distinct interactions at the same moments. Exit status 1 when a goal is missed, an answer
was anything but an acknowledgement, or the rows written are not those acknowledged.
"""

from __future__ import annotations

import argparse
import math
import sys
from typing import TYPE_CHECKING

from bench.ack.rig import Plan, measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.ack.rig import Measured

GOAL_P99_MS, GOAL_RATIO = 250.0, 2.0


def table(sides: Sequence[Measured]) -> str:
    """What each side did, in milliseconds."""
    columns = ("answers", "p50", "p99", "p99.9", "max", "cpu each", "sent late, p99")
    lines = [" ".join([f"{'':<10}", *(f"{name:>9}" for name in columns)])]
    for side in sides:
        times = [side.within(share) for share in (0.5, 0.99, 0.999, 1.0)]
        told = [f"{value:9.1f}" for value in (*times, side.cpu_ms())]
        lines.append(f"{side.name:<10} {side.answers.total():>9} {' '.join(told)} {side.late_within(0.99):>14.1f}")
    return "\n".join(lines)


def missed(service: Measured, bare: Measured) -> list[str]:
    """Both goals, each as a line with what was found; and which were missed."""
    p99 = service.within(0.99)
    ratio = p99 / bare.within(0.99) if math.isfinite(p99) else math.inf
    goals = [
        (f"p99 {p99:.1f} ms (goal: at most {GOAL_P99_MS:.0f})", p99 <= GOAL_P99_MS),
        (f"p99 {ratio:.2f} times the bare one (goal: at most {GOAL_RATIO:.1f})", ratio <= GOAL_RATIO),
    ]
    for line, met in goals:
        print(f"{'met   ' if met else 'MISSED'}  {line}")
    return [line for line, met in goals if not met]


def main(argv: Sequence[str] | None = None) -> int:
    """Run it, print the figures; returns the exit status."""
    parser = argparse.ArgumentParser(prog="bench.ack", description="How fast a chat command is acknowledged.")
    parser.add_argument("--postgres", required=True, help="A database to make a scratch schema in: postgresql://...")
    parser.add_argument("--rate", type=float, default=100.0, help="Interactions a second (100).")
    parser.add_argument("--seconds", type=float, default=60.0, help="Seconds of load for each side (60).")
    parser.add_argument("--blocks", type=int, default=6, help="Blocks that these are cut into (6).")
    parser.add_argument("--even", action="store_true", help="Even gaps instead of a Poisson process.")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(argv)
    plan = Plan(asked.rate, asked.seconds, asked.blocks, asked.seed, asked.even)
    arrivals = "even" if plan.even else "Poisson"
    print(
        f"{plan.rate:g} signed interactions a second ({arrivals}) for {plan.seconds:g} s each, {plan.blocks} blocks"
    )
    service, bare = measure(asked.postgres, plan)
    print(table([service, bare]))
    faults = [*service.faults(), *bare.faults()]
    print("\n".join(faults) or f"{service.rows} jobs were written, for {service.accepted} acknowledgements.")
    return 1 if missed(service, bare) or faults else 0


if __name__ == "__main__":
    sys.exit(main())
